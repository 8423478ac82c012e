"""One file (or package) a source of resources; the folder is the registry."""
