"""Recordings made elsewhere: laid on one time line by their sound, and made a session."""
