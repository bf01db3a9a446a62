"""How a person signs in to a project's server once they have a login."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import URL

from storage.place import without_password

PORT = 5432
LOCAL = "localhost"


@dataclass(frozen=True, slots=True)
class SigningIn:
    """The address that opens the project, without the password; and the password's line in the password file.

    The file's form: https://www.postgresql.org/docs/current/libpq-pgpass.html
    """

    address: str
    pgpass: str

    @classmethod
    def of(cls, url: URL, login: str, password: str) -> SigningIn:
        """Of a project's address, as whoever made the login opens it."""
        own = without_password(url.set(username=login))
        host = url.host or str(url.query.get("host", LOCAL))
        fields = (host, str(url.port or PORT), url.database or "", login, password)
        return cls(own.render_as_string(), ":".join(map(_escaped, fields)))


def _escaped(field: str) -> str:
    return field.replace("\\", "\\\\").replace(":", "\\:")
