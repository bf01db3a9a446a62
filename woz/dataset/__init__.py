"""From annotated sessions to data that others can load."""
