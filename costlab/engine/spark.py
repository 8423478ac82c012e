"""The same SQL on a cluster, by Spark Connect: a connection that answers as DuckDB's does, statement by statement.

For charges that outgrow one machine (README, operations). Needs `costlab[spark]`; nothing of Spark runs here. What a
statement makes a table is computed once and kept by the cluster for the connection: numbers given to rows stay theirs,
and a lost part fails instead of being computed anew. Arithmetic beyond 38 digits raises what DuckDB raises.
"""

import logging
import os
import re
import socket
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb
import grpc
import pyarrow as pa
import pyarrow.parquet as pq
from sqlglot import exp

from costlab.engine.dialect import spark, turned
from costlab.errors import InputError
from costlab.model.numbers import Problem

_NOT_MEANT = "PySpark does not yet fully support pandas"
"""A warning about data frames of pandas, of which there are none here."""
# Where Python runs without a script (`python -c`, a test's worker), the client looks for a whole Spark and ends the
# process when there is none. It needs none: any answer will do while it is imported.
_HOME = os.environ.get("SPARK_HOME")
os.environ.setdefault("SPARK_HOME", "")
with warnings.catch_warnings():
    warnings.filterwarnings("ignore", _NOT_MEANT)
    from pyspark.errors import AnalysisException, PySparkException
    from pyspark.errors.exceptions.connect import SparkConnectGrpcException
    from pyspark.sql import DataFrame
    from pyspark.sql.connect.client.retries import DefaultPolicy
    from pyspark.sql.connect.session import SparkSession
    from pyspark.sql.pandas.types import from_arrow_schema
if _HOME is None:
    del os.environ["SPARK_HOME"]
logging.getLogger("SQLQueryContextLogger").setLevel(logging.CRITICAL)  # an error is told by who raises it

_SETTINGS = {
    "spark.sql.ansi.enabled": "true",  # an overflow is an error, not a null
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",  # money keeps its 18 decimals or raises
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.caseSensitive": "false",
}
_INPUT = "arrow_input"
"""What `engine.duckdb.create` makes tables of."""
_BEYOND = re.compile(r"NUMERIC_VALUE_OUT_OF_RANGE|ARITHMETIC_OVERFLOW|CAST_OVERFLOW|DECIMAL_PRECISION_EXCEEDS")
_PATTERN = re.compile(r"([*?{}\[\]\\])")
"""Characters that stand for others in a path given to Spark."""
_ADDRESS = re.compile(r"sc://(?P<host>\[[^]\s]+\]|[^/:\s]+)(:(?P<port>\d{1,5}))?(/\S*)?")
_PORT = 15002
_PATIENCE = 10
"""Seconds for a server to take a connection: the client itself would try again for minutes."""
_TRIES = 5
"""Further tries of a call that finds the cluster gone: 17 seconds in all; the client's own 15 take ten minutes."""


class Relation:
    """An answer that is not fetched yet."""

    def __init__(self, frame: "DataFrame | pa.Table") -> None:
        """A frame of the cluster, or rows that are here already."""
        self._frame = frame

    def to_arrow_table(self) -> pa.Table:
        """The whole answer; integers have 64 bits, whatever the cluster counted in."""
        if isinstance(self._frame, pa.Table):
            return self._frame
        with _spark_errors_as_problems():
            table = self._frame.toArrow()
        small = (pa.int8(), pa.int16(), pa.int32())
        kinds = [pa.field(f.name, pa.int64() if f.type in small else f.type) for f in table.schema]
        return table.cast(pa.schema(kinds))

    def to_arrow_reader(self, rows: int) -> pa.RecordBatchReader:
        """The answer by so many rows; it is fetched whole."""
        return self.to_arrow_table().to_reader(max_chunksize=rows)

    def fetchall(self) -> list[tuple[Any, ...]]:
        """Rows as tuples; whole numbers as `int`."""
        columns = [column.to_pylist() for column in self.to_arrow_table().columns]
        return [tuple(map(_plain, row)) for row in zip(*columns, strict=True)]


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, Decimal) and value.as_tuple().exponent == 0 else value


class Connection:
    """A session of its own on a Spark Connect server: what one creates no other sees."""

    def __init__(self, session: SparkSession) -> None:
        """A session with the settings that keep money exact."""
        self._session = session
        self._numbers = count()

    def __enter__(self) -> Self:
        """For `with`."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let the cluster forget everything of this session."""
        self.close()

    def close(self) -> None:
        """Let the cluster forget everything of this session."""
        self._session.stop()

    def execute(self, text: str, params: Mapping[str, Any] | None = None) -> Relation:
        """Do what a text of statements says; the answer of the last one."""
        relation = Relation(pa.table({}))
        with _spark_errors_as_problems():
            for tree in turned(text, tuple(sorted((params or {}).items()))):
                relation = self._done(tree.copy())
        return relation

    def sql(self, text: str, params: Mapping[str, Any] | None = None) -> Relation:
        """An answer to a query."""
        return self.execute(text, params)

    def register(self, name: str, table: pa.Table) -> None:
        """Rows from here under a name."""
        with _spark_errors_as_problems():
            self._sent(table).createOrReplaceTempView(name)

    def unregister(self, name: str) -> None:
        """Forget them; tables made of them stay."""
        with _spark_errors_as_problems():
            self._session.catalog.dropTempView(name)

    def _done(self, tree: exp.Expr) -> Relation:
        match tree:
            case exp.Create():
                self._create(tree)
            case exp.Insert():
                name = tree.this.name
                self._keep(name, self._session.table(name).union(self._frame(tree.expression)))
            case exp.Delete():
                name, condition = tree.this.name, tree.args["where"].this
                self._keep(name, self._session.sql(f"SELECT * FROM {_quoted(name)} WHERE {spark(_not(condition))}"))
            case exp.Drop():
                for table in tree.args.get("tables") or [tree.this]:
                    self._session.catalog.dropTempView(table.name)
            case exp.Describe():
                asked = tree.this
                frame = self._session.table(asked.name) if isinstance(asked, exp.Table) else self._frame(asked)
                kinds = [(f.name, f.dataType.simpleString().upper()) for f in frame.schema.fields]
                return Relation(pa.table({"name": [k[0] for k in kinds], "type": [k[1] for k in kinds]}))
            case _:
                return Relation(self._frame(tree))
        return Relation(pa.table({}))

    def _create(self, tree: exp.Create) -> None:
        if isinstance(tree.this, exp.Schema):
            columns = [f"CAST(NULL AS {spark(c.args['kind'])}) AS {_quoted(c.name)}" for c in tree.this.expressions]
            self._keep(tree.this.this.name, self._session.sql(f"SELECT {', '.join(columns)} WHERE FALSE"))
        elif tree.kind == "VIEW":
            self._frame(tree.expression).createOrReplaceTempView(tree.this.name)
        elif [t.name for t in tree.find_all(exp.Table)][1:] == [_INPUT]:
            self._frame(tree.expression).createOrReplaceTempView(tree.this.name)  # rows sent from here do not change
        else:
            self._keep(tree.this.name, self._frame(tree.expression))

    def _keep(self, name: str, frame: DataFrame) -> None:
        """Compute now, and let nobody compute it again: another time row_number() may number otherwise."""
        # The client takes what comes back for the thread's active session's, also where that is another one.
        SparkSession._active_session.session = self._session  # noqa: SLF001
        frame.localCheckpoint(eager=True).createOrReplaceTempView(name)

    def _frame(self, tree: exp.Expr) -> DataFrame:
        """What Spark has no words for in SQL is built first: Parquet files by path, unions by name."""
        for table in list(tree.find_all(exp.Table)):
            if isinstance(table.this, exp.ReadParquet):
                table.set("this", exp.to_identifier(self._parquet(table.this.expressions)))
        for union in reversed(list(tree.find_all(exp.Union))):
            if not union.args.get("by_name"):
                continue
            left, right = (self._session.sql(spark(x)) for x in (union.this, union.expression))
            name = self._named(left.unionByName(right, allowMissingColumns=True))
            whole = exp.select("*").from_(name)
            if union is tree:
                tree = whole
            else:
                union.replace(whole)
        return self._session.sql(spark(tree))

    def _parquet(self, arguments: list[exp.Expr]) -> str:
        """A view of Parquet files. Those the cluster does not see under their path are sent to it."""
        listed = arguments[0].expressions if isinstance(arguments[0], exp.Array) else arguments[:1]
        paths = [re.sub(r"\[([*?\[])\]", r"\1", x.name) for x in listed]  # no_pattern(), undone
        if any(isinstance(a, exp.EQ) and a.this.name == "filename" for a in arguments):
            frames = [self._files([p]).selectExpr("*", f"{spark(exp.Literal.string(p))} AS filename") for p in paths]
            whole = frames[0]
            for frame in frames[1:]:
                whole = whole.unionByName(frame, allowMissingColumns=True)
            return self._named(whole)
        return self._named(self._files(paths))

    def _files(self, paths: list[str]) -> DataFrame:
        shown = ["file://" + _PATTERN.sub(r"\\\1", str(Path(p).absolute())) for p in paths]
        frame = self._session.read.option("mergeSchema", "true").parquet(*shown)
        try:
            frame.schema  # noqa: B018 (asks the cluster)
        except AnalysisException as error:
            if error.getCondition() != "PATH_NOT_FOUND":
                raise
            tables = [pq.ParquetFile(p).read() for p in paths]
            return self._sent(pa.concat_tables(tables, promote_options="default"))
        return frame

    def _sent(self, table: pa.Table) -> DataFrame:
        if table.num_rows:
            return self._session.createDataFrame(table)
        kinds = from_arrow_schema(table.schema)  # without rows Spark wants to be told them
        return self._session.createDataFrame([], kinds)

    def _named(self, frame: DataFrame) -> str:
        name = f"_part_{next(self._numbers)}"
        frame.createOrReplaceTempView(name)
        return name


def _not(condition: exp.Expr) -> exp.Expr:
    """The rows a DELETE leaves; the conditions of ours are never null."""
    return exp.not_(exp.paren(condition))


def _quoted(name: str) -> str:
    return spark(exp.to_identifier(name, quoted=True))


@contextmanager
def _spark_errors_as_problems() -> Iterator[None]:
    """What the cluster cannot compute is what DuckDB cannot; that it does not answer is a problem of its own."""
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", _NOT_MEANT)
            yield
    except PySparkException as error:
        if _BEYOND.search(str(error)):
            raise duckdb.OutOfRangeException(str(error)) from error
        if isinstance(error, SparkConnectGrpcException) and not error.getCondition():
            raise _silent(error) from error
        raise
    except grpc.RpcError as error:
        raise _silent(error) from error


def _silent(error: Exception) -> InputError:
    call = next((e for e in (error, error.__context__) if isinstance(e, grpc.Call)), None)
    details = call.details() if call is not None else str(error)  # as text a call is a dump of its fields
    told = ((details or type(error).__name__).strip().splitlines() or [""])[0][:300]
    return InputError(Problem(code="engine_silent", source="--engine", args={"reason": told}))


def connect(server: str) -> Connection:
    """A session on the Spark Connect server `sc://host:port`. Raises `InputError` when it does not answer."""
    place = _ADDRESS.fullmatch(server)
    if place is None:
        raise InputError(Problem(code="engine_address", source="--engine", args={"value": server}))
    try:
        socket.create_connection((place["host"].strip("[]"), int(place["port"] or _PORT)), _PATIENCE).close()
    except (OSError, OverflowError) as error:
        raise _silent(error) from None
    with _spark_errors_as_problems():
        session = SparkSession.builder.remote(server).create()
        session.client.set_retry_policies([DefaultPolicy(max_retries=_TRIES)])
        try:
            for name, value in _SETTINGS.items():
                session.conf.set(name, value)
        except BaseException:
            session.client.close()  # open, it would ask the cluster for more when Python ends
            raise
    return Connection(session)


__all__ = ["Connection", "Relation", "connect"]
