"""Results as files: one package a kind of result, one module a format."""
