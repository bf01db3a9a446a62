"""Sends a session to the store: files first, the listing last."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from woz.base.clock import Clock
from woz.base.errors import WozError
from woz.store.comparing import agreed_after, compared
from woz.store.listing import Listing, Stored, file_key, listing_of, wanted_listing, write_listing
from woz.store.reading import demand_whole
from woz.store.remote import Remote
from woz.store.session_files import LocalSessions

Tell = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Sent:
    """Files and bytes that went; `kept` is what the store had already."""

    session: str
    files: int
    size: int
    kept: int


def send(
    local: LocalSessions,
    remote: Remote,
    session: str,
    clock: Clock,
    ours: bool = False,
    tell: Tell = lambda _: None,
) -> Sent:
    """What is new or changed here. With `ours`, also what was changed in the store meanwhile.

    Raises WozError for a session without files here, for files that were changed in both places or while they were
    sent, and where the store refuses.
    """
    here = local.files(session)
    if not here:
        raise WozError(f"{session} has no files on this computer.")
    before = listing_of(remote, session)
    there = before.files if before else {}
    agreed = local.agreed(session).files
    found = compared(here, there, agreed)
    if found.both and not ours:
        raise WozError(_both(session, found.both) if before else _gone(session))
    going = sorted(found.send | found.both)
    for name in going:
        tell(f"{session}/{name}")
        _send(local, remote, session, name, here[name])
    listing = Listing(session, {**there, **{name: here[name] for name in going}}, clock.utc_ns())
    if going or before is None:
        write_listing(remote, listing)
    local.agree(replace(listing, files=agreed_after(listing.files, agreed, found.fetch & here.keys())))
    _delete_old(remote, session, there, listing.files)
    return Sent(session, len(going), sum(here[name].size for name in going), len(found.same))


def verify(remote: Remote, session: str) -> Listing:
    """Reads all of a session back. Raises WozError where anything is missing or another than it was."""
    listing = wanted_listing(remote, session)
    for name, stored in listing.files.items():
        demand_whole(remote, session, name, stored)
    return listing


def _send(local: LocalSessions, remote: Remote, session: str, name: str, stored: Stored) -> None:
    key, path = file_key(session, name, stored), local.folder(session) / name
    if remote.size(key) == stored.size:
        return
    remote.send(path, key)
    known = local.hashes.of(path)
    if (known.size, known.sha256) != (stored.size, stored.sha256) or remote.size(key) != stored.size:
        remote.delete(key)
        raise WozError(f"{path} was changed while it was sent; send it again when nobody writes it.")


def _delete_old(remote: Remote, session: str, before: dict[str, Stored], now: dict[str, Stored]) -> None:
    for name, stored in before.items():
        if now.get(name) != stored:
            remote.delete(file_key(session, name, stored))


def _gone(session: str) -> str:
    return (
        f"{session} was in the store and is there no more: it was deleted, or the disk that the store lies on isn't"
        " here; woz media push --ours sends it again."
    )


def _both(session: str, names: set[str]) -> str:
    return (
        f"{session}: {', '.join(sorted(names))} changed here and in the store; woz media push --ours keeps what is"
        " here, woz media fetch --theirs what is there."
    )
