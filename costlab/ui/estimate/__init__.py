"""Page *Estimate*."""
