"""A session's folder: where its files lie, its manifest and journal, and what its media really hold."""
