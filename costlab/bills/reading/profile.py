"""A mapping profile: what a person says about a bill's columns once, kept as YAML.

```yaml
costlab: 1
format: generic         # optional: the one reader to use (generic = this profile says everything); else by the header
provider: acme          # optional, for generic: who sent the bill
columns: {amount: Сумма к списанию, quantity: Объём за день}   # our field: the header in the file
tags: {env: Контур}     # optional: label: the header of its column
currency: EUR           # optional: the currency when the file has no column for it
period: 2026-10         # optional: the billing month when the file has no days
decimal: ","            # optional: the decimal sign
sign: negative          # optional: how the file shows what is paid (positive, negative)
quantity_unit: ГБ·ч     # optional: the unit when the file has no column for it
dates: dmy              # optional: order of 01/02/2026 (dmy, mdy), or numbers of a spreadsheet's days (serial)
vat: excluded           # optional: the amounts are without VAT, which is added by the day's rate (included, excluded)
```
"""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from costlab.errors import InputError, near
from costlab.files.documents import Document, parse_document, quoted, read_document
from costlab.files.validation import problems_of
from costlab.model.numbers import Count, Problem, Record

Field_ = Literal[
    "day", "project", "resource_id", "resource_name", "service", "parameter", "quantity", "unit", "amount", "bonus",
    "labels", "currency", "category", "charge_class", "period", "account", "region", "sku", "description", "list_cost",
    "effective_cost", "invoice", "start", "end",
]  # fmt: skip
FIELDS: tuple[str, ...] = Field_.__args__  # type: ignore[attr-defined]


class Profile(Record):
    """What a person says about a bill's columns."""

    costlab: Annotated[Count, Field(ge=1, le=1)] = 1
    format: str | None = None
    provider: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")] | None = None
    columns: dict[Field_, str] = Field(default={})
    tags: dict[str, str] = Field(default={})
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = None
    period: Annotated[str, Field(pattern=r"^20\d\d-(?:0[1-9]|1[0-2])$")] | None = None
    decimal: Literal[",", "."] | None = None
    sign: Literal["positive", "negative"] | None = None
    quantity_unit: str | None = None
    dates: Literal["dmy", "mdy", "serial"] | None = None
    vat: Literal["included", "excluded"] | None = None


def load_profile(path: Path | str) -> Profile:
    """Read a profile. Raises `InputError` with the lines of what is wrong."""
    return _profile(read_document(path))


def parse_profile(raw: bytes, source: str) -> Profile:
    """The same from bytes, as a browser uploads them."""
    return _profile(parse_document(raw, source))


def profile_text(profile: Profile) -> str:
    """A profile as the YAML that `load_profile` reads."""
    before = {k: getattr(profile, k) for k in ("format", "provider")}
    others = {
        k: getattr(profile, k) for k in ("currency", "period", "decimal", "sign", "quantity_unit", "dates", "vat")
    }
    lines = ["costlab: 1", *_given(before), "columns:" if profile.columns else "columns: {}"]
    lines += [f"  {field}: {quoted(header)}" for field, header in profile.columns.items()]
    if profile.tags:
        lines += ["tags:", *(f"  {quoted(key)}: {quoted(header)}" for key, header in profile.tags.items())]
    return "\n".join([*lines, *_given(others)]) + "\n"


def _given(values: dict[str, str | None]) -> list[str]:
    return [f"{key}: {quoted(value)}" for key, value in values.items() if value is not None]


def _profile(document: Document) -> Profile:
    data = document.data
    if not isinstance(data, dict):
        args = {"key": "columns", "hint": " {…}"}
        raise InputError(Problem(code="missing_key", source=document.source, line=1, args=args))
    columns = data.get("columns")
    unknown = [
        Problem(
            code="unknown_key",
            source=document.source,
            line=document.line("columns", str(key)),
            args={"key": f"columns.{key}", **near(str(key), FIELDS)},
        )
        for key in (columns if isinstance(columns, dict) else {})
        if key not in FIELDS
    ]
    if unknown:
        raise InputError(*unknown)
    try:
        return Profile.model_validate(data)
    except ValidationError as error:
        raise InputError(*problems_of(error, document, (), "", Profile)) from None
