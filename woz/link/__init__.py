"""The link between station and console."""
