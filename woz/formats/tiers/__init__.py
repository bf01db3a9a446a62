"""Formats of annotation on tiers, as linguists use them."""
