"""Pictures and sound leave the lab as the project asks for it, wherever its films lie and whichever way they go."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage import Project
from tests.core.face_room import Reds
from tests.ui.answers import answer_of, refusal_of
from tests.ui.release_lab import CLOCK, KEY, make_lab
from woz.base.errors import WozError
from woz.lab.proposing import Drafting, refuse_sending
from woz.lab.sending import why_it_stays, why_pictures_stay
from woz.recording.folder.session_folder import SessionFolder

SIGNED = "No second person signed off the faces of ego.mkv"


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """It asks for blurred faces, and has a blurred copy that nobody signed off."""
    monkeypatch.setattr("woz.deidentifying.detectors.known.detector", lambda *_: Reds())
    made = make_lab(tmp_path / "lab")
    answer_of(capsys, "blur", "require", made, "on")
    answer_of(capsys, "blur", "detect", made)
    answer_of(capsys, "blur", "burn", made)
    return made


@pytest.fixture
def stored(lab: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """All of it is in a store, and nothing here."""
    (tmp_path / "nas").mkdir()
    answer_of(capsys, "media", "use", lab, str(tmp_path / "nas"))
    answer_of(capsys, "media", "push", lab, "--session", KEY, "--move")
    assert not SessionFolder(lab / "sessions" / KEY).ego.exists()
    return lab


def _approve(lab: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer_of(capsys, "blur", "review", lab, "--decide", "blur", "--as", "A01")
    answer_of(capsys, "blur", "review", lab, "--sign-off", "--as", "A02")
    answer_of(capsys, "blur", "burn", lab)


def test_what_only_the_store_has_is_released_where_it_was_approved(
    stored: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    build = ("release", "build", stored, "lamps", "--out", tmp_path / "out")
    assert SIGNED in refusal_of(capsys, *build)
    assert not (tmp_path / "out").exists()
    _approve(stored, capsys)
    assert answer_of(capsys, *build)["counts"]["train"] == 1


def test_voices_of_what_only_the_store_has_go_masked_alone(
    stored: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer_of(capsys, "blur", "require", stored, "off")
    answer_of(capsys, "voices", "require", stored, "on")
    build = ("release", "build", stored, "lamps", "--out", tmp_path / "out")
    assert "are not masked for the release lamps" in refusal_of(capsys, *build)
    passed = answer_of(capsys, "batch", "plan", "voices", stored, "--set", "release=lamps")["passed_over"]
    assert passed == []


def test_a_batch_of_voices_tells_what_is_in_the_store_alone(
    stored: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (stored / "sessions" / KEY).mkdir(exist_ok=True)
    [passed] = answer_of(capsys, "batch", "plan", "voices", stored, "--set", "release=lamps")["passed_over"]
    assert passed == f"{KEY}: in the store alone: ego.mkv; run woz media fetch, then plan again"


def test_no_picture_of_a_task_goes_unapproved_either(
    lab: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("--without-clips", "--task", "steps", "--task-pictures", "1")
    assert SIGNED in refusal_of(capsys, "release", "build", lab, "lamps", "--out", tmp_path / "out", *words)


def test_pictures_go_to_no_other_computer_unapproved(lab: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = {"endpoint": "https://models.example/v1", "model": "m"}
    with Project.open(lab, CLOCK) as project:
        assert why_it_stays(project, KEY) == ""
        assert SIGNED in why_pictures_stay(project, KEY)
        with pytest.raises(WozError, match=f"models.example: {SIGNED}"):
            refuse_sending(project, project.sessions.get(KEY), Drafting("model", options=asked, send=True))
    _approve(lab, capsys)
    with Project.open(lab, CLOCK) as project:
        assert why_pictures_stay(project, KEY) == ""


def test_what_glasses_recorded_for_themselves_stays_in_the_lab(
    lab: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither its sound nor its faces can be taken out of it."""
    _approve(lab, capsys)
    own = SessionFolder(lab / "sessions" / KEY).own_recording
    own.parent.mkdir(exist_ok=True)
    own.write_bytes(b"the glasses' own" * 1000)
    answer_of(capsys, "voices", "require", lab, "on")
    assert answer_of(capsys, "voices", "mask", lab, "--release", "lamps")["sealed"] == [str(own)]
    answer_of(capsys, "release", "build", lab, "lamps", "--out", tmp_path / "out")
    files = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if path.suffix == ".vrs" or b"the glasses' own" in path.read_bytes()]
