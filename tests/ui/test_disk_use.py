"""What a project takes on the disk adds up to its files, by kind and session."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from storage import Project
from tests.storage.examples import CLOCK, SESSION, SID
from ui.cli import main
from ui.reports.disk_words import check_words, room_words
from woz.lab.disk_use import DAY_NS, DERIVED, LONG_DAYS, DiskUse, disk_use
from woz.model.ids import SessionId
from woz.recording.check.verdict import Verdict, keep_verdict
from woz.recording.folder.session_folder import SessionFolder

OLD, EMPTY = SessionId("20200101-000000-0000"), SessionId("20200101-000000-0001")
FILES = {"ego.mkv": 3000, "expert.mka": 700, "sensors/ego_frames.csv": 60, "derived/ego.0.wave": 90, "odd.txt": 5}


@pytest.fixture
def lab(tmp_path: Path) -> Path:
    with Project.create(tmp_path / "lab", "Lab", CLOCK) as project:
        project.sessions.save(SESSION)
        project.sessions.save(replace(SESSION, id=OLD, start_utc_ns=SESSION.start_utc_ns - 400 * DAY_NS))
        for session, times in ((SID, 1), (OLD, 10)):
            for name, size in FILES.items():
                file = project.session_dir(session) / name
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(bytes(size * times))
    return tmp_path / "lab"


def test_kinds_and_sessions_add_up(lab: Path) -> None:
    with Project.open(lab, CLOCK) as project:
        use = disk_use(project, SESSION.start_utc_ns)
        database = sum(file.stat().st_size for file in lab.glob("project.sqlite*"))
    assert [(each.session_id, each.total) for each in use.sessions] == [(OLD, 38_550), (SID, 3855)]
    assert use.kinds["films"] == 33_000
    assert use.kinds[DERIVED] == 990
    assert use.kinds["other files"] == 55
    assert use.total == 38_550 + 3855 + database
    assert use.a_day == (3855 - 90) // 30
    assert use.days_left == use.free // use.a_day


def test_what_lies_beside_the_sessions_is_in_the_sum(lab: Path) -> None:
    beside = {
        "cache/transcription/a.json": 5,
        "models/asked.jsonl": 7,
        "lists/mixing.json": 11,
        "runs/one/plan.jsonl": 13,
    }
    for name, size in beside.items():
        (lab / name).parent.mkdir(parents=True, exist_ok=True)
        (lab / name).write_bytes(bytes(size))
    with Project.open(lab, CLOCK) as project:
        use = disk_use(project, SESSION.start_utc_ns)
        database = sum(file.stat().st_size for file in lab.glob("project.sqlite*"))
    assert use.kinds[DERIVED] == 990 + 5
    assert (use.kinds["answers of models"], use.kinds["work lists"], use.kinds["batches"]) == (7, 11, 13)
    assert use.total == 38_550 + 3855 + database + sum(beside.values())


def test_whose_files_nobody_has_checked_for_long_is_told(lab: Path) -> None:
    """Also where files were changed since; what holds nothing but what can be made again wants no check."""
    now = SESSION.start_utc_ns
    with Project.open(lab, CLOCK) as project:
        project.sessions.save(replace(SESSION, id=EMPTY))
        folders = {name: SessionFolder(project.session_dir(name)) for name in (SID, OLD)}
        for folder in folders.values():
            folder.manifest_path.write_text("{}")

        def told(checked_days_ago: int) -> tuple[DiskUse, str]:
            keep_verdict(folders[OLD], Verdict.GOOD, None, now - checked_days_ago * DAY_NS)
            use = disk_use(project, now)
            return use, check_words(use)

        use, words = told(LONG_DAYS + 1)
        assert (use.never_checked, use.long_unchecked) == (1, 1)
        assert words == (
            "Hashes: 1 session never checked in their present state, 1 session not checked for 90 days;"
            " woz check PROJECT checks all."
        )
        keep_verdict(folders[SID], Verdict.BAD, None, now)
        use, words = told(LONG_DAYS - 1)
        assert (use.never_checked, use.long_unchecked) == (0, 0)
        assert words == "Hashes: all recordings were checked in the last 90 days."
        folders[SID].manifest_path.write_text("{} ")
        assert disk_use(project, now).never_checked == 1


def test_without_new_recordings_no_days_are_told(lab: Path) -> None:
    with Project.open(lab, CLOCK) as project:
        use = disk_use(project, SESSION.start_utc_ns + 31 * DAY_NS)
    assert (use.a_day, use.days_left) == (None, None)
    assert "isn't known" in room_words(use)


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (0, "0 days"),
        (1, "1 day"),
        (730, "730 days"),
        (731, "2 years"),
        (3650, "10 years"),
        (7305, "20 years"),
        (7306, "more than 20 years"),
        (348_723, "more than 20 years"),
    ],
)
def test_long_times_are_told_in_years(days: int, told: str) -> None:
    use = DiskUse((), {}, days * 164_000, 164_000, days)
    assert f" are free: {told} at 164 kB a day, as in the last 30." in room_words(use)


def test_the_command_tells_all_and_the_largest(lab: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["project", "storage", str(lab), "--most", "1"]) == 0
    told = capsys.readouterr().out
    assert "38 kB" in told or "39 kB" in told
    assert told.count("films 30 kB") == 1
    assert f"; woz check {lab} checks all." in told
    assert SID not in told
    assert main(["project", "storage", str(lab), "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["sessions"]) == 2
