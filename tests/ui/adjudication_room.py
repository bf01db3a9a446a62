"""A session that two have annotated and submitted, with so many disagreements, for those who decide and compare."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

from storage import Project
from tests.storage.examples import CLOCK, SESSION, SID
from woz.annotation.edits import Edit
from woz.annotation.tier_states import moved
from woz.base.interval import NS_PER_S
from woz.lab.annotators import add_annotator
from woz.lab.assigning import Order, assign
from woz.model.annotation import Annotation, Attribute
from woz.model.annotator import Annotator
from woz.model.assignment import Part
from woz.model.ids import AnnotationId, LabelId, SchemeId, SessionId, TierId
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.scheme import AttributeType, Choice, Label, Scheme, TierType, ValueKind
from woz.model.session import Session
from woz.model.tier import Tier, TierState

LABELS = ("Fit gear", "Insert axle", "Tighten screw", "Check")
HANDS = AttributeType("hand", ValueKind.CHOICE, values=(Choice("left"), Choice("right")))
STEPS = Scheme(
    SchemeId("gearbox"),
    "Gearbox",
    1,
    (
        TierType(
            "steps",
            {"en": "Steps"},
            labels=tuple(
                Label(LabelId(f"l{i}"), name.lower(), {"en": name}, colour, str(i + 1))
                for i, (name, colour) in enumerate(
                    zip(LABELS, ("#3b6fb5", "#d9761a", "#1f8a4c", "#8d5a9e"), strict=True)
                )
            ),
            attributes=(HANDS,),
        ),
    ),
)
SLOT_S = 10


def doubled_project(path: Path, disagreements: int, agreed: int = 20, session: Session = SESSION) -> Project:
    """Open; A01 may all, A02 and A03 have annotated. Every disagreement is one thing to decide."""
    project = Project.create(path, "Gearbox", CLOCK)
    project.schemes.add(STEPS)
    for name in ("A01", "A02", "A03"):
        add_annotator(project, name)
    add_doubled(project, session, disagreements, agreed)
    return project


def add_doubled(project: Project, session: Session, disagreements: int, agreed: int, seed: int = 1) -> None:
    boss, ada, ben = (project.annotators.named(name) for name in ("A01", "A02", "A03"))
    length = session.duration_ns or (disagreements + agreed) * SLOT_S * NS_PER_S
    project.sessions.save(replace(session, duration_ns=length))
    chance = random.Random(seed)
    kinds = [i % 4 for i in range(disagreements)] + [4] * agreed
    chance.shuffle(kinds)
    marks: tuple[list[Annotation], list[Annotation]] = [], []
    for at, kind in enumerate(kinds):
        for side, mark in enumerate(_slot(at, kind, chance)):
            if mark:
                marks[side].append(mark)
    for who, part, made in ((ada, Part.FIRST, marks[0]), (ben, Part.SECOND, marks[1])):
        _fill(project, session.id, who, boss, part, made)


def _slot(at: int, kind: int, chance: random.Random) -> tuple[Annotation | None, Annotation | None]:
    """A label, a boundary, an attribute or the thing itself differs; or nothing does but a little."""
    start, label = at * SLOT_S, f"l{chance.randrange(4)}"
    one = _mark(start + 1, start + 8, label, "left")
    if kind == 0:
        other = f"l{(int(label[1:]) + 1) % 4}"
        return one, _mark(start + 1, start + 8, other, "left")
    if kind == 1:
        return one, _mark(start + 1, start + 9.4, label, "left")
    if kind == 2:
        return one, _mark(start + 1, start + 8, label, "right")
    if kind == 3:
        return (one, None) if chance.random() < 0.5 else (None, one)
    return one, _mark(start + 1.2, start + 7.9, label, "left")


def _mark(start_s: float, end_s: float, label: str, hand: str) -> Annotation:
    made = Made(Origin.MANUAL, "")
    times = round(start_s * NS_PER_S), round(end_s * NS_PER_S)
    return Annotation(AnnotationId(""), TierId(""), *times, label, made, (Attribute("hand", hand),))


def _fill(
    project: Project, session_id: SessionId, who: Annotator, boss: Annotator, part: Part, marks: list[Annotation]
) -> None:
    tier_id = assign(project, session_id, Order("steps", who, boss, part), CLOCK).tier_id
    made = Made(Origin.MANUAL, who.id, CLOCK.utc_ns())
    placed = tuple(
        replace(each, id=AnnotationId(f"{session_id}-{who.pseudonym}-{i}"), tier_id=tier_id, made=made)
        for i, each in enumerate(marks)
    )
    project.annotations.record(session_id, Edit("Annotate", (), placed), who.id)
    tier = next(
        each for each in project.annotations.load(session_id) if isinstance(each, Tier) and each.id == tier_id
    )
    project.annotations.record(session_id, moved(tier, TierState.SUBMITTED, who), who.id)


__all__ = ["LABELS", "SID", "STEPS", "add_doubled", "doubled_project"]
