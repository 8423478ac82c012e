"""Ten million charges from Parquet: re-rated, compared and judged, beside DuckDB's own three questions."""

from decimal import Decimal

from costlab.catalog.loading import load_catalog
from costlab.compare.reconcile import Charges, reconcile_charges
from costlab.engine import duckdb as engine
from tests.benchmarks import charges

SMALL = max(charges.ROWS // 10, 100_000)
"""The size that linearity is judged from."""


def make() -> None:
    """Both files."""
    charges.make_charges(charges.ROWS)
    charges.make_charges(SMALL)


def _reconciled(rows: int) -> Decimal:
    def offer(connection: engine.duckdb.DuckDBPyConnection) -> None:
        connection.execute("SET enable_progress_bar = false")
        connection.execute(f"CREATE TEMP VIEW charge AS SELECT * FROM read_parquet('{charges.folder_of(rows)}')")

    found = reconcile_charges(Charges("report.csv", "vk", "ru-msk", offer))
    truth = charges.truth_of(rows)
    wrong = {cause: (amount, truth[cause]) for cause, amount in found.causes.items() if amount != truth[cause]}
    assert not wrong, wrong
    assert (found.before, found.after, found.count) == (truth["before"], truth["after"], rows)
    assert found.coverage.rows_rated == rows
    return found.after


def reconcile() -> object:
    """Every row re-rated and judged; every cause to the kopeck what the oracle says."""
    return _reconciled(charges.ROWS)


def reconcile_small() -> object:
    """The same with a tenth of the rows."""
    return _reconciled(SMALL)


def three_questions() -> object:
    """Baseline: DuckDB sums by service, project and day; finds the top 20; joins a price and multiplies."""
    with engine.connect() as connection:
        connection.execute("SET enable_progress_bar = false")
        connection.execute(f"CREATE VIEW charge AS SELECT * FROM read_parquet('{charges.folder_of(charges.ROWS)}')")
        connection.execute("CREATE TABLE price (service VARCHAR, parameter VARCHAR, price DECIMAL(18, 6))")
        catalog = load_catalog()
        prices = [
            (catalog.sections[s.service][0], s.name.ru, str(s.rates[-1].price))
            for s in catalog.skus
            if s.rates and s.rates[-1].price is not None and s.region == "ru-msk"
        ]
        connection.executemany("INSERT INTO price VALUES (?, ?, CAST(? AS DECIMAL(18, 6)))", prices)
        sums = connection.execute(
            "SELECT service, project, day, sum(amount) FROM charge GROUP BY service, project, day"
        ).fetchall()
        connection.execute(
            "SELECT resource_id, sum(amount) AS cost FROM charge GROUP BY resource_id ORDER BY cost DESC LIMIT 20"
        ).fetchall()
        connection.execute("""
            SELECT sum(round(CAST(quantity AS DECIMAL(38, 9)) * price, 2)), sum(amount)
            FROM charge JOIN price ON price.service = charge.service AND price.parameter = charge.parameter
        """).fetchall()
        return sum(row[3] for row in sums)
