"""What providers publish beside prices: one module a file of `price_catalog/*/facts/`."""
