"""A project in which somebody codes a session a week, later and later, beside the gold."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

from storage import Project
from tests.storage.examples import SESSION
from tests.ui.adjudication_room import STEPS
from woz.annotation.edits import Edit
from woz.base.clock import ManualClock
from woz.base.interval import NS_PER_S
from woz.lab.annotators import add_annotator
from woz.lab.assigning import Order, assign
from woz.lab.drift_agreed import agree_on_drift
from woz.model.annotation import Annotation
from woz.model.annotator import Annotator, AnnotatorRole
from woz.model.assignment import Part
from woz.model.ids import AnnotationId, SessionId
from woz.model.made import Made
from woz.model.origin import Origin

WEEKS, MARKS, SLOT_S = 10, 40, 12
WEEK_NS = 7 * 86_400 * NS_PER_S
MONDAY_NS = 1_767_571_200 * NS_PER_S
"""2026-01-05."""
AWRY_FROM = 7
"""From this week on somebody calls one label otherwise now and then."""


def weeks_project(folder: Path) -> Path:
    """A project in which A02 codes a session a week: starts stay right, ends become later by 0.15 s a week."""
    place, chance = folder / "lab", random.Random(5)
    clock = ManualClock(utc_ns=MONDAY_NS)
    with Project.create(place, "Gearbox", clock) as project:
        project.schemes.add(STEPS)
        agree_on_drift(project, offset_s=0.5)
        boss, own = add_annotator(project, "C01", tuple(AnnotatorRole)), add_annotator(project, "A02")
        for week in range(WEEKS):
            began = MONDAY_NS + week * WEEK_NS
            session = SessionId(f"week-{week + 1:02}")
            length = MARKS * SLOT_S * NS_PER_S
            project.sessions.save(replace(SESSION, id=session, start_utc_ns=began, duration_ns=length))
            clock = ManualClock(utc_ns=began)
            gold = [(at * SLOT_S + 1.0, at * SLOT_S + 9.0, f"l{at % 4}") for at in range(MARKS)]
            marks = [
                (
                    start + chance.gauss(0, 0.12),
                    end + 0.15 * max(0, week - 2) + chance.gauss(0, 0.15),
                    "l2" if label == "l1" and week >= AWRY_FROM and chance.random() < 0.6 else label,
                )
                for start, end, label in gold
            ]
            _code(project, session, boss, boss, Part.ADJUDICATOR, gold, clock)
            _code(project, session, own, boss, Part.FIRST, marks, clock)
    return place


def _code(
    project: Project,
    session: SessionId,
    who: Annotator,
    boss: Annotator,
    part: Part,
    marks: list[tuple[float, float, str]],
    clock: ManualClock,
) -> None:
    tier_id = assign(project, session, Order("steps", who, boss, part), clock).tier_id
    made = Made(Origin.MANUAL, who.id, clock.utc_ns())
    items = tuple(
        Annotation(
            AnnotationId(f"{session}-{part}-{at}"),
            tier_id,
            round(start * NS_PER_S),
            round(end * NS_PER_S),
            label,
            made,
        )
        for at, (start, end, label) in enumerate(marks)
    )
    project.annotations.record(session, Edit("Mark", (), items), who.id)
