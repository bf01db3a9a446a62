"""Which commit of its repository a model was fetched at: kept beside it, for whoever asks later."""

from __future__ import annotations

import json
from pathlib import Path

from woz.transcription.catalogue import Entry

NOTE = "woz-revision.json"


def keep_revision(entry: Entry, target: Path) -> None:
    """Raises OSError where it can't be written."""
    target.mkdir(parents=True, exist_ok=True)
    told = {"repository": entry.repository, "revision": entry.revision}
    (target / NOTE).write_text(json.dumps(told), encoding="utf-8")
