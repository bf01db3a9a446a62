"""Makes room on this computer: what was not used for longest goes first, and only what the store has."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from woz.base.errors import WozError, reason_of
from woz.store.listing import file_key, listing_of
from woz.store.remote import Remote
from woz.store.sending import verify
from woz.store.session_files import LocalSessions


@dataclass(frozen=True, slots=True)
class Trimmed:
    """Bytes. `stays` may be above the limit: what the store hasn't is never let go."""

    freed: int
    stays: int
    limit: int


def trim(
    local: LocalSessions, remote: Remote, sessions: Sequence[str], limit: int, spare: Collection[str] = ()
) -> Trimmed:
    """Lets files go until no more than `limit` bytes of these sessions are here; none of those to `spare`."""
    sizes = {session: local.size(session) for session in sessions}
    here, freed = sum(sizes.values()), 0
    for session in sorted(sizes, key=local.used_s):
        if here - freed <= limit:
            break
        if session not in spare:
            freed += let_go(local, remote, session, here - freed - limit)
    return Trimmed(freed, here - freed, limit)


def let_go(local: LocalSessions, remote: Remote, session: str, most: int | None = None) -> int:
    """The largest files of a session that the store has as they are, until `most` bytes are freed; how many were.

    Raises WozError for a session that is being recorded, and where a file can't be deleted.
    """
    listing = listing_of(remote, session)
    if listing is None:
        return 0
    here, freed = local.files(session), 0
    for name in sorted(here, key=lambda one: -here[one].size):
        stored = here[name]
        if most is not None and freed >= most:
            break
        if listing.files.get(name) == stored and remote.size(file_key(session, name, stored)) == stored.size:
            _delete(local.folder(session) / name)
            freed += stored.size
    return freed


def move(local: LocalSessions, remote: Remote, session: str) -> int:
    """Lets go of a session that was sent, once all of it was read back from the store; bytes freed.

    Raises WozError, with everything still here, where anything in the store is not what it was.
    """
    verify(remote, session)
    return let_go(local, remote, session)


def _delete(path: Path) -> None:
    try:
        path.unlink()
    except OSError as error:
        raise WozError(f"{path} can't be deleted ({reason_of(error)}); close what uses it.") from error
