"""Where the SQL runs: in this process (`duckdb.py`), or on a cluster (`spark.py`)."""

import os
from importlib import import_module
from typing import cast

import duckdb

from costlab.engine.duckdb import connect
from costlab.errors import InputError
from costlab.model.numbers import Problem

VARIABLE = "COSTLAB_ENGINE"
"""Names a Spark Connect server, `sc://host:port`, for whom no option does."""


def opened(server: str | None = None) -> duckdb.DuckDBPyConnection:
    """A connection that computes here, or on the Spark Connect server; `None` asks the environment, "" is here.

    Both answer to the same names. Raises `InputError`: the server does not answer, or its client is not installed.
    """
    where = os.environ.get(VARIABLE, "") if server is None else server
    if not where:
        return connect()
    try:
        spark = import_module("costlab.engine.spark")
    except ModuleNotFoundError as error:
        raise InputError(Problem(code="engine_missing", source="--engine", args={})) from error
    return cast("duckdb.DuckDBPyConnection", spark.connect(where))
