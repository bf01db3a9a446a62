"""What a bystander asked to keep out, and what should have gone by now, goes into no release."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QMainWindow, QPushButton
from pytestqt.qtbot import QtBot

from storage import Project
from tests.core.release_room import S, question
from tests.ui.answers import answer_of
from tests.ui.release_lab import CLOCK, KEY, make_lab
from ui.cli import main
from ui.station.bystander_button import NOT_KEPT, BystanderButton
from woz.annotation.edits import Edit
from woz.annotation.live_events import live_items
from woz.annotation.live_scheme import KEPT_OUT
from woz.base.errors import WozError
from woz.base.interval import Interval
from woz.dataset.models.endpoint import Endpoint
from woz.lab.exporting import export_sessions
from woz.lab.library import Released
from woz.lab.people import release_lines
from woz.lab.proposing import Drafting, refuse_sending
from woz.lab.sending import staying
from woz.model.annotation import Annotation
from woz.model.events import Event, EventKind
from woz.model.people import Consent, ConsentKind


@pytest.fixture
def lab(tmp_path: Path) -> Path:
    return make_lab(tmp_path / "lab")


def _ask(lab: Path, spans: Sequence[tuple[float, float]]) -> None:
    events = [
        Event(round(t * S), EventKind.BYSTANDER, "station", {"asked": on})
        for span in spans
        for t, on in zip(span, (True, False), strict=True)
    ]
    with Project.open(lab, CLOCK) as project:
        project.schemes.keep(KEPT_OUT)
        items = live_items(project.sessions.get(KEY), events)
        project.annotations.record(KEY, Edit("Take in", (), items), "woz")


def test_a_question_in_a_kept_out_stretch_is_left_out_and_told(
    lab: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    away = question(KEY, "b", clip=Interval(0, S), answered=Interval(0, S), asked_ns=S, answer="It.")
    with Project.open(lab, CLOCK) as project:
        project.annotations.record(KEY, Edit("Write", (), (away,)), "woz")
    assert main(["release", "build", str(lab), "all", "--out", str(tmp_path / "all"), "--without-clips"]) == 0
    assert len(list(_records(tmp_path / "all"))) == 2
    with Project.open(lab, CLOCK) as project:
        [one] = [each for each in project.releases.all() if each.name == "all"]
        assert (one.version, one.path, one.sessions) == ("1.0.0", str(tmp_path / "all"), (KEY,))
        _mark(project, Interval(5 * S, 6 * S))
    out = tmp_path / "less"
    capsys.readouterr()
    told = answer_of(capsys, "release", "build", lab, "less", "--out", out, "--without-clips", "--json")
    assert told["left_out"]["questions"]["a stretch that is kept out of releases touches them"] == 1
    assert [each["id"] for each in _records(out)] == [f"{KEY}-b"]
    for path in out.rglob("*"):
        if path.is_file():
            assert "red one" not in path.read_text(encoding="utf-8", errors="replace")


def _mark(project: Project, span: Interval) -> None:
    items = live_items(project.sessions.get(KEY), [Event(0, EventKind.BYSTANDER, "station", {"asked": True})])
    tier, stretch = items
    project.schemes.keep(KEPT_OUT)
    assert isinstance(stretch, Annotation)
    moved = replace(stretch, start_ns=span.start_ns, end_ns=span.end_ns)
    project.annotations.record(KEY, Edit("Mark", (), (tier, moved)), "woz")


def _records(release: Path) -> list[dict[str, object]]:
    files = sorted((release / "data").glob("*.jsonl"))
    return [json.loads(line) for path in files for line in path.read_text(encoding="utf-8").splitlines()]


def test_an_export_for_a_release_has_nothing_of_it(
    lab: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _ask(lab, [(4, 7)])
    for more, said in (([], True), (["--release"], False)):
        out = tmp_path / f"out{len(more)}"
        assert main(["export", str(lab), "--session", KEY, "--out", str(out), *more]) == 0
        whole = "".join(path.read_text(encoding="utf-8") for path in out.rglob("*") if path.is_file())
        assert ("red one" in whole) is said
    capsys.readouterr()


def test_another_computers_model_sees_nothing_of_such_a_session(lab: Path) -> None:
    away, here = (Endpoint(f"http://{host}/v1", "m", "") for host in ("models.example", "localhost:1"))
    with Project.open(lab, CLOCK) as project:
        assert staying(project, {KEY: 2}, away, True, "words") == {}
        [person] = project.participants.all()
        ended = Consent(ConsentKind.RELEASE, "1", 0, S)
        project.participants.save(replace(person, consents=(ended,)))
        assert "Its time is over" in staying(project, {KEY: 2}, away, True, "words")[KEY]
        project.participants.save(person)
    _ask(lab, [(4, 7)])
    with Project.open(lab, CLOCK) as project:
        assert "kept out of releases" in staying(project, {KEY: 2}, away, True, "words")[KEY]
        assert staying(project, {KEY: 2}, here, False, "words") == {}
        drafting = Drafting("model", options={"endpoint": "http://models.example/v1", "model": "m"}, send=True)
        with pytest.raises(WozError, match=r"goes to models\.example: Stretches of it are kept out"):
            refuse_sending(project, project.sessions.get(KEY), drafting)


def test_a_session_whose_time_is_over_goes_into_no_release(
    lab: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Project.open(lab, CLOCK) as project:
        [person] = project.participants.all()
        ended = Consent(ConsentKind.RELEASE, "1", 0, S)
        project.participants.save(replace(person, consents=(ended,)))
    assert main(["release", "build", str(lab), "late", "--out", str(tmp_path / "late"), "--without-clips"]) == 1
    assert "Its time is over: their consent to public release (version 1) ended" in capsys.readouterr().err
    assert not (tmp_path / "late").exists()
    export = ["export", str(lab), "--session", KEY, "--release", "--out", str(tmp_path / "late")]
    assert main(export) == 1
    told = capsys.readouterr().err
    assert f"{KEY} stays here. Its time is over: their consent to public release (version 1) ended" in told
    assert "--due" in told
    assert not (tmp_path / "late").exists()
    with Project.open(lab, CLOCK) as project:
        made = export_sessions(project, [KEY], tmp_path / "late", release=True, leave_out=True)
        assert made.files == ()
        assert "Its time is over" in made.left_out[0]
        project.releases.add(Released("old", "1", "/away", 0, (KEY,)))
        [line] = release_lines(project, CLOCK.utc_ns())
        assert "Its time is over" in line.against[str(KEY)]
    assert main([*export[:-3], "--out", str(tmp_path / "inside")]) == 0
    capsys.readouterr()


def test_one_key_marks_from_when_and_until_when(qtbot: QtBot) -> None:
    window, told, kept = QMainWindow(), list[bool](), [True]
    qtbot.addWidget(window)

    def tell(asked: bool) -> bool:
        told.append(asked)
        return kept[0]

    made = BystanderButton(window, tell)
    window.setCentralWidget(made)
    [pressed] = made.findChildren(QPushButton)
    assert not pressed.isEnabled()
    made.set_live(True)
    [asked] = [each for each in window.actions() if "bystander" in each.text()]
    assert {each.toString() for each in asked.shortcuts()} == {"Ctrl+K", "Pause"}
    asked.trigger()
    assert "gone" in pressed.text()
    pressed.click()
    assert told == [True, False]
    asked.trigger()
    made.set_live(False)
    assert not made.asked
    made.set_live(True)
    kept[0] = False
    asked.trigger()
    assert (told[-1], made.asked) == (True, False)
    assert NOT_KEPT in [each.text() for each in made.findChildren(QLabel)]
