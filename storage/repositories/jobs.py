"""Long work on sessions."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import select

from storage.repositories.repository import Repository
from storage.tables.models import JobRow
from storage.tables.rows import job_value
from woz.model.job import Job


class Jobs(Repository):
    def save(self, job: Job) -> None:
        self._save(JobRow(**asdict(job)))

    def all(self) -> list[Job]:
        """The oldest first."""
        with self._database.snapshot() as rows:
            return [job_value(row) for row in rows.scalars(select(JobRow).order_by(JobRow.made_utc_ns, JobRow.id))]
