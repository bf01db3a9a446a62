"""From the command line to the project: plans, consents, and what they bar."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from storage import Project
from ui.application.devices import Devices
from ui.cli import main
from ui.cli.export import FEW
from ui.station.keeping import Keeper
from ui.station.options import StationOptions
from ui.station.run import run_station
from woz.base.clock import ManualClock
from woz.base.commands import quoted
from woz.base.errors import UnreachableError, WozError
from woz.capture.tabletop import PROCEDURE
from woz.lab.consenting import consent_words, enter_attendance, enter_consents, enter_provenance
from woz.lab.exporting import export_sessions
from woz.lab.planning import PlanOptions, draft, own_protocols, plan_anew, planned_session, save_plan
from woz.lab.transcribing import Wishes, transcribe_session
from woz.model.job import JobState
from woz.model.people import ConsentKind, Role
from woz.model.plan import Plan, problems
from woz.model.protocol import ProtocolKind
from woz.model.session import Session, SessionState
from woz.recording.folder.manifest import Manifest

CLOCK = ManualClock(utc_ns=1_772_000_000_000_000_000)
SIGNED = "privacy=1,recording=1,transcription=1,release=1"


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "project", "Kitchen", CLOCK) as made:
        yield made


def _plan(project: Project, options: PlanOptions) -> Plan:
    return draft(project, options, "synthetic", CLOCK.utc_ns())


def _recorded(project: Project, trainee: str) -> Session:
    plan = _plan(project, PlanOptions(trainee=trainee, expert=f"E01,{SIGNED}"))
    save_plan(project, plan)
    session = planned_session(plan, CLOCK)
    project.sessions.save(session)
    return session


def test_a_plan_comes_back_from_the_project(project: Project, tmp_path: Path) -> None:
    steps, rules = tmp_path / "Cake.txt", tmp_path / "Rules.txt"
    steps.write_text("Mix\nBake\n")
    rules.write_text("Wait five seconds.")
    options = PlanOptions(
        steps=steps,
        scenario="A cold oven.",
        protocol=str(rules),
        protocol_version="2",
        pointing_allowed=True,
        cue_delay_ms=250,
        trainee=f"P01,skill=2,{SIGNED}",
        others=["O01"],
    )
    assert options.enough
    plan = _plan(project, options)
    assert problems(plan) == []
    save_plan(project, plan)
    session = planned_session(plan, CLOCK)
    project.sessions.save(session)
    kept = project.sessions.get(session.id)
    assert (kept.scenario, kept.protocol) == ("A cold oven.", plan.protocol)
    assert kept.protocol
    assert (kept.protocol.kind, kept.protocol.text) == (ProtocolKind.CUSTOM, "Wait five seconds.")
    assert [(a.role, a.skill) for a in kept.attendance] == [(Role.TRAINEE, 2), (Role.OTHER, None)]
    assert own_protocols(project) == [plan.protocol]
    again = _plan(project, PlanOptions(procedure="Cake", trainee="P01"))
    assert again.procedure == plan.procedure
    assert again.participants == plan.participants[:1]


def test_options_that_are_not_enough_or_not_understood(project: Project) -> None:
    assert not PlanOptions(trainee="P01", procedure="Cake").enough
    assert _plan(project, PlanOptions()).procedure == PROCEDURE
    with pytest.raises(WozError, match="no procedure"):
        _plan(project, PlanOptions(procedure="Cake"))
    with pytest.raises(WozError, match="cue"):
        _plan(project, PlanOptions(cue_delay_ms=-1))


def test_a_session_is_released_only_where_all_agreed(project: Project, tmp_path: Path) -> None:
    session = _recorded(project, "P01,privacy=1,transcription=1")
    with pytest.raises(WozError, match=r"may not be released.*for P01\. .*: woz consent PROJECT P01,release=V"):
        export_sessions(project, [session.id], tmp_path / "out", release=True)
    assert not (tmp_path / "out").exists()
    inside = export_sessions(project, [session.id], tmp_path / "inside", ["rttm"])
    assert len(inside.files) == 1
    assert "this lab only" in inside.warnings[0]
    enter_consents(project, "P01,release=2", (), None, CLOCK.utc_ns())
    made = export_sessions(project, [session.id], tmp_path / "out", ["rttm"], release=True)
    assert (len(made.files), made.warnings) == (1, ())
    enter_consents(project, "P01", (), True, CLOCK.utc_ns())
    with pytest.raises(WozError, match="P01 has withdrawn"):
        export_sessions(project, [session.id], tmp_path / "other", ["rttm"])


def test_a_session_with_nobody_on_record_stays_inside(project: Project, tmp_path: Path) -> None:
    session = replace(_recorded(project, ""), participants=(), attendance=())
    project.sessions.save(session)
    assert "Nobody is on record" in export_sessions(project, [session.id], tmp_path / "in", ["rttm"]).warnings[0]
    with pytest.raises(WozError, match=f"Nobody is on record.* --session {session.id} --role trainee, or"):
        export_sessions(project, [session.id], tmp_path / "out", release=True)
    with pytest.raises(WozError, match="never a name"):
        enter_attendance(project, session.id, "Anna Rossi,release=1", Role.TRAINEE, CLOCK.utc_ns())
    enter_attendance(project, session.id, "P01,release=1", Role.TRAINEE, CLOCK.utc_ns())
    assert export_sessions(project, [session.id], tmp_path / "out", ["rttm"], release=True).warnings == ()


def test_a_data_sets_licence_stands_in_the_place_of_consents(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    session = _recorded(project, "P01,recording=1")
    with pytest.raises(WozError, match="belong together"):
        enter_provenance(project, session.id, "CaptainCook4D", "")
    enter_provenance(project, session.id, "CaptainCook4D", "Apache-2.0")
    made = export_sessions(project, [session.id], tmp_path / "out", ["session"], release=True)
    facts = json.loads(made.files[0].read_text(encoding="utf-8"))
    assert (facts["source"], facts["licence"], made.warnings) == ("CaptainCook4D", "Apache-2.0", ())
    assert main(["consent", str(project.path), "--session", session.id]) == 0
    assert f"{session.id}  E01, P01; of CaptainCook4D, Apache-2.0" in capsys.readouterr().out


def test_what_is_said_of_many_sessions_is_said_once(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sessions = [_recorded(project, "P02,recording=1") for _ in range(FEW + 1)]
    command = ["export", str(project.path), "--formats", "rttm", "--all", "--out"]
    assert main([*command, str(tmp_path / "all")]) == 0
    told = capsys.readouterr()
    assert f"{len(sessions)} sessions are for this lab only. " in told.err
    assert told.err.count("for this lab only") == 1
    assert f"files of {len(sessions)} sessions in" in told.out
    assert main([*command, str(tmp_path / "out"), "--release"]) == 1
    told = capsys.readouterr()
    assert all(told.err.count(session.id) == 1 for session in sessions), "those that stay are named"


def test_the_export_of_a_project_says_what_stays_behind(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    agreed, other = _recorded(project, "P01,release=1"), _recorded(project, "P02,recording=1")
    command = ["export", str(project.path), "--formats", "rttm", "--out"]
    assert main([*command, str(tmp_path / "one")]) == 0
    assert "newest of 2 sessions" in capsys.readouterr().out
    assert main([*command, str(tmp_path / "all"), "--all"]) == 0
    assert sorted(p.name.split(".")[0] for p in (tmp_path / "all").iterdir()) == sorted([agreed.id, other.id])
    assert capsys.readouterr().err.count(other.id) == 1
    assert main([*command, str(tmp_path / "out"), "--all", "--release", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["sessions"] == [agreed.id]
    assert other.id in told["left_out"][0]
    assert [p.name.split(".")[0] for p in (tmp_path / "out").iterdir()] == [agreed.id]


def test_a_session_is_transcribed_only_where_all_agreed(project: Project, tmp_path: Path) -> None:
    session = _recorded(project, "P01,privacy=1,release=1")
    with pytest.raises(WozError, match="transcription is on record for P01"):
        transcribe_session(project, session.id, Wishes(), print)
    assert [job.state for job in project.jobs.all()] == [JobState.FAILED]
    assert project.transcripts.of_session(session.id) == []


def test_consents_are_entered_and_taken_back(project: Project) -> None:
    _recorded(project, "P01,privacy=1")
    person = enter_consents(project, "P01,release=2@2026-03-01", (), None, CLOCK.utc_ns())
    assert "public release 2 (2026-03-01)" in consent_words(person)
    less = enter_consents(project, "P01", (ConsentKind.RELEASE,), None, CLOCK.utc_ns())
    assert less == project.participants.all()[1] == replace(person, consents=person.consents[:1])
    assert "missing: recording, transcription, public release" in consent_words(less)
    with pytest.raises(WozError, match="no participant"):
        enter_consents(project, "P02,release=1", (), None, CLOCK.utc_ns())


def test_the_command_lists_consents(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["consent", str(project.path)]) == 0
    assert "no participant" in capsys.readouterr().out
    _recorded(project, "P01,privacy=1")
    assert main(["consent", str(project.path), "P01,recording=3", "--withdrawn", "--json"]) == 0
    listed = {person["pseudonym"]: person for person in json.loads(capsys.readouterr().out)}
    assert [consent["kind"] for consent in listed["P01"]["consents"]] == ["privacy", "recording"]
    assert listed["P01"]["withdrawn"]
    assert main(["consent", str(project.path), "P01", "--take-back", "recording", "--no-withdrawn"]) == 0
    assert "withdrawn" not in capsys.readouterr().out


def test_what_is_entered_of_a_session_since_it_records_stays(project: Project, qapp: QApplication) -> None:
    """It is kept as it was planned when it begins; when it closes, and as more of it comes, it is there already."""
    plan = _plan(project, PlanOptions(trainee="P01", expert="E01"))
    session = planned_session(plan, CLOCK)
    keeper = Keeper(project, plan, session, CLOCK)
    keeper._work.submit(keeper._keep_session).result()
    assert project.sessions.get(session.id) == session
    enter_attendance(project, session.id, "O01", Role.OTHER, CLOCK.utc_ns())
    enter_provenance(project, session.id, "Table tasks", "CC-BY-4.0")
    entered = project.sessions.get(session.id)
    keeper._work.submit(keeper._keep_session).result()
    assert project.sessions.get(session.id) == entered != session
    keeper.end()


def test_a_consent_that_is_taken_back_after_a_session_stays_so_in_the_form_of_the_next(
    project: Project, qapp: QApplication
) -> None:
    plan = _plan(project, PlanOptions(trainee="P01,release=1,privacy=1", expert="E01"))
    keeper = Keeper(project, plan, planned_session(plan, CLOCK), CLOCK)
    keeper._work.submit(keeper._keep_session).result()
    keeper.end()
    enter_consents(project, "P01", (ConsentKind.RELEASE,), None, CLOCK.utc_ns())
    for another in (False, True):
        trainee = plan_anew(project, keeper.plan, another).participants[0]
        assert [consent.kind for consent in trainee.consents] == [ConsentKind.PRIVACY]


def test_who_agrees_before_anything_is_recorded_is_kept_with_it(project: Project, qapp: QApplication) -> None:
    """The project knows nobody yet; of the form's people, the one who agreed has the version and the time."""
    plan = _plan(project, PlanOptions(trainee="P01", expert="E01"))
    keeper = Keeper(project, plan, planned_session(plan, CLOCK), CLOCK)
    keeper.agree(("P01",), "2.1")
    keeper.end()
    kept = {each.pseudonym: each for each in project.participants.all()}
    (consent,) = kept["P01"].consents
    assert (consent.kind, consent.version) == (ConsentKind.RECORDING, "2.1")
    assert consent.given_utc_ns == CLOCK.utc_ns()
    assert kept["E01"].consents == ()


def test_people_who_could_not_be_kept_at_the_beginning_are_kept_with_the_session_at_its_end(
    project: Project, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = _plan(project, PlanOptions(trainee="P01", expert="E01"))
    session = planned_session(plan, CLOCK)
    keeper = Keeper(project, plan, session, CLOCK)

    def away(*_: object) -> None:
        raise UnreachableError("The server doesn't answer.")

    with monkeypatch.context() as gone:
        gone.setattr("ui.station.keeping.save_plan", away)
        first = keeper._work.submit(keeper._keep_session)
        assert isinstance(first.exception(), UnreachableError)
    assert project.sessions.all() == []
    keeper._work.submit(keeper._keep_session).result()
    assert project.sessions.get(session.id) == session
    assert {each.pseudonym for each in project.participants.all()} == {"P01", "E01"}
    keeper.end()


@pytest.mark.parametrize("error", [UnreachableError("The server doesn't answer."), RuntimeError("a bug")])
def test_a_session_of_which_the_project_was_not_told_is_not_said_to_be_kept(
    project: Project,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
) -> None:
    plan = _plan(project, PlanOptions(trainee="P01", expert="E01"))
    session = planned_session(plan, CLOCK)
    keeper = Keeper(project, plan, session, CLOCK)
    kept: list[Manifest] = []
    keeper.kept.connect(kept.append)

    def away(*_: object) -> None:
        raise error

    monkeypatch.setattr("ui.station.keeping.take_in", away)
    keeper.close(Manifest(session.id, SessionState.CLOSED, 1, fault="The disk was full."))
    qtbot.waitUntil(lambda: bool(kept), timeout=120_000)
    keeper.end()
    before, told = kept[0].fault.split("; ", 1)
    assert before == "The disk was full."
    why, command = str(error).rstrip("."), f"woz recover {quoted(project.path)} --session {session.id}"
    assert told.startswith(f"The project does not know of all of this session yet ({why});")
    assert told.endswith(f"run: {command}")
    assert told in caplog.text


def test_of_a_session_that_never_opened_nothing_is_kept(tmp_path: Path) -> None:
    steps = tmp_path / "Cake.txt"
    steps.write_text("Mix\n")
    wished = PlanOptions(steps=steps, trainee="P01", protocol="proactive")
    devices = Devices("virtual", "a device that nobody has")
    with pytest.raises(WozError, match="a device that nobody has"):
        run_station(StationOptions(tmp_path / "lab", "synthetic?size=192", devices, "127.0.0.1", plan=wished))
    with Project.open(tmp_path / "lab", CLOCK) as kept:
        assert kept.participants.all() == []
        assert kept.procedures.all() == []
