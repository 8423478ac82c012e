"""What can be wrong with the format of a bill: formats no reader knows, tables that hold no charges."""

from costlab.messages.form import Message

FORMATS: dict[str, Message] = {
    "other_format": Message(
        "error",
        "is “{what}”, which no reader knows; the nearest, “{nearest}”, would need {missing}",
        "это «{what}», такого чтеца нет; ближайшему, «{nearest}», не хватает: {missing}",
        "make a mapping profile with `costlab bill profile FILE -o profile.yaml` and give it as `--profile`",
        "сделайте профиль столбцов: `costlab bill profile FILE -o profile.yaml` — и укажите его в `--profile`",
    ),
    "documents_only": Message(
        "error",
        "holds the lines of documents, which are no charges: the same money stands in Cost and Usage",
        "это строки документов, а не начисления: те же деньги есть в Cost and Usage",
        "compare it with the store's charges: `costlab bill invoices FILE`",
        "сравните их с начислениями хранилища: `costlab bill invoices FILE`",
    ),
    "two_bases": Message(
        "error",
        "holds actual and amortised cost together: the same money twice",
        "в файле и фактическая, и амортизированная стоимость: одни деньги дважды",
        "export one of the two and give that",
        "выгрузите что-то одно",
    ),
    "other_basis": Message(
        "error",
        "is the {basis} cost of {month}, of which {other} holds the {other_basis} cost: the same money twice",
        "это {basis} стоимость за {month}, а {other} — {other_basis} за тот же месяц: одни деньги дважды",
        "give one of the two; in the store, `costlab bill forget` the other first",
        "укажите одну из двух; в хранилище сначала удалите другую: `costlab bill forget`",
    ),
    "amortized_view": Message(
        "warning",
        "is the amortised view: purchases of reservations are spread over the usage",
        "это амортизированный вид: покупки резервов разложены по потреблению",
        "do not compare it with invoices; for those export the actual cost",
        "не сверяйте его с документами: для них выгрузите фактическую стоимость",
    ),
    "not_final": Message(
        "warning",
        "{rows} rows of {months} are on no invoice yet: the month is not final",
        "строк без номера документа за {months}: {rows}; месяц ещё не закрыт",
        "import the file again when the invoice is issued; do not sign the month off before",
        "загрузите файл ещё раз, когда выйдет документ; до того месяц не подписывайте",
    ),
    "zero_month": Message(
        "warning",
        "has no rows: taken for {month} without charges, as was declared",
        "строк нет: по вашему указанию это {month} без начислений",
        "if there were charges, export them again",
        "если начисления были, выгрузите их ещё раз",
    ),
    "other_pages": Message(
        "warning",
        "the answer is one page: {missing} of its rows are on others",
        "это одна страница ответа: ещё строк на других — {missing}",
        "ask for all of them (limit and offset) and give every page",
        "запросите остальные (limit и offset) и укажите все страницы",
    ),
    "other_dataset": Message(
        "error",
        "is the FOCUS dataset “{dataset}”, which holds no charges",
        "это набор данных FOCUS «{dataset}»: начислений в нём нет",
        "export the dataset “Cost and Usage”",
        "выгрузите набор «Cost and Usage»",
    ),
    "not_focus": Message(
        "error",
        "is no FOCUS table of charges: hardly any column of the specification is there",
        "это не таблица начислений FOCUS: столбцов спецификации почти нет",
        "give a Cost and Usage file; a bill becomes one with `costlab bill export --format focus`",
        "укажите файл Cost and Usage; счёт становится им так: `costlab bill export --format focus`",
    ),
}
