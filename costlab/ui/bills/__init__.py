"""Page *Bills*."""
