"""Where the scheme lets marks of other labels lie over each other, so may the gold's."""

from __future__ import annotations

from dataclasses import replace

from storage import Project
from tests.storage.examples import CLOCK, LOOSE, SESSION, SID, segment
from woz.annotation.adjudication.rulings import agreed_edit
from woz.annotation.edits import Edit
from woz.base.interval import NS_PER_S
from woz.lab.adjudicating import table
from woz.lab.annotators import add_annotator
from woz.lab.assigning import Order, assign
from woz.lab.tiers import move_tier
from woz.model.annotation import Annotation
from woz.model.assignment import Part
from woz.model.tier import TierState


def test_what_two_marked_over_each_other_becomes_gold(project: Project) -> None:
    project.sessions.save(replace(SESSION, duration_ns=60 * NS_PER_S))
    boss, ada, ben = (add_annotator(project, name) for name in ("A01", "A02", "A03"))
    for who, part in ((ada, Part.FIRST), (ben, Part.SECOND)):
        tier_id = assign(project, SID, Order(f"{LOOSE.id}/other", who, boss, part), CLOCK).tier_id
        spans = (("a", 0, 10 * NS_PER_S), ("b", 4 * NS_PER_S, 14 * NS_PER_S))
        marks = (segment(f"{tier_id}{label}", start_ns, end_ns, label) for label, start_ns, end_ns in spans)
        own = tuple(replace(each, tier_id=tier_id) for each in marks)
        project.annotations.record(SID, Edit("Mark", (), own), who.id)
        move_tier(project, SID, tier_id, TierState.SUBMITTED, who, "")
    found = table(project, SID, f"{LOOSE.id}/other", boss, CLOCK)
    taken = agreed_edit(found.state(project.annotations.load(SID)), boss.id, CLOCK.utc_ns())
    project.annotations.record(SID, taken, boss.id)
    gold = [m for m in project.annotations.load(SID) if isinstance(m, Annotation) and m.tier_id == found.gold]
    assert sorted((m.start_ns, m.end_ns, m.label) for m in gold) == [
        (0, 10 * NS_PER_S, "a"),
        (4 * NS_PER_S, 14 * NS_PER_S, "b"),
    ]
