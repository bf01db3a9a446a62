"""What has to be sent or fetched of a session: what is here, what is there, and what both agreed on last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from woz.store.listing import Stored

Files = Mapping[str, Stored]


@dataclass(slots=True)
class Compared:
    """Names of files. `both` changed in two ways, or are gone there while they are here."""

    same: set[str] = field(default_factory=set)
    send: set[str] = field(default_factory=set)
    fetch: set[str] = field(default_factory=set)
    both: set[str] = field(default_factory=set)


def compared(here: Files, there: Files, agreed: Files) -> Compared:
    """A file that isn't here was never fetched, or was let go to make room: it is nowhere deleted for that."""
    found = Compared()
    for name in {*here, *there}:
        _kind(found, here.get(name), there.get(name), agreed.get(name)).add(name)
    return found


def agreed_after(there: Files, agreed: Files, apart: set[str]) -> dict[str, Stored]:
    """What both agree on from now on; what still differs is as it was, so that it goes on to be told."""
    now = {name: stored for name, stored in there.items() if name not in apart}
    return now | {name: agreed[name] for name in apart if name in agreed}


def _kind(found: Compared, here: Stored | None, there: Stored | None, agreed: Stored | None) -> set[str]:
    if here is None:
        return found.fetch
    if here == there:
        return found.same
    if agreed == there:
        return found.send
    return found.fetch if agreed == here and there is not None else found.both
