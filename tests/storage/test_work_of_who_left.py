"""What somebody began and doesn't finish holds up nobody who adjudicates."""

from __future__ import annotations

from dataclasses import replace

import pytest

from storage import Project
from tests.storage.examples import CLOCK, LOOSE, SESSION, SID, segment
from woz.annotation.edits import Edit
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S
from woz.lab.adjudicating import table
from woz.lab.annotators import add_annotator, retire_annotator
from woz.lab.assigning import Order, assign
from woz.lab.returning import return_tier
from woz.lab.tiers import move_tier
from woz.model.assignment import Part
from woz.model.tier import TierState

WANTED = f"{LOOSE.id}/other"


def test_the_begun_work_of_who_left_is_closed_as_it_is_and_adjudicated(project: Project) -> None:
    """Whose it is, and what to do, is said to who adjudicates."""
    project.sessions.save(replace(SESSION, duration_ns=60 * NS_PER_S))
    boss, ada, ben = (add_annotator(project, name) for name in ("A01", "A02", "A03"))
    made = []
    for who, part in ((ada, Part.FIRST), (ben, Part.SECOND)):
        tier_id = assign(project, SID, Order(WANTED, who, boss, part), CLOCK).tier_id
        mark = replace(segment(who.pseudonym, 0, 10 * NS_PER_S, "a"), tier_id=tier_id)
        project.annotations.record(SID, Edit("Mark", (), (mark,)), who.id)
        made.append(tier_id)
    adas, bens = made
    move_tier(project, SID, adas, TierState.SUBMITTED, ada, "")
    retire_annotator(project, "A03")
    with pytest.raises(WozError) as refused:
        table(project, SID, WANTED, boss, CLOCK)
    said = str(refused.value)
    assert "A03's " in said
    assert f"--tier {bens} --annotator A01 --move returned --why WORDS, then " in said
    return_tier(project, SID, bens, boss, "A03 has left")
    move_tier(project, SID, bens, TierState.SUBMITTED, boss, "")
    assert [each.name for each in table(project, SID, WANTED, boss, CLOCK).sources] == ["A02", "A03"]
