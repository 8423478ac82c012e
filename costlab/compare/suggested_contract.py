"""What a bill's patterns would be as a contract: the text of a file that `--contract` takes.

A percentage below the list is a discount, another price a price; prices that a bill shows on days without a list are
named for what they are: implied by that bill, published by nobody.
"""

from collections.abc import Iterator
from pathlib import PurePath

from costlab.compare.result import Comparison, ImpliedPrice, RowPattern
from costlab.errors import InputError
from costlab.files.documents import quoted
from costlab.i18n.words import plain
from costlab.model.numbers import Problem

FILE = "suggested.yaml"


def suggested_contract(comparison: Comparison) -> str:
    """The contract as YAML. Raises `InputError` where no pattern of the comparison can be one."""
    name = PurePath(comparison.name).name
    discounts = [line for p in comparison.patterns for line in _discount(p, name)]
    agreed = [line for p in comparison.patterns if p.kind != "implied_prices" for line in _prices(p, name)]
    implied = [line for p in comparison.patterns if p.kind == "implied_prices" for line in _prices(p, name)]
    if not (discounts or agreed or implied):
        raise InputError(Problem(code="no_contract_to_suggest", source=comparison.name))
    lines = [
        "# Written by costlab from the amounts of a bill. It says what was billed, not what was agreed: check it.",
        f"# Из сумм счёта {_comment(name)}: так выставлено, а не «так договорились». Проверьте, прежде чем принять.",
        f"contract: {quoted(f'implied by {name}')}",
    ]
    lines += ["discounts:", *discounts] if discounts else []
    lines += ["skus:", *agreed, *implied] if agreed or implied else []
    return "\n".join(lines) + "\n"


def _discount(pattern: RowPattern, name: str) -> Iterator[str]:
    if pattern.kind != "percent" or not pattern.percent or pattern.percent <= 0 or pattern.rivals:
        return
    percent = plain(pattern.percent)
    yield f"  - name: {quoted(f'{pattern.number}: {percent} % below the list, {name}')}"
    yield f"    percent: {quoted(percent)}"
    for key, values in (("services", pattern.services), ("skus", pattern.skus)):
        if values:
            yield f"    {key}: [{', '.join(map(quoted, values))}]"
    yield f"    from: {pattern.first}"
    if pattern.until:
        yield f"    to: {pattern.until}"


def _prices(pattern: RowPattern, name: str) -> Iterator[str]:
    implied = pattern.kind == "implied_prices"
    by_sku: dict[str, list[ImpliedPrice]] = {}
    for price in pattern.prices if not pattern.rivals else ():
        by_sku.setdefault(price.sku_id, []).append(price)
    for sku_id, prices in by_sku.items():
        yield f"  - sku_id: {quoted(sku_id)}"
        yield "    rates:"
        for price in prices:
            until = f", until: {price.last}" if price.last else ""
            note = (
                f", note: {{en: {quoted(f'Implied by {name}, not published')}, "
                f"ru: {quoted(f'Следует из {name}, не опубликована')}}}"
            ) if implied else ""  # fmt: skip
            yield (
                f"      - {{effective: {price.first}{until}, price: {quoted(plain(price.price))}, "
                f"per: {quoted(plain(price.per))}{note}}}"
            )


def _comment(text: str) -> str:
    return "".join(c for c in text if c.isprintable())
