"""A comment for a pull request: what the change adds, changes and removes, and what that costs in the period."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from costlab import errors
from costlab.compare.result import Comparison
from costlab.exports.comparisons._words import cash, change, word
from costlab.exports.inert import in_markdown as cell
from costlab.i18n.words import percent
from costlab.model.numbers import Language, Text

SUFFIX = "md"
MEDIA_TYPE = "text/markdown"
_ROWS = 50
_PROBLEMS = 20
_KINDS = {
    "added": Text(en="Added", ru="Добавляется"),
    "changed": Text(en="Changed", ru="Изменяется"),
    "removed": Text(en="Removed", ru="Удаляется"),
}
_WORDS = {
    "title": Text(en="Cost of this change", ru="Стоимость изменения"),
    "none": Text(en="The cost does not change.", ru="Стоимость не меняется."),
    "resource": Text(en="Resource", ru="Ресурс"),
    "unchanged": Text(en="Unchanged: {n}.", ru="Без изменений: {n}."),
    "more": Text(en="… and {n} more, {amount}", ru="… и ещё {n}, {amount}"),
    "incomplete": Text(
        en="Incomplete: {n} things have no price and are not in these sums",
        ru="Неполно: без цены и не вошло в суммы — {n}",
    ),
    "notes": Text(en="Assumptions and notes: {n}", ru="Допущения и замечания: {n}"),
}


def render(comparison: Comparison, language: Language) -> str:
    """The comparison as a comment: the change, then a table of resources for each kind of change."""
    currency = comparison.currency
    delta = change(comparison.delta, currency, language)
    share = f" ({percent(_tenths(comparison), language)})" if comparison.before else ""
    lines = [f"## {_WORDS['title'][language]}: {delta}{share}", ""]
    before, after = (cash(x, currency, language) for x in (comparison.before, comparison.after))
    lines.append(
        f"{word('before', language)}: {before} → {word('after', language)}: **{after}**. {cell(comparison.name)}"
    )
    left_out = [p for p in comparison.problems if errors.kind(p) != "warning"]
    if left_out:
        lines += ["", f"⚠ **{_WORDS['incomplete'][language].format(n=len(left_out))}**"]
        lines += [f"- {cell(errors.sentence(p, language))}" for p in left_out[:_PROBLEMS]]
        lines += [f"- … +{len(left_out) - _PROBLEMS}"] if len(left_out) > _PROBLEMS else []
    sorted_out = by_resource(comparison)
    for kind, title in _KINDS.items():
        lines += _part(title[language], sorted_out[kind], currency, language)
    if not any(sorted_out[k] for k in _KINDS):
        lines += ["", _WORDS["none"][language]]
    same = len(sorted_out["unchanged"]) + (comparison.rest.lines if comparison.rest else 0)
    lines += ["", _WORDS["unchanged"][language].format(n=same)] if same else []
    told = [p for p in comparison.problems if errors.kind(p) == "warning"]
    if told:
        lines += ["", f"<details><summary>{_WORDS['notes'][language].format(n=len(told))}</summary>", ""]
        lines += [f"- {cell(errors.sentence(p, language))}" for p in told[:_PROBLEMS]]
        lines += ["", "</details>"]
    return "\n".join(lines) + "\n"


def _tenths(comparison: Comparison) -> Decimal:
    """The change as a share of what it was, to a tenth of a percent."""
    return (comparison.delta / comparison.before).quantize(Decimal("0.001"))


Row = tuple[str, Decimal | None, Decimal | None]


def by_resource(comparison: Comparison) -> dict[str, list[Row]]:
    """`added`, `changed`, `removed`, `unchanged` → resource, before, after; the largest change first."""
    sums: dict[str, tuple[list[Any], list[Any]]] = {}
    for line in comparison.lines.select(["resource_id", "before", "after"]).to_pylist():
        before, after = sums.setdefault(line["resource_id"], ([], []))
        before += [line["before"]] if line["before"] is not None else []
        after += [line["after"]] if line["after"] is not None else []
    found: dict[str, list[Row]] = {"added": [], "changed": [], "removed": [], "unchanged": []}
    for name, (before, after) in sums.items():
        kind = "added" if not before else "removed" if not after else "changed"
        row = (name, sum(before, Decimal(0)) if before else None, sum(after, Decimal(0)) if after else None)
        found["unchanged" if kind == "changed" and row[1] == row[2] else kind].append(row)
    for rows in found.values():
        rows.sort(key=lambda r: (-abs(_delta(r)), r[0]))
    return found


def _delta(row: Row) -> Decimal:
    return (row[2] or Decimal(0)) - (row[1] or Decimal(0))


def _part(title: str, rows: list[Row], currency: str, language: Language) -> Iterable[str]:
    if not rows:
        return
    total = change(sum((_delta(r) for r in rows), Decimal(0)), currency, language)
    yield from ("", f"### {title}: {len(rows)}, {total}", "")
    heads = (_WORDS["resource"][language], *(word(k, language) for k in ("before", "after", "difference")))
    yield "| " + " | ".join(heads) + " |"
    yield "|---|---:|---:|---:|"
    for row in rows[:_ROWS]:
        sides = ("—" if x is None else cash(x, currency, language) for x in row[1:])
        yield "| " + " | ".join((cell(row[0]), *sides, change(_delta(row), currency, language))) + " |"
    if len(rows) > _ROWS:
        rest = change(sum((_delta(r) for r in rows[_ROWS:]), Decimal(0)), currency, language)
        yield from ("", _WORDS["more"][language].format(n=len(rows) - _ROWS, amount=rest))
