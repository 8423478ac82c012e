"""A mapping profile: what a person says about a bill's columns once, kept as YAML.

```yaml
costlab: 1
columns: {amount: Сумма к списанию, quantity: Объём за день}   # our field: the header in the file
decimal: ","            # optional: the decimal sign
sign: negative          # optional: how the file shows what is paid (positive, negative)
quantity_unit: ГБ·ч     # optional: the unit when the file has no column for it
dates: dmy              # optional: order of 01/02/2026 (dmy, mdy)
```
"""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from costlab.documents import Document, parse_document, read_document
from costlab.errors import InputError, near
from costlab.model import Count, Problem, Record
from costlab.validation import problems_of

Field_ = Literal[
    "day", "project", "resource_id", "resource_name", "service", "parameter", "quantity", "unit", "amount", "bonus",
    "labels", "currency",
]  # fmt: skip
FIELDS: tuple[str, ...] = Field_.__args__  # type: ignore[attr-defined]


class Profile(Record):
    """What a person says about a bill's columns."""

    costlab: Annotated[Count, Field(ge=1, le=1)] = 1
    columns: dict[Field_, str] = Field(default={})
    decimal: Literal[",", "."] | None = None
    sign: Literal["positive", "negative"] | None = None
    quantity_unit: str | None = None
    dates: Literal["dmy", "mdy"] | None = None


def load_profile(path: Path | str) -> Profile:
    """Read a profile. Raises `InputError` with the lines of what is wrong."""
    return _profile(read_document(path))


def parse_profile(raw: bytes, source: str) -> Profile:
    """The same from bytes, as a browser uploads them."""
    return _profile(parse_document(raw, source))


def profile_text(profile: Profile) -> str:
    """A profile as the YAML that `load_profile` reads."""
    lines = ["costlab: 1", "columns:" if profile.columns else "columns: {}"]
    lines += [f"  {field}: {_quoted(header)}" for field, header in profile.columns.items()]
    others = {k: getattr(profile, k) for k in ("decimal", "sign", "quantity_unit", "dates")}
    lines += [f"{key}: {_quoted(value)}" for key, value in others.items() if value is not None]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A YAML text in double quotes, whatever it holds."""
    shown = (c if c.isprintable() and c not in '"\\' else f"\\U{ord(c):08x}" for c in text)
    return f'"{"".join(shown)}"'


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
