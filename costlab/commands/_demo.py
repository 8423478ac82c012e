"""`costlab demo`: the main job once, on the example shop, told in about twenty lines."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from costlab.commands._demo_bills import told_bills
from costlab.errors import InputError
from costlab.estimate.charges import estimate_cost
from costlab.estimate.sums import sums
from costlab.examples import example
from costlab.exports import estimates as exports
from costlab.files.writing import os_reason, shown_path, write_whole
from costlab.i18n.words import days, money, number, percent, price, quantity, unit, word
from costlab.inventory.sources.estimate_file import read_estimate
from costlab.model.numbers import Language, Problem, Text
from costlab.model.scenario import Charge, Estimate

_BAR = 30

_SAY: dict[str, Text] = {
    "read": Text(
        en="1. Read {file}: {n} resources, period {period}.",
        ru="1. Прочитан {file}: ресурсов — {n}, период {period}.",
    ),
    "kept": Text(
        en="0. {file} is not the example any more: it is kept and priced as it is. Delete it to see the example.",
        ru="0. {file} уже не пример: он оставлен и рассчитан как есть. Удалите его, чтобы увидеть пример.",
    ),
    "rate": Text(
        en="2. Priced {n} lines from the list of {list} (checked {checked}), every price with its source.",
        ru="2. Рассчитано строк: {n}, прайс-лист от {list} (сверен {checked}), у каждой цены есть источник.",
    ),
    "total": Text(
        en="   {total} with VAT = {net} + VAT {rate} {vat}.",
        ru="   {total} с НДС = {net} + НДС {rate} {vat}.",
    ),
    "range": Text(en="   Autoscaling: {low} … {high}.", ru="   Автомасштабирование: {low} … {high}."),
    "split": Text(en="3. Where it goes:", ru="3. На что уходит:"),
    "why": Text(en="4. Where a rouble comes from, for example {id}:", ru="4. Откуда взялся рубль, например {id}:"),
    "raw": Text(
        en="   {quantity} × {price} per {per} = {raw}, {rounding}, of which VAT {vat}",
        ru="   {quantity} × {price} за {per} = {raw}, {rounding}, в том числе НДС {vat}",
    ),
    "source": Text(en="   {cost}; price of {day}, {source}", ru="   {cost}; цена от {day}, {source}"),
    "stopped": Text(
        en="   The stopped Windows machine still costs {cost}: its disk, address and licence stay.",
        ru="   Остановленная машина с Windows всё равно стоит {cost}: диск, адрес и лицензия остаются.",
    ),
    "assumed": Text(
        en="   {n} assumptions were made and are listed in the workbook; none is hidden.",
        ru="   Допущений: {n}, все перечислены в книге Excel.",
    ),
    "files": Text(
        en="6. All of it in {folder}: shop.yaml (edit it), shop.xlsx (live formulas), .json, .csv, .md, FOCUS; bills, "
        "bill-faults.xlsx.",
        ru="6. Всё это в {folder}: shop.yaml (правьте), shop.xlsx (живые формулы), .json, .csv, .md, FOCUS; счета и "
        "bill-faults.xlsx.",
    ),
    "next": Text(
        en="Next: edit shop.yaml and run `costlab estimate {file}`; or `costlab app` for the browser.",
        ru="Дальше: измените shop.yaml и запустите `costlab estimate {file}`; или `costlab app` для браузера.",
    ),
}


def run_demo(folder: Path, language: Language) -> Iterator[str]:
    """Write the examples and their results into a folder; yields what to tell. An estimate edited there is kept.

    Raises `InputError` if it cannot write.
    """
    path = folder / "shop.yaml"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(Problem(code="unwritable", source=shown_path(folder), args=os_reason(error))) from None
    if not path.exists():
        write_whole(path, example())
    scenario = read_estimate(path)
    if path.read_bytes() != example():  # somebody's work: it is priced as it is
        yield _SAY["kept"][language].format(file=shown_path(path))
    yield _SAY["read"][language].format(
        file=shown_path(path), n=len(scenario.resources), period=days(scenario.period, language)
    )
    estimate = estimate_cost(scenario)
    yield from _lines(estimate, language)
    for name in exports.offered(exports.names()):
        export = exports.load(name)
        write_whole(folder / f"shop.{export.SUFFIX}", export.render(estimate, language, "both"))
    yield from told_bills(folder, language)
    yield _SAY["files"][language].format(folder=shown_path(folder.resolve()))
    yield _SAY["next"][language].format(file=shown_path(path))


def _lines(estimate: Estimate, language: Language) -> Iterator[str]:
    def amount(value: Decimal | None) -> str:
        return money(value or Decimal(0), estimate.currency, language)

    stamp = estimate.catalog
    yield _SAY["rate"][language].format(n=len(estimate.charges), list=stamp.list_date, checked=stamp.checked)
    rate = percent(estimate.vat_rate, language) if estimate.vat_rate is not None else ""
    yield _SAY["total"][language].format(
        total=amount(estimate.total), net=amount(estimate.total_net), rate=rate, vat=amount(estimate.vat)
    )
    if estimate.total_low is not None:
        low, high = amount(estimate.total_low), amount(estimate.total_high)
        yield _SAY["range"][language].format(low=low, high=high)
    yield _SAY["split"][language]
    parts = {k: v.cost for k, v in sums(estimate.charges, lambda c: c.service).items()}
    widest = max((len(amount(c)) for c in parts.values()), default=0)
    top = max(parts.values(), default=Decimal(0)) or Decimal(1)
    for service, cost in sorted(parts.items(), key=lambda item: -item[1]):
        bar = "█" * max(1, int(cost * _BAR / top))
        yield f"   {service:<15} {amount(cost):>{widest}}  {bar}"
    if estimate.charges:
        yield from _why(estimate.charges[0], language)
    for resource in estimate.resources:
        if resource.resource_id == "accounting":
            yield _SAY["stopped"][language].format(cost=amount(resource.cost))
    yield _SAY["assumed"][language].format(n=len(estimate.assumptions))


def _why(charge: Charge, language: Language) -> Iterator[str]:
    """How one amount was computed."""
    yield _SAY["why"][language].format(id=f"{charge.resource_id}, {charge.sku_name[language]}")
    yield _SAY["raw"][language].format(
        quantity=quantity(charge.quantity, charge.level, charge.unit, language),
        price=price(charge.unit_price, language),
        per=f"{charge.per:f} {unit(charge.unit, language)}",
        raw=number(charge.raw_cost, language),
        rounding=charge.rounding.text[language],
        vat=money(charge.vat, charge.currency, language),
    )
    yield _SAY["source"][language].format(
        cost=money(charge.cost, charge.currency, language),
        day=charge.price_effective or word("given", language),
        source=charge.price_source,
    )
