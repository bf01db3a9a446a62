"""A project's database. The only user of SQLAlchemy; its repositories speak in woz's values."""

from storage.project import Project

__all__ = ["Project"]
