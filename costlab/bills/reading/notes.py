"""What was repaired or noticed while a bill was read: the words for `Bill.notes`; `{n}` is how often."""

from costlab.model.numbers import Text

NOTES: dict[str, Text] = {
    "encoding": Text(en="the file is not in UTF-8: converted", ru="файл не в UTF-8: перекодирован"),
    "bom": Text(en="a byte order mark before the text: dropped", ru="метка порядка байтов в начале: отброшена"),
    "stray_marks": Text(
        en="{n} byte order marks inside the text: dropped", ru="метки порядка байтов внутри текста: {n}; отброшены"
    ),
    "unpacked": Text(en="the file is packed (gz): unpacked", ru="файл упакован (gz): распакован"),
    "in_archive": Text(en="the file stands in a ZIP: unpacked", ru="файл лежит в архиве ZIP: распакован"),
    "system_files": Text(
        en="{n} files of the system in the archive (__MACOSX, hidden ones): skipped",
        ru="служебных файлов в архиве (__MACOSX, скрытые): {n}; пропущены",
    ),
    "preamble": Text(en="{n} rows above the header: not read", ru="строк над заголовком: {n}; не читаются"),
    "header_joined": Text(en="a header of two rows: read as one", ru="заголовок в две строки: прочитан как один"),
    "other_sheets": Text(en="{n} other sheets: not read", ru="другие листы: {n}; не читаются"),
    "sheets_joined": Text(
        en="{n} sheets have one header: read as one table",
        ru="листов с одним заголовком: {n}; прочитаны как одна таблица",
    ),
    "hidden_sheet": Text(en="the sheet is hidden: read", ru="лист скрыт: прочитан"),
    "hidden_rows": Text(en="{n} rows of the sheet are hidden: read", ru="скрытых строк листа: {n}; прочитаны"),
    "hidden_columns": Text(en="{n} groups of columns are hidden: read", ru="скрытых групп столбцов: {n}; прочитаны"),
    "macros": Text(en="the workbook holds macros: not run", ru="в книге есть макросы: не выполняются"),
    "external_links": Text(
        en="{n} links to other workbooks: not followed", ru="ссылок на другие книги: {n}; не открываются"
    ),
    "payments_negative": Text(
        en="the file shows payments as negative amounts: the sign was turned in {n} rows",
        ru="в файле списания отрицательные: знак обращён, строк — {n}",
    ),
    "corrections": Text(
        en="{n} rows give money back: kept with their sign", ru="строк, возвращающих деньги: {n}; знак сохранён"
    ),
    "totals": Text(en="{n} rows are totals: used as a control", ru="строк-итогов: {n}; использованы для проверки"),
    "header_repeated": Text(en="the header is repeated {n} times: skipped", ru="повторы заголовка пропущены: {n}"),
    "trailing_text": Text(
        en="{n} rows of text below the table: skipped", ru="строк текста под таблицей пропущено: {n}"
    ),
    "numbers_repaired": Text(
        en="{n} numbers had spaces, a currency or another form: read exactly",
        ru="чисел с пробелами, валютой или в иной записи: {n}; прочитаны точно",
    ),
    "decimal_comma": Text(
        en="{n} columns have a decimal comma: read exactly", ru="столбцов с десятичной запятой: {n}; прочитаны точно"
    ),
    "null_words": Text(
        en="{n} times a word stands for nothing (NULL, N/A, a dash): read as nothing",
        ru="слов вместо пустоты (NULL, N/A, тире): {n}; прочитаны как пустота",
    ),
    "excel_digits": Text(
        en="{n} numbers of the sheet had digits beyond Excel's fifteen: fifteen taken",
        ru="чисел на листе длиннее 15 знаков Excel: {n}; взято пятнадцать",
    ),
    "time_dropped": Text(en="{n} days had a time of day: dropped", ru="дат со временем: {n}; время отброшено"),
    "other_tables": Text(
        en="{n} rows of other tables of the document: not read", ru="строк других таблиц документа: {n}; не читаются"
    ),
    "ends_unread": Text(
        en="the end of the charge period is no moment in {n} rows: left empty",
        ru="конец периода начисления не читается, строк — {n}; оставлен пустым",
    ),
    "labels_unread": Text(
        en="labels of {n} rows could not be read: kept as text under _raw",
        ru="метки не разобраны, строк — {n}; сохранены текстом в _raw",
    ),
    "credits_apart": Text(
        en="{n} credits stand inside rows: each a row of its own, with the line of the row it stands in",
        ru="скидок и кредитов внутри строк: {n}; каждая — отдельная строка с номером строки файла",
    ),
    "same_columns": Text(en="{n} columns repeat another: used once", ru="повторяющихся столбцов: {n}; взяты один раз"),
    "same_file": Text(
        en="the same file was given again {n} times: counted once", ru="тот же файл повторён: {n}; учтён один раз"
    ),
}
