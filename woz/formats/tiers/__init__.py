"""Formats of tiers on a time line: ELAN, Praat."""
