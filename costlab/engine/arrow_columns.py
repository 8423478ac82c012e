"""Arrow columns from Python's values, put together from their bytes.

`pyarrow.array` imports pandas to ask whether the values are a Series of its own: more than a third of a second before
an estimate's first answer, which needs no pandas.
"""

import sys
from array import array
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

import pyarrow as pa

WHOLE = pa.decimal128(38, 0)
"""A whole number of up to 38 digits."""
_MOST = 10**38
_WIDTH = 16


def column(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    """A column of `int64`, `string` or `WHOLE`; None is null. Raises `OverflowError` for an integer it cannot hold.

    >>> column([1, None], pa.int64()).to_pylist(), column(["ё", ""], pa.string()).to_pylist()
    ([1, None], ['ё', ''])
    """
    nulls = sum(v is None for v in values)
    valid = _bits([v is not None for v in values]) if nulls else None
    if kind == pa.string():
        parts = [(v or "").encode() for v in values]
        ends = array("i", accumulate(map(len, parts), initial=0))
        buffers = [valid, pa.py_buffer(ends), pa.py_buffer(b"".join(parts))]
    elif kind == pa.int64():
        buffers = [valid, pa.py_buffer(array("q", [v or 0 for v in values]))]
    elif kind == WHOLE:
        buffers = [valid, pa.py_buffer(b"".join(map(_wide, values)))]
    else:
        raise TypeError(str(kind))
    return pa.Array.from_buffers(kind, len(values), buffers, nulls)


def _wide(value: int | None) -> bytes:
    number = int(value or 0)
    if abs(number) >= _MOST:
        raise OverflowError(f"{number} has more than 38 digits")
    return number.to_bytes(_WIDTH, sys.byteorder, signed=True)


def _bits(flags: Sequence[bool]) -> pa.Buffer:
    """The validity of each value, a bit each, the first lowest."""
    packed = bytearray((len(flags) + 7) // 8)
    for n, flag in enumerate(flags):
        packed[n >> 3] |= flag << (n & 7)
    return pa.py_buffer(bytes(packed))
