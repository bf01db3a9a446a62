"""How far each session is, and how far the lab: the same in either database."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import event

from storage import Project
from tests.storage.examples import (
    CLOCK,
    LOOSE,
    OTHER_TIER,
    SESSION,
    SID,
    TRANSCRIPT,
    TURN,
    moved,
    question,
    segment,
)
from woz.annotation.edits import Edit
from woz.base.errors import WozError
from woz.base.interval import Interval
from woz.lab.annotators import add_annotator
from woz.lab.assigning import Order, assign, take_back
from woz.lab.library import Planned, Released
from woz.lab.people import due_in
from woz.lab.progress import plan_hours, progress_csv, progress_of, progress_words
from woz.lab.tiers import move_tier
from woz.model.assignment import Assignment, Part
from woz.model.ids import ParticipantId, SchemeId, SessionId, TierId
from woz.model.people import Consent, ConsentKind, Participant, Role
from woz.model.plan import utc_ns_of
from woz.model.session import SessionState
from woz.model.tier import TierState
from woz.model.work import Work
from woz.privacy.retention import ANY, Retention, with_rule

HOUR_NS = 3_600_000_000_000


def _consents(*kinds: ConsentKind) -> tuple[Consent, ...]:
    return tuple(Consent(kind, "2", 5) for kind in kinds)


def test_a_session_tells_who_lacks_which_consent_and_how_far_it_is(project: Project) -> None:
    ada = Participant(
        ParticipantId("p1"), "P01", Role.TRAINEE, _consents(ConsentKind.PRIVACY, ConsentKind.RECORDING)
    )
    ben = Participant(ParticipantId("p2"), "P02", Role.EXPERT, _consents(ConsentKind.PRIVACY))
    for person in (ada, ben):
        project.participants.save(person)
    project.sessions.save(replace(SESSION, participants=(ada.id, ben.id), state=SessionState.CLOSED))
    project.transcripts.add(TRANSCRIPT, [TURN])
    project.annotations.record(SID, Edit("Mark", (), (OTHER_TIER, question("q"))), "ada")
    [facts] = project.library.sessions()
    assert (facts.people, facts.lacking) == (("P01", "P02"), ("P02",))
    assert ("P02", ConsentKind.PRIVACY, 5, None) in facts.consents
    assert (facts.transcript, facts.questions, facts.accepted_questions) == ("script", 1, 0)
    assert [(tier.tier_type, tier.annotator_id) for tier in facts.tiers] == [("other", "")]


def test_a_whole_lab_takes_no_more_statements_than_one_session(project: Project) -> None:
    project.participants.save(Participant(ParticipantId("p1"), "P01", Role.TRAINEE))
    attended = replace(SESSION, participants=(ParticipantId("p1"),))
    with project.imports.begin() as taking:
        taking.session(attended)
    few = _statements(project)
    with project.imports.begin() as taking:
        for at in range(600):
            taking.session(replace(attended, id=SessionId(f"s{at:03}"), start_utc_ns=at))
    many = _statements(project)
    assert len(many) == len(few)
    shown = [facts.session.id for facts in project.library.sessions()]
    assert [one for one in shown if one != SID] == [f"s{at:03}" for at in reversed(range(600))]


def _statements(project: Project) -> list[str]:
    found: list[str] = []

    def heard(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        found.append(statement)

    engine = project.database.backend.engine
    event.listen(engine, "before_cursor_execute", heard)
    try:
        project.library.sessions()
        project.sessions.all()
    finally:
        event.remove(engine, "before_cursor_execute", heard)
    return found


def test_progress_counts_hours_once_and_by_month_and_person(project: Project) -> None:
    ada, ben = (add_annotator(project, name) for name in ("A01", "B02"))
    project.sessions.save(replace(SESSION, state=SessionState.CLOSED, duration_ns=2 * HOUR_NS))
    project.sessions.save(replace(SESSION, id=SessionId("other"), state=SessionState.CLOSED, duration_ns=HOUR_NS))
    project.transcripts.add(TRANSCRIPT, [TURN])
    mark = replace(segment("m", label="a"), tier_id=OTHER_TIER.id)
    tier = replace(OTHER_TIER, annotator_id=ada.id)
    project.annotations.record(SID, Edit("Mark", (), (tier, mark)), ada.id)
    move_tier(project, SID, tier.id, TierState.SUBMITTED, ada, "")
    coded = progress_of(project)
    assert coded.hours == {"recorded": 3.0, "transcribed": 2.0, "coded": 2.0, "reviewed": 0.0, "released": 0.0}
    assert coded.months["2023-11"] == coded.hours
    assert coded.tier_types == {"other": {"begun": 2.0, "coded": 2.0, "reviewed": 0.0}}
    move_tier(project, SID, tier.id, TierState.RETURNED, ada, "again")
    assert progress_of(project).hours["coded"] == 0.0
    [stored] = [item for item in project.annotations.load(SID) if item.id == mark.id]
    project.annotations.record(SID, Edit("Move", (stored,), (moved(stored, Interval(1, 4)),)), ben.id)  # type: ignore[arg-type]
    [own] = progress_of(project, "A01").people
    assert (own.pseudonym, own.tiers, own.done, own.changed_by_others) == ("A01", 1, 0, 1)
    assert [person.pseudonym for person in progress_of(project).people] == ["A01", "B02"]
    assert "person,A01,changed_by_others,1" in progress_csv(progress_of(project)).splitlines()
    assert (own.work_hours, own.work_per_second) == (0.0, None)
    project.work.add([Work(SID, tier.id, by, "2026-01-01", 3 * HOUR_NS) for by in (ada.id, ben.id)])
    assert [person.work_hours for person in progress_of(project).people] == [3.0, 3.0]
    move_tier(project, SID, tier.id, TierState.SUBMITTED, ada, "")
    [own] = progress_of(project, "A01").people
    assert own.work_per_second == 1.5
    assert "3.0 h of work, 1.5 s for a second of what is done" in progress_words(progress_of(project))
    assert "person,A01,work_hours,3.0" in progress_csv(progress_of(project)).splitlines()
    project.work.measure(False)
    unmeasured = progress_of(project)
    assert {(one.work_hours, one.work_per_second) for one in unmeasured.people} == {(None, None)}
    assert "h of work" not in progress_words(unmeasured)
    assert "work_" not in progress_csv(unmeasured)
    with pytest.raises(WozError, match=r"no annotator Z.*woz annotators add PROJECT"):
        progress_of(project, "Z")


def test_who_codes_windows_is_counted_with_these_alone(project: Project) -> None:
    boss, ben = (add_annotator(project, name) for name in ("A01", "B02"))
    project.sessions.save(replace(SESSION, state=SessionState.CLOSED, duration_ns=2 * HOUR_NS))
    windows = (Interval(0, HOUR_NS // 4), Interval(HOUR_NS, HOUR_NS + HOUR_NS // 4))
    given = assign(project, SID, Order(f"{LOOSE.id}/other", ben, boss, Part.SECOND, windows), CLOCK)
    move_tier(project, SID, given.tier_id, TierState.SUBMITTED, ben, "")
    project.work.add([Work(SID, given.tier_id, ben.id, "2026-01-01", HOUR_NS)])
    [own] = progress_of(project, "B02").people
    assert (own.done, own.hours_done, own.work_per_second) == (1, 0.5, 2.0)
    whole = assign(project, SID, Order(f"{LOOSE.id}/any", ben, boss), CLOCK)
    move_tier(project, SID, whole.tier_id, TierState.SUBMITTED, ben, "")
    [own] = progress_of(project, "B02").people
    assert (own.done, own.hours_done, own.work_per_second) == (2, 2.0, 2.0)


def test_work_that_was_taken_back_is_counted_with_its_windows(project: Project) -> None:
    """With those that were given since, each stretch once; with all of it where the whole was given, too."""
    boss, ben = (add_annotator(project, name) for name in ("A01", "B02"))
    project.sessions.save(replace(SESSION, state=SessionState.CLOSED, duration_ns=2 * HOUR_NS))

    def give(*windows: Interval) -> Assignment:
        return assign(project, SID, Order(f"{LOOSE.id}/other", ben, boss, Part.SECOND, windows), CLOCK)

    def hours() -> float:
        [own] = progress_of(project, "B02").people
        return own.hours_done

    given = give(Interval(0, HOUR_NS // 2))
    move_tier(project, SID, given.tier_id, TierState.SUBMITTED, ben, "")
    take_back(project, given.id, boss)
    assert hours() == 0.5
    again = give(Interval(HOUR_NS // 4, HOUR_NS))
    assert again.tier_id == given.tier_id
    assert hours() == 1.0
    take_back(project, again.id, boss)
    assert hours() == 1.0
    whole = give()
    assert hours() == 2.0
    take_back(project, whole.id, boss)
    give(Interval(0, HOUR_NS // 2))
    assert hours() == 2.0


def test_hours_of_two_schemes_whose_tier_types_have_one_key_stand_apart(project: Project) -> None:
    ada = add_annotator(project, "A01")
    project.sessions.save(replace(SESSION, state=SessionState.CLOSED, duration_ns=2 * HOUR_NS))
    project.schemes.add(replace(LOOSE, id=SchemeId("second"), name="Second"))
    own = replace(OTHER_TIER, annotator_id=ada.id)
    alone = replace(own, id=TierId("alone"), tier_type="any")
    second = replace(own, id=TierId("second"), scheme_id=SchemeId("second"))
    project.annotations.record(SID, Edit("Mark", (), (own, alone, second)), ada.id)
    move_tier(project, SID, second.id, TierState.SUBMITTED, ada, "")
    found = progress_of(project)
    assert found.tier_types == {
        "any": {"begun": 2.0, "coded": 0.0, "reviewed": 0.0},
        f"{LOOSE.id}/other": {"begun": 2.0, "coded": 0.0, "reviewed": 0.0},
        "second/other": {"begun": 2.0, "coded": 2.0, "reviewed": 0.0},
    }
    assert "  second/other: 2.0 h begun, 2.0 h coded, 0.0 h reviewed" in progress_words(found).splitlines()
    assert "tier_type,second/other,coded_hours,2.0000" in progress_csv(found).splitlines()


def test_progress_tells_what_is_planned_and_released_and_how_people_agree(project: Project) -> None:
    ada, ben = (add_annotator(project, name) for name in ("A01", "B02"))
    project.sessions.save(replace(SESSION, state=SessionState.CLOSED, duration_ns=2 * HOUR_NS))
    for who, end_s in ((ada, 4), (ben, 5)):
        tier = replace(OTHER_TIER, id=TierId(f"of {who.pseudonym}"), annotator_id=who.id)
        same = replace(segment(f"same {who.pseudonym}", 1, end_s, label="a"), tier_id=tier.id)
        own = replace(segment(f"own {who.pseudonym}", 10 * end_s, 10 * end_s + 1, label="b"), tier_id=tier.id)
        project.annotations.record(SID, Edit("Mark", (), (tier, same, own)), who.id)
    early, late = utc_ns_of("2026-02-01"), utc_ns_of("2026-04-01")
    project.releases.add(Released("lamps", "1.1.0", "/away/lamps", late, (SID,)))
    project.releases.add(Released("lamps", "1.0.0", "/away/lamps", early, (SID,)))
    assert [each.version for each in project.releases.all()] == ["1.0.0", "1.1.0"]
    project.releases.add(Released("lamps", "1.0.0", "/here/lamps", late + 1, ()))
    project.releases.add(Released("lamps", "1.0.0", "/here/lamps", late + 2, (), "session", {SID: "train"}))
    places = [(each.version, each.path, each.made_utc_ns) for each in project.releases.all()]
    assert places[0] == ("1.0.0", "/away/lamps", early)
    assert places[2:] == [("1.0.0", "/here/lamps", late + 2)]
    assert [(each.split_by, each.groups) for each in project.releases.all()][1:] == [
        ("", {}),
        ("session", {SID: "train"}),
    ]
    plan_hours(project, 8, "2027-03")
    found = progress_of(project)
    assert found.hours["released"] == 2.0
    assert found.months["2026-02"]["released"] == 2.0
    assert "2026-04" not in found.months
    assert found.planned == Planned(8, "2027-03")
    assert [person.agreement for person in found.people] == [0.5, 0.5]
    assert "8 h are planned by the end of 2027-03, 2.0 h are recorded." in progress_words(found)
    lines = progress_csv(found).splitlines()
    assert "project,2027-03,planned_hours,8.0000" in lines
    assert "person,A01,agreement,0.5" in lines
    project.work.measure(False)
    assert not progress_of(project).measured
    for hours, month in ((0.0, ""), (float("nan"), ""), (8.0, "2027-13"), (8.0, "soon")):
        with pytest.raises(WozError):
            plan_hours(project, hours, month)
    project.keeping.plan(None)
    assert progress_of(project).planned is None


def test_retention_is_kept_and_what_is_due_is_told(project: Project) -> None:
    ended = Consent(ConsentKind.RECORDING, "1", utc_ns_of("2023-11-01"), utc_ns_of("2024-11-01"))
    endless = Consent(ConsentKind.PRIVACY, "1", utc_ns_of("2023-11-01"))
    person = Participant(ParticipantId("p"), "P01", Role.TRAINEE, (endless, ended))
    project.participants.save(person)
    assert project.participants.get(person.id).consents == (endless, ended)
    project.sessions.save(replace(SESSION, participants=(person.id,)))
    kept = with_rule(with_rule(Retention(), ANY, 24), "Proactive", 6)
    project.keeping.set_retention(kept)
    assert project.keeping.retention() == kept
    told = due_in(project, utc_ns_of("2024-12-01"))
    assert [(each.person, each.sessions) for each in told] == [("P01", (SID,))]
    assert "consent to recording (version 1) ended" in told[0].why
    later = due_in(project, utc_ns_of("2026-12-01"))
    assert [each.why for each in later][1:] == ["sessions without a protocol: kept for 24 months"]
    renewed = replace(ended, version="2", given_utc_ns=utc_ns_of("2024-10-01"), until_utc_ns=None)
    project.participants.save(replace(person, consents=(endless, ended, renewed)))
    assert due_in(project, utc_ns_of("2024-12-01")) == ()
