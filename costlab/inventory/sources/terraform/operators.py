"""Operators of Terraform's language, over known values. Numbers are exact decimals."""

from decimal import Decimal, DivisionByZero, InvalidOperation
from typing import Any

from costlab.inventory.sources.terraform.functions import MAX_DIGITS, NotKnownError, boolean, number, unknowns


def operated(sign: str, left: Any, right: Any) -> Any:
    """What an operator of two operands comes to; nothing is known where one of them is not."""
    if any(True for _ in unknowns([left, right])):
        raise NotKnownError
    if sign in ("==", "!="):
        same = left == right and isinstance(left, bool) == isinstance(right, bool)
        return same == (sign == "==")
    if sign in ("&&", "||"):
        return (boolean(left) and boolean(right)) if sign == "&&" else (boolean(left) or boolean(right))
    a, b = Decimal(number(left)), Decimal(number(right))
    if sign in ("<", ">", "<=", ">="):
        return {"<": a < b, ">": a > b, "<=": a <= b, ">=": a >= b}[sign]
    try:
        result = {"+": lambda: a + b, "-": lambda: a - b, "*": lambda: a * b, "/": lambda: a / b, "%": lambda: a % b}[
            sign
        ]()
    except (DivisionByZero, InvalidOperation):
        raise NotKnownError from None
    if result.adjusted() > MAX_DIGITS:
        raise NotKnownError
    return int(result) if result == result.to_integral_value() else result
