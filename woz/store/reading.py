"""Reads a file of the store through, by its hash."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from woz.base.errors import WozError
from woz.store.listing import Stored, file_key
from woz.store.remote import Remote

PART = 8 << 20


def read_through(
    remote: Remote, session: str, name: str, stored: Stored, take: Callable[[bytes], object], start: int = 0
) -> None:
    """Gives a file from `start` on, part by part; each part is asked for until it comes.

    Raises WozError where the file isn't there, or ends too soon.
    """
    key = file_key(session, name, stored)
    while start < stored.size:
        try:
            data = remote.range(key, start, min(start + PART, stored.size))
        except FileNotFoundError:
            raise WozError(missing(session, name)) from None
        if not data:
            raise WozError(missing(session, name))
        take(data)
        start += len(data)


def demand_whole(remote: Remote, session: str, name: str, stored: Stored) -> None:
    """Raises WozError where the file in the store is another than it was when it was sent."""
    digest = hashlib.sha256()
    if stored.size == 0 and remote.size(file_key(session, name, stored)) != 0:
        raise WozError(missing(session, name))
    read_through(remote, session, name, stored, digest.update)
    if digest.hexdigest() != stored.sha256:
        raise WozError(damaged(session, name))


def missing(session: str, name: str) -> str:
    return f"{name} of {session} is missing in the store; send it again from a computer that has it."


def damaged(session: str, name: str) -> str:
    return f"{name} of {session} is damaged in the store; send it again from a computer that has it."
