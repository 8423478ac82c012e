"""Two sets of charges and their difference by cause: estimates, or a bill and what it should have been."""
