"""Stretches that are kept out of releases are so whoever releases them: nobody is blind to them."""

from __future__ import annotations

from dataclasses import replace

from storage import Project
from tests.storage.examples import SESSION, SID, segment
from woz.annotation.edits import Edit
from woz.annotation.live_scheme import KEPT_OUT, WITHHELD
from woz.base.interval import Interval
from woz.lab.annotators import add_annotator, blind
from woz.lab.search import Query
from woz.lab.withholding import withheld_in
from woz.model.annotator import BlindTo
from woz.model.ids import TierId
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.own_schemes import CONVERSATION, STATES
from woz.model.tier import Tier


def test_who_is_blind_to_all_types_sees_what_is_kept_out_and_nothing_else(project: Project) -> None:
    project.sessions.save(SESSION)
    ada, ben = (add_annotator(project, name) for name in ("A01", "A02"))
    project.schemes.add(KEPT_OUT)
    made = Made(Origin.MANUAL, ada.id)
    out = Tier(TierId("out"), SID, KEPT_OUT.id, 1, WITHHELD, "Kept out", made, ada.id)
    coded = Tier(TierId("coded"), SID, CONVERSATION.id, 1, STATES, "States", made, ada.id)
    marks = tuple(
        replace(segment(f"in {tier.id}", label=label), tier_id=tier.id, note="passes by", made=made)
        for tier, label in ((out, "bystander"), (coded, "none"))
    )
    project.annotations.record(SID, Edit("Mark", (), (out, coded, *marks)), ada.id)
    blind(project, "A02", SID, "", None, BlindTo.BOTH)
    view = project.seen_by(ben.id)
    assert withheld_in(view.annotations.load(SID)) == (Interval(0, 5),)
    (session,) = view.library.sessions()
    assert [tier.tier_id for tier in session.tiers] == ["out"]
    assert [hit.item_id for hit in view.search.find(Query(("passes",))).hits] == ["in out"]
