"""`costlab bill check` of a hundred thousand rows, beside reading them."""

import tempfile
from functools import cache
from pathlib import Path

from costlab.engine import duckdb as engine
from costlab.focus.check import check_file
from tests.test_focus import USAGE, write

ROWS = 100_000


@cache
def _file() -> Path:
    folder = Path(tempfile.gettempdir()) / "costlab-bench"
    folder.mkdir(exist_ok=True)
    path = write(folder / "focus.csv", USAGE)
    head, row = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([head, *([row] * ROWS)]) + "\n", encoding="utf-8")
    return path


def check() -> object:
    """Every rule, every row."""
    checked = check_file(_file())
    assert checked.clean
    return checked.rows


def scan() -> object:
    """Baseline: DuckDB reads every cell as text, and nothing is checked."""
    with engine.connect() as connection:
        query = f"SELECT count(*), count(COLUMNS(*)) FROM read_csv('{_file()}', all_varchar = true)"
        return connection.execute(query).fetchall()[0][0]
