"""The home window's pieces: the first page, the table of sessions, and what is asked before a work begins."""
