"""One file a source of resources: our own estimate file here; other inventories join it as modules of this folder."""
