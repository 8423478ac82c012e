"""Licences: Microsoft per pair of cores or per user, Russian operating systems per machine.

Rules: VK Cloud documentation, «Лицензии Microsoft для виртуальных машин»: Windows Server is counted per started pair
of cores; SQL Server per pair with at least four cores. A licence leaves once a day, activated or not, and goes on
while the machine is stopped.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from costlab.model.invalid import invalid
from costlab.model.numbers import Amount, Count, Period, Record, Text
from costlab.model.scenario import Usage
from costlab.services.parts.core_pairs import core_pairs

TITLE = Text(en="Licence", ru="Лицензия")
EXAMPLE: dict[str, Any] = {"product": "mssql-standard", "vcpu": 4}

CORE_PAIR = ("windows-server", "mssql-standard", "mssql-enterprise", "mssql-web")
USER = (
    "rds-sal", "mssql-sal", "exchange-standard", "exchange-standard-plus", "exchange-enterprise",
    "exchange-enterprise-plus", "office-standard", "office-professional",
)  # fmt: skip

Product = Literal[
    "windows-server", "mssql-standard", "mssql-enterprise", "mssql-web", "rds-sal", "mssql-sal", "exchange-standard",
    "exchange-standard-plus", "exchange-enterprise", "exchange-enterprise-plus", "office-standard",
    "office-professional", "astra-orel", "astra-voronezh", "astra-smolensk", "alt-server", "alt-server-sp",
    "redos-standard", "redos-fstec",
]  # fmt: skip


class Spec(Record):
    """Which licence and how many."""

    product: Product
    """Product
    Продукт"""
    quantity: Annotated[Amount, Field(gt=0)] | None = None
    """Quantity: licences; one licence of Windows or SQL Server covers two cores
    Количество: лицензий; одна лицензия Windows или SQL Server — на два ядра"""
    vcpu: Annotated[Count, Field(ge=1, le=1000)] | None = None
    """vCPU: instead of a quantity, for licences counted by cores
    vCPU: вместо количества, для лицензий по ядрам"""

    @model_validator(mode="after")
    def _counted_once(self) -> Self:
        if (self.quantity is None) == (self.vcpu is None):
            raise invalid(
                "quantity",
                Text(en="give either `quantity` or `vcpu`", ru="укажите либо `quantity`, либо `vcpu`"),
                Text(
                    en="`quantity: 1`, or `vcpu: 4` for licences counted by cores",
                    ru="`quantity: 1` или `vcpu: 4` для лицензий по ядрам",
                ),
            )
        if self.vcpu is not None and self.product not in CORE_PAIR:
            raise invalid(
                "vcpu",
                Text(en=f"{self.product} is not counted by cores", ru=f"{self.product} не считается по ядрам"),
                Text(en="give `quantity`", ru="укажите `quantity`"),
            )
        return self


def usage(spec: Spec, period: Period) -> Iterator[Usage]:  # noqa: ARG001 (every service takes the period)
    """One meter by the way the product is counted."""
    kind = "core_pair" if spec.product in CORE_PAIR else "user" if spec.product in USER else "instance"
    level = spec.quantity if spec.vcpu is None else Decimal(core_pairs(spec.product, spec.vcpu))
    yield Usage(meter=f"licence.{kind}", dimensions={"product": spec.product}, level=level)
