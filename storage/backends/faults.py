"""What can go wrong with a project's database, told in one plain sentence."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from sqlalchemy.exc import DBAPIError

from storage.backends.port import Backend
from woz.base.errors import InDoubtError, UnreachableError, WozError

IN_DOUBT = "Look at the last change once it answers: it was being kept just then, and may be there or not."


class ContradictionError(ValueError):
    """What was to be stored contradicts what is: an id is taken already, or what it refers to is missing."""


@contextlib.contextmanager
def told(backend: Backend) -> Iterator[None]:
    """Turns a fault of the database into WozError, and what breaks a constraint into ContradictionError."""
    try:
        yield
    except (ContradictionError, WozError):
        raise
    except Exception as error:
        fault = error.orig if isinstance(error, DBAPIError) and error.orig else error
        if backend.contradicts(fault):
            raise ContradictionError(f"{backend.name}: {fault}") from error
        sentence = backend.sentence(fault)
        if sentence is None:
            raise
        if backend.is_lost(fault) and _at_commit(error):
            raise InDoubtError(f"{sentence} {IN_DOUBT}") from error
        nothing_done = backend.is_away(fault) or backend.is_lost(fault)
        raise (UnreachableError if nothing_done else WozError)(sentence) from error


def _at_commit(error: Exception) -> bool:
    """SQLAlchemy names the statement that failed; a commit is none."""
    return isinstance(error, DBAPIError) and error.statement is None
