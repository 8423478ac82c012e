"""What a provider gives back: bonuses, SLA compensation, account statements."""
