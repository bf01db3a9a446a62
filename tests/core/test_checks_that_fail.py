"""A check that the machine or a disk keeps from reading a sound session finds no damage: it ends, and says why."""

from __future__ import annotations

import errno
import hashlib
import shutil
from pathlib import Path
from typing import Any

import av
import pytest
from av.error import err_check

from tests.core.recording_room import Session, make_room
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S
from woz.base.machine_faults import AWAY, SHORT, answered
from woz.batch.disks import is_away
from woz.recording.check import verification
from woz.recording.check.verdict import Verdict
from woz.recording.check.verification import check
from woz.recording.folder.media_facts import media_facts
from woz.recording.folder.session_folder import SessionFolder


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> SessionFolder:
    session = Session(tmp_path_factory.mktemp("closed"))
    session.recorder.start()
    session.run(make_room(2), 0, 2)
    session.recorder.close(2 * NS_PER_S)
    return session.folder


@pytest.fixture
def folder(recorded: SessionFolder, tmp_path: Path) -> SessionFolder:
    return SessionFolder(Path(shutil.copytree(recorded.path, tmp_path / recorded.path.name)))


@pytest.mark.parametrize("number", sorted(AWAY | SHORT), ids=errno.errorcode.get)
def test_a_film_that_is_not_read_for_want_of_the_machine_is_not_called_bad(
    folder: SessionFolder, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    monkeypatch.setattr(av, "open", lambda *_: err_check(-number))
    with pytest.raises(WozError, match=r"ego\.mkv can't be read") as told:
        check(folder)
    assert answered(told.value, SHORT) == (number in SHORT)
    assert is_away(told.value, ()) == (number in AWAY)


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ESTALE])
def test_a_checksum_that_is_not_taken_for_want_of_the_machine_differs_from_none(
    folder: SessionFolder, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refuse(*_: Any) -> None:
        raise OSError(number, "no")

    monkeypatch.setattr(hashlib, "file_digest", refuse)
    with pytest.raises(WozError, match=r"can't be read \(no\)"):
        check(folder)


def test_a_folder_that_goes_away_while_it_is_checked_has_no_missing_files(
    folder: SessionFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unplugged(path: Path) -> Any:
        folder.path.rename(folder.path.with_name("elsewhere"))
        return media_facts(path)

    monkeypatch.setattr(verification, "media_facts", unplugged)
    with pytest.raises(WozError, match="went away while it was checked"):
        check(folder)


def test_a_film_that_is_none_and_one_that_is_gone_are_bad(folder: SessionFolder) -> None:
    folder.ego.write_bytes(b"no film" * 100)
    assert check(folder).verdict == Verdict.BAD
    folder.ego.unlink()
    report = check(folder)
    assert (report.verdict, report.reasons[0]) == (Verdict.BAD, "ego.mkv is missing")
