"""A FOCUS file that costlab wrote comes back as the bill it was written from.

`costlab bill export --format focus` writes net rows, a Credit row for what bonuses paid, and one Tax row for each
document: what the specification asks for. The price list is with VAT, so the rows are brought together again before
they are rated. Only what a row says of itself is used (`x_AmountInclVat`), and only when the Tax rows are the VAT that
the rows state: else somebody changed the file, which is told, and its rows stay as they are.
"""

import duckdb

from costlab.engine import duckdb as engine
from costlab.errors import InputError
from costlab.files.sql_text import identifier
from costlab.model.numbers import Problem

_EVIDENCE = ("x_AmountInclVat", "x_VatAmount", "x_VatRate", "x_SourceFile", "x_SourceLine", "x_SourceDate")
"""Columns that together only our own export has; whoever edits the file keeps or drops them as one."""
_OPTIONAL = ("x_SourceUnit", "x_SourceQuantity", "x_SourceItem", "x_SourceWithoutQuantity", "x_ProviderName")
"""Columns of ours that stand in the file only when a row fills them."""
_OF_THE_EXPORT = ("x_SourceFile", "x_SourceLine", "x_BillingAccountName")
"""Where a row stood is no part of what it is: two equal rows are still equal."""
_DOCUMENT = ("x_ProviderName", "account", "invoice", "currency", "period", "x_VatRate")
"""What the rows of one Tax row have in common."""


def bring_back(connection: duckdb.DuckDBPyConnection, source: str) -> list[Problem]:
    """Replace the view `charge` by the rows of the bill where it is an export of our own; says what was put together.

    Any other view is left as it is. Money is neither added nor lost: Σ amount = Σ BilledCost. Raises `InputError` on a
    cluster, which has no such program.
    """
    there = connection.sql("SELECT * FROM charge LIMIT 0").to_arrow_table().column_names
    if not set(_EVIDENCE) <= set(there):
        return []
    if not isinstance(connection, duckdb.DuckDBPyConnection):  # a cluster
        raise InputError(Problem(code="brought_back_here", source=source))
    absent = "".join(f", '' AS {identifier(n)}" for n in _OPTIONAL if n not in there)
    connection.execute("ALTER VIEW charge RENAME TO charge_as_read")
    parts = engine.sql("focus_parts", "costlab.compare").replace("$absent", absent)
    connection.execute(f"CREATE OR REPLACE TEMP VIEW charge_part AS {parts}")
    charges, bonuses, taxes, wrong = _counts(connection)
    if not charges or wrong:
        connection.execute("CREATE OR REPLACE TEMP VIEW charge AS SELECT * FROM charge_as_read")
        return [Problem(code="focus_tax_changed", source=source, args={"documents": str(wrong)})] if wrong else []
    kept = [n for n in there if n not in _OF_THE_EXPORT]
    rows = engine.sql("own_focus", "costlab.compare").replace("$kept", ", ".join(map(identifier, kept)))
    connection.execute(f"CREATE OR REPLACE TEMP VIEW charge AS {rows}")
    if not taxes + bonuses:
        return []
    args = {"rows": str(charges), "taxes": str(taxes), "bonuses": str(bonuses)}
    return [Problem(code="focus_brought_back", source=source, args=args)]


def _counts(connection: duckdb.DuckDBPyConnection) -> tuple[int, int, int, int]:
    """Rows of charges, of bonuses, of taxes, and documents whose Tax rows are not the VAT of their rows.

    A document without any Tax row was filtered; its rows say their VAT themselves.
    """
    key = ", ".join(map(identifier, _DOCUMENT))
    [[charges, bonuses, taxes, wrong]] = connection.execute(f"""
        WITH document AS (
            SELECT
                count(*) FILTER (part = 'charge') AS charges, count(*) FILTER (part = 'bonus') AS bonuses,
                count(*) FILTER (part = 'tax') AS taxes,
                coalesce(sum(amount) FILTER (part = 'tax'), 0) AS tax,
                coalesce(sum(stated_vat) FILTER (part IN ('charge', 'bonus')), 0) AS vat,
                count(*) FILTER (part IN ('charge', 'bonus') AND amount + stated_vat <> stated_amount) AS odd
            FROM charge_part GROUP BY {key}
        )
        SELECT coalesce(sum(charges), 0), coalesce(sum(bonuses), 0), coalesce(sum(taxes), 0),
            count(*) FILTER (odd > 0 OR (taxes > 0 AND tax <> vat))
        FROM document
    """).fetchall()
    [[homeless]] = connection.execute("""
        SELECT count(*) FROM (
            SELECT 1 FROM charge_part GROUP BY "x_SourceFile", "x_SourceLine"
            HAVING bool_or(part = 'bonus') AND count(*) FILTER (part = 'charge') <> 1
        )
    """).fetchall()
    return int(charges), int(bonuses), int(taxes), int(wrong) + int(homeless)
