"""Performance on demand (`make bench`): ratios to a named baseline measured in the same run, never seconds asserted."""
