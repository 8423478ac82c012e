"""Security Gate (DevSecOps): packages of repositories and lines of code, and packages of scanning agents.

The price list names the packages and what they hold. Which one a customer needs follows from the two limits of a
package; that the smallest one which holds both is taken is ours and shown. Beyond the largest there is no price.
"""

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import Field

from costlab.model.numbers import Amount, Count, Period, Record, Text
from costlab.model.scenario import Assumption, Usage

TITLE = Text(en="Security Gate", ru="Security Gate")
EXAMPLE: dict[str, Any] = {"repositories": 10, "lines_of_code": 1_000_000, "agents": 2}

REPOSITORY_PACKAGES = ((10, 1_000_000), (50, 5_000_000), (200, 20_000_000), (500, 50_000_000), (1000, 100_000_000))
"""Repositories and lines of code of each package of the list."""
AGENT_PACKAGES = (2, 10)


class Spec(Record):
    """What is to be scanned."""

    repositories: Annotated[Count, Field(ge=0, le=1_000_000)]
    """Repositories
    Репозитории"""
    lines_of_code: Annotated[Count, Field(ge=0, le=10**12)] = 0
    """Lines of code: of all repositories; a package limits them too
    Строки кода: во всех репозиториях; пакет ограничивает и их"""
    agents: Annotated[Count, Field(ge=0, le=10_000)] = 0
    """Scanning agents: sold in packages of 2 and 10
    Сканирующие агенты: пакеты по 2 и 10"""
    monthly_price: Amount | None = None
    """Price by request: of the repositories per 30 days, from your offer
    Цена по запросу: репозитории за 30 дней, из вашего предложения"""
    agents_monthly_price: Amount | None = None
    """Price of agents: per 30 days, from your offer
    Цена агентов: за 30 дней, из вашего предложения"""


def repository_package(repositories: int, lines_of_code: int) -> int:
    """The smallest package, by its repositories, that holds both; 0 when none does.

    >>> repository_package(30, 2_000_000), repository_package(5, 30_000_000), repository_package(1001, 0)
    (50, 500, 0)
    """
    return next((r for r, lines in REPOSITORY_PACKAGES if repositories <= r and lines_of_code <= lines), 0)


def agent_package(agents: int) -> int:
    """The smallest package that holds the agents; 0 when none does."""
    return next((size for size in AGENT_PACKAGES if agents <= size), 0)


def usage(spec: Spec, period: Period) -> Iterator[Usage]:  # noqa: ARG001 (every service takes the period)
    """One package of each kind that is needed."""
    if spec.repositories or spec.lines_of_code or spec.monthly_price is not None:
        size = repository_package(spec.repositories, spec.lines_of_code) if spec.monthly_price is None else 0
        exact = (spec.repositories, spec.lines_of_code) in REPOSITORY_PACKAGES
        yield Usage(meter="security_gate.repositories", dimensions=_asked(size), level=1, given=spec.monthly_price,
                    assumption=_smallest("repositories", size) if size and not exact else None)  # fmt: skip
    if spec.agents or spec.agents_monthly_price is not None:
        size = agent_package(spec.agents) if spec.agents_monthly_price is None else 0
        yield Usage(meter="security_gate.agents", dimensions=_asked(size), level=1, given=spec.agents_monthly_price,
                    given_key="agents_monthly_price",
                    assumption=_smallest("agents", size) if size not in (0, spec.agents) else None)  # fmt: skip


def _asked(size: int) -> dict[str, str]:
    return {"package": str(size) if size else "by-request"}


def _smallest(key: str, package: int) -> Assumption:
    reason = Text(
        en="the smallest package of the list that holds what is given; packages are not combined",
        ru="наименьший пакет прайс-листа, который вмещает указанное; пакеты не складываются",
    )
    return Assumption(key=key, value=str(package), reason=reason, source="vk-pricelist-2026-01-12")
