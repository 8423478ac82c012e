"""Run every benchmark and print ratios.

`COSTLAB_BENCH_ROWS`, `COSTLAB_BENCH_BILL_ROWS`, `COSTLAB_BENCH_CHARGES` and `COSTLAB_BENCH_INGEST` make some of them
smaller.
"""

import sys
from collections.abc import Callable
from decimal import Decimal

from tests.benchmarks import faces, focus, ingest, page, rating, reconcile, reconcile_charges
from tests.benchmarks.measure import Measured, measure


def _report(title: str, baseline: str, ours: Measured, base: Measured, clock: str = "cpu") -> None:
    spent, against = getattr(ours, clock), getattr(base, clock)
    print(
        f"{title:<46} {spent:8.2f} s {clock:<4} {ours.peak_mb:6} MB   "
        f"= {spent / against:5.2f} × {baseline} ({against:.2f} s, {base.peak_mb} MB)",
        flush=True,
    )


def _pair(title: str, ours: Callable[[], object], baseline: Callable[[], object], named: str, repeats: int = 4) -> None:
    _report(title, named, measure(ours, repeats), measure(baseline, repeats))


def _charges() -> bool:
    """Reconcile at size; every cause is the oracle's, or an assertion ends the run."""
    measure(reconcile_charges.make, 1)
    small = measure(reconcile_charges.reconcile_small, 1)
    whole = measure(reconcile_charges.reconcile, 1)
    three = measure(reconcile_charges.three_questions, 1)
    if Decimal(whole.result) != Decimal(three.result):
        print(f"the reconciliation and DuckDB's sum disagree: {whole.result} and {three.result}")
        return False
    title = f"reconcile: {reconcile_charges.charges.ROWS:,} charges of Parquet"
    for clock in ("cpu", "wall"):
        _report(title, "DuckDB's three questions", whole, three, clock)
    times = reconcile_charges.charges.ROWS / reconcile_charges.SMALL
    _report(title, f"a {times:.0f}th of the rows", whole, small)
    return True


def main() -> int:
    """All benchmarks, slowest last."""
    _pair(
        "estimate: 1,000 machines read and priced",
        faces.estimate_1000,
        faces.read_yaml,
        "PyYAML reading the file",
    )
    _pair("catalog: VK loaded and checked into records", faces.load, faces.parse, "ryaml parsing the files")
    _pair("workbook: 10,000 lines, live formulas", faces.workbook, faces.plain_workbook, "openpyxl, bare values")
    _pair("FOCUS: 100,000 rows checked", focus.check, focus.scan, "DuckDB reading them as text")
    _pair("page: change one of 50 resources", page.change, page.without_page, "pricing it without a page")
    measure(reconcile.make_bill, 1)
    bill, scanned = measure(reconcile.reconcile, 1), measure(reconcile.scan, 2)
    if bill.result != scanned.result:
        print(f"the bill and the scan of its file disagree: {bill.result} and {scanned.result}")
        return 1
    for clock in ("cpu", "wall"):
        _report(f"reconcile: a CSV of {reconcile.ROWS:,} rows", "DuckDB's scan and sum", bill, scanned, clock)
    if not _charges():
        return 1
    if not ingest.report():
        print("what was read is not what was written")
        return 1
    measure(rating.make_usage, 1)
    ours, hand, scan = measure(rating.program, 2), measure(rating.by_hand, 2), measure(rating.scan, 2)
    if ours.result != hand.result:
        print(f"the rating program and the query by hand disagree: {ours.result} and {hand.result}")
        return 1
    rows = f"{rating.ROWS:,}"
    _report(f"rating: {rows} rows from Parquet", "the same arithmetic by hand", ours, hand)
    _report(f"rating: {rows} rows from Parquet", "DuckDB's scan and sum", ours, scan)
    return 0


if __name__ == "__main__":
    sys.exit(main())
