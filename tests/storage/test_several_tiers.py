"""Somebody's several tiers of one type in a session count together, and wherever they do it is said."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from storage import Project
from tests.storage.drift_room import DriftRoom
from tests.storage.examples import OTHER_TIER
from ui.home.progress_dialog import ProgressDialog
from woz.annotation.edits import Edit
from woz.base.interval import NS_PER_S
from woz.lab.calibrating import calibrate, calibration_facts, calibration_words
from woz.lab.coding_agreement import coding_agreement
from woz.lab.drift_watch import own_drift
from woz.lab.drifting import drift_seen
from woz.lab.progress import progress_csv, progress_facts, progress_of, progress_words
from woz.lab.tiers import move_tier
from woz.model.annotation import Annotation
from woz.model.annotator import Annotator
from woz.model.ids import AnnotationId, SchemeId, TierId
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.plan import utc_ns_of
from woz.model.tier import Tier, TierState

SAID = "A03 has several tiers of one type in 1 session; they count together."


@pytest.fixture
def room(project: Project) -> DriftRoom:
    """A03 has a second tier in the last session."""
    made = DriftRoom(project)
    assert [told.words for told in drift_seen(project) if "several" in told.words] == []
    assert "several" not in progress_words(progress_of(project))
    _code_again(made, made.people[1])
    return made


def _code_again(room: DriftRoom, who: Annotator) -> None:
    made, session = Made(Origin.MANUAL, who.id), room.sessions[2]
    again = replace(
        OTHER_TIER, id=TierId("again"), session_id=session, annotator_id=who.id, made=made, name="Again"
    )
    mark = Annotation(AnnotationId("again"), again.id, NS_PER_S, 2 * NS_PER_S, "a", made)
    room.project.annotations.record(session, Edit("Code again", (), (again, mark)), who.id)


def test_drift_says_so(room: DriftRoom) -> None:
    (told,) = drift_seen(room.project)
    assert told.words.endswith(f"agreed is 0.25 s. {SAID}")
    (own,) = own_drift(room.project, room.people[1], utc_ns_of("2026-11-02"))
    assert own.words.endswith(SAID)


def test_of_drift_one_is_told_nothing_of_others_tiers(room: DriftRoom) -> None:
    """Who is told of their own alone isn't told whose the others' are."""
    ada = room.people[0]
    room.project.annotations.record(
        room.sessions[2],
        Edit("Name", (tier := _tier(room, "again"),), (replace(tier, annotator_id=ada.id),)),
        "woz",
    )
    (told,) = drift_seen(room.project)
    assert told.words.endswith("A02 has several tiers of one type in 1 session; they count together.")
    (own,) = own_drift(room.project, room.people[1], utc_ns_of("2026-11-02"))
    assert own.words.endswith("agreed is 0.25 s.")


def _tier(room: DriftRoom, id_: str) -> Tier:
    items = room.project.annotations.load(room.sessions[2])
    return next(each for each in items if isinstance(each, Tier) and each.id == id_)


def test_progress_says_so_in_words_table_and_window(room: DriftRoom, qtbot: QtBot) -> None:
    found = progress_of(room.project)
    assert f"\n  {SAID}\n" in progress_words(found)
    counts = {each["pseudonym"]: each["several"] for each in progress_facts(found)["people"]}
    assert counts == {"A02": 0, "A03": 1, "A04": 0, "C01": 0}
    assert "person,A03,several,1\n" in progress_csv(found)
    dialog = ProgressDialog(found)
    qtbot.addWidget(dialog)
    assert SAID in [each.text() for each in dialog.findChildren(QLabel)]


def test_calibration_says_so_of_either_side(room: DriftRoom) -> None:
    session = room.sessions[2]
    for whose, against in (("A03", "A02"), ("A02", "A03")):
        found = calibrate(room.project, whose, "other", session, against)
        (said,) = found.several
        assert said.startswith(f"A03 has several tiers of this session ({session} A03, again); they count together")
        assert f"\n  {said}\n" in calibration_words(found)
        assert calibration_facts(found)["several"] == (said,)
    assert (
        calibrate(room.project, "A03", "other", reference="A02")
        .several[0]
        .startswith("A03 has several tiers of 1 of these 3 sessions; they count together")
    )
    assert calibrate(room.project, "A04", "other", session, "A02").several == ()


def test_a_releases_card_says_so(room: DriftRoom) -> None:
    for who in room.people:
        for tier in room.project.annotations.load(room.sessions[2]):
            if isinstance(tier, Tier) and tier.annotator_id == who.id:
                move_tier(room.project, room.sessions[2], TierId(tier.id), TierState.SUBMITTED, who, "")
    taken = {(SchemeId(OTHER_TIER.scheme_id), OTHER_TIER.tier_type): [room.sessions[2]]}
    told = {(each.one, each.other): each.note for each in coding_agreement(room.project, taken).pairs}
    assert told == {("A02", "A03"): SAID, ("A02", "A04"): "", ("A03", "A04"): SAID}
