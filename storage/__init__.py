"""A project's database. The only user of SQLAlchemy; its repositories speak in woz's values."""

from storage.jobs import Job, JobState
from storage.project import Project

__all__ = ["Job", "JobState", "Project"]
