"""Uploaded files as the verbs want them: a bill lies in a private folder only while it is read. No Streamlit here."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pyarrow.compute as pc

from costlab.bills import Detected, Profile, detect, read_bill
from costlab.errors import InputError
from costlab.model.bill import Bill
from costlab.model.numbers import Problem


def bill_of(raw: bytes, name: str, profile: Profile | None) -> Bill:
    """An uploaded bill. Raises `InputError`; places are told with the name the reader knows."""
    with _file(raw, name) as path:
        bill = read_bill(path, profile=profile)
        charges = bill.charges
        place = charges.schema.get_field_index("file")
        own = pc.replace_substring(charges["file"], str(path), name)
        charges = charges.set_column(place, charges.schema.field(place), own)
        told = tuple(_named(p, path, name) for p in bill.problems)
        return replace(bill, source=name, loaded=charges, parquet=None, problems=told)


def preview_of(raw: bytes, name: str, profile: Profile | None) -> Detected:
    """What an uploaded bill looks like before it is read. Raises `InputError`."""
    with _file(raw, name) as path:
        return replace(detect(path, profile=profile), source=name)


@contextmanager
def _file(raw: bytes, name: str) -> Iterator[Path]:
    """The upload as a file of our own naming, gone when it was read."""
    with tempfile.TemporaryDirectory(prefix="costlab-") as folder:
        path = Path(folder) / f"bill{Path(name).suffix[:8]}"
        path.write_bytes(raw)
        try:
            yield path
        except InputError as error:
            raise InputError(*(_named(p, path, name) for p in error.problems)) from None


def _named(problem: Problem, path: Path, name: str) -> Problem:
    return problem.model_copy(update={"source": problem.source.replace(str(path), name)})
