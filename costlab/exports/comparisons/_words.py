"""The words of a comparison, and how its amounts, prices and reasons are written for people."""

import json
import re
from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from costlab.catalog.loading import load_catalog, providers
from costlab.compare.result import CAUSE_TITLES, CAUSES, VERDICT_TITLES, WHY, Comparison
from costlab.errors import InputError
from costlab.exports.comparisons._figures import places
from costlab.i18n import words
from costlab.i18n.words import number, percent, plain, sign, unit
from costlab.model.numbers import Language, Text, exact

WORDS: dict[str, Text] = {
    "reconcile": Text(en="Reconciliation", ru="Сверка"),
    "compare": Text(en="Comparison", ru="Сравнение"),
    "billed": Text(en="Billed", ru="В счёте"),
    "expected": Text(en="Expected", ru="Должно быть"),
    "before": Text(en="Before", ru="Было"),
    "after": Text(en="After", ru="Стало"),
    "difference": Text(en="Difference", ru="Разница"),
    "explained": Text(en="Explained", ru="Объяснено"),
    "unexplained": Text(en="Unexplained", ru="Не объяснено"),
    "cause": Text(en="Cause", ru="Причина"),
    "causes": Text(en="Causes", ru="Причины"),
    "amount": Text(en="Amount", ru="Сумма"),
    "lines": Text(en="Lines", ru="Строки"),
    "lines_differ": Text(en="Lines that differ: {n} of {m}", ru="Строки с расхождениями: {n} из {m}"),
    "more": Text(en="… and {n} more, {amount}", ru="… и ещё {n}, {amount}"),
    "pattern": Text(en="one way: rows: {n}", ru="закономерность, строк: {n}"),
    "patterns": Text(en="Patterns", ru="Закономерности"),
    "all_equal": Text(en="Every line matches: {n}", ru="Все строки совпадают: {n}"),
    "coverage": Text(
        en="Coverage: rated {n} of {m} rows, {x} of {y}", ru="Охват: оценено строк {n} из {m}, {x} из {y}"
    ),
    "units": Text(en="Units: {list}", ru="Единицы: {list}"),
    "problems": Text(en="Problems", ru="Проблемы"),
    "incomplete": Text(en="INCOMPLETE: problems: {n}", ru="НЕПОЛНАЯ: проблем — {n}"),
    "complete": Text(
        en="Complete: every row was read and has a price", ru="Полная: все строки прочитаны и у всех есть цена"
    ),
    "re-rated": Text(en="its quantities at list prices", ru="количества счёта по прайс-листу"),
    "verdict": Text(en="Verdict", ru="Вывод"),
    "why": Text(en="Why", ru="Почему"),
    "line": Text(en="Line", ru="Строка"),
    "line_before": Text(en="Line before", ru="Строка до"),
    "line_after": Text(en="Line after", ru="Строка после"),
    "line_expected": Text(en="Line of the estimate", ru="Строка сметы"),
    "line_billed": Text(en="Line of the bill", ru="Строка счёта"),
    "quantity_before": Text(en="Quantity before", ru="Количество до"),
    "quantity_after": Text(en="Quantity after", ru="Количество после"),
    "quantity_expected": Text(en="Expected quantity", ru="Ожидаемое количество"),
    "quantity_billed": Text(en="Billed quantity", ru="Количество в счёте"),
    "price_before": Text(en="Price before", ru="Цена до"),
    "price_after": Text(en="Price after", ru="Цена после"),
    "price_expected": Text(en="Expected price", ru="Ожидаемая цена"),
    "price_billed": Text(en="Billed price", ru="Цена в счёте"),
    "check": Text(en="Check", ru="Контроль"),
    "number": Text(en="No.", ru="№"),
    "check_note": Text(
        en="Check = Σ causes − difference: 0 in every line.", ru="Контроль = Σ причин − разница: 0 в каждой строке."
    ),
    "others": Text(en="other lines that differ", ru="прочие расхождения"),
    "rest": Text(en="matching lines: {n}", ru="совпавших строк: {n}"),
    "project": Text(en="Project", ru="Проект"),
    "resource_id": Text(en="Resource", ru="Ресурс"),
    "service": Text(en="Service", ru="Сервис"),
    "group": Text(en="Group", ru="Группа"),
    "sku_id": Text(en="SKU", ru="SKU"),
    "item": Text(en="Item", ru="Позиция"),
    "dimensions": Text(en="Details", ru="Уточнения"),
    "day": Text(en="Day", ru="День"),
    "unit": Text(en="Unit", ru="Единица"),
    "summary": Text(en="Summary", ru="Итоги"),
    "start": Text(en="Base", ru="Основание"),
    "rise": Text(en="Rise", ru="Рост"),
    "fall": Text(en="Fall", ru="Снижение"),
    "total": Text(en="Total", ru="Итого"),
    "source": Text(en="Source", ru="Источник"),
    "rows_rated": Text(en="Rows rated", ru="Оценено строк"),
    "money_rated": Text(en="Money rated", ru="Оценено денег"),
    "of": Text(en="{n} of {m}", ru="{n} из {m}"),
    "currency": Text(en="Currency", ru="Валюта"),
    "added": Text(en="+ added", ru="+ добавлено"),
    "removed": Text(en="- removed", ru="- убрано"),
}
_RULES = {
    t.en: t
    for t in (
        Text(en="up to the kopeck", ru="вверх до копейки"),
        Text(en="down to the kopeck", ru="вниз до копейки"),
    )
}
"""Names of the rules that `infer.py` tries and no provider publishes."""
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?\Z")
_PRICE = re.compile(r"(\d+(?:\.\d+)?(?: → \d+(?:\.\d+)?)*)(?: / (\d+(?:\.\d+)?))?\Z")
_NBSP = "\u00a0"
_DAY = 1440
_ABOUT = Decimal("0.000001")


def word(key: str, language: Language, **values: object) -> str:
    """A word of a comparison, filled in."""
    return WORDS[key][language].format(**values)


def side_words(comparison: Comparison, language: Language) -> tuple[str, str]:
    """What the two sides are called: expected and billed, or before and after."""
    names = ("expected", "billed") if comparison.kind == "reconcile" else ("before", "after")
    return word(names[0], language), word(names[1], language)


def side_titles(comparison: Comparison, language: Language) -> tuple[str, str]:
    """Where the two sides come from, in words."""
    before, after = comparison.before_side.title, comparison.after_side.title
    return (word(before, language) if before == "re-rated" else before), after


def verdict_title(verdict: str, comparison: Comparison, language: Language) -> str:
    """A verdict on lines that differ; of two estimates with the marks of a change: `+ added`, `~ …`, `- removed`."""
    if verdict == "match":  # the price is right and the amount is not: a part was paid with bonuses
        return CAUSE_TITLES["bonus"][language].lower()
    if comparison.kind == "reconcile":
        return VERDICT_TITLES[verdict][language]
    marked = {"unexpected": "added", "not_billed": "removed"}
    return word(marked[verdict], language) if verdict in marked else f"~ {VERDICT_TITLES[verdict][language]}"


def cash(value: Decimal, currency: str, language: Language) -> str:
    """An amount with its sign of money: two decimals, more only when it has more."""
    return f"{number(value, language, places(value))}{_NBSP}{sign(currency)}"


def change(value: Decimal, currency: str, language: Language) -> str:
    """A difference: always with its sign, except for nothing."""
    return f"{'+' if value > 0 else ''}{cash(value, currency, language)}"


def price_words(text: str | None, of: str, currency: str, language: Language) -> str:
    """A price for people: `983.51 / 43200` → `983,51 ₽ / 43 200 vCPU·мин`; other text stays."""
    match = _PRICE.match(text or "")
    if match is None:
        return text or ""
    steps = " → ".join(words.price(Decimal(step), language) for step in match[1].split(" → "))
    shown = f"{steps}{_NBSP}{sign(currency)}"
    if match[2] is None:
        return shown
    per = "" if Decimal(match[2]) == 1 else number(Decimal(match[2]), language)
    return f"{shown} / {' '.join(x for x in (per, unit(of, language) if of else '') if x)}" if per or of else shown


def why(line: Mapping[str, Any], language: Language, currency: str = "RUB") -> str:
    """Why a line is as it is, as a sentence; `line` is a row of `Comparison.lines`."""
    code = line["why_code"]
    if code not in WHY:
        return str(code or "")
    if code == "several":
        moved = [
            f"{_small(CAUSE_TITLES[c][language])} {change(line[c], currency, language)}" for c in CAUSES if line[c]
        ]
        return f"{WHY[code][language]}: {', '.join(moved)}" if len(moved) > 1 else "".join(moved)
    args = _filled(line, _in_language(json.loads(line["why_args"] or "{}"), language))
    of = line["unit"] or ""
    shown = {k: _argument(code, k, v, of, language, currency) for k, v in args.items()}
    sentence = WHY[code][language].format_map(defaultdict(str, shown)).replace(" ()", "").strip()
    if "evidence" not in args:
        return sentence
    return f"{sentence}; {args['section']} {args['evidence']}"


def _in_language(args: Mapping[str, Any], language: Language) -> dict[str, str]:
    """Arguments out of JSON, where a `Text` stands as `{"en", "ru"}`; those that are null are left out."""
    return {k: str(v[language] if isinstance(v, dict) else v) for k, v in args.items() if v is not None}


def _small(text: str) -> str:
    """A title inside a sentence; `VAT` stays as it is."""
    return text if text.isupper() else text.lower()


def _filled(line: Mapping[str, Any], args: dict[str, str]) -> dict[str, str]:
    """The arguments a sentence needs, those that the line itself holds among them."""
    code = line["why_code"]
    if code in ("other_vat", "other_rounding"):
        ending = code.removeprefix("other_")
        return args | {side: args[f"{side}_{ending}"] for side in ("billed", "expected") if f"{side}_{ending}" in args}
    if code == "calendar":
        minutes = {side: args[f"{side}_minutes"] for side in ("before", "after") if f"{side}_minutes" in args}
        return args | {side: plain((Decimal(m) / _DAY).normalize() + 0) for side, m in minutes.items()}
    if code == "implied_price" and line["quantity_after"]:
        per, whole = Decimal(args.get("per") or 1), line["after"] - line["bonus"]
        with exact():  # only to be read: no amount is made from it
            about = (whole / line["quantity_after"] * per).quantize(_ABOUT)
        return args | {"billed": plain(about), "expected": args["expected"].partition(" / ")[0]}
    if code == "quantity":
        held = {side: line[f"quantity_{side}"] for side in ("before", "after")}
        return {k: plain(v) for k, v in held.items() if v is not None} | {"unit": line["unit"] or ""} | args
    if code == "bonus":
        return {"amount": plain(-line["bonus"])} | args
    return args


def _argument(code: str, key: str, value: str, of: str, language: Language, currency: str) -> str:
    """Plain decimal text becomes an amount, a price, a share or a number, as the sentence has it."""
    if code == "other_rounding":
        return _rule(value, language)
    if key == "unit":
        return unit(value, language)
    if key in ("billed", "expected") and code != "other_vat":
        return price_words(value, of, currency, language)
    return _number(code, key, value, of, language, currency) if _NUMBER.match(value) and key != "line" else value


def _number(code: str, key: str, value: str, of: str, language: Language, currency: str) -> str:
    if key == "amount":
        return cash(Decimal(value), currency, language)
    if code == "other_vat":
        return percent(Decimal(value), language)
    shown = number(Decimal(value), language)
    return f"{shown}{_NBSP}{unit(of, language)}" if key == "per" and of else shown


@cache
def _rule(label: str, language: Language) -> str:
    """A rounding rule in words, by its English name: of the catalog, or of what a bill may do instead."""
    if label in _RULES:
        return _RULES[label][language]
    for provider in providers():
        for rules in load_catalog(provider).provider.rounding.values():
            found = next((r for r in rules if r.label == label), None)
            if found is not None:
                return found.text[language]
    return label


def units_read(comparison: Comparison, language: Language) -> str:
    """How the bill's units became pricing units: `1 ГБ·ч = 60 ГБ·мин; …`; "" when it names none."""
    told = [
        f"1 {words.visible(c.unit)} = {number(Decimal(c.factor.numerator), language)}"
        f"{f'/{c.factor.denominator}' if c.factor.denominator != 1 else ''} {unit(c.pricing_unit, language)}"
        for c in comparison.coverage.conversions
        if c.factor != 1 or c.unit not in (unit(c.pricing_unit, "ru"), unit(c.pricing_unit, "en"), c.pricing_unit)
    ]
    return word("units", language, list="; ".join(told)) if told else ""


def item(line: Mapping[str, Any], language: Language) -> str:
    """What a line is about: the name of the price list's row where it has one, and its details."""
    sku, details = line.get("sku_id") or "", line.get("dimensions") or ""
    return _title(sku, language) or details or (line.get("service") or "") if sku else details


@cache
def _title(sku_id: str, language: Language) -> str:
    provider = sku_id.partition(".")[0]
    try:
        title = load_catalog(provider).by_id.get(sku_id) if provider in providers() else None
    except InputError:
        title = None
    return title.name[language] if title else sku_id
