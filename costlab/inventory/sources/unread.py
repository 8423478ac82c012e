"""Files of a folder that no reader knows: each is set aside and told; one that may list things makes the result
incomplete. No content is claimed here: what is left over of a folder comes here by itself.
"""

from costlab.inventory.reading.machines import InventoryDraft
from costlab.inventory.reading.sample import Options, Sample
from costlab.model.inventory import Inventory
from costlab.model.numbers import Text

TITLE = Text(en="Files that no reader knows", ru="Файлы, которых не знает ни один чтец")


def matches(sample: Sample) -> bool:  # noqa: ARG001 (the shape of a reader)
    """Nothing."""
    return False


def read(sample: Sample, options: Options) -> Inventory:
    """Every file, set aside."""
    draft = InventoryDraft("unread", sample.source, options)
    for file in sample.files:
        draft.other_file(file, "no reader knows this content", "ни один чтец не знает такого содержимого")
    return draft.inventory()
