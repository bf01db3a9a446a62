"""A session of the first rule (a manifest of version 1) is annotated, exported and withdrawn from as any other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from storage import Project
from tests.ui.recorded_session import CLOCK, FRAME_NS, SID
from tests.ui.transcript_room import opened, transcribed
from woz.annotation.edits import Edit
from woz.capture.frame_code import read_number
from woz.lab.exporting import export_sessions
from woz.lab.taking_in import take_in
from woz.lab.withdrawing import Task, carry_out, plan_withdrawal
from woz.model.ids import ParticipantId
from woz.model.people import Attendance, Participant, Role
from woz.model.tier import Tier
from woz.recording.check.verification import check
from woz.recording.folder.manifest import FIRST_VERSION
from woz.recording.folder.session_folder import SessionFolder

TRAINEE = Participant(ParticipantId("t"), "P01", Role.TRAINEE)
EXPERT = Participant(ParticipantId("e"), "E07", Role.EXPERT)
LATER = {"withdrawals", "versions", "comparison", "expert_voice", "made_of", "refused_ns", "view"}
"""What no manifest said at first."""


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """With one session of the first rule, which has a transcript and two people."""
    with transcribed(tmp_path) as made:
        folder = SessionFolder(made.session_dir(SID))
        _make_first(folder.manifest_path)
        take_in(made, folder.manifest())
        for person in (TRAINEE, EXPERT):
            made.participants.save(person)
        here = tuple(Attendance(each.id, each.role) for each in (TRAINEE, EXPERT))
        session = made.sessions.get(SID)
        made.sessions.save(replace(session, participants=(TRAINEE.id, EXPERT.id), attendance=here))
        yield made


def _make_first(path: Path) -> None:
    told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    told = {key: value for key, value in told.items() if key not in LATER}
    told["streams"] = [{k: v for k, v in each.items() if k not in LATER} for each in told["streams"]]
    path.write_text(json.dumps({**told, "schema_version": FIRST_VERSION}), encoding="utf-8")


def _version(project: Project) -> int:
    return SessionFolder(project.session_dir(SID)).manifest().schema_version


def test_the_editor_shows_its_frames_and_keeps_marks(qtbot: QtBot, qapp: QApplication, project: Project) -> None:
    window, numbers = opened(qtbot, qapp, project), list[int | None]()

    def see(frame: av.VideoFrame) -> None:
        numbers.append(read_number(np.asarray(frame.to_ndarray()[: frame.height, : frame.width], np.uint8)))

    window.player.picture.connect(see)
    window.player.show_frame(42)
    qtbot.waitUntil(lambda: numbers[-1:] == [42], timeout=120_000)
    assert window.player.position_ns == 42 * FRAME_NS
    qtbot.waitUntil(lambda: window.waves_ready, timeout=120_000)
    window.close()
    (steps,) = (item for item in project.annotations.load(SID) if isinstance(item, Tier) and item.name == "Steps")
    project.annotations.record(SID, Edit("Rename", (steps,), (replace(steps, name="Mine"),)), "ada")
    assert _version(project) == FIRST_VERSION


def test_it_is_exported_and_checked(project: Project, tmp_path: Path) -> None:
    done = export_sessions(project, [SID], tmp_path / "out")
    assert done.sessions == (SID,)
    assert len(done.files) > 3
    report = check(SessionFolder(project.session_dir(SID)))
    assert (report.schema_version, report.checksums_ok) == (FIRST_VERSION, True)


def test_a_withdrawal_silences_the_track_and_keeps_the_rule(project: Project) -> None:
    done = carry_out(Task(project, TRAINEE, "ada", CLOCK), plan_withdrawal(project, "P01"), lambda *_: None)
    assert done.found == ()
    folder = SessionFolder(project.session_dir(SID))
    assert {each.path for each in folder.manifest().withdrawals} >= {"ego.mkv"}
    trainee, expert = (_loudest(folder.ego, track) for track in (0, 1))
    assert trainee == 0 < expert
    assert _version(project) == FIRST_VERSION


def _loudest(film: Path, track: int) -> float:
    with av.open(str(film)) as container:
        return max(float(np.abs(frame.to_ndarray()).max()) for frame in container.decode(audio=track))
