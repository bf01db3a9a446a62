"""Agreement of a project's annotators, over both databases."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from storage import Project
from tests.storage.examples import CLOCK, SESSION
from ui.cli import main
from woz.annotation.edits import Edit
from woz.annotation.tier_states import moved
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S, Interval
from woz.lab.agreeing import agreement
from woz.lab.annotators import add_annotator
from woz.lab.assigning import Order, assign, take_back
from woz.lab.comparable import comparable
from woz.lab.progress import progress_of
from woz.model.annotation import Annotation
from woz.model.annotator import Annotator, AnnotatorRole
from woz.model.assignment import Assignment, Part
from woz.model.ids import AnnotationId, AnnotatorId, SchemeId, SessionId, TierId
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.own_schemes import CONVERSATION, STATES
from woz.model.plan import utc_ns_of
from woz.model.tier import Tier, TierState

PEOPLE = ("ada", "ben", "cleo")


def _annotate(project: Project, name: str, label: str, version: int = 1, session: SessionId = SESSION.id) -> None:
    person, key = AnnotatorId(name), name if session == SESSION.id else f"{name} {session}"
    project.annotators.save(Annotator(person, name.capitalize()))
    made = Made(Origin.MANUAL, name)
    tier = Tier(TierId(key), session, CONVERSATION.id, version, STATES, "States", made, person)
    spans = [(0, "trainee"), (1, label), (2, "expert")]
    marks = tuple(
        Annotation(AnnotationId(f"{key}{i}"), tier.id, i * NS_PER_S, (i + 1) * NS_PER_S, what, made)
        for i, what in spans
    )
    project.annotations.record(session, Edit("Annotate", (), (tier, *marks)), name)


def test_pairs_are_those_who_annotated_the_same_session(project: Project) -> None:
    with pytest.raises(WozError, match="No two annotators"):
        agreement(project, STATES)
    for name, label in zip(PEOPLE, ("both", "none", "both"), strict=True):
        _annotate(project, name, label)
    project.annotators.save(Annotator(AnnotatorId("boss"), "Boss"))
    found = agreement(project, STATES)
    assert found.together
    assert [each.names for each in found.together.sessions] == [("Ada", "Ben", "Cleo")]
    assert agreement(project, STATES, annotators=["Ada", "Ben", "Boss"]).together is None
    assert [(pair.one, pair.other) for pair in found.pairs] == [("Ada", "Ben"), ("Ada", "Cleo"), ("Ben", "Cleo")]
    assert [pair.sessions[0].hits[0.5].f1 for pair in found.pairs] == pytest.approx([2 / 3, 1, 2 / 3])
    assert found.names["none"] == "Nobody speaks"
    (named,) = agreement(project, STATES, SESSION.id, ["Cleo", "Ada"]).pairs
    assert (named.one, named.other) == ("Cleo", "Ada")


def test_a_tier_that_is_assigned_and_not_begun_is_no_coding(project: Project) -> None:
    _annotate(project, "ada", "both")
    boss = add_annotator(project, "C01", list(AnnotatorRole))
    ben = add_annotator(project, "B01")
    work = assign(project, SESSION.id, Order(STATES, ben, boss, Part.SECOND), CLOCK)
    with pytest.raises(WozError, match="have begun a tier of type"):
        agreement(project, STATES)
    assert all(each.agreement is None for each in progress_of(project).people)
    mark = Annotation(AnnotationId("b"), work.tier_id, 0, NS_PER_S, "trainee", Made(Origin.MANUAL, ben.id))
    project.annotations.record(SESSION.id, Edit("Annotate", (), (mark,)), ben.id)
    assert [(pair.one, pair.other) for pair in agreement(project, STATES).pairs] == [("Ada", "B01")]


def test_what_was_given_in_windows_is_compared_in_these_also_once_that_was_taken_back(project: Project) -> None:
    """With the windows that are given since, and whole while the whole is; a whole that was taken back counts only
    where nothing is given anew.
    """
    _annotate(project, "ada", "both")
    boss, ben = add_annotator(project, "C01", list(AnnotatorRole)), add_annotator(project, "B01")

    def give(*windows: Interval) -> Assignment:
        return assign(project, SESSION.id, Order(STATES, ben, boss, Part.SECOND, windows), CLOCK)

    def compared() -> tuple[int, float | None]:
        (pair,) = agreement(project, STATES).pairs
        return pair.sessions[0].compared_ns, pair.sessions[0].hits[0.5].f1

    work = give(Interval(0, NS_PER_S))
    mark = Annotation(AnnotationId("b"), work.tier_id, 0, NS_PER_S, "trainee", Made(Origin.MANUAL, ben.id))
    project.annotations.record(SESSION.id, Edit("Annotate", (), (mark,)), ben.id)
    assert compared() == (NS_PER_S, 1.0)
    take_back(project, work.id, boss)
    assert compared() == (NS_PER_S, 1.0)
    work = give(Interval(NS_PER_S, 2 * NS_PER_S))
    later = replace(mark, id=AnnotationId("c"), start_ns=NS_PER_S, end_ns=2 * NS_PER_S, label="both")
    project.annotations.record(SESSION.id, Edit("Annotate", (), (later,)), ben.id)
    assert compared() == (2 * NS_PER_S, 1.0)
    take_back(project, work.id, boss)
    assert compared() == (2 * NS_PER_S, 1.0)
    whole = give()
    for given in (True, False):
        (pair,) = agreement(project, STATES).pairs
        assert pair.sessions[0].windows == ()
        if given:
            take_back(project, whole.id, boss)
    give(Interval(0, NS_PER_S))
    assert compared() == (2 * NS_PER_S, 1.0)


def test_windows_are_compared_up_to_the_sessions_end(project: Project) -> None:
    """They may have been given before that was known; who has nothing before it is not compared."""
    _annotate(project, "ada", "both")
    boss = add_annotator(project, "C01", list(AnnotatorRole))
    for name, start_s in (("B01", 2), ("B02", 5)):
        who, window = add_annotator(project, name), Interval(start_s * NS_PER_S, 9 * NS_PER_S)
        work = assign(project, SESSION.id, Order(STATES, who, boss, Part.SECOND, (window,)), CLOCK)
        made = Made(Origin.MANUAL, who.id)
        span = start_s * NS_PER_S, (start_s + 1) * NS_PER_S
        mark = Annotation(AnnotationId(name), work.tier_id, *span, "expert", made)
        project.annotations.record(SESSION.id, Edit("Annotate", (), (mark,)), who.id)
    project.sessions.save(replace(SESSION, duration_ns=3 * NS_PER_S))
    (pair,) = agreement(project, STATES).pairs
    assert (pair.one, pair.other) == ("Ada", "B01")
    assert (pair.sessions[0].compared_ns, pair.sessions[0].hits[0.5].f1) == (NS_PER_S, 1.0)


def test_a_scheme_that_changed_between_first_and_second_coding_is_told(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    project.schemes.add(replace(CONVERSATION, version=2))
    _annotate(project, "ada", "both")
    _annotate(project, "ben", "both", version=2)
    assert agreement(project, STATES).versions == (1, 2)
    assert main(["agree", str(project.path), "--tier-type", STATES]) == 0
    assert "Their tiers are in versions 1, 2 of the scheme." in capsys.readouterr().out


def test_a_scheme_that_is_named_names_its_labels_itself(project: Project) -> None:
    for name in ("ada", "ben"):
        _annotate(project, name, "none")
    (states,) = CONVERSATION.tier_types
    labels = tuple(replace(each, names={"en": f"Call: {each.key}"}) for each in states.labels)
    calls = replace(CONVERSATION, id=SchemeId("calls"), name="Z", tier_types=(replace(states, labels=labels),))
    project.schemes.add(calls)
    assert agreement(project, f"{CONVERSATION.id}/{STATES}").names["none"] == "Nobody speaks"
    with pytest.raises(WozError, match="No two annotators"):
        agreement(project, f"calls/{STATES}")


def test_codings_in_two_schemes_are_not_compared_though_type_and_labels_have_the_same_ids(project: Project) -> None:
    project.schemes.add(replace(CONVERSATION, id=SchemeId("calls"), name="Z"))
    for name in PEOPLE:
        _annotate(project, name, "none")
    tiers = {each.id: each for each in project.annotations.load(SESSION.id) if isinstance(each, Tier)}
    cleos = tiers[TierId("cleo")]
    project.annotations.record(
        SESSION.id, Edit("Code otherwise", (cleos,), (replace(cleos, scheme_id=SchemeId("calls")),)), "cleo"
    )
    own = f"{CONVERSATION.id}/{STATES}"
    with pytest.raises(WozError, match=f"several schemes were begun; name one: calls/{STATES}, {own}"):
        agreement(project, STATES)
    assert [(pair.one, pair.other) for pair in agreement(project, own).pairs] == [("Ada", "Ben")]
    assert [each.tier_type for each in comparable(project.library.sessions())] == [own]
    assert [each.agreement for each in progress_of(project).people][2] is None


def test_the_command_answers(sqlite_project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    for name, label in zip(PEOPLE, ("both", "none", "both"), strict=True):
        _annotate(sqlite_project, name, label)
    command = ["agree", str(sqlite_project.path), "--tier-type", STATES, "--annotators", "Ada", "Ben"]
    assert main([*command, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["drift_agreed"] == {"offset_s": 0.25, "other_label": 0.1, "pairs": 20}
    (pair,) = answer["pairs"]
    assert (pair["annotators"], pair["drifting"]) == (["Ada", "Ben"], [])
    assert [each["kind"] for each in pair["differences"]] == ["label"]
    assert pair["measures"]["f1@50"]["value"] == pytest.approx(2 / 3)
    assert pair["measures"]["f1@50"]["adds_up"] == "1 less the shares, 0.333"
    assert "list" not in pair["measures"]["f1@50"]
    mixed = {"one": "Both speak", "other": "Nobody speaks", "count": 1}
    assert mixed in pair["confusion"]
    assert sum(each["count"] for each in pair["confusion"]) == 3
    assert [week["confusion"] for week in pair["drift"]] == [[mixed]]
    command_of_all = ["agree", str(sqlite_project.path), "--tier-type", STATES, "--json", "--lists"]
    assert main(command_of_all) == 0
    found = json.loads(capsys.readouterr().out)
    for told in (*found["pairs"][0]["measures"].values(), *found["together"].values()):
        if told["adds_up"].startswith("1 less"):
            assert 1 - sum(card["share"] for card in told["list"]) == pytest.approx(told["value"])
    assert found["together"]["fleiss kappa"]["list"][0]["more"]
    assert main(command) == 0
    assert "Of Ada's 1 Both speak, Ben has 0; 1 Ben calls Nobody speaks." in capsys.readouterr().out
    assert main(["agree", str(sqlite_project.path), "--tier-type", "none"]) == 1
    assert "No two annotators" in capsys.readouterr().err


def test_whose_coding_is_not_submitted_yet_is_told(
    sqlite_project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("ada", "ben"):
        _annotate(sqlite_project, name, "both")
    tiers = {each.id: each for each in sqlite_project.annotations.load(SESSION.id) if isinstance(each, Tier)}
    ada = sqlite_project.annotators.named("Ada")
    sqlite_project.annotations.record(SESSION.id, moved(tiers[TierId("ada")], TierState.SUBMITTED, ada), ada.id)
    command = ["agree", str(sqlite_project.path), "--tier-type", STATES]
    assert main(command) == 0
    told = capsys.readouterr().out
    assert "Ben hasn't submitted this session yet, so these figures may change." in told
    assert "Ada hasn't" not in told
    assert main([*command, "--json"]) == 0
    (pair,) = json.loads(capsys.readouterr().out)["pairs"]
    assert pair["unsubmitted"] == {"Ada": [], "Ben": [SESSION.id]}


def test_who_has_several_tiers_of_a_session_is_told(
    sqlite_project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("ada", "ben"):
        _annotate(sqlite_project, name, "both")
    made, ben = Made(Origin.MANUAL, "ben"), AnnotatorId("ben")
    tier = Tier(TierId("more"), SESSION.id, CONVERSATION.id, 1, STATES, "More states", made, ben)
    mark = Annotation(AnnotationId("more"), tier.id, 5 * NS_PER_S, 6 * NS_PER_S, "both", made)
    sqlite_project.annotations.record(SESSION.id, Edit("Annotate", (), (tier, mark)), ben)
    (pair,) = agreement(sqlite_project, STATES).pairs
    assert [len(side) for side in pair.sessions[0].annotations] == [3, 4]
    assert main(["agree", str(sqlite_project.path), "--tier-type", STATES]) == 0
    told = capsys.readouterr().out
    counted = "they count together, but for one that is named by its id."
    assert f"Ben has several tiers of this session (ben, more); {counted}" in told
    assert "Ada has several" not in told


def test_a_months_sessions_alone_are_compared(sqlite_project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """By when they were recorded (UTC): its first moment is in a month, the next one's isn't."""
    month_ns, next_ns = (utc_ns_of(day) for day in ("2023-12-01", "2024-01-01"))
    begun = {"before": month_ns - 1, "first": month_ns, "last": next_ns - 1, "after": next_ns}
    for name, start_utc_ns in begun.items():
        session = SessionId(name)
        sqlite_project.sessions.save(replace(SESSION, id=session, start_utc_ns=start_utc_ns))
        for person in ("ada", "ben"):
            _annotate(sqlite_project, person, "both", session=session)
    command = ["agree", str(sqlite_project.path), "--tier-type", STATES]
    for month, sessions in (("2023-12", ["first", "last"]), ("2024-01", ["after"]), ("2023-11", ["before"])):
        assert main([*command, "--month", month, "--json"]) == 0
        (pair,) = json.loads(capsys.readouterr().out)["pairs"]
        assert pair["sessions"] == sessions
        assert pair["starts"]["pairs"] == 3 * len(sessions)
    assert main([*command, "--month", "2023-12"]) == 0
    assert "Ada and Ben, 2 sessions" in capsys.readouterr().out
    for month, why in (("2024-02", "No two annotators"), ("2023-13", "A month is a year and a month")):
        assert main([*command, "--month", month]) == 1
        assert why in capsys.readouterr().err


def test_two_tiers_are_scored_frame_by_frame(sqlite_project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    sqlite_project.sessions.save(replace(SESSION, duration_ns=4 * NS_PER_S))
    for name, label in (("ada", "both"), ("ben", "none")):
        _annotate(sqlite_project, name, label)
    command = ["evaluate", "segments", "ada", "ben", "--project", str(sqlite_project.path), "--json"]
    assert main([*command, "--frame-rate", "10"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["frames"], found["accuracy"]) == (40, 0.75)
    assert found["f1"]["50"] == pytest.approx(2 / 3)
    assert main([*command, "--frame-rate", "0"]) == 1
    assert "frame rate" in capsys.readouterr().err
    assert main(["evaluate", "segments", "ada", "who", "--project", str(sqlite_project.path)]) == 1
    assert "no tier 'who'" in capsys.readouterr().err
