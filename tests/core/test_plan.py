"""What is settled before a session, and what the consents then allow."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from woz.base.errors import WozError
from woz.capture.tabletop import PROCEDURE
from woz.model.ids import ParticipantId
from woz.model.people import Attendance, Consent, ConsentKind, Experience, Role
from woz.model.plan import (
    Person,
    Plan,
    consent_of,
    day_of,
    is_language,
    is_pseudonym,
    person_of,
    problems,
    protocol_named,
    with_consent,
)
from woz.model.protocol import ON_DEMAND, Protocol
from woz.privacy.consent import allows, demand, lacking

TRAINEE = Attendance(ParticipantId("t"), Role.TRAINEE)
NOW = 1_700_000_000_000_000_000


def _person(text: str, role: Role = Role.TRAINEE) -> Person:
    return person_of(role, text, (), NOW)


def test_a_person_of_one_line() -> None:
    person = _person("P01, experience=12, skill=4, languages=it+de-CH, privacy=1, release=2@2026-03-01")
    attendance, participant = person.attendance, person.participant
    assert (attendance.experience, attendance.times, attendance.skill) == (Experience.OFTEN, 12, 4)
    assert attendance.participant_id == participant.id
    assert participant.languages == ("it", "de-CH")
    assert participant.consents[0] == Consent(ConsentKind.PRIVACY, "1", NOW)
    assert day_of(participant.consents[1].given_utc_ns) == "2026-03-01"


def test_what_is_known_of_somebody_is_kept() -> None:
    known = _person("P01,languages=it,privacy=1").participant
    again = person_of(Role.OTHER, "P01,recording=1,experience=some", (known,), NOW)
    assert again.participant.id == known.id
    assert again.participant.languages == ("it",)
    assert {consent.kind for consent in again.participant.consents} == {ConsentKind.PRIVACY, ConsentKind.RECORDING}
    assert (again.attendance.role, again.attendance.experience) == (Role.OTHER, Experience.SOME)


@pytest.mark.parametrize(
    "text", ["", ",skill=3", "P01,skill=11", "P01,skill=-1", "P01,experience=much", "P01,release=", "P01,shoe=9"]
)
def test_what_is_no_person_is_told(text: str) -> None:
    with pytest.raises(WozError):
        _person(text)
    with pytest.raises(WozError, match="no date"):
        _person("P01,release=1@tomorrow")


@pytest.mark.parametrize(
    ("tag", "formed"), [("en", True), ("de-CH-1996", True), ("", False), ("English!", False), ("italiano", False)]
)
def test_language_tags(tag: str, formed: bool) -> None:
    assert is_language(tag) == formed


@pytest.mark.parametrize("code", ["P07", "T1", "S-12", "E-1", "t_12", "Ø3", "7", "ABCD", "X", "P" * 15 + "1"])
def test_a_short_code_is_a_pseudonym(code: str) -> None:
    assert is_pseudonym(code)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Anna Rossi",
        "Anna\tRossi",
        "Anna",
        "AnnaRossi",
        "anna",
        "ANNAR",
        "A-B",
        "P" * 16 + "1",
        "P01/2",
        "../P01",
        "-P01",
        "P01;",
    ],
)
def test_a_name_is_no_pseudonym(name: str) -> None:
    assert not is_pseudonym(name)
    plan = Plan(PROCEDURE, people=(Person(replace(_person("P01").participant, pseudonym=name), TRAINEE),))
    assert [text for text in problems(plan) if "short code such as P07" in text]


def test_who_is_known_already_keeps_their_pseudonym() -> None:
    old = _person("Anna")
    plan = Plan(PROCEDURE, people=(old,))
    assert problems(plan)
    assert problems(plan, known=(old.participant,)) == []


def test_a_plan_says_what_it_lacks() -> None:
    trainee, expert = _person("P01,languages=en"), _person("E01", Role.EXPERT)
    good = Plan(PROCEDURE, people=(trainee, expert))
    assert problems(good) == []
    assert any("trainee" in text for text in problems(replace(good, people=(expert,))))
    assert any("twice" in text for text in problems(replace(good, people=(trainee, trainee))))
    assert any("language" in text for text in problems(replace(good, people=(_person("P01,languages=?"),))))
    assert any("protocol" in text for text in problems(replace(good, protocol=Protocol("Own", " ", "1"))))
    assert any("version" in text for text in problems(replace(good, protocol=Protocol("Own", "Talk.", ""))))
    assert any("procedure" in text for text in problems(replace(good, procedure=replace(PROCEDURE, name=""))))
    gone = replace(trainee, participant=replace(trainee.participant, withdrawn=True))
    assert any("withdrawn" in text for text in problems(replace(good, people=(gone,))))


def test_protocols_by_name_and_from_a_file(tmp_path: Path) -> None:
    for name in ("on-demand", "On demand", "ON-DEMAND"):
        assert protocol_named(name) == ON_DEMAND
    file = tmp_path / "Ours.txt"
    file.write_text("Wait five seconds.\n")
    assert protocol_named(str(file), "3") == Protocol("Ours", "Wait five seconds.", "3")
    for name, version in ((str(file), ""), (str(tmp_path / "none.txt"), "1")):
        with pytest.raises(WozError, match="protocol"):
            protocol_named(name, version)


def test_consents_are_kept_by_version() -> None:
    first, second = (consent_of(ConsentKind.RELEASE, text, NOW) for text in ("1@2026-01-01", "2@2026-02-01"))
    assert with_consent((second,), first) == (first, second)
    later = replace(first, given_utc_ns=NOW)
    assert with_consent((first, second), later) == (later, second)


def test_a_consent_allows_what_it_names_and_a_withdrawal_nothing() -> None:
    signed, other = (_person(text).participant for text in ("P01,release=1", "P02,recording=1"))
    assert allows(signed, ConsentKind.RELEASE)
    assert lacking((signed, other), ConsentKind.RELEASE) == ("P02",)
    demand((signed,), ConsentKind.RELEASE, "exported")
    with pytest.raises(
        WozError, match=r"on record for P02\. .* enter it: woz consent PROJECT P02,release=VERSION\."
    ):
        demand((signed, other), ConsentKind.RELEASE, "exported")
    with pytest.raises(WozError, match=r"P01, P02\. .* for each: woz consent PROJECT P01,transcription=VERSION\."):
        demand((signed, other), ConsentKind.TRANSCRIPTION, "transcribed")
    with pytest.raises(WozError, match="P01 has withdrawn"):
        demand((replace(signed, withdrawn=True),), ConsentKind.RELEASE, "exported")
