"""Three annotators who code a session a week; the last of them begins later from the second week on."""

from __future__ import annotations

from dataclasses import replace

from storage import Project
from tests.storage.examples import OTHER_TIER, SESSION
from woz.annotation.edits import Edit
from woz.base.interval import NS_PER_S
from woz.lab.annotators import add_annotator
from woz.model.annotation import Annotation
from woz.model.annotator import Annotator, AnnotatorRole
from woz.model.ids import AnnotationId, SessionId, TierId
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.plan import utc_ns_of

MONDAYS = ("2026-10-05", "2026-10-12", "2026-10-19")
MARKS, SLOT_S, LATE_S = 20, 10, 0.4
TOLD = (
    "Since the week of 12 Oct 2026, A03 begins a 0.40 s later than the others in the median of {} pairs; agreed is"
    " 0.25 s."
)


class DriftRoom:
    def __init__(self, project: Project) -> None:
        self.project = project
        self.boss = add_annotator(project, "C01", tuple(AnnotatorRole))
        self.people = [add_annotator(project, name) for name in ("A02", "A03", "A04")]
        self.sessions = [SessionId(f"week {day}") for day in MONDAYS]
        for session, day in zip(self.sessions, MONDAYS, strict=True):
            at_ns = utc_ns_of(day)
            project.sessions.save(
                replace(SESSION, id=session, start_utc_ns=at_ns, duration_ns=MARKS * SLOT_S * NS_PER_S)
            )
            for person in self.people:
                late = person.pseudonym == "A03" and day != MONDAYS[0]
                self.code(session, person, LATE_S if late else 0.0, at_ns)

    def code(self, session: SessionId, who: Annotator, late_s: float, utc_ns: int) -> None:
        made = Made(Origin.MANUAL, who.id, utc_ns)
        tier = replace(
            OTHER_TIER, id=TierId(f"{session} {who.pseudonym}"), session_id=session, annotator_id=who.id, made=made
        )
        marks = (
            Annotation(
                AnnotationId(f"{tier.id} {at}"),
                tier.id,
                round((at * SLOT_S + late_s) * NS_PER_S),
                (at * SLOT_S + 8) * NS_PER_S,
                "a",
                made,
            )
            for at in range(MARKS)
        )
        self.project.annotations.record(session, Edit("Mark", (), (tier, *marks)), who.id)
