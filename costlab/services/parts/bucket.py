"""What a bucket asks of a price list, its own service and those that create one: «Object Storage. Тарификация»."""

from collections.abc import Iterator
from decimal import Decimal

from costlab.model.numbers import Text
from costlab.model.scenario import Assumption, Usage


def stored(storage_class: str, stored_gb: Decimal, egress_gb: Decimal) -> Iterator[Usage]:
    """Gigabytes over time, and gigabytes downloaded."""
    asked = {"class": storage_class}
    yield Usage(meter="object_storage.stored", dimensions=asked, level=stored_gb)
    if egress_gb:
        yield Usage(meter="object_storage.egress", dimensions=asked, amount=egress_gb)


def bucket(stored_gb: Decimal | None, egress_gb: Decimal, *, created: bool, source: str) -> Iterator[Usage]:
    """A bucket of class Hotbox; where one is `created` with no size known, the line is there with 0 GB and says so."""
    if stored_gb is None and not created and not egress_gb:
        return
    first, *rest = stored("hotbox", stored_gb or Decimal(0), egress_gb)
    reason = Text(
        en="a bucket is created; how much it will hold is not known: nothing is counted until you say",
        ru="создаётся бакет; сколько в нём будет данных, неизвестно: пока не указано, не учтено",
    )
    assumed = Assumption(key="bucket_gb", value="0", reason=reason, source=source)
    yield first.model_copy(update={"assumption": assumed if stored_gb is None else None})
    yield from rest
