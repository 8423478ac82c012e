"""What several services share; no service itself."""
