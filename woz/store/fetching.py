"""Fetches a session from the store, each file whole and checked before it gets its name."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from woz.base.errors import WozError, reason_of
from woz.store.comparing import agreed_after, compared
from woz.store.listing import Stored, wanted_listing
from woz.store.reading import damaged, read_through
from woz.store.remote import Remote
from woz.store.session_files import LocalSessions

Tell = Callable[[str], object]
All = Callable[[str], bool]
"""Whether a file of this name is wanted."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """Files and bytes that came. `waiting` are changed here and not sent yet; they stay."""

    session: str
    files: int
    size: int
    waiting: tuple[str, ...]


def fetch(
    local: LocalSessions,
    remote: Remote,
    session: str,
    wanted: All = lambda _: True,
    theirs: bool = False,
    tell: Tell = lambda _: None,
) -> Fetched:
    """What is missing here, or was changed in the store. With `theirs`, also what was changed here meanwhile.

    Raises WozError where the store hasn't the session or refuses, for damaged files, and where the disk is full.
    """
    listing = wanted_listing(remote, session)
    here = local.files(session)
    agreed = local.agreed(session).files
    found = compared(here, listing.files, agreed)
    lost = {name for name in found.both | found.send if name in listing.files}
    coming = sorted(name for name in found.fetch | (lost if theirs else set()) if wanted(name))
    for name in coming:
        tell(f"{session}/{name}")
        fetch_file(remote, session, name, listing.files[name], local.folder(session) / name)
    apart = ((found.fetch & here.keys()) | found.send | found.both) - set(coming)
    local.agree(replace(listing, files=agreed_after(listing.files, agreed, apart)))
    waiting = tuple(sorted((found.send | found.both) - set(coming)))
    return Fetched(session, len(coming), sum(listing.files[name].size for name in coming), waiting)


def fetch_file(remote: Remote, session: str, name: str, stored: Stored, target: Path) -> None:
    """What came of it before is gone on with; where that was no good, it is fetched anew.

    Raises WozError where the store hasn't that very file or refuses, and where the disk is full.
    """
    part = target.with_name(f".{target.name}.{stored.sha256[:16]}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        begun = part.exists()
        if _filled(remote, session, name, stored, part) != stored.sha256:
            part.unlink()
            if not begun or _filled(remote, session, name, stored, part) != stored.sha256:
                part.unlink(missing_ok=True)
                raise WozError(damaged(session, name))
        part.replace(target)
    except OSError as error:
        raise WozError(f"{target} can't be written ({reason_of(error)}); make room, then run it again.") from error


def _filled(remote: Remote, session: str, name: str, stored: Stored, part: Path) -> str:
    """The part with all of the file in it; its SHA-256."""
    with part.open("ab") as file:
        if file.tell() > stored.size:
            file.truncate(0)
        read_through(remote, session, name, stored, file.write, file.tell())
    with part.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
