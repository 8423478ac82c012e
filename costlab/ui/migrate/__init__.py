"""Page *Migrate*."""
