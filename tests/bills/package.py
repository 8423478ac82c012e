"""The two reports of `costlab demo`: the example shop in November 2026, as it should be and with five faults."""

from costlab.catalog.loading import load_catalog
from tests.bills.dialects import russian
from tests.bills.faults import plant
from tests.bills.generator import Made, charged, make, shop

PLANTED = ("wrong_rate", "wrong_quantity", "bonus", "duplicate", "missing")
SEED = 2026


def rows_of(name: str) -> list[Made]:
    """The rows of one of the two."""
    clean = make(shop(), load_catalog("vk"))
    return plant(PLANTED, clean, load_catalog("vk"), SEED) if name == "bill-faults.csv" else clean


def reports() -> dict[str, bytes]:
    """Both files by name."""
    catalog = load_catalog("vk")
    return {name: russian(charged(catalog, rows_of(name)), catalog) for name in ("bill-clean.csv", "bill-faults.csv")}
