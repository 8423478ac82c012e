"""What a comparison of two sets of charges comes to: the difference, split exactly by cause.

Σ causes = delta = after - before, for the whole and for every line. Effects are taken in the fixed order of `CAUSES`:
each is the difference of two amounts that the rating program gave, so their sum is the difference by construction.

`lines` is an Arrow table, one row per pair: the columns of `KEY`, then `before`, `after`, `delta` and the causes as
decimal128(38, 18) (null `before` or `after`: the line is not there), `verdict`, `why_code` and `why_args` (JSON)
for the sentence, `line_before`, `line_after` (int64, lines of the two sources, null when unknown), `quantity_before`,
`quantity_after` (decimal128(38, 9), in `unit`), `unit`, `price_before`, `price_after` (text: `0.019660 / 1`) and `file`
(the file of `line_after`, "" when there is only one). Of a large bill only lines that differ are there; `rest` holds
the sums of the others, so that Σ lines + rest = the totals.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pyarrow as pa

from costlab.i18n.messages import MESSAGES
from costlab.model.numbers import Problem, Text, exact

CAUSES = (
    "calendar", "quantity", "price", "vat", "discount", "bonus", "rounding", "new", "gone", "duplicate",
    "not_itemised", "unexplained",
)  # fmt: skip
"""In the order they are taken; a line has either effects on a pair, or one of those from `new` on."""

KEY = ("project", "resource_id", "service", "sku_id", "dimensions", "day")
"""`dimensions` as `k=v, k=v`; for a bill row without a SKU, `sku_id` is "" and `dimensions` its parameter's name."""

VERDICTS = (
    "match", "price", "quantity", "duplicate", "unexpected", "not_billed", "no_price", "rounding", "not_itemised",
)  # fmt: skip


@dataclass(frozen=True)
class Side:
    """One of the two sets: what it is called and where it came from."""

    title: str
    source: str


@dataclass(frozen=True)
class Conversion:
    """What one unit of a bill is in pricing units, and for how many of its items."""

    unit: str
    factor: Fraction
    pricing_unit: str
    items: int


@dataclass(frozen=True)
class Coverage:
    """How much of a bill could be rated."""

    rows: int = 0
    rows_rated: int = 0
    money: Decimal = Decimal(0)
    money_rated: Decimal = Decimal(0)
    conversions: tuple[Conversion, ...] = ()
    """How the bill's units became pricing units."""


@dataclass(frozen=True)
class ImpliedPrice:
    """A price that a bill shows: `price` for `per` pricing units of a SKU, from its first to its last day inclusive."""

    sku_id: str
    first: date
    last: date | None
    price: Decimal
    per: Decimal


@dataclass(frozen=True)
class RowPattern:
    """Many rows that differ in one way: one finding. Amounts are of its rows; rows that differ otherwise are apart."""

    number: int
    """As in `why_args` of its lines: `pattern`."""
    kind: str
    """`without_vat`, `percent`, `price`, `vat`, `rounding`, `several` or `implied_prices`."""
    finding: Problem
    """The sentence and what to do."""
    rows: int
    apart: int
    """Rows of the same items and days that are otherwise."""
    before: Decimal
    after: Decimal
    first: date
    last: date
    percent: Decimal | None = None
    """How much below the list; above it: negative."""
    services: tuple[str, ...] = ()
    """Services of the price list; () = every service of the bill."""
    skus: tuple[str, ...] = ()
    rivals: tuple[tuple[Text, Decimal], ...] = ()
    """Where nobody can tell: this one and the others that fit as well, each with what it leaves of the items' rows."""
    prices: tuple[ImpliedPrice, ...] = ()
    """Prices that a contract could name."""
    since: date | None = None
    """The first day, where the same items have rows before it."""
    until: date | None = None
    """The last day, where the same items have rows after it."""

    @property
    def delta(self) -> Decimal:
        """What its rows come to beyond what should have been."""
        with exact():
            return self.after - self.before


@dataclass(frozen=True)
class Rest:
    """Lines that are not in the table, as one."""

    lines: int
    before: Decimal
    after: Decimal
    causes: dict[str, Decimal]
    moved: dict[str, Decimal]
    """Σ of the amounts of each cause without their signs."""
    differing: int = 0
    """How many of them differ: too many to be listed, so the largest differences are."""

    @property
    def delta(self) -> Decimal:
        """What came on top."""
        with exact():
            return self.after - self.before


@dataclass(frozen=True)
class Comparison:
    """Two sets of charges and the difference between them."""

    kind: str
    """`compare` or `reconcile`."""
    name: str
    currency: str
    before_side: Side
    after_side: Side
    before: Decimal
    after: Decimal
    causes: dict[str, Decimal]
    """Every cause of `CAUSES`, zero included."""
    lines: pa.Table
    verdicts: dict[str, tuple[int, Decimal]]
    """Verdict → how many lines, and Σ of their deltas."""
    coverage: Coverage
    problems: tuple[Problem, ...] = ()
    rest: Rest | None = None
    """What `lines` leaves out."""
    patterns: tuple[RowPattern, ...] = ()
    """Ways in which many rows differ, the most rows' money first."""

    @property
    def delta(self) -> Decimal:
        """After - before = Σ causes."""
        with exact():
            return self.after - self.before

    @property
    def count(self) -> int:
        """How many lines were compared, those left out of `lines` among them."""
        return int(self.lines.num_rows) + (self.rest.lines if self.rest else 0)

    @property
    def unsettled(self) -> int:
        """How many problems leave something out: rows not read, lines without a price. A warning leaves nothing out."""
        return sum(MESSAGES[p.code].kind != "warning" for p in self.problems)

    @property
    def complete(self) -> bool:
        """Whether every line of the bill has a price and every row was read."""
        return not self.unsettled


CAUSE_TITLES: dict[str, Text] = {
    "calendar": Text(en="Calendar", ru="Календарь"),
    "quantity": Text(en="Quantity", ru="Количество"),
    "price": Text(en="Price", ru="Цена"),
    "vat": Text(en="VAT", ru="НДС"),
    "discount": Text(en="Discount", ru="Скидка"),
    "bonus": Text(en="Bonuses", ru="Бонусы"),
    "rounding": Text(en="Rounding", ru="Округление"),
    "new": Text(en="New", ru="Появилось"),
    "gone": Text(en="Gone", ru="Исчезло"),
    "duplicate": Text(en="Duplicates", ru="Дубликаты"),
    "not_itemised": Text(en="Not itemised in the report", ru="Не детализируется в отчёте"),
    "unexplained": Text(en="Unexplained", ru="Не объяснено"),
}
VERDICT_TITLES: dict[str, Text] = {
    "match": Text(en="matches", ru="совпадает"),
    "price": Text(en="other price", ru="другая цена"),
    "quantity": Text(en="other quantity", ru="другое количество"),
    "duplicate": Text(en="duplicate", ru="дубликат"),
    "unexpected": Text(en="not expected", ru="не ожидалось"),
    "not_billed": Text(en="not billed", ru="не выставлено"),
    "no_price": Text(en="no price", ru="нет цены"),
    "rounding": Text(en="rounding", ru="округление"),
    "not_itemised": Text(en="not itemised", ru="не детализируется"),
}
WHY: dict[str, Text] = {
    "same": Text(en="as expected", ru="как ожидалось"),
    "other_price": Text(en="billed at {billed} instead of {expected} ({which})",
                        ru="выставлено по {billed} вместо {expected} ({which})"),
    "implied_price": Text(en="billed as if the price were about {billed} instead of {expected} per {per}",
                          ru="выставлено, как если бы цена была около {billed} вместо {expected} за {per}"),
    "other_discount": Text(en="{billed} instead of {expected}: another contract or discount",
                           ru="{billed} вместо {expected}: другой договор или скидка"),
    "without_vat": Text(en="billed without VAT", ru="выставлено без НДС"),
    "below_list": Text(en="{percent} % below the list", ru="на {percent} % ниже прайс-листа"),
    "above_list": Text(en="{percent} % above the list", ru="на {percent} % выше прайс-листа"),
    "below_list_net": Text(en="{percent} % below the list, and without VAT",
                           ru="на {percent} % ниже прайс-листа и без НДС"),
    "above_list_net": Text(en="{percent} % above the list, and without VAT",
                           ru="на {percent} % выше прайс-листа и без НДС"),
    "cap": Text(en="what a discount gives beyond its cap is charged back",
                ru="скидка сверх предела начислена обратно"),
    "other_vat": Text(en="billed with VAT {billed} instead of {expected}", ru="НДС {billed} вместо {expected}"),
    "kopeck": Text(en="a kopeck of rounding", ru="копейка округления"),
    "other_rounding": Text(en="rounded {billed} instead of {expected}", ru="округлено {billed} вместо {expected}"),
    "bonus": Text(en="{amount} was paid with bonuses", ru="{amount} оплачено бонусами"),
    "quantity": Text(en="{after} instead of {before} {unit}", ru="{after} вместо {before} {unit}"),
    "duplicate": Text(en="the same row as line {line}", ru="та же строка, что и строка {line}"),
    "unexpected": Text(en="not in the estimate", ru="этого нет в смете"),
    "not_billed": Text(en="in the estimate, not in the bill", ru="есть в смете, нет в счёте"),
    "not_itemised": Text(en="the report does not contain this on that day", ru="отчёт за этот день такого не содержит"),
    "no_price": Text(en="{reason}", ru="{reason}"),
    "new": Text(en="only after", ru="есть только после"),
    "gone": Text(en="only before", ru="было только до"),
    "calendar": Text(en="{after} days instead of {before}", ru="дней: {after} вместо {before}"),
    "several": Text(en="several causes", ru="несколько причин"),
}  # fmt: skip
