"""What a record's validator raises when a rule of costlab, not of a type, is broken."""

from pydantic_core import PydanticCustomError

from costlab.model.numbers import Text


def invalid(key: str, reason: str | Text, fix: str | Text) -> PydanticCustomError:
    """The error of a rule broken at `key` of the record ("" for the record itself); becomes the problem `invalid`."""
    return PydanticCustomError("invalid", "{reason}", {"key": key, "reason": reason, "fix": fix})
