"""Further views of a session, by sound, by hand and by a table of frames; takes."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from storage import Project
from tests.benchmarks.bench_alignment import case, sound_of
from tests.core.media_files import write_video
from ui.cli import main
from woz.base.clock import SystemClock
from woz.base.interval import NS_PER_S
from woz.model.ids import SessionId
from woz.model.stream import Stream, StreamKind
from woz.recording.folder.session_folder import SessionFolder
from woz.timing.clock_map import ClockMap
from woz.timing.frame_table import nearest, read_frame_table

RATE = 16_000
ID = SessionId("lab-7")
Run = Callable[..., Any]


@pytest.fixture(scope="module")
def files(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Real speech in a real kitchen's sound, as two cameras caught it, the second from 1 s on."""
    folder = tmp_path_factory.mktemp("elsewhere")
    voice = sound_of(shared_data / "speech" / "jfk.flac")
    made = case(voice, sound_of(shared_data / "video" / "technique_error_1.mp4"), 0, 2.0, 0)
    write_video(folder / "glasses.mp4", made.camera, RATE, 12)
    write_video(folder / "GoPro 1.mp4", made.camera[RATE:], RATE, 11)
    return folder


@pytest.fixture
def lab(tmp_path: Path, files: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    path = tmp_path / "lab"
    assert main(["import", "media", str(path), str(files / "glasses.mp4"), "--id", ID]) == 0
    capsys.readouterr()
    return path


@pytest.fixture
def told(lab: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(verb: str, *words: str | Path) -> Any:
        assert main([*verb.split(), str(lab), *map(str, words), "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    return run


@pytest.fixture
def refused(lab: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(verb: str, *words: str | Path) -> str:
        before = _all_files(lab)
        assert main([*verb.split(), str(lab), *map(str, words)]) == 1
        assert _all_files(lab) == before
        return capsys.readouterr().err

    return run


def _all_files(lab: Path) -> dict[str, int]:
    folder = lab / "sessions" / ID
    return {str(path.relative_to(folder)): path.stat().st_size for path in sorted(folder.rglob("*"))}


def _stream(lab: Path, view: str) -> Stream:
    with Project.open(lab, SystemClock()) as project:
        [found] = [s for s in project.streams.of_session(ID) if s.view == view]
    return found


def test_a_view_is_laid_by_its_sound_and_kept_as_it_is(lab: Path, files: Path, told: Run) -> None:
    source = files / "GoPro 1.mp4"
    made = told("import view", source)
    assert (made["view"], made["frames"], made["placed"]["placed_by"]) == ("GoPro-1", 110, "sound")
    assert made["placed"]["offset_ns"] == pytest.approx(NS_PER_S, abs=2e6)
    stream = _stream(lab, "GoPro-1")
    folder = SessionFolder(lab / "sessions" / ID)
    assert (folder.path / stream.path).read_bytes() == source.read_bytes()
    assert (stream.kind, stream.path) == (StreamKind.OTHER_VIEW, "views/GoPro-1.mp4")
    frames = read_frame_table(folder.path / stream.frames)
    assert len(frames) == 110
    assert [frames[0].session_ns, frames[-1].session_ns] == pytest.approx([NS_PER_S, 11.9 * NS_PER_S], abs=2e6)
    clock = ClockMap.from_json(stream.clock_map or "")
    assert clock.to_session(frames[50].device_ns) == pytest.approx(frames[50].session_ns, abs=2e6)
    assert main(["check", str(lab)]) == 0


def test_any_number_of_views_each_with_a_map_of_its_own(
    lab: Path, files: Path, shared_data: Path, told: Run
) -> None:
    tile = shared_data / "video" / "derived_measurement_error_tile1.mp4"
    told("import view", tile, "--name", "phone", "--offset", "3.25", "--drift-ppm", "100")
    told("import view", files / "GoPro 1.mp4", "--name", "cam01", "--offset", "-0.5")
    with Project.open(lab, SystemClock()) as project:
        views = {s.view: s for s in project.streams.of_session(ID) if s.kind == StreamKind.OTHER_VIEW}
        maps = {name: ClockMap.from_json(s.clock_map or "") for name, s in views.items()}
    assert set(views) == {"phone", "cam01"}
    assert (maps["phone"].to_session(0), round(maps["phone"].drift_ppm)) == (3_250_000_000, 100)
    assert (maps["cam01"].to_session(0), views["cam01"].interval.start_ns) == (-500_000_000, 0)


def test_a_view_is_laid_by_a_table_of_matching_frames(lab: Path, files: Path, tmp_path: Path, told: Run) -> None:
    """The camera's frame n is the glasses' frame n + 10 or, by its clock that is off by 200 ppm, near it."""
    main_frames = read_frame_table(SessionFolder(lab / "sessions" / ID).frames)
    rows = [
        {
            "aria01_214-1_capture_timestamp_ns": main_frames[n + 10].device_ns + n * 20_000,
            "cam01_frame_number": f"{n}.0",
            "cam01_pts": n * 1000,
        }
        for n in range(100)
    ]
    table = tmp_path / "timesync.csv"
    _write(table, [*rows, {"aria01_214-1_capture_timestamp_ns": "", "cam01_frame_number": "105"}])
    made = told("import view", files / "GoPro 1.mp4", "--name", "gopro", "--table", table, "--camera", "cam01")
    assert made["placed"]["placed_by"] == "table"
    expected = main_frames[10].session_ns
    assert made["placed"]["offset_ns"] == pytest.approx(expected, abs=1e6)
    assert made["placed"]["drift_ppm"] == pytest.approx(200, abs=2)
    assert ClockMap.from_json(_stream(lab, "gopro").clock_map or "").quality.samples == 100


def test_a_table_may_name_the_view_s_frames_instead_of_its_clock(
    lab: Path, files: Path, tmp_path: Path, told: Run
) -> None:
    table = tmp_path / "timesync.csv"
    _write(table, [{"ego_frame_number": n + 5, "cam01_frame_number": n} for n in range(0, 100, 10)])
    made = told("import view", files / "GoPro 1.mp4", "--name", "cam01", "--table", table, "--glasses", "ego")
    frames = read_frame_table(SessionFolder(lab / "sessions" / ID).frames)
    assert made["placed"]["offset_ns"] == pytest.approx(frames[5].session_ns, abs=1e6)


def _write(path: Path, rows: list[dict[str, Any]]) -> None:
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def test_what_can_t_be_laid_leaves_the_session_as_it_was(
    lab: Path, files: Path, shared_data: Path, tmp_path: Path, refused: Run
) -> None:
    gopro = files / "GoPro 1.mp4"
    tile = shared_data / "video" / "derived_measurement_error_tile1.mp4"
    table = tmp_path / "t.csv"
    _write(table, [{"cam01_frame_number": 1, "cam02_frame_number": 2}])
    (tmp_path / "cut.mp4").write_bytes(gopro.read_bytes()[:9000])
    assert "no sound in common" in refused("import view", tile)
    assert "no time in common" in refused("import view", gopro, "--offset", "900")
    assert "has no camera 'cam07'; it has cam01, cam02" in refused(
        "import view", gopro, "--name", "cam07", "--table", table
    )
    assert "says nothing of the session's own view" in refused(
        "import view", gopro, "--name", "cam01", "--table", table
    )
    assert "damaged" in refused("import view", tmp_path / "cut.mp4", "--offset", "1")
    assert "can't be a view's name" in refused("import view", gopro, "--name", "ego", "--offset", "1")
    assert "add --offset" in refused("import view", gopro, "--drift-ppm", "3")
    assert "no table of frames" in refused("import view", gopro, "--name", "cam01", "--table", _bad(tmp_path))


def _bad(folder: Path) -> Path:
    (folder / "bad.csv").write_text("cam01_frame_number,a_capture_timestamp_ns\nx,y\n")
    return folder / "bad.csv"


def test_a_view_s_name_is_taken_once(files: Path, told: Run, refused: Run) -> None:
    told("import view", files / "GoPro 1.mp4", "--name", "cam01", "--offset", "1")
    assert "has a view cam01 already" in refused("import view", files / "GoPro 1.mp4", "--name", "cam01")


def test_takes_are_spans_with_a_task_and_the_best_view(files: Path, told: Run, refused: Run) -> None:
    told("import view", files / "GoPro 1.mp4", "--name", "cam01", "--offset", "1")
    told("takes", "--add", "second", "6", "9.5", "--task", "Cake", "--best-exo", "cam01")
    assert told("takes", "--add", "first", "0.5", "5") == {
        "session": ID,
        "views": ["cam01"],
        "takes": [
            {"name": "first", "start_s": 0.5, "end_s": 5.0, "task": None, "best_exo": None},
            {"name": "second", "start_s": 6.0, "end_s": 9.5, "task": "Cake", "best_exo": "cam01"},
        ],
    }
    assert "has no view 'cam02'; it has cam01" in refused("takes", "--add", "x", "1", "2", "--best-exo", "cam02")
    assert "is 12.0 s long" in refused("takes", "--add", "x", "1", "200")
    assert "to a later one" in refused("takes", "--add", "x", "5", "2")
    assert "is no number" in refused("takes", "--add", "x", "a", "2")
    assert "has a take 'first' already" in refused("takes", "--add", "first", "1", "2")
    assert "has no take 'third'; it has first, second" in refused("takes", "--remove", "third")
    assert [take["name"] for take in told("takes", "--remove", "first")["takes"]] == ["second"]


def test_the_nearest_frame_is_found() -> None:
    times = [0, 10, 20]
    assert [nearest(times, t) for t in (-5, 4, 5, 6, 19, 99)] == [0, 0, 0, 1, 2, 2]
