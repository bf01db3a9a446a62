"""What a store has of a session: written last, so that whatever it names is there.

Each file lies under its hash, `sessions/ID/HASH/NAME`: nothing is ever written over, and who reads an older listing
reads what it says.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

import msgspec
from msgspec import Meta

from woz.base.errors import WozError
from woz.base.outside import Count, Unsound, read
from woz.store.remote import Remote

SESSIONS, LISTING = "sessions", "listing.json"
Name = Annotated[str, Meta(pattern=r"^(?!/)(?!.*(^|/)\.{1,2}(/|$))[^\\:\x00]+$")]
"""Of a file, by its path in the session's folder; it leads nowhere else."""
Digest = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]


@dataclass(frozen=True, slots=True)
class Stored:
    size: Count
    sha256: Digest


@dataclass(frozen=True, slots=True)
class Listing:
    """`sent_utc_ns` is when it was written."""

    session: str
    files: dict[Name, Stored] = field(default_factory=dict)
    sent_utc_ns: int = 0

    @property
    def size(self) -> int:
        return sum(one.size for one in self.files.values())


def folder_key(session: str) -> str:
    return f"{SESSIONS}/{session}"


def file_key(session: str, name: str, stored: Stored) -> str:
    return f"{folder_key(session)}/{stored.sha256}/{name}"


def listing_of(remote: Remote, session: str) -> Listing | None:
    """None where the session was not sent. Raises WozError where the listing is damaged."""
    raw = remote.read(f"{folder_key(session)}/{LISTING}")
    if raw is None:
        return None
    try:
        return read(raw, Listing)
    except Unsound as error:
        raise WozError(
            f"What the store has of {session} can't be read ({error}); send the session again from a computer that"
            " has it."
        ) from error


def wanted_listing(remote: Remote, session: str) -> Listing:
    """Raises WozError where the session was not sent."""
    listing = listing_of(remote, session)
    if listing is None:
        raise WozError(f"{session} is not in the store {remote.place.url}; send it with woz media push.")
    return listing


def write_listing(remote: Remote, listing: Listing) -> None:
    remote.write(f"{folder_key(listing.session)}/{LISTING}", msgspec.json.encode(listing))


def stored_sessions(remote: Remote) -> list[str]:
    return remote.folders(SESSIONS)
