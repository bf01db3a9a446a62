"""Words found in all that was said, annotated, noted and asked: the same in either database."""

from __future__ import annotations

from dataclasses import replace

import pytest

from storage import Project
from tests.storage.examples import CLOCK, MADE, OTHER_TIER, SID, TIER, TRANSCRIPT, TURN, question, segment
from woz.annotation.edits import Edit
from woz.base.errors import WozError
from woz.base.interval import Interval
from woz.lab.annotators import add_annotator, blind
from woz.lab.search import Found, Query
from woz.lab.searching import search, terms_of
from woz.model.annotation import Attribute
from woz.model.annotator import BlindTo
from woz.model.ids import LinkId, SessionId, TranscriptId, TurnId
from woz.model.item import ref_to
from woz.model.link import Link
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.people import Role
from woz.model.transcript import Turn


def _said(*texts: str) -> list[Turn]:
    return [
        replace(
            TURN,
            id=TurnId(f"t{i}"),
            text=text,
            words=(),
            said=None,
            speaker=(Role.TRAINEE, Role.EXPERT)[i % 2],
            interval=Interval(i * 100, i * 100 + 50),
        )
        for i, text in enumerate(texts)
    ]


def _found(project: Project, text: str, by: str = "") -> Found:
    return search(project, Query(terms_of(text), by=by))


def _ids(project: Project, text: str, by: str = "") -> list[str]:
    return [hit.item_id for hit in _found(project, text, by).hits]


def test_parts_of_words_are_found_without_case_accents_and_width(project: Project) -> None:
    turns = _said("Insert the AXLE slowly.", "Crème brûlée, 180 °C!", "卵を焼いてください", "ﾄﾏﾄを切る", "it's ok")
    project.transcripts.add(TRANSCRIPT, turns)
    expected = {
        "axle": ["t0"],
        "xl": ["t0"],
        "slow insert": ["t0"],
        '"the axle"': ["t0"],
        '"axle the"': [],
        "creme BRULEE": ["t1"],
        "180": ["t1"],
        "卵を": ["t2"],
        "焼い": ["t2"],
        "さい": ["t2"],
        "卵": ["t2"],
        "トマト": ["t3"],
        "ドマト": [],
        "ok": ["t4"],
        "k": ["t4"],
        "it's": ["t4"],
        "axles": [],
    }
    assert {text: _ids(project, text) for text in expected} == expected


def test_a_hit_has_two_turns_of_context(project: Project) -> None:
    project.transcripts.add(TRANSCRIPT, _said("one", "two", "three", "four", "five", "six"))
    [hit] = _found(project, "four").hits
    assert [line.text for line in hit.before] == ["two", "three"]
    assert [line.text for line in hit.after] == ["five", "six"]
    assert (hit.session, hit.title, hit.who, hit.start_ns, hit.text) == (SID, "Cake", "expert", 300, "four")


def test_notes_attributes_labels_questions_and_translations_are_found(project: Project) -> None:
    project.transcripts.add(TRANSCRIPT, [replace(TURN, translation="Stir thoroughly.")])
    marked = replace(
        segment("a", label="grab"), note="left hand slips", attributes=(Attribute("tool", "tiny spatula", "rusty"),)
    )
    other = segment("b", 10, 20, "grab")
    link = Link(LinkId("l"), SID, "corrects", ref_to(marked), ref_to(other), MADE, "after a wobble")
    project.annotations.record(SID, Edit("Mark", (), (TIER, marked, other, link, question("q"))), "ada")
    found = {
        text: [(h.item_id, h.field) for h in _found(project, text).hits]
        for text in ("thorough", "slips", "spatula", "rusty", "wobble", "how", "not so")
    }
    assert found == {
        "thorough": [("turn", "translation")],
        "slips": [("a", "note")],
        "spatula": [("a", "tool")],
        "rusty": [("a", "tool")],
        "wobble": [("l", "note")],
        "how": [("q", "text")],
        "not so": [("q", "distractors")],
    }


def test_what_is_edited_is_found_as_it_is_now(project: Project) -> None:
    project.transcripts.add(TRANSCRIPT, [TURN])
    new = replace(TURN, text="Whisk gently.", words=())
    project.annotations.record(SID, Edit("Change", (TURN,), (new,)), "ada")
    assert (_ids(project, "mix"), _ids(project, "whisk")) == ([], ["turn"])
    project.annotations.undo(SID, "ada")
    assert (_ids(project, "mix"), _ids(project, "whisk")) == (["turn"], [])
    project.annotations.record(SID, Edit("Delete", (TURN,)), "ada")
    assert _ids(project, "mix") == []


def test_only_the_newest_transcript_of_a_session_is_searched(project: Project) -> None:
    project.transcripts.add(TRANSCRIPT, [TURN])
    newer = replace(TRANSCRIPT, id=TranscriptId("newer"), made_utc_ns=CLOCK.utc_ns() + 1)
    project.transcripts.add(newer, [replace(TURN, id=TurnId("again"), transcript_id=newer.id)])
    assert _ids(project, "mix") == ["again"]


def test_there_is_more_than_the_limit(project: Project) -> None:
    project.transcripts.add(TRANSCRIPT, _said(*["stir"] * 5))
    found = search(project, Query(("stir",), limit=3))
    assert ([hit.item_id for hit in found.hits], found.more) == (["t2", "t3", "t4"], True)
    assert not search(project, Query(("stir",), limit=5)).more


@pytest.mark.parametrize("to", list(BlindTo))
def test_a_blind_annotator_finds_nothing_of_others_in_the_scope(project: Project, to: BlindTo) -> None:
    ada, ben = (add_annotator(project, name) for name in ("A01", "B02"))
    theirs = replace(segment("theirs", label="a"), tier_id=OTHER_TIER.id, note="spill")
    mine = replace(segment("mine", 5, 10, label="a"), tier_id=OTHER_TIER.id, note="spill")
    drafted = Made(Origin.MACHINE, "model")
    machine = replace(segment("draft", 10, 15, label="a"), tier_id=OTHER_TIER.id, made=drafted, note="spill")
    link = Link(LinkId("link"), SID, "corrects", ref_to(theirs), ref_to(mine), MADE, "spill")
    project.annotations.record(SID, Edit("Mark", (), (OTHER_TIER, theirs)), ada.id)
    project.annotations.record(SID, Edit("Mark", (), (mine, link)), ben.id)
    project.annotations.record(SID, Edit("Draft", (), (machine,)), "model")
    blind(project, "B02", SID, "other", None, to)
    hidden = {BlindTo.PEOPLE: {"theirs", "link"}, BlindTo.MACHINES: {"draft"}}
    gone = hidden.get(to, {"theirs", "link", "draft"})
    everything = {"theirs", "mine", "draft", "link"}
    assert set(_ids(project, "spill", ben.id)) == everything - gone
    assert set(_ids(project, "spill", ada.id)) == everything
    assert set(_ids(project, "a", ben.id)) >= {"theirs", "draft", "mine"} - gone
    assert not set(_ids(project, "a", ben.id)) & gone


def test_nothing_and_unknown_sessions_are_refused(project: Project) -> None:
    with pytest.raises(WozError, match="Say what is searched"):
        _found(project, "?!")
    with pytest.raises(WozError, match="no session"):
        search(project, Query(("x",), SessionId("gone")))
