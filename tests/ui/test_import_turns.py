"""`woz import turns` takes each format that carries turns, and says which sessions a file of several has."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage import Project
from tests.storage.examples import CLOCK
from ui.cli import main
from woz.base.interval import NS_PER_S
from woz.formats.turns import turn_formats

SRT = "1\n00:00:01,000 --> 00:00:02,000\nexpert: Take the lamp\n\n"
RTTM = "SPEAKER a 1 1.0 1.0 <NA> <NA> expert <NA> <NA>\n"
STM = "a 1 expert 1.0 2.0 Take the lamp\n"
CTM = "a 1 1.0 0.4 Take\na 1 1.5 0.5 lamp\n"


def _spans(lab: Path) -> list[tuple[float, float, str]]:
    with Project.open(lab, CLOCK) as project:
        [session] = project.sessions.all()
        transcripts = project.transcripts.of_session(session.id)
        turns = project.transcripts.turns(transcripts[-1].id)
    return [(t.interval.start_ns / NS_PER_S, t.interval.end_ns / NS_PER_S, t.text) for t in turns]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("x.srt", SRT, "Take the lamp"),
        ("x.rttm", RTTM, ""),
        ("x.stm", STM, "Take the lamp"),
        ("x.ctm", CTM, "Take lamp"),
    ],
)
def test_turns_come_from_each_format_by_its_ending(tmp_path: Path, name: str, text: str, said: str) -> None:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    assert main(["import", "turns", str(tmp_path / "lab"), str(file)]) == 0
    [(start, end, words)] = _spans(tmp_path / "lab")
    assert (start, end, words) == (1.0, 2.0, said)


def test_turns_come_from_elan_and_praat_too(tmp_path: Path, shared_data: Path) -> None:
    assert {"eaf", "textgrid", "webvtt", "holoassist"} <= set(turn_formats())
    real = min((shared_data / "annotations" / "holoassist").glob("*.json"), key=lambda path: path.stat().st_size)
    assert main(["import", "turns", str(tmp_path / "lab"), str(real)]) == 0
    assert len(_spans(tmp_path / "lab")) > 3


def test_an_import_of_annotations_that_is_interrupted_says_that_nothing_came_in(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_: float) -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr("ui.cli.import_annotations._telling", lambda *_: interrupted)
    file, lab = tmp_path / "x.srt", tmp_path / "lab"
    file.write_text(SRT, encoding="utf-8")
    assert main(["import", "annotations", str(lab), str(file)]) == 1
    assert "nothing was imported" in capsys.readouterr().err
    assert not lab.exists()


def test_a_file_of_several_sessions_asks_for_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, lab = tmp_path / "two.stm", tmp_path / "lab"
    file.write_text(STM + STM.replace("a 1", "b 1").replace("lamp", "nut"), encoding="utf-8")
    assert main(["import", "turns", str(lab), str(file)]) == 1
    assert "turns of several sessions, a, b; choose one with --key." in capsys.readouterr().err
    assert main(["import", "turns", str(lab), str(file), "--key", "c"]) == 1
    assert "no turns of 'c'" in capsys.readouterr().err
    assert not lab.exists()
    assert main(["import", "turns", str(lab), str(file), "--key", "b"]) == 0
    assert [text for *_, text in _spans(lab)] == ["Take the nut"]
