"""Writing while a session runs: view, voices, tables, journal; on the console the expert's own."""
