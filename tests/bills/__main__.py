"""Write the two reports that come with the package: `python -m tests.bills`."""

from costlab.catalog.loading import catalog_folder
from tests.bills.package import reports

FOLDER = catalog_folder().parent / "costlab" / "examples"

for name, content in reports().items():
    (FOLDER / name).write_bytes(content)
    print(f"{FOLDER / name}: {len(content):,} bytes")
