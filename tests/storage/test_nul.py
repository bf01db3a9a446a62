"""The character NUL, which PostgreSQL keeps nowhere: rows, log and what is told of an edit are without it alike."""

from __future__ import annotations

from dataclasses import replace

from storage import Project
from tests.storage.examples import SID, TIER, TRANSCRIPT, TURN, segment
from woz.annotation.edits import Edit
from woz.model.annotation import Annotation


def test_rows_and_log_hold_the_same_text(project: Project) -> None:
    project.transcripts.add(TRANSCRIPT, [TURN])
    noted = replace(segment("a").with_value("force", "ha\0rd"), note="a\0b")
    spoken = replace(TURN, text="Mix\0 well.", words=tuple(replace(w, text=f"\0{w.text}") for w in TURN.words))
    logged = project.annotations.record(SID, Edit("ne\0w", (TURN,), (TIER, noted, spoken)), "ada")
    stored = {item.id: item for item in project.annotations.load(SID)}
    (kept,) = project.annotations.history(SID)
    for change in (*logged.changes, *kept.changes):
        assert change.after is not None
        assert change.after == stored[change.after.id]
    assert "\0" not in repr((stored, kept, logged)).replace("\\x00", "\0")
    first = stored[noted.id]
    assert isinstance(first, Annotation)
    later = replace(first, label="other")
    project.annotations.record(SID, Edit("label", (first,), (later,)), "ada")
    undone = project.annotations.undo(SID, "ada")
    assert undone
    assert first in project.annotations.load(SID)
