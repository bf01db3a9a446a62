"""Agreement of machines, and of tiers that are named by themselves, over both databases."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from storage import Project
from tests.storage.examples import SESSION
from tests.storage.test_agreeing import _annotate
from ui.cli import main
from woz.annotation.edits import Edit
from woz.annotation.proposals.deciding import refuse, take
from woz.annotation.proposals.drafts import END_SPREAD
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S
from woz.lab.agreeing import Pair, agreement
from woz.lab.calibrating import calibrate
from woz.model.annotation import Annotation, Attribute
from woz.model.ids import AnnotationId, AnnotatorId, SessionId, TierId
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.own_schemes import CONVERSATION, STATES
from woz.model.scheme import Overlap
from woz.model.tier import Tier

MACHINE = "by-model qwen"


@pytest.fixture
def coded(project: Project) -> Project:
    """By Ada, and by Ben."""
    for name, label in (("ada", "both"), ("ben", "none")):
        _annotate(project, name, label)
    return project


def _draft(project: Project, key: str, label: str, utc_ns: int = 1, by: str = MACHINE) -> Tier:
    """As Ada has it but for one label; a machine says how far the ends may be off."""
    made = Made(Origin.MACHINE, by, utc_ns, f"run {key}")
    tier = Tier(TierId(key), SESSION.id, CONVERSATION.id, 1, STATES, "States by a model", made)
    spans = [(0, "trainee"), (1, label), (2, "expert")]
    marks = tuple(
        Annotation(
            AnnotationId(f"{key}{i}"),
            tier.id,
            i * NS_PER_S,
            (i + 1) * NS_PER_S,
            what,
            made,
            (Attribute(END_SPREAD, NS_PER_S),),
        )
        for i, what in spans
    )
    project.annotations.record(SESSION.id, Edit("Draft", (), (tier, *marks)), "woz")
    return tier


def _more(project: Project, key: str = "more") -> Tier:
    """Another tier of Ben's, where they mark one thing more."""
    made, ben = Made(Origin.MANUAL, "ben"), AnnotatorId("ben")
    tier = Tier(TierId(key), SESSION.id, CONVERSATION.id, 1, STATES, "More states", made, ben)
    mark = Annotation(AnnotationId(key), tier.id, 5 * NS_PER_S, 6 * NS_PER_S, "both", made)
    project.annotations.record(SESSION.id, Edit("Annotate", (), (tier, mark)), ben)
    return tier


def _labels(pair: Pair) -> list[list[str]]:
    (session,) = pair.sessions
    return [[mark.label for mark in sorted(side, key=lambda each: each.interval)] for side in session.annotations]


def test_a_machine_is_compared_where_it_is_named_and_is_no_annotator(coded: Project) -> None:
    _draft(coded, "draft", "both")
    assert [(pair.one, pair.other) for pair in agreement(coded, STATES).pairs] == [("Ada", "Ben")]
    (pair,) = agreement(coded, STATES, annotators=[MACHINE, "Ada"]).pairs
    assert (pair.one, pair.other, pair.sessions[0].hits[0.5].f1) == (MACHINE, "Ada", 1.0)
    found = agreement(coded, STATES, annotators=["Ada", "Ben", MACHINE])
    assert found.together
    assert [each.names for each in found.together.sessions] == [("Ada", "Ben", MACHINE)]
    assert found.unsubmitted[SESSION.id] == {"Ada", "Ben"}


def test_a_draft_is_compared_as_it_was_drafted(coded: Project) -> None:
    """Whatever became of it: what was taken or refused is no longer in its tier."""
    draft = _draft(coded, "draft", "both")
    marks = sorted((m for m in coded.annotations.load(SESSION.id) if isinstance(m, Annotation)), key=lambda m: m.id)
    first, second, _ = (mark for mark in marks if mark.tier_id == draft.id)
    taken = take(first, _more(coded), [], Overlap.ANY, AnnotationId("taken"))
    for edit in (taken, refuse(second)):
        coded.annotations.record(SESSION.id, edit, "ben")
    (pair,) = agreement(coded, STATES, annotators=["Ada", MACHINE]).pairs
    assert _labels(pair) == [["trainee", "both", "expert"]] * 2
    assert not any(mark.attributes for mark in pair.sessions[0].annotations[1])


def test_of_a_machines_several_drafts_the_last_counts_and_that_is_told(
    coded: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    _draft(coded, "late", "both", 2)
    _draft(coded, "early", "none", 1)
    (pair,) = agreement(coded, STATES, annotators=["Ada", MACHINE]).pairs
    assert _labels(pair)[1] == ["trainee", "both", "expert"]
    command = ["agree", str(coded.path), "--tier-type", STATES, "--annotators", "Ada"]
    assert main([*command, MACHINE]) == 0
    told = capsys.readouterr().out
    assert f"{MACHINE} made several tiers of this session; those that it made last count." in told
    assert main([*command, "early", "late", "--json"]) == 0
    pairs = json.loads(capsys.readouterr().out)["pairs"]
    named = [f"{MACHINE} ({key})" for key in ("early", "late")]
    assert [each["annotators"] for each in pairs] == [["Ada", named[0]], ["Ada", named[1]], named]
    assert pairs[2]["tiers"] == {
        who: {SESSION.id: [key]} for who, key in zip(named, ("early", "late"), strict=True)
    }
    assert [each["measures"]["f1@50"]["value"] for each in pairs] == pytest.approx([2 / 3, 1, 2 / 3])


def test_two_tiers_of_one_person_are_told_apart_by_their_ids(
    coded: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    """The one that is named counts for itself, and no longer with the rest."""
    _more(coded)
    command = ["agree", str(coded.path), "--tier-type", STATES, "--json"]
    assert main(command) == 0
    (pair,) = json.loads(capsys.readouterr().out)["pairs"]
    assert pair["tiers"] == {"Ada": {SESSION.id: ["ada"]}, "Ben": {SESSION.id: ["ben", "more"]}}
    assert any("(ben, more); they count together" in each for each in pair["words"])
    assert main([*command, "--annotators", "Ada", "Ben", "more"]) == 0
    pairs = json.loads(capsys.readouterr().out)["pairs"]
    assert [each["annotators"] for each in pairs] == [["Ada", "Ben"], ["Ada", "Ben (more)"], ["Ben", "Ben (more)"]]
    assert [list(each["tiers"].values()) for each in pairs] == [
        [{SESSION.id: [one]}, {SESSION.id: [other]}]
        for one, other in (("ada", "ben"), ("ada", "more"), ("ben", "more"))
    ]
    assert not any("count together" in words for each in pairs for words in each["words"])
    assert [each["starts"]["pairs"] for each in pairs] == [3, 0, 0]


def test_ids_that_begin_alike_are_told_in_full(coded: Project) -> None:
    for key in ("12345678a", "12345678b"):
        _more(coded, key)
    (pair,) = agreement(coded, STATES, annotators=["12345678a", "12345678b"]).pairs
    assert (pair.one, pair.other) == ("Ben (12345678a)", "Ben (12345678b)")
    (pair,) = agreement(coded, STATES, annotators=["Ada", "12345678b"]).pairs
    assert pair.other == "Ben (12345678)"


def test_a_name_that_nothing_has_is_refused(coded: Project) -> None:
    """So is a machine, or a tier, that no session has that is asked for; and where a person is to be named."""
    draft = _draft(coded, "draft", "both")
    other = SessionId("other")
    coded.sessions.save(replace(SESSION, id=other))
    for names, where in ((["Ada", "Cleo"], None), (["Ada", draft.id], other), ([MACHINE, "Ada"], other)):
        with pytest.raises(WozError, match=f"no annotator {names[0] if names[0] != 'Ada' else names[1]}, and what"):
            agreement(coded, STATES, where, names)
    with pytest.raises(WozError, match="no annotator draft;"):
        calibrate(coded, draft.id, STATES, reference="Ada")


def test_the_tiers_of_a_session_are_listed_with_the_machine_that_made_them(
    coded: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    _draft(coded, "draft", "both")
    command = ["tiers", str(coded.path), "--session", SESSION.id]
    assert main(command) == 0
    assert f"a machine’s ({MACHINE})" in capsys.readouterr().out
    assert main([*command, "--json"]) == 0
    tiers = json.loads(capsys.readouterr().out)["tiers"]
    assert {each["id"]: each["machine"] for each in tiers} == {"ada": "", "ben": "", "draft": MACHINE}
