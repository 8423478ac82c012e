"""A draft of a mapping profile for a table no reader knows: what each column seems to be, by its name and cells."""

import re
from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from pathlib import Path

from costlab.bills.readers import load
from costlab.bills.readers import names as formats
from costlab.bills.reading.columns import Names, layout, names
from costlab.bills.reading.moments import parse_moment, parse_span, span_in
from costlab.bills.reading.profile import FIELDS
from costlab.bills.reading.values import Notation, day_order
from costlab.files.documents import quoted
from costlab.files.tables import open_table
from costlab.model.numbers import Text

_WORDS = {
    "title": Text(
        en="Mapping profile for {file}: a draft, look through it",
        ru="Профиль столбцов для {file}: черновик, проверьте его",
    ),
    "use": Text(
        en="then: costlab bill import FILE --profile THIS_FILE",
        ru="затем: costlab bill import ФАЙЛ --profile ЭТОТ_ФАЙЛ",
    ),
    "provider": Text(en="who sent the bill, in Latin letters", ru="кто выставил счёт, латиницей"),
    "needed": Text(en="needed; choose one of: {options}", ru="нужно; выберите из: {options}"),
    "also": Text(en="or: {options}", ru="или: {options}"),
    "when": Text(en="the billing month, as no column has days", ru="расчётный месяц: столбца с днями нет"),
    "when_needed": Text(en="needed when no column has days", ru="нужно, если нет столбца с днями"),
    "currency": Text(en="ISO code: no column has it", ru="код ISO: столбца с валютой нет"),
    "sign": Text(en="if the file shows what is paid as negative", ru="если в файле списания отрицательные"),
    "decimal": Text(en="if the file does not tell the decimal sign", ru="если по файлу не понять десятичный знак"),
    "dates": Text(en="if the file does not tell 01/02 from 02/01", ru="если по файлу не отличить 01/02 от 02/01"),
    "dates_needed": Text(
        en="needed: dmy or mdy, {options} may be either", ru="нужно: dmy или mdy, {options} читается двояко"
    ),
    "tags": Text(en="a column for each label, e.g.", ru="столбец на каждую метку, например"),
    "fields": Text(en="Fields:", ru="Поля:"),
    "rest": Text(en="Columns without a field: kept as text", ru="Столбцы без поля: сохраняются как текст"),
    "empty": Text(en="empty", ru="пусто"),
}  # fmt: skip
_MORE: dict[str, tuple[str, ...]] = {
    "amount": (
        "Cost in billing currency", "CostInBillingCurrency", "PreTaxCost", "Pre tax cost", "Unblended cost",
        "lineItem/UnblendedCost", "line_item_unblended_cost", "Net cost", "Gross cost", "USD", "EUR", "RUB",
    ),
    "day": ("UsageDateTime", "Usage date time", "Usage start date", "Invoice date"),
    "start": ("start", "Start date", "lineItem/UsageStartDate", "line_item_usage_start_date", "Usage start time"),
    "end": ("end", "End date", "lineItem/UsageEndDate", "line_item_usage_end_date", "Usage end time"),
    "project": (
        "SubscriptionId", "SubscriptionGuid", "project_name", "folder_id", "lineItem/UsageAccountId",
        "line_item_usage_account_id",
    ),
    "service": (
        "MeterCategory", "service_name", "ServiceName", "lineItem/ProductCode", "line_item_product_code",
        "ConsumedService",
    ),
    "parameter": ("MeterName", "sku_name", "lineItem/UsageType", "line_item_usage_type", "Sku description"),
    "sku": ("MeterId", "sku_id"),
    "quantity": ("lineItem/UsageAmount", "line_item_usage_amount", "UsageQuantity", "pricing_quantity", "hours"),
    "unit": ("UnitOfMeasure", "pricing_unit"),
    "resource_id": ("InstanceId", "lineItem/ResourceId"),
    "currency": ("BillingCurrencyCode", "lineItem/CurrencyCode", "line_item_currency_code", "CurrencyCode"),
    "account": ("billing_account_id", "BillingAccountId", "bill/PayerAccountId"),
    "region": ("ResourceLocation", "RegionName"),
    "description": ("Description", "Описание", "lineItem/LineItemDescription"),
    "labels": ("Tags", "Метки"),
}  # fmt: skip
_MONEY = re.compile(
    r"cost|amount|total|charge|sum|сумм|стоим|итог|списан|начисл|расход|[$€₽₸]|\b(?:usd|eur|rub|руб)", re.IGNORECASE
)
_NOT_MONEY = re.compile(r"price|rate|quantity|usage amount|цена|ставк|колич|тариф|ндс(?<!с ндс)|id\b", re.IGNORECASE)
_NUMBERS = Notation(".", True, 18), Notation(",", True, 18)
_SIGNS = re.compile(r"[$€£¥]|\b[A-Z]{3}\b")
_CELLS = 2
_SHOWN = 40


def draft_profile(path: Path | str, language: str = "en") -> str:
    """A profile for the reader `generic` as YAML with comments: what was found, what else it may be, what is left.

    Reads only the beginning of the file. Raises `InputError` when it is no table at all.
    """
    table = open_table(path, lambda cells: sum(len(layout(cells, n).fields) for n in _known()), whole=False)
    header = [" ".join(h.split()) for h in table.header]
    cells = [[r[n].strip() if n < len(r) else "" for r in table.preview] for n in range(len(header))]
    days = [n for n, texts in enumerate(cells) if header[n] and _all(texts, _is_day)]
    numbers = [n for n, texts in enumerate(cells) if header[n] and n not in days and _all(texts, _is_number)]
    fields = _fields(header, days, numbers, [n for n, texts in enumerate(cells) if not any(texts)])

    def say(word: str, **more: str) -> str:
        return _WORDS[word][language].format_map(more)

    lines = [
        f"# {say('title', file=_comment(Path(path).name))}", f"# {say('use')}", "costlab: 1", "format: generic",
        f"# provider: acme    # {say('provider')}", "columns:" if fields else "columns: {}",
    ]  # fmt: skip
    lines += [_line(field, fields[field], header, cells) for field in FIELDS if field in fields]
    if "amount" not in fields:
        others = [header[n] for n in numbers if n not in fields.values()]
        lines.append(f"  # amount: …    # {say('needed', options=_list(others or header))}")
    if not {"day", "start", "period"} & set(fields):
        span = span_in(table.above)
        said = f'period: "{span[0]:%Y-%m}"    # {say("when")}' if span else ""
        lines.append(said or f"# period: 2026-10    # {say('when_needed')}")
    if "currency" not in fields:
        lines.append(f"# currency: RUB    # {say('currency')}")
    _, either = day_order([t for n in days for t in cells[n]])
    dates = say("dates_needed", options=_comment(either)) if either else say("dates")
    lines += [
        f"# sign: negative    # {say('sign')}",
        f'# decimal: ","    # {say("decimal")}',
        f"# dates: dmy    # {dates}",
    ]
    if rest := [n for n, h in enumerate(header) if h and n not in fields.values()]:
        lines += [f"# tags: {{env: …}}    # {say('tags')} {_comment(header[rest[0]])}", f"# {say('rest')}:"]
        lines += [f"#   {quoted(header[n])}: {_examples(cells[n]) or say('empty')}" for n in rest]
    return "\n".join([*lines, f"# {say('fields')} {', '.join(FIELDS)}"]) + "\n"


@cache
def _known() -> tuple[Names, ...]:
    """The names of every format, and more that no reader takes for its own."""
    return (*(load(n).NAMES for n in formats()), names(_MORE, {}, ("amount",), ()))


def _fields(
    header: Sequence[str], days: Sequence[int], numbers: Sequence[int], blank: Sequence[int]
) -> dict[str, int]:  # fmt: skip
    """Field → column: by name first, then the columns whose cells can be nothing else."""
    named = _named(header)
    for field, fits in (("amount", numbers), ("quantity", numbers), ("day", days), ("start", days), ("end", days)):
        if field in named and named[field] not in fits and named[field] not in blank:
            del named[field]
    if "start" in named and "day" in named:
        del named["day"]
    if "amount" not in named:
        money = [n for n in numbers if _MONEY.search(header[n]) and not _NOT_MONEY.search(header[n])]
        if len(money) == 1 and money[0] not in named.values():
            named["amount"] = money[0]
    if not {"day", "start", "period"} & set(named):
        free = [n for n in days if n not in named.values()]
        if free:
            named["day"] = free[0]
    return named


def _named(header: Sequence[str]) -> dict[str, int]:
    named: dict[str, int] = {}
    for known in sorted(_known(), key=lambda n: -layout(header, n).score):
        for field, places in layout(header, known).fields.items():
            if field not in named and places[0] not in named.values():
                named[field] = places[0]
    return named


def _line(field: str, place: int, header: Sequence[str], cells: Sequence[Sequence[str]]) -> str:
    return f"  {field}: {quoted(header[place])}    # {_examples(cells[place])}".rstrip(" #")


def _examples(texts: Sequence[str]) -> str:
    return "; ".join(_comment(t) for t in list(dict.fromkeys(t for t in texts if t))[:_CELLS])


def _list(options: Sequence[str]) -> str:
    return ", ".join(_comment(o) for o in options if o)[:300]


def _comment(text: str) -> str:
    """Text that may stand in a comment: one line, nothing that moves the reader's cursor."""
    clean = "".join(c if c.isprintable() else " " for c in " ".join(text.split()))
    return clean if len(clean) <= _SHOWN else clean[: _SHOWN - 1] + "…"


def _all(texts: Sequence[str], test: object) -> bool:
    filled = [t for t in texts if t]
    return bool(filled) and callable(test) and all(test(t) for t in filled)


def _is_day(text: str) -> bool:
    return any(parse_moment(text, order, timedelta(0)) or parse_span(text, order) for order in ("dmy", "mdy"))


def _is_number(text: str) -> bool:
    for notation in _NUMBERS:
        try:
            return notation.parse(_SIGNS.sub("", text)) is not None
        except (ValueError, ArithmeticError):
            continue
    return False
