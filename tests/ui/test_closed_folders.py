"""Folders that may not be entered: said in one sentence, and what is elsewhere is done all the same."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage import Project
from tests.core.closed_folder import close_folder
from tests.core.face_room import Reds
from tests.core.telephone_film import write_film
from tests.ui.answers import answer_of, refusal_of
from ui.widgets.there import no_file, no_folder, nothing_at
from woz.base.clock import SystemClock
from woz.base.errors import permitted
from woz.batch.kind import PassedOver, Planned
from woz.batch.kinds.session_files import each
from woz.batch.kinds.views import views
from woz.batch.stored import StoredFiles
from woz.model.ids import SessionId
from woz.recording.folder.session_folder import SessionFolder

FIRST, SECOND = SessionId("s1"), SessionId("s2")
SAID = "can't be read or written (Permission denied); see who may do so, and enter its folder."


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    folder = tmp_path / "card"
    write_film(folder / "film.mp4", ["aac"])
    for name in ("turns.srt", "gaze.csv", "film.vrs", "voice.wav"):
        (folder / name).touch()
    return folder


@pytest.fixture
def lab(tmp_path: Path, elsewhere: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """Two sessions, each with a further view."""
    path, film = tmp_path / "lab", elsewhere / "film.mp4"
    for session in (FIRST, SECOND):
        answer_of(capsys, "import", "media", path, film, "--id", session)
        answer_of(capsys, "import", "view", path, film, "--session", session, "--offset", "0")
    return path


def test_each_import_says_so(
    lab: Path, elsewhere: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    close_folder(monkeypatch, elsewhere)
    for words in (
        ("media", lab, elsewhere / "film.mp4"),
        ("media", lab, elsewhere / "film.vrs"),
        ("view", lab, elsewhere / "film.mp4", "--session", FIRST),
        ("gaze", lab, elsewhere / "gaze.csv", "--session", FIRST, "--utc"),
        ("annotations", lab, elsewhere / "turns.srt", "--session", FIRST),
        ("session", lab, elsewhere / "sessions" / "s9", "--from", elsewhere / "other"),
    ):
        assert "ermission" in refusal_of(capsys, "import", *words, "--json")
    assert SAID in refusal_of(capsys, "import", "media", lab, elsewhere / "film.mp4", "--json")


def test_a_table_s_other_rows_come_in(
    tmp_path: Path, elsewhere: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    here = write_film(tmp_path / "here.mp4", ["aac"])
    table = tmp_path / "table.csv"
    table.write_text(f"id,view\na,{elsewhere / 'film.mp4'}\nb,{here}\n", encoding="utf-8")
    close_folder(monkeypatch, elsewhere)
    told = answer_of(capsys, "import", "table", tmp_path / "new", table, status=1)
    assert [row["state"] for row in told["rows"]] == ["faulty", "imported"]
    assert told["rows"][0]["said"].endswith(SAID)


def test_a_session_s_closed_folder_is_told_and_others_are_looked_at(
    lab: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("woz.deidentifying.detectors.known.detector", lambda *_: Reds())
    close_folder(monkeypatch, lab / "sessions" / FIRST)
    told = answer_of(capsys, "blur", "detect", lab, "--all", status=1)
    assert {each["session"] for each in told["films"]} == {SECOND}
    [fault] = told["faults"]
    assert fault.startswith(f"{FIRST}: ")
    assert fault.endswith(SAID)
    assert SAID in refusal_of(capsys, "blur", "detect", lab, "--session", FIRST, "--json")


def test_a_closed_folder_of_views_is_told_by_check_and_batch(
    lab: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    close_folder(monkeypatch, lab / "sessions" / FIRST / "views")
    told = {report["session_id"]: report for report in answer_of(capsys, "check", lab, status=1)}
    assert any(SAID in reason for reason in told[FIRST]["reasons"])
    assert not any("ermission" in reason for reason in told[SECOND]["reasons"])
    with Project.open(lab, SystemClock()) as project:
        stored = StoredFiles(project)

        def planned(folder: SessionFolder) -> Iterator[Planned | PassedOver]:
            for one in views(project, folder, stored):
                yield one if isinstance(one, PassedOver) else Planned(one.item, one.files)

        found = list(each(project, [FIRST, SECOND], planned))
    assert isinstance(found[0], PassedOver)
    assert found[0].damaged
    assert found[0].reason.endswith(SAID)
    assert len(found) == 3


def test_fields_of_windows_say_so(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert no_file(elsewhere / "film.mp4") == nothing_at(elsewhere) == no_folder(elsewhere) == ""
    assert no_folder(elsewhere / "none") == f"There is no folder {elsewhere / 'none'}."
    close_folder(monkeypatch, elsewhere)
    for ask in (no_file, no_folder, nothing_at):
        assert ask(elsewhere / "film.mp4").endswith(SAID)


def test_what_is_refused_and_is_no_file_is_no_fault_of_a_folder() -> None:
    with pytest.raises(PermissionError), permitted():
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))
