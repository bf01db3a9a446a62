"""How a person signs in to a project's server once they have a login."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import URL

from storage.place import without_password
from woz.base.commands import quoted

PORT = "5432"
LOCAL = "localhost"
ANY = "*"
PASSWORD_FILE = r"~/.pgpass, which they alone may read (on Windows %APPDATA%\postgresql\pgpass.conf)"


@dataclass(frozen=True, slots=True)
class SigningIn:
    """The address that opens the project, without the password; and the password's line in the password file.

    The file's form: https://www.postgresql.org/docs/current/libpq-pgpass.html
    """

    address: str
    pgpass: str

    @property
    def command(self) -> str:
        """What they type once; FOLDER is a new one of theirs."""
        return opening_command(self.address)

    @classmethod
    def of(cls, url: URL, login: str, password: str) -> SigningIn:
        """Of a project's address, as whoever made the login opens it."""
        own = without_password(url.set(username=login)).difference_update_query(("user", "passfile"))
        fields = (_host(url), _port(url), url.database or "", login, password)
        return cls(own.render_as_string(), ":".join(map(_escaped, fields)))


def _host(url: URL) -> str:
    """The server's name; any, where there are several or the address names the folder of its socket."""
    host = url.host or url.query.get("host", LOCAL)
    return host if isinstance(host, str) and not host.startswith(("/", "@")) else ANY


def _port(url: URL) -> str:
    several = isinstance(url.query.get("host"), tuple)
    port = url.query.get("port", ANY if several else PORT)
    return str(url.port or port) if isinstance(port, str) else ANY


def opening_command(address: str) -> str:
    """The command by which somebody opens the project at an address for the first time."""
    return f"woz new FOLDER --database {quoted(address)}"


def _escaped(field: str) -> str:
    return field.replace("\\", "\\\\").replace(":", "\\:")
