"""The annotation editor."""
