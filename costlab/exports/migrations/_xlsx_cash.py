"""The cash sheet of a migration workbook and what is read off it: every amount is a formula over the inputs' sheets."""

from decimal import Decimal

from costlab.exports.migrations._words import WORDS, word
from costlab.exports.migrations._xlsx_inputs import Book
from costlab.exports.workbook import Column, Formula, Looked, Value, put, table
from costlab.migration.cashflow import Measures, MonthRow, arrived, remaining
from costlab.migration.plan import month_name

_COLUMNS = (
    ("month", "index"), ("name", "text"), ("left", "share"), ("arrived", "share"), ("overlap", "share"),
    ("status_quo", "money"), ("source", "money"), ("target", "money"), ("dual", "money"), ("one_off", "money"),
    ("credit", "money"), ("resale", "money"), ("net", "money"), ("cumulative", "money"), ("discounted", "money"),
)  # fmt: skip
_MOST_DIGITS = 12
"""A number with more of them, such as a power, is printed rounded."""
_SHOWN = Decimal(1).scaleb(-10)


def cash(book: Book) -> None:
    """A row a month, through the longest horizon."""
    columns = [Column(book.word(key), look, 22) for key, look in _COLUMNS]
    rows = [_row(book, row) for row in book.budget.every]
    table(book.sheets["cash"], book.looks, columns, rows)
    sheet, name = book.sheets["cash"], book.word("cash")
    chart = book.looks.book.add_chart({"type": "line"})
    last = book.budget.result.months
    for column in (5, 13, 14):
        chart.add_series(
            {
                "name": [name, 0, column],
                "categories": [name, 1, 0, last, 0],
                "values": [name, 1, column, last, column],
            }
        )
    chart.set_size({"width": 900, "height": 360})
    chart.set_legend({"position": "bottom"})
    sheet.insert_chart(len(rows) + 2, 1, chart)


def _row(book: Book, row: MonthRow) -> list[Value | Looked]:
    budget, cells = book.budget, book.cells
    n, t, inputs = row.month + 1, f"$A{row.month + 1}", book.budget.inputs
    share, starts, until, ramp = (cells[k] for k in ("share", "target_starts", "source_until", "ramp"))

    def single(kind: str) -> str:
        return f'SUMIFS({cells["once.amount"]},{cells["once.month"]},{t},{cells["once.kind"]},"{book.word(kind)}")'

    def running(side: str) -> str:
        amount, first, last, _, _, growth, index = _ranges(book, side)
        return f"{amount}*({first}<={t})*({last}>={t})*((1+{growth})*(1+{index}))^(({t}-1)/12)"

    _, _, _, bound, stays, _, _ = _ranges(book, "source")
    age = f"({t}-{starts}+1)"
    overlap = sum((w.share for w in inputs.waves if w.target_starts <= row.month <= w.source_paid_until), Decimal(0))
    rate = cells["finance.discount_rate"]
    above = {"N": f"+N{n - 1}", "O": f"+O{n - 1}"} if row.month > 1 else {"N": "", "O": ""}
    made: dict[str, tuple[str, Decimal | None]] = {
        "left": (f'=1-SUMIFS({share},{until},"<"&{t})', remaining(inputs, row.month)),
        "arrived": (
            f"=SUMPRODUCT({share}*({age}>0)*(({age}>={ramp})+({age}<{ramp})*{age}/{ramp}))",
            arrived(inputs, row.month),
        ),
        "overlap": (f'=SUMIFS({share},{starts},"<="&{t},{until},">="&{t})', overlap),
        "status_quo": (f"=SUMPRODUCT({running('source')})+{single('refresh')}", row.status_quo),
        "source": (
            f"=SUMPRODUCT({running('source')}*(1-(1-C{n})*({stays}=0)*({bound}<{t})))+{single('tail')}",
            row.source,
        ),
        "target": (f"=SUMPRODUCT({running('target')})*D{n}", row.target),
        "dual": (f"=SUMPRODUCT({running('source')}*({stays}=0))*E{n}", row.dual),
        "one_off": (f"={single('one_off')}*(1+{cells['finance.contingency']})", row.one_off),
        "credit": (f"={single('credit')}", row.credit),
        "resale": (f"={single('resale')}", row.resale),
        "net": (f"=F{n}-(G{n}+H{n}+J{n}-K{n}-L{n})", row.net),
        "cumulative": (f"=M{n}{above['N']}", row.cumulative),
        "discounted": (f"=M{n}/(1+{rate})^({t}/12){above['O']}", row.npv),
    }
    found: list[Value | Looked] = [row.month, month_name(budget.plan, row.month)]
    found += [None if value is None else Formula(text, _cached(value)) for text, value in made.values()]
    return found


def _ranges(book: Book, side: str) -> tuple[str, ...]:
    keys = ("amount", "first", "last", "bound", "stays", "growth", "indexation")
    return tuple(book.cells[f"{side}.{key}"] for key in keys)


def _cached(value: Decimal) -> Decimal:
    """A value as a cell can hold it; what Excel computes differs in binary digits only."""
    return value.quantize(_SHOWN) if len(value.as_tuple().digits) > _MOST_DIGITS else value


def horizons(book: Book) -> None:
    """12, 36, 60 months and the plan's own, read off the cash sheet."""
    sheet, looks, budget = book.sheets["horizons"], book.looks.formats, book.budget
    keys = ("status_quo", "project", "net", "npv", "break_even", "break_even_discounted", "trough", "trough_month",
            "one_offs", "dual_total", "run_rate_saving", "payback", "roi")  # fmt: skip
    put(sheet, 0, 0, book.word("horizon"), looks["head"])
    sheet.set_column(0, 0, 40)
    for row, key in enumerate(keys, 1):
        put(sheet, row, 0, book.word(key), looks["text"])
    for column, (months, found) in enumerate(budget.horizons.items(), 1):
        letter = "ABCDEFG"[column]
        sheet.set_column(column, column, 22)
        put(sheet, 0, column, months, looks["head_right"])
        for row, (formula, value, look) in enumerate(_measures(book, months, found, letter), 1):
            if value is not None:
                text = value if isinstance(value, str) else _cached(value)
                sheet.write_formula(row, column, formula, looks[look], text)
            book.cells[f"{keys[row - 1]}.{months}"] = f"{book.there('horizons')}${letter}${row + 1}"


def _measures(book: Book, months: int, measures: Measures, own: str) -> list[tuple[str, Decimal | str | None, str]]:
    there, end = book.there("cash"), months + 1
    cells, none = book.cells, word("not_within", book.language)

    def column(letter: str) -> str:
        return f"{there}${letter}$2:${letter}${end}"

    def at(letter: str) -> str:
        return f"{there}${letter}${end}"

    def month(letter: str) -> str:
        last = f"SUMPRODUCT(MAX(({column(letter)}<0)*{column('A')}))"
        return f'=IF({last}>={months},"{none}",{last}+1)'

    def single(kind: str) -> str:
        word_ = WORDS[kind][book.language]
        return f'SUMIFS({cells["once.amount"]},{cells["once.month"]},{months},{cells["once.kind"]},"{word_}")'

    def told(value: int | None) -> Decimal | str:
        return none if value is None else Decimal(value)

    steady = f"({at('F')}-{single('refresh')}-({at('G')}-{single('tail')})-{at('H')})"
    spent = f"({own}10+{own}11)"
    discounted = None if measures.npv is None else told(measures.break_even_discounted)
    dash = "—"
    return [
        (f"=SUM({column('F')})", measures.status_quo, "money"),
        (f"=SUM({column('F')})-SUM({column('M')})", measures.project, "money"),
        (f"={at('N')}", measures.net, "money"),
        (f"={at('O')}", measures.npv, "money"),
        (month("N"), told(measures.break_even), "whole"),
        (month("O"), discounted, "whole"),
        (f"=MIN(0,{column('N')})", measures.trough, "money"),
        (f"=IF({own}8<0,MATCH({own}8,{column('N')},0),0)", Decimal(measures.trough_month), "whole"),
        (f"=SUM({column('J')})", measures.one_offs, "money"),
        (f"=SUM({column('I')})", measures.dual, "money"),
        (f"=12*{steady}", measures.run_rate, "money"),
        (
            f'=IF({own}12>0,{own}10/({own}12/12),"{dash}")',
            dash if measures.payback is None else measures.payback,
            "decimal",
        ),
        (f'=IF({spent}=0,"{dash}",{own}4/{spent})', dash if measures.roi is None else measures.roi, "share"),
    ]
