"""One file a bill format; the folder is the registry."""
