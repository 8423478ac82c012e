"""Text of SQL for values, names and paths that come from outside; the one place that quotes."""

from pathlib import Path

from costlab.files.writing import no_pattern


def literal(text: str | Path) -> str:
    """A text or path as a literal of SQL.

    >>> literal("d'Artagnan")
    "'d''Artagnan'"
    """
    return "'" + str(text).replace("'", "''") + "'"


def identifier(column: str) -> str:
    '''A name of a column or table, whatever it holds; words of SQL such as `end` as well.

    >>> identifier('x "y"')
    '"x ""y"""'
    '''
    return '"' + column.replace('"', '""') + '"'


def parquet(path: Path | str) -> str:
    """One Parquet file as a relation; no character of its path stands for other files.

    >>> parquet("/a/b*[1].parquet")
    "read_parquet('/a/b[*][[]1].parquet')"
    """
    return f"read_parquet({literal(no_pattern(path))})"
