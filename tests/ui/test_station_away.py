"""A station whose project can't be reached: it records, keeps all it was told, and loses no form."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from storage import Project
from tests.ui.test_windows import Seat
from ui.application.background import waited
from ui.application.bridge import Bridge
from ui.station.consent_question import ConsentQuestion
from ui.station.keeping import Keeper, offered_version
from ui.station.run import insisted, plan_after
from ui.station.window import UNKEPT, StationWindow
from woz.base.clock import ManualClock
from woz.base.errors import UnreachableError, WozError
from woz.lab.planning import PlanOptions, draft, plan_anew, planned_session, save_plan
from woz.lab.recovering import recover_project
from woz.lab.taking_in import take_in
from woz.link.ends.link_state import LinkState
from woz.live.seats.station_seat import StationPhase, StationStatus
from woz.model.people import ConsentKind
from woz.model.plan import Plan
from woz.model.session import Session, SessionState
from woz.recording.folder.manifest import Manifest
from woz.recording.folder.session_folder import SessionFolder

CLOCK = ManualClock(utc_ns=1_772_000_000_000_000_000)
AWAY = "The server doesn't answer; look whether it runs."
LOCKED = "Another program writes to the project; end it, or wait until it is done."
READY = StationStatus(StationPhase.READY, LinkState.WAITING)
RECORDING = replace(READY, phase=StationPhase.RECORDING)
PATIENCE_MS = 120_000


@pytest.fixture(autouse=True)
def yes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is asked whether to close a window says yes."""
    monkeypatch.setattr("ui.station.window.sure", lambda *a: True)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "project", "Kitchen", CLOCK) as made:
        yield made


class Desk:
    """A keeper of a session that is to come, of P01 and E01, with all that it tells."""

    def __init__(self, project: Project, again_ms: int = PATIENCE_MS) -> None:
        self.plan = draft(project, PlanOptions(trainee="P01", expert="E01"), "synthetic", CLOCK.utc_ns())
        self.session = planned_session(self.plan, CLOCK)
        self.journal: list[tuple[str, str, int]] = []
        self.kept: list[Manifest] = []
        self.awaits: list[str] = []
        self.keeper = Keeper(project, self.plan, self.session, CLOCK, self._journalled, again_ms)
        self.keeper.kept.connect(self.kept.append)
        self.keeper.awaits.connect(self.awaits.append)

    def _journalled(self, name: str, version: str, given_utc_ns: int) -> None:
        self.journal.append((name, version, given_utc_ns))

    def settle(self) -> None:
        """Until all is done that was given to the keeper."""
        self.keeper._work.submit(lambda: None).result()

    def closed(self, project: Project) -> Manifest:
        """The session's folder, closed, of which the keeper isn't told."""
        folder = SessionFolder.create(project.sessions_dir, self.session.id, CLOCK.utc_ns(), "Cake")
        manifest = Manifest(self.session.id, SessionState.CLOSED, CLOCK.utc_ns(), "Cake", 65_000_000_000)
        manifest.save(folder.manifest_path)
        return manifest


def _away(*_: object) -> object:
    raise UnreachableError(AWAY)


def _recording_of(people: Project | Plan) -> dict[str, list[tuple[str, int]]]:
    known = people.participants if isinstance(people, Plan) else people.participants.all()
    return {
        person.pseudonym: [(each.version, each.given_utc_ns) for each in person.consents]
        for person in known
        if all(each.kind == ConsentKind.RECORDING for each in person.consents)
    }


def test_a_yes_of_which_the_project_can_t_be_told_is_kept_with_the_session(
    project: Project, qapp: QApplication, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It is on the plan, as a tick in the form, and in the journal once that there is."""
    desk, now = Desk(project), CLOCK.utc_ns()
    with monkeypatch.context() as gone:
        gone.setattr("ui.station.keeping.save_plan", _away)
        desk.keeper.agree(("P01",), "2.1")
        assert desk.awaits == [f"P01 agreed: that is kept once the project answers. {AWAY}"]
        assert desk.journal == []
        desk.keeper.watch(READY)
        desk.keeper.watch(RECORDING)
        desk.keeper.watch(RECORDING)
        desk.settle()
    assert AWAY.rstrip(".") in caplog.text
    assert desk.journal == [("P01", "2.1", now)]
    assert _recording_of(desk.keeper.plan) == {"P01": [("2.1", now)], "E01": []}
    assert project.participants.all() == []
    desk.keeper.close(desk.closed(project))
    desk.settle()
    qapp.processEvents()
    assert _recording_of(project) == {"P01": [("2.1", now)], "E01": []}
    assert (desk.awaits[1:], desk.kept[0].fault) == ([""], "")
    desk.keeper.end()


def test_a_yes_that_is_refused_for_another_reason_is_not_on_the_plan(
    project: Project, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(project)

    def full(*_: object) -> None:
        raise WozError("The disk is full.")

    with monkeypatch.context() as broken:
        broken.setattr("ui.station.keeping.save_plan", full)
        with pytest.raises(WozError, match="The disk is full"):
            desk.keeper.agree(("P01",), "2.1")
    assert desk.keeper.plan == desk.plan
    desk.keeper.watch(RECORDING)
    desk.keeper.end()
    assert (desk.journal, desk.awaits) == ([], [])
    assert _recording_of(project) == {"P01": [], "E01": []}


def test_what_the_project_could_not_be_told_is_told_once_it_answers(
    project: Project, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The page says first what to do, then that nothing is amiss; who was there is kept, too."""
    desk, answers = Desk(project, again_ms=1), [False]

    def perhaps(call: Callable[..., object]) -> Callable[..., object]:
        return lambda *given: call(*given) if answers[0] else _away()

    monkeypatch.setattr("ui.station.keeping.save_plan", perhaps(save_plan))
    monkeypatch.setattr("ui.station.keeping.take_in", perhaps(take_in))
    desk.keeper.watch(RECORDING)
    desk.keeper.close(desk.closed(project))
    qtbot.waitUntil(lambda: bool(desk.kept), timeout=PATIENCE_MS)
    for part in (AWAY.rstrip("."), f"--session {desk.session.id}", "woz recover", "woz consent"):
        assert part in desk.kept[0].fault
    assert desk.kept[0].fault in caplog.text
    answers[0] = True
    qtbot.waitUntil(lambda: len(desk.kept) > 1, timeout=PATIENCE_MS)
    desk.keeper.end()
    assert [each.fault for each in desk.kept[1:]] == [""]
    kept = project.sessions.get(desk.session.id)
    assert (kept.state, kept.participants) == (SessionState.CLOSED, desk.session.participants)
    assert {each.pseudonym for each in project.participants.all()} == {"P01", "E01"}


def test_before_another_session_the_project_is_told_of_the_one_that_it_could_not_be_told(
    project: Project, qapp: QApplication, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Only the station knows who was there."""
    desk = Desk(project)
    with monkeypatch.context() as gone:
        gone.setattr("ui.station.keeping.save_plan", _away)
        desk.keeper.watch(RECORDING)
        desk.keeper.close(desk.closed(project))
        desk.keeper.end()
        with pytest.raises(UnreachableError):
            waited(partial(plan_after, project, desk.keeper, another=True))
    assert project.sessions.all() == []
    again = waited(partial(plan_after, project, desk.keeper, another=True))
    kept = project.sessions.get(desk.session.id)
    assert (kept.state, kept.participants) == (SessionState.CLOSED, desk.session.participants)
    assert {each.id for each in again.participants} == set(kept.participants)
    assert "The project does not know of all of this session yet" in caplog.text


def test_a_session_that_was_recovered_meanwhile_gets_who_was_there(project: Project, qapp: QApplication) -> None:
    desk = Desk(project)
    manifest = desk.closed(project)
    assert any(desk.session.id in line for line in recover_project(project))
    assert project.sessions.get(desk.session.id).participants == ()
    desk.keeper.close(manifest)
    desk.keeper.end()
    kept = project.sessions.get(desk.session.id)
    expected = replace(desk.session, state=SessionState.CLOSED, duration_ns=65_000_000_000)
    assert _told(kept) == _told(expected)


def _told(session: Session) -> tuple[object, ...]:
    return session.participants, session.attendance, session.protocol, session.state, session.duration_ns


def test_where_the_project_can_t_be_reached_the_version_of_those_in_the_form_is_offered(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = draft(project, PlanOptions(trainee="P01,recording=2.1", expert="E01"), "synthetic", CLOCK.utc_ns())
    monkeypatch.setattr(type(project.participants), "all", _away)
    assert offered_version(project, plan) == "2.1"
    assert offered_version(project, replace(plan, people=plan.people[1:])) == "1"


def test_it_records_and_says_what_a_yes_waits_for_until_it_is_kept(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ConsentQuestion, "exec", lambda question: 1)
    seat, bridge = Seat(), Bridge()
    window: StationWindow = StationWindow(
        seat, bridge, ("P01",), agreed=lambda names, version: window.show_awaited("Waits.")
    )
    qtbot.addWidget(window)
    window._record_or_stop()
    assert seat.told == ["record"]
    window._show_status(replace(RECORDING, problem="The microphone has stalled."))
    assert window.problem == "Waits. The microphone has stalled."
    window.show_awaited("")
    assert window.problem == "The microphone has stalled."


def test_why_nothing_was_recorded_is_not_told_once_something_is(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where a program that drives the station records."""

    def full(names: tuple[str, ...], version: str) -> None:
        raise WozError("The disk is full.")

    monkeypatch.setattr(ConsentQuestion, "exec", lambda question: 1)
    window = StationWindow(Seat(), Bridge(), ("P01",), agreed=full)
    qtbot.addWidget(window)
    window._record_or_stop()
    assert window.problem == f"{UNKEPT} The disk is full."
    window._show_status(RECORDING)
    assert window.problem == ""


@pytest.mark.parametrize("goes", [True, False])
def test_back_to_the_form_asks_first_where_the_form_could_not_open(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, goes: bool
) -> None:
    asked: list[str] = []

    def sure(parent: object, question: str, do: str, leave: str, more: str = "") -> bool:
        asked.append(more)
        return goes

    monkeypatch.setattr("ui.station.window.sure", sure)
    went: list[bool] = []
    window = StationWindow(Seat(), Bridge(), away=lambda: AWAY)
    window.back.connect(lambda: went.append(True))
    qtbot.addWidget(window)
    window._go_back()
    assert went == [True] * goes
    assert len(asked) == 1
    assert asked[0].startswith(AWAY)


def test_a_form_that_can_t_open_again_waits_until_the_project_answers(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = draft(project, PlanOptions(trainee="P01", expert="E01"), "synthetic", CLOCK.utc_ns())
    faults, asked = [WozError(LOCKED), UnreachableError(AWAY)], list[str]()

    def again() -> Plan:
        if faults:
            raise faults.pop()
        return plan_anew(project, plan, another=False)

    def sure(parent: object, question: str, *more: str) -> bool:
        asked.append(question)
        return False

    monkeypatch.setattr("ui.station.run.sure", sure)
    assert insisted(again) == plan
    assert asked == [AWAY, LOCKED]
    monkeypatch.setattr("ui.station.run.sure", lambda *_: True)
    with pytest.raises(UnreachableError):
        insisted(_away)
