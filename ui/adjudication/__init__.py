"""The adjudication window: several annotators' tiers and the gold, disagreement after disagreement by key."""
