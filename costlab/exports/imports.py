"""Imports and bills in words and as JSON, the same for the command line and for programs."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from costlab.bills import NOTES, load
from costlab.catalog.loading import load_catalog
from costlab.exports.comparisons import cash, change
from costlab.exports.layout import layout
from costlab.i18n.words import number, plain, visible
from costlab.model.numbers import Language, Text
from costlab.store.records import Imported, Replaced, Restated, Restatement, Stored

_W = {
    "id": Text(en="No.", ru="№"),
    "file": Text(en="File", ru="Файл"),
    "format": Text(en="Format", ru="Формат"),
    "projects": Text(en="Projects", ru="Проекты"),
    "period": Text(en="Days", ru="Дни"),
    "rows": Text(en="Rows", ru="Строк"),
    "rejected": Text(en="Rejected", ru="Отклонено"),
    "total": Text(en="Paid", ru="Списано"),
    "when": Text(en="Imported, UTC", ru="Загружен, UTC"),
    "current": Text(en="Days that count", ru="Учтено дней"),
    "nothing": Text(
        en="The store is empty. Import a bill: costlab bill import FILE",
        ru="Хранилище пусто. Загрузите счёт: costlab bill import ФАЙЛ",
    ),
    "no_restatements": Text(en="No file restates another.", ru="Ни один файл не изменяет другой."),
    "imported": Text(en="imported as No. {id}", ru="загружен, № {id}"),
    "unchanged": Text(
        en="the same file was imported before, No. {id}: nothing changed",
        ru="этот же файл уже загружен, № {id}: ничего не изменилось",
    ),
    "read": Text(
        en="rows: {accepted} accepted, {rejected} rejected", ru="строки: принято {accepted}, отклонено {rejected}"
    ),
    "sum": Text(en="total of the file: {total}", ru="итог файла: {total}"),
    "control_same": Text(en="equals its own footer", ru="равен его собственной строке итога"),
    "control_other": Text(en="its own footer says {control}", ru="его собственная строка итога: {control}"),
    "paid": Text(en="paid: {totals}", ru="списано: {totals}"),
    "cannot": Text(
        en="a report of these days cannot contain: {what}", ru="отчёт за эти дни не может содержать: {what}"
    ),
    "project": Text(en="Project", ru="Проект"),
    "day": Text(en="Day", ru="День"),
    "service": Text(en="Service", ru="Сервис"),
    "before": Text(en="Before", ru="Было"),
    "after": Text(en="After", ru="Стало"),
    "delta": Text(en="Change", ru="Изменение"),
    "restates": Text(
        en="No. {id} {file}: {days} days of {older} counted from it instead",
        ru="№ {id} {file}: вместо {older} по нему считаются дни: {days}",
    ),
    "same": Text(en="the newer file says the same", ru="в новом файле то же самое"),
}
_SHOWN = 4
_LINES = 200


def cannot_contain(bill: Stored) -> list[str]:
    """Paid sections of the price list of which a granular report of the bill's last day does not itemise anything."""
    if "granular" not in bill.format or bill.last_day is None:
        return []
    catalog, day = load_catalog(bill.provider), bill.last_day
    itemised: dict[str, bool] = {}
    for sku in catalog.skus:
        if sku.region == bill.region and sku.service in catalog.sections and any(r.price or r.tiers for r in sku.rates):
            section = catalog.sections[sku.service][0]
            itemised[section] = itemised.get(section, False) or catalog.itemised(sku, day)
    return sorted(section for section, there in itemised.items() if not there)


def file_json(imported: Imported) -> dict[str, Any]:
    """An import for programs."""
    bill = imported.bill
    data = {**bill_json(bill), "file": imported.source, "status": imported.status}
    if imported.status == "unchanged":
        data["notes"].append({"kind": "same_file", "count": 1})
    data["cannot_contain"] = cannot_contain(bill)
    changed = imported.restatement
    return data | {
        "replaced": [replaced_json(r) for r in changed.replaced] if changed else [],
        "changed": {c: plain(s) for c, s in changed.changed.items()} if changed else {},
    }


def bill_json(bill: Stored) -> dict[str, Any]:
    """A bill for programs; `total` has the file's own sign, `totals` is what was paid."""
    days = {"start": str(bill.first_day), "end": str(bill.last_day + timedelta(days=1))} if bill.last_day else None
    return {
        "id": bill.bill_id,
        "file": bill.source,
        "format": bill.format,
        "provider": bill.provider,
        "region": bill.region,
        "projects": list(bill.projects),
        "rows": bill.rows,
        "accepted": bill.accepted,
        "rejected": bill.rejected,
        "total": plain(bill.total),
        "control": None if bill.control is None else plain(bill.control),
        "currency": bill.currency,
        "totals": {currency: plain(amount) for currency, amount in bill.totals.items()},
        "period": days,
        "periods": list(bill.periods),
        "sha256": bill.sha256,
        "imported_at": bill.imported_at.isoformat(),
        "days": bill.days,
        "days_current": bill.days_current,
        "notes": [{"kind": kind, "count": times} for kind, times in bill.notes],
    }


def replaced_json(replaced: Replaced) -> dict[str, Any]:
    """An earlier file that lost days, for programs."""
    return {
        "id": replaced.older_id,
        "file": replaced.older_source,
        "period": {"start": str(replaced.first_day), "end": str(replaced.last_day + timedelta(days=1))},
        "days": replaced.days,
        "days_left": replaced.days_left,
    }


def restatement_json(restatement: Restatement) -> dict[str, Any]:
    """What an import changed, for programs."""
    return {
        "id": restatement.bill_id,
        "file": restatement.source,
        "imported_at": restatement.imported_at.isoformat(),
        "replaced": [replaced_json(r) for r in restatement.replaced],
        "changed": {currency: plain(amount) for currency, amount in restatement.changed.items()},
        "lines": [_line_json(line) for line in restatement.lines],
    }


def _line_json(line: Restated) -> dict[str, Any]:
    return {
        "project": line.project,
        "day": str(line.day),
        "service": line.service,
        "currency": line.currency,
        "rows_before": line.rows_before,
        "rows_after": line.rows_after,
        "before": plain(line.amount_before),
        "after": plain(line.amount_after),
        "delta": plain(line.amount_after - line.amount_before),
    }


def import_text(imported: Imported, language: Language) -> str:
    """An import for people, a few lines."""
    bill = imported.bill
    first = f"{imported.source}: {_say(imported.status, language, id=bill.bill_id)}"
    what = [load(bill.format).TITLE[language], _some(bill.projects), _days(bill)]
    counts = {"accepted": _count(bill.accepted, language), "rejected": _count(bill.rejected, language)}
    total = _say("sum", language, total=number(bill.total, language))
    if bill.control is not None:
        same = bill.control == bill.total
        key = "control_same" if same else "control_other"
        total += f" ({_say(key, language, control=number(bill.control, language))})"
    lines = [
        first,
        " · ".join(w for w in what if w),
        f"{_say('read', language, **counts)}; {total}; {_say('paid', language, totals=_money(bill.totals, language))}",
    ]
    lines += [NOTES[kind][language].format(n=_count(n, language)) for kind, n in bill.notes if kind in NOTES]
    if missing := cannot_contain(bill):
        lines.append(_say("cannot", language, what=", ".join(missing)))
    return "\n".join(visible(line if not i else f"  {line}") for i, line in enumerate(lines))


def list_text(bills: Sequence[Stored], language: Language) -> str:
    """The store's bills as a table."""
    if not bills:
        return _say("nothing", language)
    keys = ("id", "file", "format", "projects", "period", "rows", "rejected", "total", "when", "current")
    table = [[_say(key, language) for key in keys]]
    table += [
        [
            str(b.bill_id), b.source, b.format, _some(b.projects), _days(b), _count(b.accepted, language),
            _count(b.rejected, language), _money(b.totals, language), f"{b.imported_at:%Y-%m-%d %H:%M}",
            f"{b.days_current} / {b.days}",
        ]
        for b in bills
    ]  # fmt: skip
    return layout(table, {0}, right=(0, 5, 6, 7, 9))


def restatements_text(restatements: Sequence[Restatement], language: Language) -> str:
    """What imports changed, as tables."""
    if not restatements:
        return _say("no_restatements", language)
    parts = []
    for restatement in restatements:
        older = ", ".join(f"{r.older_id} {r.older_source}" for r in restatement.replaced)
        days = sum(r.days for r in restatement.replaced)
        words = {"id": restatement.bill_id, "file": restatement.source, "older": older, "days": days}
        parts.append(visible(_say("restates", language, **words)))
        if not restatement.lines:
            parts.append("  " + _say("same", language))
            continue
        keys = ("day", "project", "service", "rows", "before", "after", "delta")
        table = [[_say(key, language) for key in keys]]
        for line in restatement.lines[:_LINES]:
            rows = (
                f"{line.rows_before} → {line.rows_after}"
                if line.rows_before != line.rows_after
                else str(line.rows_after)
            )
            amounts = [cash(a, line.currency, language) for a in (line.amount_before, line.amount_after)]
            delta = change(line.amount_after - line.amount_before, line.currency, language)
            table.append([str(line.day), line.project, line.service, rows, *amounts, delta])
        if (left := len(restatement.lines) - _LINES) > 0:
            table.append([f"… +{left}", "", "", "", "", "", ""])
        changed = ", ".join(change(amount, currency, language) for currency, amount in restatement.changed.items())
        table.append(["Σ", "", "", "", "", "", changed])
        parts.append(layout(table, {0, len(table) - 2}, right=(3, 4, 5, 6)))
    return "\n".join(parts)


def _say(key: str, language: Language, **words: Any) -> str:
    return _W[key][language].format(**words)


def _count(value: int, language: Language) -> str:
    return number(Decimal(value), language)


def _money(totals: dict[str, Decimal], language: Language) -> str:
    return ", ".join(cash(amount, currency, language) for currency, amount in totals.items())


def _some(names: Sequence[str]) -> str:
    rest = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" … +{rest}" if rest > 0 else "")


def _days(bill: Stored) -> str:
    return "" if bill.first_day is None else f"{bill.first_day} … {bill.last_day}"
