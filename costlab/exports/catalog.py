"""The catalog's answers as text for a terminal."""

import re
from decimal import Decimal
from typing import Any

from costlab.catalog.loading import Catalog
from costlab.exports.layout import layout
from costlab.i18n.words import number, price, unit, visible, word
from costlab.model.numbers import Language, Text

_STATUS = {
    "priced": Text(en="priced", ru="есть цена"),
    "free": Text(en="free", ru="бесплатно"),
    "on_request": Text(en="on request", ru="по запросу"),
    "legacy": Text(en="legacy", ru="больше не продаётся"),
}
"""How a service of the provider can be priced."""

_COLUMNS: dict[str, dict[str, Text]] = {
    "flavors": {
        "flavor": Text(en="Flavor", ru="Конфигурация"),
        "vcpu": Text(en="vCPU", ru="vCPU"),
        "ram_gb": Text(en="RAM, GB", ru="ОЗУ, ГБ"),
        "cpu": Text(en="CPU", ru="CPU"),
        "gpu": Text(en="GPU", ru="GPU"),
        "gpus": Text(en="GPUs", ru="Число GPU"),
        "order": Text(en="How to get it", ru="Как получить"),
        "pods_vcpu": Text(en="For pods: vCPU", ru="Подам: vCPU"),
        "pods_ram_mi": Text(en="RAM, Mi", ru="ОЗУ, Mi"),
        "source": Text(en="Source", ru="Источник"),
    },
    "disks": {
        "type": Text(en="Type", ru="Тип"),
        "size_gb": Text(en="GB", ru="ГБ"),
        "read_iops": Text(en="Read IOPS", ru="IOPS чтения"),
        "read_mb_s": Text(en="MB/s", ru="МБ/с"),
        "write_iops": Text(en="Write IOPS", ru="IOPS записи"),
        "write_mb_s": Text(en="MB/s", ru="МБ/с"),
        "latency_ms": Text(en="Latency, ms", ru="Задержка, мс"),
        "console_max_gb": Text(en="Console: at most, GB", ru="Консоль: не больше, ГБ"),
        "cli_max_gb": Text(en="CLI: at most, GB", ru="CLI: не больше, ГБ"),
        "zones": Text(en="Zones", ru="Зоны"),
    },
}
"""The columns of facts that are not prices, in their order."""
_NUMBERS = ("pods_vcpu", "pods_ram_mi", "size_gb", "read_iops", "read_mb_s", "write_iops", "write_mb_s", "latency_ms",
            "console_max_gb", "cli_max_gb")  # fmt: skip


def catalog_table(ask: str, rows: list[dict[str, Any]], language: Language) -> str:
    """The rows of `catalog list`, `diff`, `coverage`, `flavors` or `disks` as aligned text."""
    if ask == "coverage":
        return _coverage(rows, language)
    if ask == "diff":
        if not rows:
            return word("no_changes", language)
        table = [["SKU", "", word("before", language), word("after", language)]]
        table += [[r["sku_id"], r["change"], _then(r["before"], language), _then(r["after"], language)] for r in rows]
        return layout(table, {0}, right=(2, 3))
    if ask in _COLUMNS:
        return _facts(_COLUMNS[ask], rows, language)
    keys = ("unit_price", "effective", "checked")
    table = [["SKU", word("item", language), *(word(k, language).capitalize() for k in keys)]]
    for row in rows:
        for rate in row["rates"] or [None]:
            table.append([row["sku_id"], row["name"][language], *_rate(rate, row["unit"], language)])
    return layout(table, {0}, right=(2,))


def _coverage(rows: list[dict[str, Any]], language: Language) -> str:
    """A row a service, with how many of its SKUs are asked for; then what the status alone does not say."""
    on_request = _STATUS["on_request"][language]
    table = [[word("service", language), "", word("status", language), "SKU", on_request, word("source", language)]]
    for row in rows:
        asked = str(row["on_request"]) if row["on_request"] else ""
        status = _STATUS[row["status"]][language]
        table.append([row["service"], row["title"][language], status, str(row["skus"]), asked, row["source"]])
    notes = [visible(f"{r['service']}: {r['note'][language]}") for r in rows if "note" in r]
    return "\n".join([layout(table, {0}, right=(3, 4)), "", *notes])


def _facts(columns: dict[str, Text], rows: list[dict[str, Any]], language: Language) -> str:
    """Facts that are not prices: a row each, numbers to the right."""
    if not rows:
        return word("none", language)
    table = [[title[language] for title in columns.values()]]
    table += [[_fact(row[key], language) for key in columns] for row in rows]
    numbers = [i for i, key in enumerate(columns) if isinstance(rows[0][key], int) or key in _NUMBERS]
    return layout(table, {0}, right=numbers)


def _fact(value: Any, language: Language) -> str:
    if isinstance(value, list):
        return ", ".join(value)
    return number(Decimal(value), language) if re.fullmatch(r"[0-9]+(\.[0-9]+)?", str(value)) else str(value)


def sku_card(sku: dict[str, Any], catalog: Catalog, language: Language) -> str:
    """Everything about one SKU, a line each."""
    lines = [
        f"{sku['sku_id']}",
        f"  {sku['name'][language]}",
        f"  {word('meter', language)}: {sku['meter']} {_pairs(sku)}",
    ]
    if sku["zones"]:
        lines.append(f"  {word('zones', language)}: {', '.join(sku['zones'])}")
    for rate in sku["rates"]:
        shown, effective, checked = _rate(rate, sku["unit"], language)
        source = catalog.sources[rate["source"]]
        lines.append(
            f"  {shown}, {word('effective', language).lower()} {effective}, {word('checked', language)} {checked}"
        )
        lines += [
            f"    {word('also', language)}: {_price(a['price'], a['per'], sku['unit'], language)}"
            for a in rate.get("also_published", [])
        ]
        if "note" in rate:
            lines.append(f"    {rate['note'][language]}")
        lines += [f"    {source.title}", f"    {source.url} ({source.retrieved})"]
        if source.read_in:
            lines.append(f"    {source.read_in}")
    if "on_request" in sku:
        lines.append(f"  {word('no_price', language)}: {sku['on_request']['note'][language]}")
    lines += [f"  = {a['sku_id']}: {a['name'][language]}" for a in sku["also_published_as"]]
    return "\n".join(map(visible, lines))


def _pairs(sku: dict[str, Any]) -> str:
    return ", ".join(f"{k}={v}" for k, v in sku["dimensions"].items())


def _price(amount: str, per: str, name: str, language: Language) -> str:
    count = f"{number(Decimal(per), language)} " if per != "1" else ""
    return f"{price(Decimal(amount), language)} / {count}{unit(name, language)}"


def _rate(rate: dict[str, Any] | None, name: str, language: Language) -> list[str]:
    if rate is None:
        return [word("no_price", language), "", ""]
    prices = [t["price"] for t in rate["tiers"]] if rate["price"] is None else [rate["price"]]
    shown = " → ".join(_price(p, rate["per"], name, language) for p in prices)
    ended = f"…{rate['until']}" if "until" in rate else ""
    age = word("days_ago", language).format(n=rate["days_since_checked"])
    return [shown, rate["effective"] + ended, f"{rate['checked']} ({age})"]


def _then(rate: dict[str, Any] | None, language: Language) -> str:
    if rate is None:
        return "—"
    shown = rate["price"] or " → ".join(t["price"] for t in rate["tiers"])
    count = f" / {number(Decimal(rate['per']), language)}" if rate["per"] != "1" else ""
    return f"{shown}{count} ({word('vat', language)} {rate['vat_rate']})"
