"""The bills people keep: a catalog in SQL beside typed Parquet files. Import a file, list, ask, forget.

The newest file that has rows of a (project, day) of a provider's billing month is the one that counts; what it took
from earlier files is remembered as a restatement and comes back when it is forgotten. `days.py` says how days are
owned, `files.py` what lies where and why a killed process leaves the store whole, `schema.py` what the catalog holds.
"""

from costlab.store.charge_views import Offered, create_charge_view
from costlab.store.importing import forget, import_bill
from costlab.store.listing import list_bills, problems_of, restatements
from costlab.store.opening import Store, home_folder, open_store, sweep
from costlab.store.records import Imported, Replaced, Restated, Restatement, Stored

__all__ = [
    "Imported", "Offered", "Replaced", "Restated", "Restatement", "Store", "Stored", "create_charge_view", "forget",
    "home_folder", "import_bill", "list_bills", "open_store", "problems_of", "restatements", "sweep",
]  # fmt: skip
