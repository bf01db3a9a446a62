"""Doubts about a turn or a link, each with a note; those about an annotation are an attribute of it."""

from __future__ import annotations

from dataclasses import replace

from woz.annotation.edits import Edit
from woz.model.link import Link
from woz.model.transcript import Turn


def flagged(item: Turn | Link, why: str | None) -> Edit:
    """Doubtful for a reason, which may be empty; with None no longer."""
    name = "Doubtful" if why is not None else "No longer doubtful"
    return Edit(name, (item,), (replace(item, doubt=None if why is None else " ".join(why.split())),))
