"""The current charges as a file."""

import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from costlab.engine.duckdb import connect
from costlab.errors import InputError
from costlab.exports import charges
from costlab.files.writing import shown_path, written_whole
from costlab.model.numbers import Problem
from costlab.progress import Progress, report
from costlab.store.charge_views import create_charge_view
from costlab.store.opening import Store


def export_charges(
    store: Store,
    name: str,
    path: Path | None,
    *,
    provider: str | None = None,
    first_period: str | None = None,
    last_period: str | None = None,
    projects: Sequence[str] = (),
    progress: Progress | None = None,
) -> int:
    """Write the current charges in a format of `exports/charges` to a file, or as text to stdout; returns the rows.

    Raises `InputError` when there are none, or nothing can be written.
    """
    export = charges.load(name)
    with connect() as connection:
        create_charge_view(
            store, connection, provider=provider, first_period=first_period, last_period=last_period, projects=projects
        )
        ((rows,),) = connection.execute("SELECT count(*) FROM charge").fetchall()
        if not rows:
            raise InputError(Problem(code="nothing_imported", source="store"))
        report(progress, "export")
        if path is not None:
            with written_whole(path) as draft, _database_errors_as_problems(path):
                export.write(connection, "charge", draft)
            return int(rows)
        if not export.MEDIA_TYPE.startswith(("text/", "application/json")):
            raise InputError(Problem(code="binary_output", source=f"--format {name}", args={"format": name}))
        with tempfile.TemporaryDirectory(prefix="costlab-") as folder:
            draft = Path(folder) / f"charges.{export.SUFFIX}"
            with _database_errors_as_problems(draft):
                export.write(connection, "charge", draft)
            with draft.open(encoding="utf-8", newline="") as text:
                shutil.copyfileobj(text, sys.stdout)
    return int(rows)


@contextmanager
def _database_errors_as_problems(path: Path) -> Iterator[None]:
    """A full disk, as a problem of the file."""
    try:
        yield
    except duckdb.IOException as error:
        args = {"reason": str(error).splitlines()[0][:300]}
        raise InputError(Problem(code="unwritable", source=shown_path(path), args=args)) from None
