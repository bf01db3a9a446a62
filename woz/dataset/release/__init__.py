"""Frozen releases of question sets: what is in them, how they are written, and whether they are whole."""
