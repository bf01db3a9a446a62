"""One project's database: snapshots to read from, transactions to write in."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session, sessionmaker

from storage.backends import guard
from storage.backends.faults import told
from storage.backends.following import Following
from storage.backends.port import Backend, Change, Fill
from storage.backends.schema import known_revisions
from woz.base.errors import WozError
from woz.base.supervision import Supervisor


class Database:
    """Sessions are short; one may be open on each thread, and none on the window's.

    Every method raises WozError where the database can't be reached, read or written.
    """

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self.name = backend.name
        self._own = threading.local()

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[Session]:
        """One unchanging state of the database, to read from."""
        guard.check()
        if joined := self._joined:
            yield joined
            return
        with told(self.backend), self._readers.begin() as rows:
            yield rows

    @contextlib.contextmanager
    def transaction(self) -> Iterator[Session]:
        """All or nothing, and alone: nobody else writes between its reads and its writes.

        References are checked at its end, so rows may come in any order. Raises ContradictionError where what is
        stored doesn't fit together.
        """
        guard.check()
        if joined := self._joined:
            with told(self.backend):
                yield joined
                joined.flush()
                joined.expunge_all()
            return
        with told(self.backend), self._writers.begin() as rows:
            self._demand_own_revision(rows)
            yield rows

    @contextlib.contextmanager
    def at_once(self) -> Iterator[None]:
        """All that this thread reads and writes inside is one transaction: it is kept at its end, or nothing is.

        Within another it is a part of that.
        """
        if self._joined:
            yield
            return
        with self.transaction() as rows:
            self._own.rows = rows
            try:
                yield
            finally:
                self._own.rows = None

    def follow(self, tell: Callable[[Change], None], supervisor: Supervisor | None = None) -> Following:
        """Hear of each commit, in another thread, until what is returned is closed."""
        return Following(self.backend, tell, supervisor)

    def close(self) -> None:
        self.backend.close()

    def revision(self) -> str | None:
        """The schema's version, or None where there is none; changes nothing."""
        guard.check()
        with told(self.backend):
            return self.backend.revision()

    def is_empty(self) -> bool:
        """Whether it holds nothing, so that a project may be made in it."""
        guard.check()
        with told(self.backend):
            return self.backend.is_empty()

    def migrate(self, revision: str = "head", fill: Fill | None = None) -> None:
        """Bring the schema to a revision, by default to this program's own, and call `fill`; all or nothing."""
        guard.check()
        with told(self.backend):
            self.backend.migrate(revision, fill)

    def back_up(self, target: Path) -> None:
        """A whole copy as an SQLite file, also while the database is in use."""
        guard.check()
        part = target.with_name(f"{target.name}.part")
        try:
            with told(self.backend):
                self.backend.back_up(part)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)

    def scrub(self) -> None:
        """Leave nothing of what was deleted in free pages, logs and indexes. Takes as long as a copy."""
        guard.check()
        with told(self.backend):
            self.backend.scrub()

    def scrub_refused(self) -> str:
        """Why whoever is here may not, and who may how; empty where they may."""
        guard.check()
        with told(self.backend):
            return self.backend.scrub_refused()

    def migrate_refused(self) -> str:
        """The same of `migrate`."""
        guard.check()
        with told(self.backend):
            return self.backend.migrate_refused()

    @property
    def _joined(self) -> Session | None:
        found: Session | None = getattr(self._own, "rows", None)
        return found

    @cached_property
    def _readers(self) -> sessionmaker[Session]:
        return sessionmaker(self.backend.engine)

    @cached_property
    def _writers(self) -> sessionmaker[Session]:
        return sessionmaker(self.backend.engine.execution_options(writes=True))

    def _demand_own_revision(self, rows: Session) -> None:
        """A newer program may have changed the schema of a server's database since this one opened it."""
        if rows.scalar(text("SELECT version_num FROM alembic_version")) != known_revisions()[0]:
            raise WozError(f"{self.name} was brought up to date by a newer woz; close this one and update it.")
