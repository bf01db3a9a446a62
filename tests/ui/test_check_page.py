"""The page of `woz check`, and what the command says."""

from __future__ import annotations

import errno
import json
import shutil
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import av
import pytest
from av.error import err_check
from hypothesis import given
from hypothesis import strategies as st

from storage import Project
from tests.core.recording_room import Session, make_room
from ui.cli import main
from ui.reports.check_page import page, write_page
from ui.reports.plots import Drawn, bars, course, dots, plot, stems, ticks
from woz.base.clock import SystemClock
from woz.base.errors import WozError
from woz.base.interval import Interval
from woz.model.ids import SessionId
from woz.model.session import Session as Listed
from woz.model.session import SessionState
from woz.model.stream import StreamKind
from woz.recording.check.verification import Report, check
from woz.recording.folder.session_folder import SessionFolder
from woz.timing.clock_map import ClockMap, MapQuality

S = 1_000_000_000
KNOTS = ((0, 5), (5 * S, 5 * S + 9_000), (9 * S, 9 * S + 90_005))
MAP = ClockMap(KNOTS, MapQuality(70, 1, 2, 4, 3), Interval(5, 9 * S))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> SessionFolder:
    """A session of 9 s with a hole in the view."""
    session, room = Session(tmp_path_factory.mktemp("project") / "sessions"), make_room(9)
    session.recorder.start()
    session.run(room, 0, 4)
    for block in range(400, 600):
        session.clock.advance(S // 100)
        session.voice(StreamKind.TRAINEE_VOICE, room.trainee, block)
        session.voice(StreamKind.EXPERT_HEARD, room.heard, block, "earpiece")
    session.run(room, 6, 9)
    session.recorder.set_map(StreamKind.VIEW, MAP)
    session.recorder.close(9 * S)
    return session.folder


@pytest.fixture(scope="module")
def report(folder: SessionFolder) -> Report:
    return check(folder)


def test_the_report_has_files_gaps_and_clocks(report: Report) -> None:
    assert [(f.path, f.problem) for f in report.files] == [("ego.mkv", "")]
    (gap,) = (gap for gap in report.gaps if gap.stream == "view")
    assert (gap.start_s, gap.end_s) == (3.95, 6.0)
    (clock,) = report.clocks
    assert (clock.stream, clock.readings, clock.valid_s) == ("view", 70, (0.0, 9.0))
    assert clock.bend[1][1] == pytest.approx(-0.041, abs=0.001)
    assert max(step for _, step in report.frame_steps) == 2050
    assert report.view_audio
    assert len(report.view_audio.errors) == report.view_audio.marks


class _Page(HTMLParser):
    """Collects links to anything outside the page, and checks that tags are closed."""

    VOID = ("meta", "br")

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.outside: list[str] = []
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open += [tag] * (tag not in self.VOID)
        self.outside += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


def test_the_page_is_whole_and_needs_nothing_else(report: Report) -> None:
    read = _Page()
    text = page([report, report], 0)
    read.feed(text)
    assert read.open == []
    assert read.outside == []
    assert "url(" not in text
    for words in ("Doubtful", "The view has 1 gap.", "140 of 140", "Clock maps", "+1.80 ppm", "as recorded"):
        assert words in read.words


def test_words_are_not_taken_for_tags(report: Report) -> None:
    from dataclasses import replace

    text = page([replace(report, session_id="<b>&", reasons=("a < b",))], 0)
    assert "<b>&<" not in text
    assert "A &lt; b." in text


def _one_is_gone(folder: SessionFolder, tmp_path: Path) -> tuple[SessionId, SessionId]:
    """A project of two sessions: of the first there are no files."""
    gone, sound = SessionId("20260101-000000-dead"), folder.manifest().session_id
    with Project.create(tmp_path / "p", "Lab", SystemClock()) as project:
        shutil.copytree(folder.path, project.session_dir(sound))
        for name in (gone, sound):
            project.sessions.save(Listed(name, "tea", SessionState.CLOSED, 0, 9 * S))
    return gone, sound


def test_a_session_without_a_manifest_is_told_and_the_others_are_checked(
    folder: SessionFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gone, sound = _one_is_gone(folder, tmp_path)
    page_path = tmp_path / "check.html"
    assert main(["check", str(tmp_path / "p"), "--html", str(page_path), "--json"]) == 1
    told = {report["session_id"]: report for report in json.loads(capsys.readouterr().out)}
    assert (told[gone]["verdict"], told[gone]["checksums_ok"]) == ("bad", False)
    assert "manifest" in told[gone]["reasons"][0]
    assert (told[sound]["verdict"], told[sound]["checksums_ok"]) == ("doubtful", True)
    assert gone in page_path.read_text()
    assert main(["check", str(tmp_path / "p"), "--session", gone]) == 1
    assert f"{gone}   bad" in capsys.readouterr().out


def test_where_no_terminal_shows_it_one_line_a_session_is_told(
    folder: SessionFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gone, sound = _one_is_gone(folder, tmp_path)
    main(["check", str(tmp_path / "p")])
    first, second = capsys.readouterr().err.splitlines()
    assert (first.split()[0], second.split()[0]) == ("0%", "50%")
    assert {line.split()[1] for line in (first, second)} == {f"{gone},", f"{sound},"}
    assert (first.partition(", ")[2], second.partition(", ")[2]) == ("session 1 of 2", "session 2 of 2")
    main(["check", str(tmp_path / "p"), "--session", sound, "--progress"])
    steps = capsys.readouterr().err
    assert len(steps.splitlines()) > 2
    assert sound not in steps


def test_a_machine_that_has_no_more_files_to_give_makes_no_session_bad(
    folder: SessionFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = folder.manifest().session_id
    with Project.create(tmp_path / "p", "Lab", SystemClock()) as project:
        shutil.copytree(folder.path, project.session_dir(sound))
        project.sessions.save(Listed(sound, "tea", SessionState.CLOSED, 0, 9 * S))
    monkeypatch.setattr(av, "open", lambda *_: err_check(-errno.EMFILE))
    assert main(["check", str(tmp_path / "p"), "--json"]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert "(Too many open files). End other programs" in told.err


def test_the_command_writes_the_page_once(
    folder: SessionFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Project.create(tmp_path / "p", "Lab", SystemClock()) as project:
        manifest = folder.manifest()
        shutil.copytree(folder.path, project.session_dir(manifest.session_id))
        project.sessions.save(Listed(manifest.session_id, "tea", SessionState.CLOSED, 0, 9 * S))
    out = tmp_path / "check.html"
    assert main(["check", str(tmp_path / "p"), "--html", str(out), "--json"]) == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert told["verdict"] == "doubtful"
    assert told["clocks"][0]["residual_p99_ms"] == 0.0
    before = out.read_bytes()
    assert main(["check", str(tmp_path / "p"), "--html", str(out)]) == 1
    assert "nothing was overwritten" in capsys.readouterr().err
    assert out.read_bytes() == before


def test_a_page_that_cannot_be_written(report: Report, tmp_path: Path) -> None:
    with pytest.raises(WozError, match="can't be written"):
        write_page(tmp_path / "nowhere" / "x.html", [report], 0)


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.integers(2, 10))
def test_ticks_are_round_and_inside(low: float, span: float, about: int) -> None:
    found = ticks(low, low + span, about)
    assert len(found) <= about + 2
    assert all(low - 1e-6 * span <= tick <= low + span * (1 + 1e-6) for tick in found)


POINTS = st.lists(st.tuples(st.floats(0, 100), st.floats(-1e4, 1e4)), max_size=8)


@given(POINTS, st.sampled_from([course, dots, stems]))
def test_any_plot_is_well_formed(points: list[tuple[float, float]], drawn: Drawn) -> None:
    for svg in (plot([("<a>", points)], "ms", 100, drawn), bars([("a&b", 0, 50, points)], 100)):
        ElementTree.fromstring(svg)
