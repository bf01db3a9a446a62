"""Which commit of its repository a model was fetched at: kept beside it, so that all of it comes from one."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from msgspec import Meta

from woz.base.outside import read_file
from woz.transcription.catalogue import Entry

COMMIT = "[0-9a-f]{40}"
NOTE = "woz-revision.json"


@dataclass(frozen=True, slots=True)
class _Note:
    repository: str
    revision: Annotated[str, Meta(pattern=f"^{COMMIT}$")]


def revision_for(entry: Entry, target: Path) -> str | None:
    """The pinned one, else the one that this folder was begun with; None where neither is known."""
    return entry.revision or kept_revision(entry, target)


def kept_revision(entry: Entry, target: Path) -> str | None:
    try:
        note = read_file(target / NOTE, _Note)
    except (OSError, ValueError):
        return None
    return note.revision if note.repository == entry.repository else None


def keep_revision(entry: Entry, target: Path, revision: str) -> None:
    """Raises OSError where it can't be written, ValueError for what is no commit."""
    if not re.fullmatch(COMMIT, revision):
        raise ValueError(f"{revision!r} is no commit")
    target.mkdir(parents=True, exist_ok=True)
    (target / NOTE).write_text(json.dumps({"repository": entry.repository, "revision": revision}), encoding="utf-8")
