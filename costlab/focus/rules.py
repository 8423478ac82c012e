"""The rules a FOCUS file must keep, as data: each is a condition in SQL under which a row breaks it.

Sources: the column table of the specification 1.2 and its requirements, those among them too that the official
validator leaves out because they need several rows or a product. Conditions are NULL-safe: a comparison with null is
written `IS DISTINCT FROM`, so that a rule is never silent because a cell is empty. A rule applies only when every
column it names is in the file; a mandatory column that is missing is a finding of its own.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from costlab.focus.columns import LATER, NATIONAL, RETIRED, SPECIFIED, SUBCATEGORIES, TOGETHER
from costlab.model.numbers import Text

Keyword = Literal["must", "should", "doubt"]
"""`must` and `should` as in the specification; a `doubt` is no rule of it, but seldom meant."""
WORDS: dict[str, Text] = {
    "absent": Text(en="the column is missing", ru="столбца нет"),
    "no_prefix": Text(en="a column of one's own begins with x_", ru="имя своего столбца начинается с x_"),
    "spelling": Text(en="the column's name is spelled otherwise: {name}", ru="имя столбца пишется иначе: {name}"),
    "repeated": Text(en="the column is there more than once", ru="столбец повторяется"),
    "row": Text(en="a line that is no row of the table", ru="строка не разбирается на столбцы"),
    "null": Text(en="must not be null", ru="не должен быть пустым"),
    "null_word": Text(en="null is written as a word", ru="вместо пустого значения слово"),
    "number": Text(en="not a number as the specification writes it", ru="не число в записи спецификации"),
    "time": Text(en="not a moment as YYYY-MM-DDTHH:mm:ssZ", ru="не момент времени вида YYYY-MM-DDTHH:mm:ssZ"),
    "json": Text(en="not a flat JSON object", ru="не плоский объект JSON"),
    "value": Text(en="not one of the allowed values", ru="значение не из списка допустимых"),
    "currency": Text(en="not a currency code of ISO 4217", ru="не код валюты ISO 4217"),
    "negative": Text(en="a unit price must not be negative", ru="цена единицы не может быть отрицательной"),
    "not_null_together": Text(en="null although {of} is not", ru="пусто, хотя {of} заполнен"),
    "null_together": Text(en="filled although {of} is null", ru="заполнено, хотя {of} пуст"),
    "null_for_tax": Text(en="must be null for Tax", ru="у Tax должно быть пусто"),
    "null_for_charge": Text(
        en="must not be null for Usage and Purchase that correct nothing",
        ru="не должно быть пусто у Usage и Purchase, если это не исправление",
    ),
    "product": Text(en="is not {of} × PricingQuantity", ru="не равен {of} × PricingQuantity"),
    "unproven": Text(en="{of} × PricingQuantity needs more than 38 digits: not checked",
                     ru="{of} × PricingQuantity длиннее 38 цифр: не проверено"),
    "credit": Text(en="must equal BilledCost for Credit", ru="у Credit должен равняться BilledCost"),
    "tax": Text(en="of the Tax does not follow from the charges taxed", ru="у Tax не следует из начислений"),
    "ends": Text(en="must be after {of}", ru="должен быть позже {of}"),
    "outside": Text(en="usage outside its billing period", ru="Usage вне расчётного периода"),
    "early": Text(en="a correction of a period that is not over", ru="исправление ещё не закрытого периода"),
    "purchase": Text(en="must not be Usage-Based for Purchase", ru="у Purchase не может быть Usage-Based"),
    "consumed": Text(en="only Usage consumes", ru="заполняется только у Usage"),
    "consumes": Text(en="null for Usage that corrects nothing", ru="пусто у Usage, которое ничего не исправляет"),
    "reserved": Text(en="null for Usage that {of} covers", ru="пусто у Usage, хотя {of} заполнен"),
    "resource_name": Text(en="repeats ResourceId", ru="повторяет ResourceId"),
    "parent": Text(en="is not a subcategory of the ServiceCategory", ru="не из этой ServiceCategory"),
    "priced": Text(en="null although prices are in another currency", ru="пусто, хотя цены в другой валюте"),
    "one": Text(en="more than one {of} for one {key}", ru="несколько {of} у одного {key}"),
    "invoice_sum": Text(en="Σ is not the invoice's amount", ru="Σ не равна сумме документа"),
    "invoice_absent": Text(en="no row has this invoice", ru="нет строк этого документа"),
}  # fmt: skip
NUMBER = r"-?[0-9]+(\.[0-9]+)?([eE]-?[0-9]+)?"
TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"
_NULL_WORDS = "'null', 'none', 'nan', 'n/a', 'na', 'nil', '-', 'nat', '<na>'"
_NO_CORRECTION = "\"ChargeClass\" IS DISTINCT FROM 'Correction'"
_CHARGED = f"\"ChargeCategory\" IN ('Usage', 'Purchase') AND {_NO_CORRECTION}"
_USAGE = f"\"ChargeCategory\" = 'Usage' AND {_NO_CORRECTION}"
_USED = "\"CommitmentDiscountStatus\" IS DISTINCT FROM 'Unused'"
_PRICES = ("ListUnitPrice", "ContractedUnitPrice")
_OTHER_PRICES = ("PricingCurrencyListUnitPrice", "PricingCurrencyContractedUnitPrice")
_NEEDS = (
    ("SkuMeter", "SkuId"), ("SkuPriceDetails", "SkuPriceId"), ("CommitmentDiscountName", "CommitmentDiscountId"),
    ("CommitmentDiscountStatus", "CommitmentDiscountId"), ("CapacityReservationStatus", "CapacityReservationId"),
    ("CommitmentDiscountQuantity", "CommitmentDiscountId"), ("ResourceName", "ResourceId"),
)  # fmt: skip
"""A column that is null when the other one is."""
PRODUCTS = {"ListCost": "ListUnitPrice", "ContractedCost": "ContractedUnitPrice"}
ONE_EACH: tuple[tuple[str, str, Keyword], ...] = (
    ("ServiceName", "ServiceCategory", "must"), ("ServiceName", "ServiceSubcategory", "should"),
    ("SkuPriceId", "SkuId", "must"), ("InvoiceId", "BillingCurrency", "must"),
    ("SubAccountId", "SubAccountName", "doubt"), ("BillingAccountId", "BillingCurrency", "doubt"),
)  # fmt: skip
"""Key, what it has one of, how strict that is."""


class Rule(NamedTuple):
    """A row breaks the rule when `broken` holds; `of` names the other column the words speak of."""

    name: str
    column: str
    keyword: Keyword
    broken: str
    of: str = ""

    @property
    def columns(self) -> frozenset[str]:
        """Every column the rule needs."""
        return frozenset(re.findall(r'"(\w+?)(?:#\w+)?"', self.broken))


def missing(columns: Iterable[str]) -> Iterator[tuple[str, Keyword]]:
    """Mandatory and recommended columns a file does not have."""
    there = set(columns)
    later = there & set(LATER)
    for column in SPECIFIED:
        if column.name not in there and column.level != "C" and not (later and column.name in RETIRED):
            yield column.name, "must" if column.level == "M" else "should"


def rules() -> list[Rule]:
    """Every rule of single rows, in the order of the columns, then those between columns."""
    return [*_of_columns(), *_between()]


def _of_columns() -> Iterator[Rule]:
    for column in SPECIFIED:
        cell = f'"{column.name}"'
        word = f"lower({cell}) IN ({_NULL_WORDS})"
        if not column.nullable and column.name not in TOGETHER:
            yield Rule("null", column.name, "must", f"{cell} IS NULL")
        yield Rule("null_word", column.name, "must", word)
        if column.type == "decimal":
            yield Rule("number", column.name, "must", f"NOT regexp_full_match({cell}, '{NUMBER}') AND NOT {word}")
        if column.type == "time":
            wrong = f"(NOT regexp_full_match({cell}, '{TIME}') OR TRY_CAST({cell} AS TIMESTAMP) IS NULL) AND NOT {word}"
            yield Rule("time", column.name, "must", wrong)
        if column.type == "json":
            # Only an object that holds another bracket can be nested; those few are taken apart.
            nested = "lambda x: json_type(x) IN ('OBJECT', 'ARRAY')"
            flat = f"len(list_filter(json_extract(TRY_CAST({cell} AS JSON), '$.*'), {nested})) = 0"
            wrong = (
                f"CASE WHEN NOT json_valid({cell}) OR json_type({cell}) <> 'OBJECT' THEN TRUE "
                f"WHEN regexp_matches(substr({cell}, 2), '[\\[{{]') THEN NOT ({flat}) ELSE FALSE END"
            )
            yield Rule("json", column.name, "must", wrong)
        if column.allowed:
            yield Rule("value", column.name, "must", f"{cell} NOT IN ({_listed(column.allowed)}) AND NOT {word}")


def _between() -> Iterator[Rule]:
    yield from _values()
    yield from _nulls()
    yield from _amounts()
    yield from _periods()


def _values() -> Iterator[Rule]:
    yield Rule("currency", "BillingCurrency", "must", f'"BillingCurrency" NOT IN ({_listed(sorted(NATIONAL))})')
    yield Rule("value", "ServiceCategory", "must", f'"ServiceCategory" NOT IN ({_listed(SUBCATEGORIES)})')
    every = [s for names in SUBCATEGORIES.values() for s in names]
    yield Rule("value", "ServiceSubcategory", "must", f'"ServiceSubcategory" NOT IN ({_listed(every)})')
    pairs = _listed(f"{c}/{s}" for c, names in SUBCATEGORIES.items() for s in names)
    known = f'"ServiceCategory" IN ({_listed(SUBCATEGORIES)}) AND "ServiceSubcategory" IN ({_listed(every)})'
    wrong = f'{known} AND "ServiceCategory" || \'/\' || "ServiceSubcategory" NOT IN ({pairs})'
    yield Rule("parent", "ServiceSubcategory", "must", wrong, "ServiceCategory")
    yield Rule("resource_name", "ResourceName", "must", '"ResourceName" = "ResourceId"', "ResourceId")
    bought = "\"ChargeCategory\" = 'Purchase' AND \"ChargeFrequency\" = 'Usage-Based'"
    yield Rule("purchase", "ChargeFrequency", "must", bought)


def _nulls() -> Iterator[Rule]:
    for column, key in TOGETHER.items():
        yield Rule("not_null_together", column, "must", f'"{column}" IS NULL AND "{key}" IS NOT NULL', key)
    for column, key in (*TOGETHER.items(), *_NEEDS):
        yield Rule("null_together", column, "must", f'"{column}" IS NOT NULL AND "{key}" IS NULL', key)
    for column in (*_PRICES, *_OTHER_PRICES, "PricingQuantity", "PricingCategory", "SkuId", "SkuPriceId"):
        yield Rule("null_for_tax", column, "must", f'"ChargeCategory" = \'Tax\' AND "{column}" IS NOT NULL')
        if column not in _OTHER_PRICES:
            yield Rule("null_for_charge", column, "must", f'{_CHARGED} AND "{column}" IS NULL')
    unused = "\"ChargeCategory\" IS DISTINCT FROM 'Usage'"
    yield Rule("consumed", "ConsumedQuantity", "must", f'{unused} AND "ConsumedQuantity" IS NOT NULL')
    yield Rule("consumes", "ConsumedQuantity", "must", f'{_USAGE} AND "ConsumedQuantity" IS NULL AND {_USED}')
    for key in ("CapacityReservation", "CommitmentDiscount"):
        wrong = f'"ChargeCategory" = \'Usage\' AND "{key}Id" IS NOT NULL AND "{key}Status" IS NULL'
        yield Rule("reserved", f"{key}Status", "must", wrong, f"{key}Id")
    for column in ("PricingCurrencyEffectiveCost", *_OTHER_PRICES):
        asked = "TRUE" if column == "PricingCurrencyEffectiveCost" else _CHARGED
        other = f'"PricingCurrency" <> "BillingCurrency" AND {asked} AND "{column}" IS NULL'
        yield Rule("priced", column, "must", other, "PricingCurrency")


def _amounts() -> Iterator[Rule]:
    for column in (*_PRICES, *_OTHER_PRICES):
        yield Rule("negative", column, "must", f'starts_with("{column}", \'-\') AND "{column}#n".digits <> 0')
    for cost, price in PRODUCTS.items():
        both = f'"{price}" IS NOT NULL AND "PricingQuantity" IS NOT NULL AND {_NO_CORRECTION}'
        is_product = f'product_is("{price}#n", "PricingQuantity#n", "{cost}#n")'
        yield Rule("product", cost, "must", f"{both} AND NOT {is_product}", price)
        numbers = " AND ".join(f"regexp_full_match(\"{c}\", '{NUMBER}')" for c in (price, "PricingQuantity", cost))
        yield Rule("unproven", cost, "doubt", f"{both} AND {numbers} AND {is_product} IS NULL", price)
    for cost in ("ListCost", "ContractedCost", "EffectiveCost"):
        unpriced = "" if cost == "EffectiveCost" else f' AND "{PRODUCTS[cost]}" IS NULL'
        wrong = f'"ChargeCategory" = \'Credit\'{unpriced} AND "{cost}#d" <> "BilledCost#d"'
        yield Rule("credit", cost, "must", wrong, "BilledCost")


def _periods() -> Iterator[Rule]:
    for kind in ("Billing", "Charge"):
        start, end = f"{kind}PeriodStart", f"{kind}PeriodEnd"
        yield Rule("ends", end, "must", f'"{end}#t" <= "{start}#t"', start)
    outside = '("ChargePeriodStart#t" < "BillingPeriodStart#t" OR "ChargePeriodEnd#t" > "BillingPeriodEnd#t")'
    yield Rule("outside", "ChargePeriodStart", "doubt", f"{_USAGE} AND {outside}", "BillingPeriodStart")
    early = '"ChargeClass" = \'Correction\' AND "ChargePeriodStart#t" >= "BillingPeriodStart#t"'
    yield Rule("early", "ChargeClass", "doubt", early)


SUPPOSED_NULL = frozenset({"CommitmentDiscountStatus", "ChargeClass", "PricingCurrency"})
"""Columns that stand for null where a file does not have them: a rule about others still applies."""


def _listed(values: Iterable[str]) -> str:
    return ", ".join(f"'{v}'" for v in values)
