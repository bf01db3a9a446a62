"""What can go wrong with a project's database, told in one plain sentence."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from sqlalchemy.exc import DBAPIError

from storage.backends.port import Backend
from woz.base.errors import UnreachableError, WozError


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
        raise (UnreachableError if backend.is_away(fault) else WozError)(sentence) from error
