"""What a project's database must be able to do; SQLite and PostgreSQL each do it their own way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine

Fill = Callable[[Connection], None]


@dataclass(frozen=True, slots=True)
class Change:
    """Somebody, perhaps this program, committed something: to one table, by one edit where that is known.

    `table` is empty where anything may have changed, as after a connection that was lost.
    """

    table: str = ""
    edit_id: int | None = None


class Watch(Protocol):
    """A connection that hears of what is committed, for one thread. Its methods raise what the driver raises."""

    def changes(self, wait_s: float) -> list[Change]:
        """What was committed since the last call; waits this long for something."""

    def close(self) -> None: ...


class Backend(Protocol):
    """One project's database. Nothing is connected before the first call that needs it."""

    name: str
    """What people call it: the file's path, or the database and its server."""

    @property
    def engine(self) -> Engine:
        """Its transactions are snapshots that only read; with the execution option `writes` they are alone.

        Alone means that nobody else writes until their end; references are checked there.
        """

    def revision(self) -> str | None:
        """The schema's version, None where there is none. Changes nothing."""

    def is_empty(self) -> bool:
        """Whether it holds no table, so that a project may be made in it."""

    def migrate(self, revision: str = "head", fill: Fill | None = None) -> None:
        """Bring the schema to a revision and then call `fill`, in one transaction."""

    def back_up(self, target: Path) -> None:
        """A whole copy at the same revision, also while it is in use, as an SQLite file."""

    def scrub(self) -> None:
        """Write the database anew, so that nothing of what was deleted is left in its files or in its tables.

        Raises WozError where somebody else's reading keeps it from that.
        """

    def scrub_refused(self) -> str:
        """Why whoever is here may not `scrub`, and who may how; empty where they may."""

    def migrate_refused(self) -> str:
        """The same of `migrate`."""

    def contradicts(self, fault: BaseException) -> bool:
        """Whether a driver's fault says that rows don't fit together."""

    def is_away(self, fault: BaseException) -> bool:
        """Whether a driver's fault says that no connection could be made, so that nothing was done."""

    def is_lost(self, fault: BaseException) -> bool:
        """Whether a driver's fault says that a connection was lost: what wasn't committed by it isn't done."""

    def sentence(self, fault: BaseException) -> str | None:
        """What a person is told of a driver's fault; None where it is a fault of the program."""

    def watch(self) -> Watch: ...

    def close(self) -> None: ...
