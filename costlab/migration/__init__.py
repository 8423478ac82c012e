"""Today's spend against the target's: budget, plan, cash flow, bridge, sensitivity, baseline."""
