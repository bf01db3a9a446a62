"""Where a project's rows lie: an SQLite file, or a database on a PostgreSQL server."""
