"""A live session: the two seats, station and console."""
