"""What the people on record agreed to."""
