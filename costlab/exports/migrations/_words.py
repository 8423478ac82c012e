"""The words of a migration budget, and the sentence a reader sees first."""

from decimal import Decimal

from costlab.i18n.words import money, number
from costlab.migration.budget import Budget, kopecks
from costlab.migration.plan import CATEGORIES, month_name
from costlab.model.numbers import Language, Text

WORDS: dict[str, Text] = {
    "title": Text(en="Migration budget", ru="Бюджет миграции"),
    "run_rate": Text(en="Run-rate", ru="Расходы в месяц"),
    "kind": Text(en="Kind", ru="Вид"),
    "side": Text(en="Side", ru="Сторона"),
    "today": Text(en="Today", ru="Сейчас"),
    "after": Text(en="After", ru="После"),
    "change": Text(en="Change", ru="Изменение"),
    "state": Text(en="State", ru="Состояние"),
    "given": Text(en="given", ru="указано"),
    "waived": Text(en="no cost, by the user's word", ru="расходов нет, со слов пользователя"),
    "missing": Text(en="NOT GIVEN", ru="НЕ УКАЗАНО"),
    "default": Text(en="not given: used as shown", ru="не указано: принято как показано"),
    "category": Text(en="Category", ru="Статья"),
    "total": Text(en="Total", ru="Итого"),
    "bridge": Text(en="Bridge", ru="Мост"),
    "step": Text(en="Step", ru="Шаг"),
    "amount": Text(en="Amount", ru="Сумма"),
    "month": Text(en="Month", ru="Месяц"),
    "status_quo": Text(en="As today", ru="Без миграции"),
    "source": Text(en="Source", ru="Старая площадка"),
    "target": Text(en="Target", ru="Новая площадка"),
    "dual": Text(en="Dual running (in source)", ru="Параллельно (в старой)"),
    "one_off": Text(en="One-off", ru="Разовые"),
    "credit": Text(en="Credits", ru="Гранты"),
    "resale": Text(en="Resale", ru="Продажа"),
    "rounding": Text(en="Rounding", ru="Округление"),
    "net": Text(en="Net effect", ru="Эффект"),
    "cumulative": Text(en="Cumulative", ru="Накопленный"),
    "npv": Text(en="NPV", ru="NPV"),
    "discounted": Text(en="Discounted, cumulative", ru="Дисконт. накопленный"),
    "cash": Text(en="Cash monthly", ru="Движение по месяцам"),
    "horizon": Text(en="Horizon, months", ru="Горизонт, мес."),
    "horizons": Text(en="1-3-5 years", ru="1-3-5 лет"),
    "project": Text(en="With migration", ru="С миграцией"),
    "break_even": Text(en="Break-even, month", ru="Окупается, месяц"),
    "break_even_discounted": Text(en="Break-even discounted, month", ru="Окупается с дисконтом, месяц"),
    "break_even_without_refresh": Text(en="Break-even without refresh, month", ru="Окупается без обновления, месяц"),
    "trough": Text(en="Peak funding need", ru="Пик финансирования"),
    "trough_month": Text(en="in month", ru="в месяце"),
    "one_offs": Text(en="One-off costs", ru="Разовые затраты"),
    "dual_total": Text(en="Dual running", ru="Параллельная оплата"),
    "run_rate_saving": Text(en="Run-rate effect a year", ru="Эффект в год на конец горизонта"),
    "payback": Text(en="Simple payback, months", ru="Простая окупаемость, мес."),
    "roi": Text(en="ROI", ru="ROI"),
    "switch": Text(en="Switch value: target's monthly cost at which the effect is zero",
                   ru="Порог: расходы новой площадки в месяц, при которых эффект нулевой"),
    "sensitivity": Text(en="Sensitivity", ru="Чувствительность"),
    "input": Text(en="Input", ru="Параметр"),
    "low": Text(en="Lower", ru="Ниже"),
    "high": Text(en="Higher", ru="Выше"),
    "scenario": Text(en="Scenario", ru="Сценарий"),
    "conservative": Text(en="Conservative: as-is sizes, dual 6 months, contingency 30 %",
                         ru="Осторожный: размеры как есть, параллельно 6 мес., резерв 30 %"),
    "base": Text(en="As planned", ru="По плану"),
    "optimistic": Text(en="Optimistic: dual 1 month at most, no contingency",
                       ru="Оптимистичный: параллельно не более 1 мес., без резерва"),
    "summary": Text(en="Summary", ru="Сводка"),
    "servers": Text(en="Servers", ru="Серверы"),
    "excluded": Text(en="Excluded", ru="Исключено"),
    "assumptions": Text(en="Assumptions", ru="Допущения"),
    "sources": Text(en="Sources", ru="Источники"),
    "problems": Text(en="Problems", ru="Проблемы"),
    "completeness": Text(en="Completeness", ru="Полнота"),
    "not_within": Text(en="not within the horizon", ru="не в пределах горизонта"),
    "no_rate": Text(en="no discount rate given", ru="ставка не указана"),
    "saving": Text(en="Saving over {n} months", ru="Экономия за {n} мес."),
    "loss": Text(en="Extra cost over {n} months", ru="Удорожание за {n} мес."),
    "effect": Text(en="Difference over {n} months (no saving can be claimed yet)",
                   ru="Разница за {n} мес. (говорить об экономии рано)"),
    "incomplete": Text(en="INCOMPLETE: {p} of the cost categories are given or waived; 80 % are needed to speak of a "
                          "saving, and every line must have a price",
                       ru="НЕПОЛНЫЙ: указано или отмечено без затрат {p} статей; чтобы говорить об экономии, нужно "
                          "80 %, и у каждой строки должна быть цена"),
    "complete": Text(en="Complete enough: {p} of the cost categories are given or waived",
                     ru="Данных достаточно: указано или отмечено без затрат {p} статей"),
    "without_vat": Text(en="amounts without VAT", ru="суммы без НДС"),
    "with_vat": Text(en="amounts with VAT (it is not recovered)", ru="суммы с НДС (к вычету не принимается)"),
    "order": Text(en="Steps are taken in this order; sizes and schedules at the target's prices.",
                  ru="Шаги — в этом порядке; размеры и расписание — по ценам новой площадки."),
    "owner": Text(en="Owner", ru="Ответственный"),
    "name": Text(en="Name", ru="Название"),
    "value": Text(en="Value", ru="Значение"),
    "unit": Text(en="Unit", ru="Единица"),
    "note": Text(en="Note", ru="Примечание"),
    "key": Text(en="Key", ru="Ключ"),
    "first": Text(en="From month", ru="С месяца"),
    "last": Text(en="To month", ru="По месяц"),
    "bound": Text(en="Bound to month", ru="Связан до месяца"),
    "stays": Text(en="Stays", ru="Остаётся"),
    "growth": Text(en="Growth a year", ru="Рост в год"),
    "indexation": Text(en="Indexation a year", ru="Индексация в год"),
    "share": Text(en="Share", ru="Доля"),
    "waves": Text(en="Waves", ru="Волны"),
    "wave": Text(en="Wave", ru="Волна"),
    "target_starts": Text(en="Target paid from", ru="Новая с месяца"),
    "source_until": Text(en="Source paid until", ru="Старая по месяц"),
    "ramp": Text(en="Ramp, months", ru="Разгон, мес."),
    "refresh": Text(en="Refresh", ru="Обновление"),
    "tail": Text(en="Tails", ru="Остатки договоров"),
    "left": Text(en="Source share", ru="Доля старой"),
    "arrived": Text(en="Target share", ru="Доля новой"),
    "overlap": Text(en="Share paid twice", ru="Доля вдвойне"),
    "discount_rate": Text(en="Discount rate", ru="Ставка дисконтирования"),
    "contingency": Text(en="Contingency", ru="Резерв"),
    "live": Text(en="Blue cells are inputs: change them and every formula follows. Orange ones are costlab's values.",
                 ru="Синие ячейки — исходные данные: измените, и формулы пересчитаются. Оранжевые — значения costlab."),
    "resource": Text(en="Resource", ru="Ресурс"),
    "service": Text(en="Service", ru="Сервис"),
    "size": Text(en="Size", ru="Размер"),
    "cost": Text(en="Cost with VAT", ru="Стоимость с НДС"),
    "reason": Text(en="Why", ru="Почему"),
    "publisher": Text(en="Source", ru="Источник"),
    "day": Text(en="Day", ru="Дата"),
    "none": Text(en="none", ru="нет"),
}  # fmt: skip
MONTHLY = (
    "status_quo", "source", "target", "dual", "one_off", "credit", "resale", "rounding", "net", "cumulative", "npv",
)  # fmt: skip


def word(key: str, language: Language, **args: str) -> str:
    """A word, with its arguments filled in."""
    return WORDS[key][language].format(**args) if args else WORDS[key][language]


def category(key: str, language: Language) -> str:
    """The title of a category."""
    return CATEGORIES[key][language]


def cash(value: Decimal | None, budget: Budget, language: Language) -> str:
    """An amount, in kopecks; a dash for none."""
    return "—" if value is None else money(kopecks(value), budget.plan.currency, language)


def part(value: Decimal, language: Language) -> str:
    """A share as percent, at one decimal at most."""
    shown = number((value * 100).quantize(Decimal("0.1")), language)
    return f"{shown} %"


def month(value: int | None, budget: Budget, language: Language) -> str:
    """A month of the plan: its number, and its name where the plan has a beginning."""
    if value is None:
        return word("not_within", language)
    name = month_name(budget.plan, value)
    return str(value) if name == str(value) else f"{value} ({name})"


def verdict(budget: Budget, language: Language) -> str:
    """What the result may be called: a saving, an extra cost, or only a difference while too much is missing."""
    result = budget.result
    key = "effect" if not budget.complete else "saving" if result.net >= 0 else "loss"
    amount = abs(result.net) if budget.complete else result.net
    return f"{word(key, language, n=str(result.months))}: {cash(amount, budget, language)}"


def status(budget: Budget, language: Language) -> str:
    """How complete the plan is."""
    return word("complete" if budget.complete else "incomplete", language, p=part(budget.completeness, language))


def facts(budget: Budget, language: Language) -> list[tuple[str, str]]:
    """The figures a decision needs, in words: label and value."""
    result = budget.result
    npv = word("no_rate", language) if result.npv is None else cash(result.npv, budget, language)
    discounted = word("no_rate", language)
    if result.npv is not None:
        discounted = month(result.break_even_discounted, budget, language)
    trough = cash(-result.trough, budget, language)
    if result.trough_month:
        trough += f", {word('trough_month', language)} {month(result.trough_month, budget, language)}"
    months = "—" if result.payback is None else number(result.payback.quantize(Decimal("0.1")), language)
    return [
        (f"{word('run_rate', language)}: {word('today', language).lower()}",
         cash(budget.inputs.base_source, budget, language)),
        (f"{word('run_rate', language)}: {word('after', language).lower()}",
         cash(sum((r.after for r in budget.run_rate), Decimal(0)), budget, language)),
        (word("npv", language), npv),
        (word("break_even", language), month(result.break_even, budget, language)),
        (word("break_even_discounted", language), discounted),
        (word("break_even_without_refresh", language), month(result.break_even_without_refresh, budget, language)),
        (word("trough", language), trough),
        (word("one_offs", language), cash(result.one_offs, budget, language)),
        (word("dual_total", language), cash(result.dual, budget, language)),
        (word("run_rate_saving", language), cash(result.run_rate, budget, language)),
        (word("payback", language), months),
        (word("roi", language), "—" if result.roi is None else part(result.roi, language)),
        (word("switch", language), cash(budget.switch, budget, language)),
    ]  # fmt: skip


def monthly(budget: Budget, row: int) -> dict[str, Decimal | None]:
    """A month's amounts as they are printed: each in kopecks, `rounding` being what that leaves of the net."""
    r = budget.rows[row]
    names = ("status_quo", "source", "target", "dual", "one_off", "credit", "resale", "net", "cumulative")
    found: dict[str, Decimal | None] = {n: kopecks(getattr(r, n)) for n in names}
    parts = kopecks(r.status_quo) - kopecks(r.source) - kopecks(r.target) - kopecks(r.one_off)
    parts += kopecks(r.credit) + kopecks(r.resale)
    found["rounding"] = kopecks(r.net) - parts
    found["npv"] = None if r.npv is None else kopecks(r.npv)
    return found
