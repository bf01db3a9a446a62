"""Somebody who edits at random: makes, moves, labels, notes, deletes, undoes and redoes."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from storage import Project
from woz.annotation.edits import Edit
from woz.annotation.logged import LoggedEdit
from woz.annotation.ports import History
from woz.base.clock import SystemClock
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId, LabelId, SchemeId, SessionId, TierId, new_id
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.scheme import Label, Overlap, Scheme, TierType
from woz.model.session import Session, SessionState
from woz.model.tier import Tier

SID = SessionId("20260101-000000-0000")
BY = "ada"
_MADE = Made(Origin.MANUAL, BY)
_LABELS = ("mix", "bake", "cool")
_SCHEME = Scheme(
    SchemeId("random"),
    "Random",
    1,
    tuple(
        TierType(overlap.name, overlap=overlap, labels=tuple(Label(LabelId(key), key) for key in _LABELS))
        for overlap in (Overlap.NONE, Overlap.ANY)
    ),
)
TIERS = tuple(Tier(TierId(t.key), SID, _SCHEME.id, 1, t.key, t.key, _MADE) for t in _SCHEME.tier_types)


def begin(folder: Path, database: str = "") -> None:
    """A project with a session and its tiers."""
    with Project.create(folder, "Random", SystemClock(), database) as project:
        project.sessions.save(Session(SID, "Random", SessionState.CLOSED, 0, 600 * NS_PER_S))
        project.schemes.add(_SCHEME)
        project.annotations.record(SID, Edit("begin", (), TIERS), "woz")


def edit_for_ever(history: History, chance: random.Random, by: str = BY) -> Iterator[LoggedEdit]:
    """Each edit once it is stored; what the store refuses is passed over."""
    while True:
        try:
            done = _one(history, chance, by)
        except WozError:
            continue
        if done:
            yield done


def _one(history: History, chance: random.Random, by: str) -> LoggedEdit | None:
    verb = chance.choice(["edit", "edit", "edit", "undo", "redo"])
    if verb == "undo":
        return history.undo(SID, by)
    if verb == "redo":
        return history.redo(SID, by)
    marked = [item for item in history.load(SID) if isinstance(item, Annotation)]
    return history.record(SID, random_edit(marked, chance, by), by)


def random_edit(marked: list[Annotation], chance: random.Random, by: str) -> Edit:
    verb = chance.choice(["new", "move", "label", "note", "value", "delete"]) if marked else "new"
    if verb == "new" or len(marked) < 5:
        return Edit("new", (), tuple(_new(chance, by) for _ in range(chance.randint(1, 3))))
    old = chance.choice(marked)
    if verb == "delete":
        return Edit("delete", (old,))
    return Edit(verb, (old,), (_changed(old, verb, chance),))


def _new(chance: random.Random, by: str) -> Annotation:
    start, tier = chance.randrange(600) * NS_PER_S, chance.choice(TIERS)
    label, made = chance.choice(_LABELS), Made(Origin.MANUAL, by)
    return Annotation(AnnotationId(new_id()), tier.id, start, start + NS_PER_S, label, made)


def _changed(old: Annotation, verb: str, chance: random.Random) -> Annotation:
    assert old.start_ns is not None
    if verb == "move":
        start = old.start_ns + chance.randint(-9, 9) * NS_PER_S // 10
        return replace(old, start_ns=max(0, start), end_ns=max(0, start) + NS_PER_S)
    if verb == "label":
        return replace(old, label=chance.choice(_LABELS))
    if verb == "note":
        return replace(old, note=str(chance.random()))
    return old.with_value(chance.choice(["force", "care"]), chance.random())
