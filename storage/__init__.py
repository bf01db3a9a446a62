"""A project's database. The only user of SQLAlchemy; its repositories speak in woz's values."""

from storage.project import Project
from woz.model.job import Job, JobState

__all__ = ["Job", "JobState", "Project"]
