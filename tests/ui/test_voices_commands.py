"""`woz voices` on the command line, and releases that take voices only masked."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from storage import Project
from tests.ui.answers import answer_of, refusal_of
from tests.ui.release_lab import CLOCK, KEY, make_lab
from woz.annotation.edits import Edit
from woz.base.interval import Interval
from woz.model.transcript import Turn


@pytest.fixture
def lab(tmp_path: Path) -> Path:
    return make_lab(tmp_path / "lab")


def _sound(path: Path, track: int = 0) -> NDArray[np.float32]:
    with av.open(str(path)) as container:
        mono = av.AudioResampler("flt", "mono", 48_000)
        blocks = [b.to_ndarray()[0] for f in container.decode(audio=track) for b in mono.resample(f)]
    return np.concatenate(blocks)


def test_a_release_takes_only_masked_voices(lab: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plain, masked = tmp_path / "plain", tmp_path / "masked"
    build = ("release", "build", lab, "lamps", "--out")
    answer_of(capsys, *build, plain)
    assert "Voices are as they were recorded." in (plain / "README.md").read_text(encoding="utf-8")
    assert answer_of(capsys, "voices", "require", lab, "on") == {"required": True}
    assert "run woz voices mask --release lamps --session s1" in refusal_of(capsys, *build, masked)
    answer_of(capsys, "voices", "mask", lab, "--release", "others")
    assert "not masked for the release lamps" in refusal_of(capsys, *build, masked)
    [made] = answer_of(capsys, "voices", "mask", lab, "--release", "lamps")["files"]
    assert (made["session"], made["file"]) == (KEY, "ego.mkv")
    assert answer_of(capsys, "voices", "mask", lab, "--release", "lamps")["files"] == [made]
    answer_of(capsys, *build, masked)
    assert "Voices are masked" in (masked / "README.md").read_text(encoding="utf-8")
    old, new = (_sound(next((out / "clips").glob("*.mp4"))) for out in (plain, masked))
    assert len(old) == len(new)
    assert np.abs(old - new).max() > 0.02


def test_what_changed_since_is_masked_again(lab: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    build = ("release", "build", lab, "lamps", "--out", tmp_path / "out")
    answer_of(capsys, "voices", "require", lab, "on")
    [first] = answer_of(capsys, "voices", "mask", lab, "--release", "lamps")["files"]
    with Project.open(lab, CLOCK) as project:
        [turn, *_] = [each for each in project.annotations.load(KEY) if isinstance(each, Turn)]
        later = Interval(turn.interval.start_ns, turn.interval.end_ns + 100_000_000)
        longer = Turn(turn.id, turn.transcript_id, turn.speaker, later, turn.text)
        project.annotations.record(KEY, Edit("Longer", (turn,), (longer,)), "woz")
    assert "Who speaks when in s1 was changed" in refusal_of(capsys, *build)
    [second] = answer_of(capsys, "voices", "mask", lab, "--release", "lamps")["files"]
    assert second["sha256"] != first["sha256"]
    [other] = answer_of(capsys, "voices", "mask", lab, "--release", "lamps", "--secret", "a")["files"]
    assert other["sha256"] != second["sha256"]
    with Path(other["copy"]).open("ab") as file:
        file.write(b"x")
    assert "are not as they were when masked" in refusal_of(capsys, *build)
    answer_of(capsys, "voices", "mask", lab, "--release", "lamps")
    answer_of(capsys, *build)


def test_what_is_said_where_it_can_t_be_proved(
    lab: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WOZ_MODELS", str(tmp_path))
    assert "woz models fetch resemblyzer-encoder" in refusal_of(
        capsys, "voices", "prove", lab, "--release", "lamps"
    )
    assert "letters, digits" in refusal_of(capsys, "voices", "mask", lab, "--release", "a b")
