"""Further views of a session, by sound, by hand and by a table of frames; takes."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import pytest

from storage import Project
from tests.benchmarks.bench_alignment import case, sound_of
from tests.core.face_room import Reds, write_film
from tests.core.media_files import write_video
from tests.core.telephone_film import HLG
from tests.core.telephone_film import write_film as write_telephone_film
from ui.cli import main
from woz.base.clock import SystemClock
from woz.base.commands import quoted
from woz.base.interval import NS_PER_S
from woz.deidentifying.detecting import Looking
from woz.deidentifying.faces import Decision
from woz.lab.blurring import burn_film, decide, detect, films_of, sign_off
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


def _streams(lab: Path) -> list[Stream]:
    with Project.open(lab, SystemClock()) as project:
        return project.streams.of_session(ID)


def _stream(lab: Path, view: str) -> Stream:
    [found] = [s for s in _streams(lab) if s.view == view]
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
    assert made["residual_p95_ms"] < 1


def test_real_glasses_and_a_camera_by_the_glasses_own_clock(
    shared_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Frame 30 of the camera, at 1 s of its file, is the glasses' second frame; other glasses are a view, too."""
    path = str(tmp_path / "glasses")
    vrs = shared_data / "aria_vrs"
    assert main(["import", "media", path, str(vrs / "gen1_everyday.vrs"), "--id", ID]) == 0
    main_frames = read_frame_table(SessionFolder(Path(path) / "sessions" / ID).frames)
    second = main_frames[1]
    assert second.device_ns > 86 * NS_PER_S
    table = tmp_path / "timesync.csv"
    rows = [(second.device_ns + round(i * NS_PER_S / 30), 30 + i) for i in range(10)]
    _write(table, [{"aria01_214-1_capture_timestamp_ns": at, "cam01_frame_number": n} for at, n in rows])
    camera = shared_data / "video" / "technique_error_1.mp4"
    view = ("import", "view", path, str(camera), "--name", "cam01", "--table", str(table), "--json")
    capsys.readouterr()
    assert main(view) == 0
    made = json.loads(capsys.readouterr().out)
    assert made["placed"]["offset_ns"] == pytest.approx(second.session_ns - NS_PER_S, abs=1e6)
    assert (
        main(["import", "view", path, str(vrs / "gen2_all_sensors.vrs"), "--name", "aria02", "--offset", "0.1"])
        == 0
    )
    frames = read_frame_table(Path(path) / "sessions" / ID / "sensors" / "aria02_frames.csv")
    assert [round(frame.session_ns / 1e8) for frame in frames] == [1, 2, 3]


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


def test_the_expert_s_gaze_on_the_screen_becomes_points_in_the_view(
    lab: Path, tmp_path: Path, told: Run, refused: Run
) -> None:
    """The view was shown on 1280x1280 pixels from (320, 0) on; the tracker began 2 s after the session."""
    file = tmp_path / "tobii.tsv"
    rows = [
        ("1700000000.5", "960", "640"),
        ("1700000000.51", "", ""),
        ("1700000000.52", "100", "640"),
        ("1700000000.53", "1600", "1280"),
        ("1700000099", "960", "640"),
    ]
    head = "Recording timestamp [s]\tGaze point X\tGaze point Y\n"
    file.write_text(head + "".join("\t".join(row) + "\n" for row in rows))
    place = ("--picture", "320,0,1280x1280")
    assert "no time in common" in refused("import gaze", file, "--utc", *place)
    assert "no place on a screen" in refused("import gaze", file, "--offset", "2", "--picture", "all")
    assert "has no column 'Left'" in refused("import gaze", file, "--offset", "2", "--x", "Left")
    assert told("import gaze", file, "--offset", "2", *place) == {
        "session": ID,
        "samples": 4,
        "in_view": 2,
        "start_s": 2.0,
    }
    stream = next(s for s in _streams(lab) if s.kind == StreamKind.EXPERT_GAZE)
    with (lab / "sessions" / ID / stream.path).open(newline="") as opened:
        kept = [(row["session_ns"], row["x"], row["y"]) for row in csv.DictReader(opened)]
    assert kept == [
        ("2000000000", "0.500000", "0.500000"),
        ("2010000000", "", ""),
        ("2020000000", "", ""),
        ("2030000000", "1.000000", "1.000000"),
    ]
    assert "has the expert's gaze already" in refused("import gaze", file, "--offset", "2")
    assert main(["check", str(lab)]) == 0


def test_gaze_in_utc_and_in_parts_of_the_screen(lab: Path, tmp_path: Path, told: Run, refused: Run) -> None:
    with Project.open(lab, SystemClock()) as project:
        start_us = project.sessions.get(ID).start_utc_ns // 1000
    file = tmp_path / "gaze.csv"
    file.write_text(f"system_time_stamp,gaze_x,gaze_y\n{start_us + 1_500_000},0.25,0.75\n")
    assert "unit of 'system_time_stamp'" in refused("import gaze", file, "--utc")
    (tmp_path / "odd.csv").write_text("time_s,x,y\n1,0.5,here\n")
    assert "Line 2 of odd.csv holds no time and point" in refused(
        "import gaze", tmp_path / "odd.csv", "--offset", "1"
    )
    for time in ("", "nan", "1e999999999", "soon", "9" * 40):
        (tmp_path / "odd.csv").write_text(f"time_s,x,y\n{time},0.5,0.5\n")
        assert "holds no time and point" in refused("import gaze", tmp_path / "odd.csv", "--offset", "1")
    assert told("import gaze", file, "--utc", "--unit", "us")["in_view"] == 1
    row = (lab / "sessions" / ID / "sensors" / "expert_gaze.csv").read_text().splitlines()[1].split(",")
    assert (round(int(row[0]) / 1e6), row[-2:]) == (1500, ["0.250000", "0.750000"])


def test_matching_frames_leave_as_they_would_come(
    lab: Path, files: Path, shared_data: Path, tmp_path: Path, told: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    """And a view that is laid by the exported table lies where it lay."""
    told("import view", files / "GoPro 1.mp4", "--name", "cam01", "--offset", "1.02", "--drift-ppm", "50")
    phone = shared_data / "video" / "derived_measurement_error_tile1.mp4"
    told("import view", phone, "--name", "phone", "--offset", "4")
    told("takes", "--add", "cake", "2", "6", "--task", "Mug cake", "--best-exo", "cam01")
    out = tmp_path / "out"
    both = ("--format", "timesync", "--format", "session")
    assert main(["export", str(lab), "--session", ID, *both, "--out", str(out)]) == 0
    capsys.readouterr()
    facts = json.loads((out / f"{ID}.session.json").read_text())
    assert [take["task"] for take in facts["takes"]] == ["Mug cake"]
    assert {view["name"]: view["clock_map"]["offset_ns"] for view in facts["views"]} == {
        "cam01": 1_020_000_000,
        "phone": 4_000_000_000,
    }
    with (out / ID / "timesync.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    main_frames = read_frame_table(SessionFolder(lab / "sessions" / ID).frames)
    assert [int(row["aria01_214-1_capture_timestamp_ns"]) for row in rows] == [f.device_ns for f in main_frames]
    assert [row["aria01_214-1_frame_number"] for row in rows[:2]] == ["0", "1"]
    assert [row["cam01_frame_number"] for row in rows[9:13]] == ["", "0", "1", "2"]
    assert rows[0]["phone_frame_number"] == rows[-1]["phone_pts"] == ""
    [take] = json.loads((out / ID / "takes.json").read_text())
    assert (take["take_name"], take["task_name"], take["best_exo"]) == ("cake", "Mug cake", "cam01")
    inside = rows[take["timesync_start_idx"] + 1 : take["timesync_end_idx"]]
    assert [inside[0]["aria01_214-1_frame_number"], inside[-1]["aria01_214-1_frame_number"]] == ["20", "59"]
    aligned = {camera: _rows(out / ID / "cake" / f"{camera}.csv") for camera in ("aria01_214-1", "cam01", "phone")}
    assert {camera: len(found) for camera, found in aligned.items()} == dict.fromkeys(aligned, 40)
    assert aligned["cam01"][0]["frame_number"] == rows[20]["cam01_frame_number"]
    other = tmp_path / "other"
    assert main(["import", "media", str(other), str(files / "glasses.mp4"), "--id", ID]) == 0
    table = str(out / ID / "timesync.csv")
    again = ("import", "view", str(other), str(files / "GoPro 1.mp4"), "--name", "cam01", "--table", table)
    assert main(again) == 0
    was, now = (ClockMap.from_json(_stream(path, "cam01").clock_map or "") for path in (lab, other))
    step_ns = 100_000_000
    assert abs(was.to_session(5 * NS_PER_S) - now.to_session(5 * NS_PER_S)) <= step_ns // 2


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_the_nearest_frame_is_found() -> None:
    times = [0, 10, 20]
    assert [nearest(times, t) for t in (-5, 4, 5, 6, 19, 99)] == [0, 0, 0, 1, 2, 2]


def test_frame_aligned_films_of_a_take_have_as_many_frames_as_its_tables(
    told: Run, refused: Run, lab: Path, files: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told("import view", files / "GoPro 1.mp4", "--offset", "1.0")
    assert "no take yet" in refused("takes", "--cut", tmp_path / "films")
    told("takes", "--add", "first", "2", "4")
    assert main(["takes", str(lab), "--cut", str(tmp_path / "films"), "--json"]) == 0
    said = capsys.readouterr()
    assert f"woz consent {quoted(lab)} P01" in said.err, "nobody is on record, and the command names the project"
    films = [Path(each) for each in json.loads(said.out)["films"]]
    assert len(films) == 2
    counts = {_frames(film) for film in films}
    assert len(counts) == 1, "frame i is the same instant in each"
    told("export", "--format", "timesync", "--out", tmp_path / "tables")
    tables = list((tmp_path / "tables").rglob("first/*.csv"))
    assert {len(table.read_text().splitlines()) - 1 for table in tables} == counts
    assert "there already" in refused("takes", "--cut", tmp_path / "films")
    assert list((tmp_path / "films").rglob("*.part")) == []
    told("blur require", "on")
    assert "Faces were not looked for" in refused("takes", "--cut", tmp_path / "others")


def test_a_further_view_whose_faces_nobody_signed_off_keeps_all_films_of_takes_here(
    lab: Path, told: Run, refused: Run, tmp_path: Path
) -> None:
    told("import view", write_film(tmp_path / "phone.mkv"), "--offset", "1.0")
    told("takes", "--add", "first", "2", "4")
    told("blur require", "on")
    with Project.open(lab, SystemClock()) as project:
        own, further = films_of(project, SessionId(ID))
    for film in (own, further):
        assert film.path.name in refused("takes", "--cut", tmp_path / "films")
        assert not (tmp_path / "films").exists()
        if detect(film, Reds, Looking()).open:
            decide(film, [], Decision.BLUR, "ada")
        sign_off(film, "bea", 1)
        burn_film(film)
    assert len(told("takes", "--cut", tmp_path / "films")["films"]) == 2


def test_a_take_s_film_of_an_hdr_view_has_its_colours(lab: Path, told: Run, tmp_path: Path) -> None:
    told("import view", write_telephone_film(tmp_path / "phone.mov", [], "yuv420p10le"), "--offset", "2.0")
    told("takes", "--add", "first", "2.2", "2.8")
    films = told("takes", "--cut", tmp_path / "films")["films"]
    assert len(films) == 2
    with av.open(films[1]) as container:
        shown = next(container.decode(video=0))
    assert (shown.color_primaries, shown.color_trc, shown.colorspace, shown.color_range) == HLG


def _frames(film: Path) -> int:
    with av.open(str(film)) as container:
        return sum(1 for _ in container.decode(video=0))
