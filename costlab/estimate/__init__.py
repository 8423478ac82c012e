"""A scenario becomes an estimate: use, ask, rate, cap, sum, advise."""
