"""What can go wrong with a project's file, told in one plain sentence."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.exc import DBAPIError, IntegrityError

from woz.base.errors import WozError

_SENTENCES = {
    "FULL": "The disk of {path} is full, so the change was not kept; make room and try again.",
    "IOERR": "The disk of {path} failed, so the change was not kept; check that disk and make room on it.",
    "READONLY": "{path} can't be written; check the permissions of its folder.",
    "CANTOPEN": "{path} can't be opened; check that its folder is there and may be written.",
    "PERM": "{path} can't be opened; check the permissions of its folder.",
    "NOTADB": "{path} is damaged or no database; restore it from a backup copy.",
    "CORRUPT": "{path} is damaged; restore it from a backup copy.",
    "BUSY": "{path} is in use by another program; close that and try again.",
    "LOCKED": "{path} is in use by another program; close that and try again.",
}


class ContradictionError(ValueError):
    """What was to be stored contradicts what is: an id is taken already, or what it refers to is missing."""


@contextlib.contextmanager
def told(path: Path) -> Iterator[None]:
    """Turns a fault of the file into WozError, and what breaks a constraint into ContradictionError."""
    try:
        yield
    except IntegrityError as error:
        raise ContradictionError(f"{path.name}: {error.orig}") from error
    except (DBAPIError, sqlite3.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        name = getattr(cause, "sqlite_errorname", None)
        if name is None:
            raise
        raise WozError(_sentence(path, name, str(cause))) from error


def _sentence(path: Path, name: str, cause: str) -> str:
    """`name` is one of https://www.sqlite.org/rescode.html, of which the first part says enough."""
    known = _SENTENCES.get(name.split("_")[1])
    return known.format(path=path) if known else f"{path} can't be used ({cause}); restore it from a backup copy."
