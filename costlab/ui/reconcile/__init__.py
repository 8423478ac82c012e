"""Page *Reconcile*."""
