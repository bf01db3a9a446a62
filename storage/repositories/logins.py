"""Logins of annotators on a project's server, which itself refuses what their roles don't let them do."""

from __future__ import annotations

from sqlalchemy import select

from storage.backends.postgresql import PostgresqlBackend
from storage.repositories.repository import Repository
from storage.tables.annotators import AnnotatorKeyRow
from woz.base.errors import WozError
from woz.model.annotator import Annotator
from woz.model.ids import AnnotatorId

_IN_A_FILE = (
    "This project is a file, which whoever has it can read and write: there roles guide, and nobody logs in."
    " Move it to a PostgreSQL server with woz project copy --database for logins."
)


class Logins(Repository):
    def make(self, person: Annotator, login: str, password: str) -> None:
        """A login of theirs, or a new password for it.

        Raises WozError in a file, and for a login of somebody else's or of the server's own people.
        """
        backend = self._backend()
        with self._database.transaction() as rows:
            held = rows.get(AnnotatorKeyRow, login)
            if held is not None and held.annotator_id != person.id:
                raise WozError(f"The login {login} is another annotator's; choose another name with --name.")
            rows.merge(AnnotatorKeyRow(account=login, annotator_id=person.id))
            rows.flush()
            backend.make_login(rows.connection(), login, password, person.roles, new=held is None)

    def keep(self, person: Annotator) -> None:
        """After a change of their roles: what the server lets them do is as the roles are. Nothing in a file."""
        backend = self._database.backend
        if not isinstance(backend, PostgresqlBackend):
            return
        with self._database.transaction() as rows:
            query = select(AnnotatorKeyRow.account).where(AnnotatorKeyRow.annotator_id == person.id)
            for login in rows.scalars(query).all():
                backend.keep_login(rows.connection(), login, person.roles, not person.retired)

    def mine(self) -> AnnotatorId | None:
        """Whose login this program came in by; None in a file, and for who acts as the project's owner."""
        backend = self._database.backend
        if not isinstance(backend, PostgresqlBackend):
            return None
        with self._database.snapshot() as rows:
            found = backend.annotator_here(rows.connection())
        return AnnotatorId(found) if found else None

    @property
    def possible(self) -> bool:
        """Whether the project lies on a server, where people log in."""
        return isinstance(self._database.backend, PostgresqlBackend)

    def all(self) -> dict[str, AnnotatorId]:
        """Whose each login is; none in a file, and none that is told to who may not make any."""
        backend = self._database.backend
        if not isinstance(backend, PostgresqlBackend):
            return {}
        with self._database.snapshot() as rows:
            if not backend.may_read(rows.connection(), AnnotatorKeyRow.__tablename__):
                return {}
            known = rows.execute(select(AnnotatorKeyRow.account, AnnotatorKeyRow.annotator_id)).all()
            return {login: AnnotatorId(who) for login, who in known if backend.has_login(rows.connection(), login)}

    def _backend(self) -> PostgresqlBackend:
        backend = self._database.backend
        if not isinstance(backend, PostgresqlBackend):
            raise WozError(_IN_A_FILE)
        return backend
