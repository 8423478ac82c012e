"""Formulas of a workbook's lines: the spreadsheet's own recalculation of what `engine/rate.sql` has computed.

A cell holds a binary fraction, so a product that is exactly half a kopeck on paper may lie a hair beside it in the
cell: 2.01 × 0.5 = 1.005 is stored as 1.00499999999999989…. Rounding that to kopecks at once may lose one. So every
amount is first taken to kopecks and rounded to fourteen significant digits. A cell is wrong from the sixteenth on, and
two amounts that differ at all (quantity × price / per has a small denominator) differ earlier. What was meant as a half
then *is* one, because n.5 is exact in binary, and rounding it to whole kopecks is safe in any program.

Formulas return None where a cell formula would not be the engine's rule: the caller writes the engine's value, marked.
"""

from dataclasses import dataclass

from costlab.model.numbers import Language
from costlab.model.scenario import Charge, Estimate

_ROUND = {"half_up": "ROUND", "up": "ROUNDUP", "down": "ROUNDDOWN"}
"""All three are symmetric about zero, as the engine's rules are."""
_BILLIONTHS = 9
_HOSTILE = frozenset('*?~<>="')
"""What SUMIFS would read as a pattern or a comparison."""


@dataclass(frozen=True)
class Cells:
    """Where the numbers of one line stand: references as they are written in its formulas."""

    quantity: str
    price: str
    per: str
    raw: str
    vat_rate: str
    cost: str
    vat: str
    rule: str
    start: str
    end: str
    tiers: tuple[tuple[str, str], ...] = ()
    """(price, up to) of each step, on the sheet of prices; the last has no end."""


def raw_formula(charge: Charge, cells: Cells, estimate: Estimate) -> str | None:
    """Gross amount before rounding: multiply first, divide last."""
    gross = f"*(1+{cells.vat_rate})" if charge.price_vat == "excluded" else ""
    package = charge.charge_model == "package"
    size = "" if package else f"/{cells.per}"  # a package has a price as a whole
    if charge.rounding.scope == "unit":
        # Bare metal: the price of one unit is rounded first, by the rule's own mode, and the rest has no division.
        def price(cell: str) -> str:
            return _kopecks(f"{cell}{gross}{size}", charge.rounding.mode, "7")

        end = ""
    else:

        def price(cell: str) -> str:
            return cell

        end = f"{gross}{size}"
    if charge.charge_model in ("per_unit", "flat", "percentage"):
        return f"={cells.quantity}*{price(cells.price)}{end}"
    if charge.period != estimate.period or charge.rounding.scope == "day":
        return None  # a tier or package begun before this stretch of time depends on what was used then
    if package:
        return f"=ROUNDUP(ROUND({cells.quantity}/{cells.per},{_BILLIONTHS}),0)*{price(cells.price)}{end}"
    used = f"ABS({cells.quantity})"
    steps = tuple((price(cell), up_to) for cell, up_to in cells.tiers)
    if charge.charge_model == "volume":
        return f"={cells.quantity}*{_volume_price(used, steps)}{end}"
    return f"=SIGN({cells.quantity})*({_graduated(used, steps)}){end}"


def cost_formula(charge: Charge, cells: Cells) -> str | None:
    """The raw amount in whole kopecks by the charge's rule; an amount that is not zero is at least the minimum."""
    scope, raw = charge.rounding.scope, cells.raw
    if scope == "day":
        days = (charge.period.end - charge.period.start).days
        if not days or charge.quantity.scaleb(_BILLIONTHS) % days:
            return None  # the engine's days are not equal here
        span = f"({cells.end}-{cells.start})"
        return f"={span}*{_rounded(f'{raw}/{span}', raw, charge)}"
    return f"={_rounded(raw, raw, charge)}"


def vat_formula(cells: Cells) -> str:
    """VAT contained in the cost: half-up(cost × r / (1 + r))."""
    return f"={_kopecks(f'{cells.cost}*{cells.vat_rate}/(1+{cells.vat_rate})', 'half_up', '5')}"


def remainder_formulas(
    charge: Charge, cells: Cells, lines: list[Charge], columns: tuple[str, str, str, str], language: Language
) -> tuple[str, str] | None:
    """What rounding the document's total leaves: (exact sum, remainder), over the lines of its rule and VAT rate.

    `columns` are the absolute ranges of raw amount, cost, rule (in words) and VAT rate.
    """
    words = charge.rounding.text[language]
    mine = [c for c in lines if c.rounding.scope == "total"]
    rules = {(c.rounding.text[language], c.rounding.mode, c.rounding.minimum) for c in mine}
    shared = any(c.rounding.text[language] == words for c in lines if c.rounding.scope != "total")
    if len(rules) != 1 or words != mine[0].rounding.text[language] or shared or _HOSTILE & set(words):
        return None
    raw, cost, rules_at, rate = columns
    chosen = f"{rules_at},{cells.rule},{rate},{cells.vat_rate}"
    total = _least(cells.raw, cells.raw, mine[0], f"11-LEN(INT(ABS({cells.raw})))")
    return f"=SUMIFS({raw},{chosen})", f"=ROUND({total}-SUMIFS({cost},{chosen}),2)"


def _kopecks(amount: str, mode: str, digits: str) -> str:
    """An amount of roubles rounded to kopecks; `digits` decimals of a kopeck are trusted."""
    return f"{_ROUND[mode]}(ROUND({amount}*100,{digits}),0)/100"


def _rounded(amount: str, raw: str, charge: Charge) -> str:
    # Fourteen significant digits: two of them are the kopecks, LEN(INT()) the roubles.
    digits = f"12-LEN(INT(ABS({amount})))"
    if charge.rounding.scope == "total":
        return _kopecks(amount, "half_up", digits)
    return _least(amount, raw, charge, digits)


def _least(amount: str, raw: str, charge: Charge, digits: str) -> str:
    """Rounded by the rule's mode; at least a kopeck where the rule says so and the raw amount is not zero."""
    mode = "half_up" if charge.rounding.scope == "unit" else charge.rounding.mode
    if not charge.rounding.minimum:
        return _kopecks(amount, mode, digits)
    return f"IF({raw}=0,0,SIGN({raw})*MAX(0.01,{_kopecks(f'ABS({amount})', mode, digits)}))"


def _volume_price(size: str, tiers: tuple[tuple[str, str], ...]) -> str:
    """One price for the whole quantity: that of the step it reaches."""
    formula = tiers[-1][0]
    for price, up_to in reversed(tiers[:-1]):
        formula = f"IF({size}<={up_to},{price},{formula})"
    return formula


def _graduated(size: str, tiers: tuple[tuple[str, str], ...]) -> str:
    """Each step's part of the quantity at its own price."""
    parts, low = [], ""
    for index, (price, up_to) in enumerate(tiers):
        top = size if index == len(tiers) - 1 else f"MIN({size},{up_to})"
        parts.append(f"MAX(0,{top}-{low})*{price}" if low else f"{top}*{price}")
        low = up_to
    return "+".join(parts)
