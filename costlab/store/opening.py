"""Open the store: find its place, bring its catalog up to date, sweep what dead imports left."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine, make_url, select
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from costlab.errors import InputError
from costlab.files.writing import os_reason, shown_path
from costlab.model.numbers import Problem
from costlab.store import files
from costlab.store.schema import BILL_FILE, NewerStoreError, database, migrate, migrations

_DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}


@dataclass(frozen=True)
class Store:
    """Where bills are kept: a catalog (SQL) and a folder of Parquet files. Holds no open connection."""

    place: str
    """The database's URL without its password."""
    folder: Path
    """Of the Parquet files; their names in the catalog are relative to it."""
    engine: Engine = field(repr=False)


def home_folder() -> Path:
    """COSTLAB_HOME, else the platform's folder for a user's data."""
    if told := os.environ.get("COSTLAB_HOME"):
        return Path(told).expanduser()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "costlab"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "costlab"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "costlab"


def open_store(url: str | None = None, home: Path | str | None = None, *, grace: float = files.GRACE) -> Store:
    """Open the store, creating it when there is none; what dead imports left behind is swept.

    `url`: `sqlite:///path` or `postgresql://…` (default COSTLAB_STORE, else SQLite in `home`); `home`: the folder of
    the files (default `home_folder()`). Files that no bill names are kept for `grace` seconds. Raises `InputError`.
    """
    place = Path(home).expanduser() if home is not None else home_folder()
    try:
        place = place.absolute()
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(Problem(code="unwritable", source=shown_path(place), args=os_reason(error))) from None
    found = _url(url or os.environ.get("COSTLAB_STORE") or "", place)
    engine = _engine(found)
    with database_errors_as_problems(shown := found.render_as_string(hide_password=True)):
        store_id = migrate(engine)
    store = Store(place=shown, folder=place / "stores" / store_id, engine=engine)
    sweep(store, grace)
    return store


def sweep(store: Store, grace: float = files.GRACE) -> int:
    """Delete files that no bill names, unless an import is at work; returns how many. Raises `InputError`."""
    try:
        with files.sweeping(store.folder) as found, database_errors_as_problems(store.place):
            if not found:
                return 0
            with store.engine.connect().execution_options(reads=True) as connection:
                known = set(connection.execute(select(BILL_FILE.c.name)).scalars())
            orphans = [path for path in found if path.relative_to(store.folder).as_posix() not in known]
            return files.drop(orphans, grace)
    except OSError as error:
        raise InputError(Problem(code="unwritable", source=shown_path(store.folder), args=os_reason(error))) from None


@contextmanager
def database_errors_as_problems(place: str) -> Iterator[None]:
    """What a database complains of, as a problem of the store."""
    try:
        yield
    except NewerStoreError as error:
        args = {"version": str(error), "known": str(len(migrations()))}
        raise InputError(Problem(code="store_newer", source=place, args=args)) from None
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).strip().splitlines() or [type(error).__name__]
        raise InputError(Problem(code="store_unusable", source=place, args={"reason": reason[0][:300]})) from None


def _url(text: str, home: Path) -> URL:
    if not text:
        return URL.create("sqlite", database=str(home / "costlab.sqlite"))
    try:
        url = make_url(text)
    except ArgumentError:
        raise InputError(Problem(code="store_url", source="COSTLAB_STORE")) from None
    kind, _, driver = url.drivername.partition("+")
    in_memory = kind == "sqlite" and url.database in (None, "", ":memory:")
    if kind not in _DRIVERS or in_memory:
        raise InputError(Problem(code="store_url", source="COSTLAB_STORE"))
    return url if driver else url.set(drivername=_DRIVERS[kind])


def _engine(url: URL) -> Engine:
    try:
        return database(url)
    except (ImportError, NoSuchModuleError):
        args = {"driver": url.drivername}
        raise InputError(Problem(code="store_driver", source="COSTLAB_STORE", args=args)) from None
