"""The records of costlab, and nothing else. Start reading with `numbers.py`, `prices.py`, `scenario.py`, `bill.py`."""
