"""What the demo tells at its end, and the table of many demos in a row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks import bench_demos
from tests.benchmarks.bench_demos import COLUMNS, figures, table
from tests.core.media_files import write_video
from tests.transcription.weights_file import whisper_folder
from ui.cli.demo import BUSY_CORES, _demo_words
from ui.cli.demo_session import Demo, DemoOptions
from woz.base.errors import WozError
from woz.lab.transcribing import Wishes
from woz.model.ids import SessionId

GAPS = "the voices have 5 gaps"


def _summary(cores_left: float = 1.0, *reasons: str) -> dict[str, Any]:
    return {
        "session_id": "s1",
        "project": "demo/project",
        "source": "synthetic?size=704&task=20",
        "seconds": 18.94,
        "frames": {"captured": 380, "recorded": 377, "shown": 152},
        "latency_ms": {"p50": 20, "p95": 31},
        "sync_ms": {"view_audio": 1.26, "expert_said": None, "expert_heard": 3.0},
        "turns": 1,
        "transcript_origin": "script",
        "states": 12,
        "steps": 6,
        "questions": 3,
        "cores_left": cores_left,
        "actors_late_s": {},
        "check": {
            "verdict": "doubtful" if reasons else "good",
            "reasons": list(reasons),
            "view_gaps": 0,
            "voice_gaps": 5,
        },
        "exports": ["demo/exports/s1.rttm"],
        "screenshots": ["demo/screenshots/station.png"],
    }


def _line(told: str, name: str) -> str:
    return next((line for line in told.splitlines() if line.startswith(name)), "")


def test_the_end_tells_the_figures_and_that_nothing_is_amiss() -> None:
    told = _demo_words(_summary())
    assert _line(told, "Frames").endswith("380 captured, 377 recorded, 152 shown")
    assert "view audio 1.3 ms, expert said no marks, expert heard 3.0 ms" in _line(told, "Sync")
    assert _line(told, "Verdict").endswith("good: nothing amiss")
    assert _line(told, "Machine") == ""


def test_a_doubtful_end_tells_every_reason_and_that_the_machine_was_busy() -> None:
    told = _demo_words(_summary(BUSY_CORES, GAPS, "the earpiece lay off"))
    assert _line(told, "Verdict").endswith(f"doubtful: {GAPS}; the earpiece lay off")
    assert "only 0.20 of a core was left" in _line(told, "Machine")
    assert _line(_demo_words(_summary(BUSY_CORES + 0.01, GAPS)), "Machine") == ""


def test_a_row_of_the_table_tells_what_a_demo_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    session = tmp_path / "sessions" / "s1"
    session.mkdir(parents=True)
    write_video(session / "ego.mkv", None, 0, 1, size=96)
    summary = {**_summary(1.0, GAPS), "project": str(tmp_path)}
    monkeypatch.setattr(bench_demos.HeardDemo, "run", lambda demo: summary)
    row = figures(3, DemoOptions(tmp_path / "out"))
    head, _, line = table([row]).splitlines()
    told = dict(zip(head[2:-2].split(" | "), line[2:-2].split(" | "), strict=True))
    assert tuple(told) == COLUMNS
    assert (told["run"], told["verdict"], told["reason"]) == ("3", "doubtful", GAPS)
    assert (told["view/sound"], told["said"], told["heard"]) == ("1.26", "-", "3.00")
    assert (told["recorded"], told["shown"], told["size"]) == ("377/380", "152", "96x96")


def test_a_demo_that_fails_has_its_sentence_as_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(demo: bench_demos.HeardDemo) -> dict[str, Any]:
        raise WozError("The demo's station did not get to invitation.")

    monkeypatch.setattr(bench_demos.HeardDemo, "run", fail)
    row = figures(1, DemoOptions(tmp_path / "out"))
    assert (row["verdict"], row["reason"]) == ("failed", "The demo's station did not get to invitation.")
    assert "| 1 | - | failed | The demo's station did not get to invitation. |" in table([row])


def test_with_a_model_the_recording_is_recognised_and_no_script_is_taken_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, str | None, str | None]] = []

    def recognise(_: object, session: SessionId, wishes: Wishes, __: object) -> None:
        asked.append((session, wishes.settings.model, wishes.settings.language))

    monkeypatch.setattr("ui.cli.demo_session.require_installed", lambda then: None)
    monkeypatch.setattr("woz.lab.transcribing.transcribe_session", recognise)
    model = whisper_folder(tmp_path / "base")
    demo = Demo(DemoOptions(tmp_path / "out", model=model, virtual_sound=True), lambda text: None)
    demo._session_id = SessionId("s1")
    nothing: Any = None
    demo._transcribe(nothing, nothing, nothing, 0)
    assert asked == [("s1", str(model), "en")]
