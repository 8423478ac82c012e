"""The assumption register of a migration budget: every input that is no amount, as it was used, and who gave it."""

from dataclasses import dataclass
from decimal import Decimal

from costlab.migration.plan import Plan
from costlab.model.numbers import Text
from costlab.model.prices import TaxRate


@dataclass(frozen=True)
class Assumed:
    """An input as it was used."""

    key: str
    title: Text
    value: str
    unit: str
    given: bool
    """False: the plan does not say; `value` was used."""
    hint: Text | None = None


def register(plan: Plan, tax: TaxRate, *, recovered: bool) -> list[Assumed]:
    """Every input that is not an amount, as it was used, and whether the plan gave it."""
    finance, index = plan.finance, plan.finance.indexation
    percent = "1/year"

    def of(key: str, en: str, ru: str, value: Decimal | None, unit: str, hint: Text | None = None) -> Assumed:
        return Assumed(f"finance.{key}", Text(en=en, ru=ru), f"{value or 0:f}", unit, value is not None, hint)

    rate_hint = Text(en="without it there is no NPV", ru="без неё нет NPV")
    contingency = Text(en="usual: 0.20", ru="обычно 0.20")
    told = "true" if recovered else "false"
    vat_hint = Text(en="true: amounts stand without VAT", ru="true: суммы без НДС")
    return [
        Assumed("finance.horizon", Text(en="Horizon", ru="Горизонт"), str(finance.horizon), "month", True),
        of("discount_rate", "Discount rate", "Ставка дисконтирования", finance.discount_rate, percent, rate_hint),
        of("growth", "Growth of volume", "Рост объёма", finance.growth, percent),
        of("indexation.source", "Indexation of the source", "Индексация старой площадки", index.source, percent),
        of("indexation.target", "Indexation of the target", "Индексация новой площадки", index.target, percent),
        of("contingency", "Contingency on one-offs", "Резерв на разовые затраты", finance.contingency, "1",
           contingency),
        Assumed("finance.vat_recoverable", Text(en="VAT is recovered", ru="НДС принимается к вычету"), told, "",
                finance.vat_recoverable is not None, vat_hint),
        Assumed("vat_rate", Text(en="VAT rate where a line gives none", ru="Ставка НДС, если у строки своей нет"),
                f"{tax.rate}", "1", True, Text(en=tax.source, ru=tax.source)),
        Assumed("one_offs", Text(en="One-off costs", ru="Разовые затраты"),
                str(len(plan.one_offs or ())), "", plan.one_offs is not None),
        *(Assumed(f"rates.{r.currency}", Text(en=f"Rate {r.currency}", ru=f"Курс {r.currency}"), f"{r.rate:f}",
                  f"{plan.currency}/{r.currency}", True, Text(en=f"{r.day}, {r.source}", ru=f"{r.day}, {r.source}"))
          for r in plan.rates),
    ]  # fmt: skip
