"""Plays a film and its voices by one clock, that of the sound as it is heard; and shows single frames exactly."""
