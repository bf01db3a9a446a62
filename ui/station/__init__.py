"""The operator's desk, in parts: the form before a session, lamps, marks, panels."""
