"""A session that two have annotated and submitted, with so many disagreements, for those who decide and compare."""

from __future__ import annotations

import random
from collections.abc import Sequence
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
from woz.model.ids import AnnotationId, LabelId, LinkId, SchemeId, SessionId, TierId
from woz.model.item import ref_to
from woz.model.link import Link
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.scheme import AttributeType, Choice, Label, LinkType, Scheme, TierType, ValueKind
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
    (LinkType("corrects", ("steps",), ("steps",), {"en": "Corrects"}),),
)
SLOT_S = 10


Pairs = list[tuple[int, int]]
"""Links, by the slots that they lead from and to."""


def doubled_project(
    path: Path, disagreements: int, agreed: int = 20, session: Session = SESSION, links: int = 0
) -> Project:
    """Open; A01 may all, A02 and A03 have annotated. Every disagreement is one thing to decide, `links` more are
    about links between steps that agree.
    """
    project = Project.create(path, "Gearbox", CLOCK)
    project.schemes.add(STEPS)
    for name in ("A01", "A02", "A03"):
        add_annotator(project, name)
    add_doubled(project, session, disagreements, agreed, links=links)
    return project


def sided_project(path: Path, sides: Sequence[Sequence[Annotation]]) -> Project:
    """Open; A01 may all, A02 and those after them have annotated, each of the sides, and submitted."""
    project = Project.create(path, "Gearbox", CLOCK)
    project.schemes.add(STEPS)
    boss = add_annotator(project, "A01")
    project.sessions.save(replace(SESSION, duration_ns=60 * NS_PER_S))
    for at, marks in enumerate(sides):
        who, part = add_annotator(project, f"A{at + 2:02}"), Part.SECOND if at else Part.FIRST
        _fill(project, SID, who, boss, part, dict(enumerate(marks)), [])
    return project


def step(start_s: float, end_s: float, label: str = "l0") -> Annotation:
    return _mark(start_s, end_s, label, "left")


def add_doubled(
    project: Project, session: Session, disagreements: int, agreed: int, seed: int = 1, links: int = 0
) -> None:
    boss, ada, ben = (project.annotators.named(name) for name in ("A01", "A02", "A03"))
    length = session.duration_ns or (disagreements + agreed) * SLOT_S * NS_PER_S
    project.sessions.save(replace(session, duration_ns=length))
    chance = random.Random(seed)
    kinds = [i % 4 for i in range(disagreements)] + [4] * agreed
    chance.shuffle(kinds)
    marks: tuple[dict[int, Annotation], dict[int, Annotation]] = {}, {}
    for at, kind in enumerate(kinds):
        for side, mark in enumerate(_slot(at, kind, chance)):
            if mark:
                marks[side][at] = mark
    joined = _linked([at for at, kind in enumerate(kinds) if kind == 4], links)
    for who, part, side in ((ada, Part.FIRST, 0), (ben, Part.SECOND, 1)):
        _fill(project, session.id, who, boss, part, marks[side], joined[side])


def _linked(slots: list[int], links: int) -> tuple[Pairs, Pairs]:
    """One has a link and the other none, or another; besides, one in each four is alike."""
    pairs: tuple[Pairs, Pairs] = [], []
    for i in range(links + links // 4 if slots else 0):
        start, to, other = (slots[(i + step) % len(slots)] for step in (0, 1, 2))
        ways = {0: (to, None), 1: (None, to), 2: (to, other)}.get(i % 3 if i < links else -1, (to, to))
        for side, end in zip(pairs, ways, strict=True):
            if end is not None:
                side.append((start, end))
    return pairs


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
    project: Project,
    session_id: SessionId,
    who: Annotator,
    boss: Annotator,
    part: Part,
    marks: dict[int, Annotation],
    links: Pairs,
) -> None:
    tier_id = assign(project, session_id, Order("steps", who, boss, part), CLOCK).tier_id
    made = Made(Origin.MANUAL, who.id, CLOCK.utc_ns())
    placed = {
        at: replace(each, id=AnnotationId(f"{session_id}-{who.pseudonym}-{i}"), tier_id=tier_id, made=made)
        for i, (at, each) in enumerate(marks.items())
    }
    joins = tuple(
        Link(
            LinkId(f"{session_id}-{who.pseudonym}-link-{i}"),
            session_id,
            "corrects",
            ref_to(placed[start]),
            ref_to(placed[end]),
            made,
        )
        for i, (start, end) in enumerate(links)
    )
    project.annotations.record(session_id, Edit("Annotate", (), (*placed.values(), *joins)), who.id)
    tier = next(
        each for each in project.annotations.load(session_id) if isinstance(each, Tier) and each.id == tier_id
    )
    project.annotations.record(session_id, moved(tier, TierState.SUBMITTED, who), who.id)


__all__ = ["LABELS", "SID", "STEPS", "add_doubled", "doubled_project", "sided_project", "step"]
