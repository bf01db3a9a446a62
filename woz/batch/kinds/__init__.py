"""The kinds of work, a module each."""
