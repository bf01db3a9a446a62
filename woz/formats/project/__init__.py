"""Formats of woz's own: what a session is, and its questions."""
