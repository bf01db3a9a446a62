"""The tables, and the way between their rows and woz's values."""
