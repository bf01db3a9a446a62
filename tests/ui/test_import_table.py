"""`woz import table`: many sessions by one table, whole rows or none, and again."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from storage import Project
from tests.core.media_files import write_sound, write_video
from ui.cli import main
from woz.base.clock import SystemClock
from woz.lab import media_import, taking_in
from woz.lab.session_table import COLUMNS
from woz.model.people import ConsentKind

RATE, SECONDS = 16_000, 2
CONSENTS = "privacy=2.1@2026-03-01; recording=2.1@2026-03-01"


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("recordings")
    for at in range(3):
        sound = np.random.default_rng(at).normal(0, 0.05, RATE * SECONDS).astype(np.float32)
        write_video(folder / f"v{at}.mp4", sound, RATE, SECONDS)
    write_sound(folder / "voice.wav", sound, RATE)
    (folder / "bike.txt").write_text("Fit the wheel\nInsert the axle\n")
    (folder / "torn.mp4").write_bytes(b"no film")
    return folder


def table(path: Path, *rows: dict[str, str], delimiter: str = ",") -> Path:
    names = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.DictWriter(file, names, delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return path


def asked(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, dict[str, Any]]:
    status = main(["import", "table", *map(str, words), "--json"])
    return status, json.loads(capsys.readouterr().out)


def whole(recordings: Path, at: int, **more: str) -> dict[str, str]:
    return {
        "view": str(recordings / f"v{at}.mp4"),
        "id": f"lab-{at}",
        "procedure": "Bike",
        "steps": str(recordings / "bike.txt") if at == 0 else "",
        "place": "workshop 2",
        "start": "2026-03-01T14:30:00Z",
        "trainee": "P07,skill=3",
        "trainee_consents": CONSENTS,
        "expert": "E01",
        **more,
    }


def test_rows_come_in_whole_and_once(recordings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = tmp_path / "lab"
    made = table(tmp_path / "t.csv", *(whole(recordings, at) for at in range(3)), delimiter=";")
    assert asked(capsys, project, made, "--dry-run")[1]["new"] == 3
    assert not project.exists()
    status, told = asked(capsys, project, made)
    assert (status, [row["state"] for row in told["rows"]]) == (0, ["imported"] * 3)
    with Project.open(project, SystemClock()) as opened:
        sessions = sorted(opened.sessions.all(), key=lambda each: each.id)
        assert [each.id for each in sessions] == ["lab-0", "lab-1", "lab-2"]
        assert {(each.place, each.title) for each in sessions} == {("workshop 2", "Bike")}
        trainee = next(each for each in opened.participants.all() if each.pseudonym == "P07")
        assert [each.kind for each in trainee.consents] == [ConsentKind.PRIVACY, ConsentKind.RECORDING]
        procedures = {each.id: each for each in opened.procedures.all()}
        assert {len(procedures[each.procedure_id].steps) for each in sessions if each.procedure_id} == {2}
    status, told = asked(capsys, project, made)
    assert (status, told["there"], told["imported"]) == (0, 3, 0)


def test_a_renamed_file_is_known_again(
    recordings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    view = tmp_path / "renamed.mp4"
    shutil.copy(recordings / "v0.mp4", view)
    asked(capsys, tmp_path / "lab", table(tmp_path / "a.csv", {"view": str(recordings / "v0.mp4"), "id": "one"}))
    told = asked(capsys, tmp_path / "lab", table(tmp_path / "b.csv", {"view": str(view)}))[1]
    assert [(row["state"], row["session_id"]) for row in told["rows"]] == [("there", "one")]


FAULTS = [
    ({"view": "nowhere.mp4"}, "There is no file"),
    ({"view": ""}, "view is empty"),
    ({"view": "torn.mp4"}, "torn.mp4"),
    ({"trainee": "Anna Miller"}, "can't be a pseudonym"),
    ({"trainee": "", "expert": "E01"}, "trainee"),
    ({"trainee": ""}, "whose they are"),
    ({"trainee_consents": "privacy=2@yesterday"}, "no date"),
    ({"procedure": "Unheard of", "steps": ""}, "Unheard of"),
    ({"start": "noon"}, "--start"),
    ({"source": "Epic"}, "belong together"),
    ({"expert_voice": "voice.wav", "expert_offset": "soon"}, "must be a number"),
    ({"expert_voice": "gone.wav"}, "There is no file"),
    ({"id": "../up"}, "letters"),
    ({"protocol": "gone.txt"}, "say proactive or on-demand"),
]


def test_each_fault_is_told_with_its_row_and_the_others_come_in(
    recordings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = ("view", "expert_voice")
    rows = []
    for at, (fault, _) in enumerate(FAULTS):
        row = (
            whole(recordings, 1, id=f"bad-{at}", expert_voice="", expert_offset="", source="", protocol="") | fault
        )
        copy = tmp_path / f"v{at}.mp4"
        copy.write_bytes((recordings / "v1.mp4").read_bytes())
        row["view"] = row["view"] if "view" in fault else str(copy)
        rows.append({k: str(recordings / v) if k in paths and v else v for k, v in row.items()})
    made = table(tmp_path / "t.csv", whole(recordings, 0), *rows, whole(recordings, 2))
    looked = asked(capsys, tmp_path / "lab", made, "--dry-run")
    status, told = asked(capsys, tmp_path / "lab", made)
    assert looked[0] == status == 1
    for found in (looked[1], told):
        faulty = [row for row in found["rows"] if row["state"] == "faulty"]
        assert [row["row"] for row in faulty] == [at + 3 for at in range(len(FAULTS))]
        wrong = [(row["said"], words) for row, (_, words) in zip(faulty, FAULTS, strict=True)]
        assert [each for each in wrong if each[1] not in each[0]] == []
    with Project.open(tmp_path / "lab", SystemClock()) as opened:
        assert sorted(session.id for session in opened.sessions.all()) == ["lab-0", "lab-2"]
        folders = sorted(each.name for each in opened.sessions_dir.iterdir() if not each.name.startswith("."))
        assert folders == ["lab-0", "lab-2"]


def test_one_view_or_id_in_two_rows(recordings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = (whole(recordings, 0), whole(recordings, 0, id="other"), whole(recordings, 2, id="lab-0"))
    told = asked(capsys, tmp_path / "lab", table(tmp_path / "t.csv", *rows), "--dry-run")[1]
    assert [row["state"] for row in told["rows"]] == ["new", "faulty", "faulty"]
    assert ["row 2" in row["said"] for row in told["rows"]] == [False, True, True]


def test_one_film_under_two_names_is_one_session(
    recordings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Told by the dry run as by the import, and again where it has come in."""
    copy = tmp_path / "copy of v0.mp4"
    shutil.copy(recordings / "v0.mp4", copy)
    rows = (whole(recordings, 0), whole(recordings, 0, id="other", view=str(copy)), whole(recordings, 1))
    made = table(tmp_path / "t.csv", *rows)
    for more, states in (("--dry-run", ["new", "faulty", "new"]), ("", ["imported", "faulty", "imported"])):
        told = asked(capsys, tmp_path / "lab", made, *filter(None, [more]))[1]
        assert [row["state"] for row in told["rows"]] == states
        assert "v0.mp4 in row 2" in told["rows"][1]["said"]
    told = asked(capsys, tmp_path / "lab", made, "--dry-run")[1]
    assert [row["state"] for row in told["rows"]] == ["there", "faulty", "there"]


def test_an_interrupted_import_goes_on(
    recordings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = table(tmp_path / "t.csv", *(whole(recordings, at) for at in range(3)))
    keep = taking_in.take_in

    def interrupted(project: Any, manifest: Any) -> None:
        if manifest.session_id == "lab-1":
            raise KeyboardInterrupt
        keep(project, manifest)

    with monkeypatch.context() as patched:
        patched.setattr(media_import, "take_in", interrupted)
        assert main(["import", "table", str(tmp_path / "lab"), str(made)]) == 1
    capsys.readouterr()
    status, told = asked(capsys, tmp_path / "lab", made)
    assert (status, [row["state"] for row in told["rows"]]) == (0, ["there", "imported", "imported"])


KILLED = """
import os, signal, sys
from woz.lab import media_import
media_import._store = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
from ui.cli import main
main(["import", "table", *sys.argv[1:]])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="has no SIGKILL")
@pytest.mark.parametrize("name", ["lab-1", ""])
def test_what_an_import_that_was_killed_had_finished_is_taken(
    recordings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """Killed when the folder is in its place and the database doesn't know it yet."""
    voice = {"expert_voice": str(recordings / "voice.wav"), "expert_offset": "0.5"}
    lab, made = (
        tmp_path / "lab",
        table(tmp_path / "t.csv", whole(recordings, 1, id=name, **voice, steps="bike.txt")),
    )
    shutil.copy(recordings / "bike.txt", tmp_path)
    assert subprocess.run([sys.executable, "-c", KILLED, str(lab), str(made)], check=False).returncode < 0
    (left,) = [path for path in (lab / "sessions").iterdir() if path.name[0] != "."]
    (left / "mark").touch()
    status, told = asked(capsys, lab, made)
    assert (status, told["rows"][0]["state"], told["rows"][0]["session_id"]) == (0, "imported", left.name)
    assert (left / "mark").exists()
    assert [path.name for path in (lab / "sessions").iterdir() if path.name[0] != "."] == [left.name]
    assert asked(capsys, lab, made)[1]["there"] == 1


@pytest.mark.skipif(sys.platform == "win32", reason="has no SIGKILL")
def test_what_is_not_the_same_is_not_taken(
    recordings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lab, made = tmp_path / "lab", table(tmp_path / "t.csv", whole(recordings, 0))
    subprocess.run([sys.executable, "-c", KILLED, str(lab), str(made)], check=False)
    film = lab / "sessions" / "lab-0" / "ego.mkv"
    film.write_bytes(film.read_bytes()[:-1])
    status, told = asked(capsys, lab, made)
    assert status == 1
    assert "lab-0 is there already; nothing was overwritten" in told["rows"][0]["said"]
    assert film.exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        ("view\n", "no row"),
        ("film,procedure\na,b\n", "'film'"),
        ("procedure\nBike\n", "no column view"),
        ("view,view\na,b\n", "twice"),
    ],
)
def test_what_is_no_such_table_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, words: str
) -> None:
    (tmp_path / "t.csv").write_text(text)
    assert main(["import", "table", str(tmp_path / "lab"), str(tmp_path / "t.csv")]) == 1
    assert words in capsys.readouterr().err
    assert not (tmp_path / "lab").exists()


def test_the_template_has_all_columns_and_nothing_to_import(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = tmp_path / "t.csv"
    assert main(["import", "table", str(tmp_path / "lab"), str(made), "--template"]) == 0
    with made.open(encoding="utf-8-sig", newline="") as file:
        assert next(csv.reader(file)) == list(COLUMNS)
    capsys.readouterr()
    assert main(["import", "table", str(tmp_path / "lab"), str(made)]) == 1
    assert "no row" in capsys.readouterr().err
    assert main(["import", "table", str(tmp_path / "lab"), str(made), "--template"]) == 1
