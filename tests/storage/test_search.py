"""Words found in all that was said, annotated, noted and asked: the same in either database."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event

from storage import Project
from storage.repositories import search as search_module
from storage.repositories import structured
from tests.storage.examples import (
    CLOCK,
    LOOSE,
    MADE,
    OTHER_TIER,
    SESSION,
    SID,
    TIER,
    TRANSCRIPT,
    TURN,
    question,
    segment,
)
from woz.annotation.edits import Edit
from woz.base.errors import WozError
from woz.base.interval import Interval
from woz.lab.annotators import add_annotator, blind
from woz.lab.search import Found, Query
from woz.lab.searching import search, terms_of
from woz.model.annotation import Annotation, Attribute
from woz.model.annotator import ANY_SCHEME, BlindScope, BlindTo
from woz.model.ids import BlindScopeId, LinkId, SchemeId, SessionId, TierId, TranscriptId, TurnId
from woz.model.item import ref_to
from woz.model.link import Link
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.people import Role
from woz.model.question import Evidence
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


@pytest.mark.parametrize("looked_through", [1, 2, 3, 100])
@pytest.mark.parametrize(("words", "limit"), [("slowly", 3), ("slowly", 50), ("", 4), ("", 50)])
def test_turns_of_the_newest_sessions_come_first_however_they_are_found(
    project: Project, monkeypatch: pytest.MonkeyPatch, looked_through: int, words: str, limit: int
) -> None:
    """Looked through session by session, by the index, or the first so and the rest so; never one of them twice."""
    monkeypatch.setattr(structured, "LOOKED_THROUGH", looked_through)
    sessions = [SessionId(f"s{at}") for at in range(3)]
    for session in sessions:
        project.sessions.save(replace(SESSION, id=session))
        transcript = replace(TRANSCRIPT, id=TranscriptId(f"{session} t"), session_id=session)
        turns = _said("take it slowly", "so", "take another", "so", "slowly now", "so")
        own = [replace(each, id=TurnId(f"{session} {each.id}"), transcript_id=transcript.id) for each in turns]
        project.transcripts.add(transcript, own)
    found = search(project, Query(terms_of(words), speaker=Role.TRAINEE, followed_by=Role.EXPERT, limit=limit))
    each_has = ["t0", "t4"] if words else ["t0", "t2", "t4"]
    wanted = [f"{session} {turn}" for session in reversed(sessions) for turn in each_has]
    assert sorted(hit.item_id for hit in found.hits) == sorted(wanted[:limit])
    assert found.more is (limit < len(wanted))


@pytest.mark.parametrize("looked_through", [1, 3, 100])
def test_the_newest_texts_come_first_however_they_are_found(
    project: Project, monkeypatch: pytest.MonkeyPatch, looked_through: int
) -> None:
    """Looked through as they lie, by the index, or the first so and the rest so; never one of them twice."""
    monkeypatch.setattr(search_module, "LOOKED_THROUGH", looked_through)
    turns = _said(*(f"take {name} slowly" for name in ("one", "two", "three", "four", "five", "six")))
    project.transcripts.add(TRANSCRIPT, turns)
    assert _ids(project, "take slowly") == ["t0", "t1", "t2", "t3", "t4", "t5"]
    found = search(project, Query(terms_of("slowly take"), limit=4))
    assert ([hit.item_id for hit in found.hits], found.more) == (["t2", "t3", "t4", "t5"], True)
    assert _ids(project, "four") == ["t3"]
    assert _ids(project, "seven") == []
    assert [
        [line.text for line in side] for hit in _found(project, "three").hits for side in (hit.before, hit.after)
    ] == [
        ["take one slowly", "take two slowly"],
        ["take four slowly", "take five slowly"],
    ]


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


def test_the_context_of_a_question_holds_its_answer(project: Project) -> None:
    project.transcripts.add(TRANSCRIPT, _said("one", "two", "which", "the long one", "five", "six"))
    asked = replace(question("q"), text="Which screw?", asked=Interval(200, 250), answered=Interval(300, 350))
    project.annotations.record(SID, Edit("Ask", (), (asked,)), "ada")
    [hit] = _found(project, "screw").hits
    assert [line.text for line in hit.before] == ["one", "two"]
    assert [line.text for line in hit.after] == ["the long one", "five"]


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


def _step(name: str, start_ns: int, end_ns: int, **attributes: str | bool) -> Annotation:
    values = tuple(Attribute(key, value) for key, value in attributes.items())
    return replace(segment(name, start_ns, end_ns, "a"), tier_id=OTHER_TIER.id, attributes=values)


def _turns_found(project: Project, **asked: Any) -> list[str]:
    return [hit.item_id for hit in search(project, Query(**asked)).hits]


def test_a_turn_within_a_step_that_is_followed_in_time(project: Project) -> None:
    """Trainee at 0, 200, 400; expert at 100, 300."""
    project.transcripts.add(TRANSCRIPT, _said("turn it", "yes", "turn it", "no", "turn it"))
    project.annotations.record(SID, Edit("Mark", (), (OTHER_TIER, _step("s", 150, 450))), "ada")
    trainee, expert = Role.TRAINEE, Role.EXPERT
    assert _turns_found(project, speaker=trainee) == ["t0", "t2", "t4"]
    assert _turns_found(project, speaker=trainee, within_step="A") == ["t2", "t4"]
    both = {"speaker": trainee, "within_step": "a", "followed_by": expert}
    assert _turns_found(project, **both, within_ns=50) == ["t2"]
    assert _turns_found(project, **both, within_ns=49) == []
    assert _turns_found(project, **both, terms=("turn",)) == ["t2"]
    assert _turns_found(project, **both, terms=("yes",)) == []
    with pytest.raises(WozError, match="has a label nowhere"):
        _turns_found(project, within_step="nowhere")
    with pytest.raises(WozError, match=r"turns .* or for annotations"):
        _turns_found(project, speaker=trainee, label="a")


def test_of_what_is_there_only_the_first_are_given(project: Project) -> None:
    project.transcripts.add(TRANSCRIPT, _said("turn it", "yes", "turn it", "no", "turn it"))
    marks = [_step(f"m{at}", at, at + 5, kind="slip") for at in (30, 10, 20)]
    project.annotations.record(SID, Edit("Mark", (), (OTHER_TIER, *marks)), "ada")
    turns = search(project, Query(speaker=Role.TRAINEE, limit=2))
    assert ([hit.item_id for hit in turns.hits], turns.more) == (["t0", "t2"], True)
    slips = search(project, Query(attributes=(("kind", "slip"),), limit=2))
    assert ([hit.item_id for hit in slips.hits], slips.more) == (["m10", "m20"], True)
    assert not search(project, Query(attributes=(("kind", "slip"),), limit=3)).more


def test_a_server_gives_no_more_than_are_wanted(server_project: Project) -> None:
    server_project.transcripts.add(TRANSCRIPT, _said(*["turn it"] * 200))
    read: list[int] = []

    def heard(_connection: object, cursor: Any, *_: object) -> None:
        read.append(cursor.rowcount)

    engine = server_project.database.backend.engine
    event.listen(engine, "after_cursor_execute", heard)
    try:
        found = search(server_project, Query(speaker=Role.TRAINEE, limit=2))
    finally:
        event.remove(engine, "after_cursor_execute", heard)
    assert len(found.hits) == 2
    assert 0 < max(read) < 100


def test_signs_of_patterns_are_no_more_than_signs(project: Project) -> None:
    """They are between words, as all that is no letter."""
    said = ("100 % sure", "1000 sure", "a_b there", "axb there", r"C:\new there", "Cnew there")
    project.transcripts.add(TRANSCRIPT, _said(*said))
    expected = {
        "100%": (["t0"], ["t1"]),
        "a_b": (["t2"], []),
        "axb": ([], ["t3"]),
        r"C:\new": (["t4"], []),
        "cnew": ([], ["t5"]),
        r"%_\ there": (["t2", "t4"], ["t3", "t5"]),
    }
    for text, (by_trainee, by_expert) in expected.items():
        assert set(_ids(project, text)) == {*by_trainee, *by_expert}, text
        for speaker, ids in ((Role.TRAINEE, by_trainee), (Role.EXPERT, by_expert)):
            found = search(project, Query(terms_of(text), speaker=speaker, limit=1))
            assert ([hit.item_id for hit in found.hits], found.more) == (ids[:1], len(ids) > 1), text


@pytest.mark.parametrize(
    ("theirs", "mine"),
    [
        each
        for pair in (("5%", "50"), ("a_b", "axb"), (r"c\d", "cd"), (r"c\\d", r"c\d"), ("G1", "g1"))
        for each in (pair, pair[::-1])
    ],
)
def test_a_question_set_is_hidden_by_the_very_segment_that_it_rests_on(
    project: Project, theirs: str, mine: str
) -> None:
    """Whatever signs its name has that mean something in patterns, or in JSON."""
    ada, ben = (add_annotator(project, name) for name in ("A01", "B02"))
    project.annotations.record(SID, Edit("Make a tier", (), (OTHER_TIER,)), "woz")
    for at, (name, by) in enumerate(((theirs, ada), (mine, ben))):
        mark = replace(segment(name, 10 * at, 10 * at + 5, "a"), tier_id=OTHER_TIER.id)
        asked = replace(question(f"on {name}"), evidence=Evidence((), (mark.id,)), made=MADE)
        project.annotations.record(SID, Edit("Mark", (), (mark, asked)), by.id)
    blind(project, "B02", SID, "other", None, BlindTo.PEOPLE)
    assert sorted(_ids(project, "how", ada.id)) == sorted([f"on {theirs}", f"on {mine}"])
    assert _ids(project, "how", ben.id) == [f"on {mine}"]


def test_mistakes_that_no_utterance_corrects(project: Project) -> None:
    project.transcripts.add(TRANSCRIPT, [TURN])
    corrected, left = _step("corrected", 0, 5, kind="slip"), _step("left", 5, 9, kind="slip", seen=True)
    other = _step("other", 9, 12, kind="lapse")
    link = Link(LinkId("l"), SID, "corrects", ref_to(TURN), ref_to(corrected), MADE)
    project.annotations.record(SID, Edit("Mark", (), (OTHER_TIER, corrected, left, other, link)), "ada")
    slips = (("kind", "slip"),)
    assert _turns_found(project, attributes=slips) == ["corrected", "left"]
    for kind in ("corrects", "any"):
        assert _turns_found(project, attributes=slips, without_link=kind) == ["left"]
    assert _turns_found(project, attributes=slips, without_link="other") == ["corrected", "left"]
    assert _turns_found(project, attributes=(("seen", "yes"),)) == ["left"]
    assert _turns_found(project, label="a", attributes=(("kind", "lapse"),)) == ["other"]
    assert _turns_found(project, attributes=(("kind", "LaPSE"),)) == ["other"], "as labels and words are found"
    assert _turns_found(project, attributes=(("kind", "laps"),)) == [], "values are whole"
    assert _turns_found(project, label="a", terms=("laps",)) == ["other"]


def test_conditions_rest_on_nothing_that_somebody_is_blind_to(project: Project) -> None:
    """Neither a step of others, nor their link, changes what is found."""
    ada, ben = (add_annotator(project, name) for name in ("A01", "B02"))
    project.transcripts.add(TRANSCRIPT, [TURN])
    own, theirs = _step("own", 50, 60), _step("theirs", 0, 40)
    link = Link(LinkId("l"), SID, "corrects", ref_to(theirs), ref_to(own), MADE)
    project.annotations.record(SID, Edit("Mark", (), (OTHER_TIER, own)), ben.id)
    project.annotations.record(SID, Edit("Mark", (), (theirs, link)), ada.id)
    blind(project, "B02", SID, "other", None, BlindTo.PEOPLE)
    assert _turns_found(project, within_step="a", by=ada.id) == ["turn"]
    assert _turns_found(project, within_step="a", by=ben.id) == []
    assert _turns_found(project, label="a", without_link="any", by=ada.id) == []
    assert _turns_found(project, label="a", without_link="any", by=ben.id) == ["own"]


@pytest.mark.parametrize("seed", range(6))
def test_the_condition_hides_what_the_rule_hides(project: Project, seed: int) -> None:
    draw = random.Random(seed)
    ada, ben = (add_annotator(project, name) for name in ("A01", "B02"))
    schemes = (LOOSE.id, SchemeId("other"))
    project.schemes.add(replace(LOOSE, id=schemes[1]))
    tiers = [
        replace(OTHER_TIER, id=TierId(f"{scheme_id}{i}"), scheme_id=scheme_id, tier_type="any", annotator_id=who)
        for scheme_id in schemes
        for i, who in enumerate((None, ada.id, ben.id))
    ]
    marks = [
        replace(
            segment(f"m{i}"),
            tier_id=draw.choice(tiers).id,
            start_ns=start,
            end_ns=draw.choice((None, start, start + draw.randrange(1, 30))),
            made=Made(draw.choice((Origin.MANUAL, Origin.MACHINE)), draw.choice((ada.id, ben.id, "model"))),
        )
        for i in range(60)
        for start in [draw.randrange(100)]
    ]
    with project.imports.begin() as taking:
        edit_id = taking.edit(SID, "In", "ada", 1)
        taking.items(edit_id, [*tiers, *marks])
    for to in BlindTo:
        start = draw.randrange(80)
        span = draw.choice((None, Interval(start, start + draw.randrange(40))))
        key, scheme_id = draw.choice(("", "any", "other")), draw.choice((ANY_SCHEME, *schemes))
        project.annotators.save_scope(BlindScope(BlindScopeId(str(to)), ben.id, SID, key, span, to, scheme_id))
    seen = {ref.id for ref in map(ref_to, project.annotations.open(SID, ben.id).items) if ref.kind == "annotation"}
    found = search(project, Query(without_link="any", by=ben.id)).hits
    assert {hit.item_id for hit in found} == seen
