"""One session among others whose files are damaged, in each kind of batch: it is told, and the others are done."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from storage import Project
from tests.core.face_room import write_film
from tests.rig.batch_room import recorded_project
from tests.system.test_batch_kinds import CLOCK, detector, worked
from ui.cli import main
from woz.base.errors import WozError
from woz.batch.collecting import collect
from woz.batch.kinds.session_files import each
from woz.batch.planning import plan
from woz.batch.work import Outcome, What, execute
from woz.deidentifying.deciding import decided, signed_off
from woz.deidentifying.faces import Decision
from woz.deidentifying.keeping import faces_path, save_faces, wanted_faces
from woz.lab.ports import Project as AnyProject
from woz.model.ids import SessionId
from woz.recording.folder.session_folder import SessionFolder

__all__ = ["detector"]

NAMES = [SessionId(f"20270115-0800{number:02d}-test") for number in range(3)]
"""Of the sessions; the second is the one that is damaged."""


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with recorded_project(tmp_path / "project", 3) as made:
        yield made


def folder(project: AnyProject, number: int = 1) -> SessionFolder:
    return SessionFolder(project.session_dir(NAMES[number]))


def no_film(project: Project) -> None:
    folder(project).ego.write_bytes(b"no film" * 1000)


def half_a_film(project: Project) -> None:
    film = folder(project).ego
    os.truncate(film, film.stat().st_size // 2)


def no_faces(project: Project) -> None:
    path = faces_path(folder(project).ego)
    path.parent.mkdir(exist_ok=True)
    path.write_text('{"film_sha256": 7}')


def no_table(project: Project) -> None:
    folder(project).frames.write_bytes(b"frame,\xff\n1;2\n")


def no_manifest(project: Project) -> None:
    folder(project).manifest_path.write_text("{")


def no_folder(project: Project) -> None:
    shutil.rmtree(folder(project).path)


def model(models: Path) -> str:
    (models / "small").mkdir(parents=True)
    (models / "small" / "model.bin").write_bytes(b"weights")
    return "small"


FAULTS: list[tuple[str, Callable[[Project], None], str]] = [
    ("blur", no_faces, "holds no faces that woz knows"),
    ("clips", no_faces, "holds no faces that woz knows"),
    ("faces", no_faces, "holds no faces that woz knows"),
    ("frames", no_faces, "holds no faces that woz knows"),
    ("proxies", no_film, "can't be read"),
    ("transcribe", no_manifest, "manifest"),
    ("voices", no_film, "see to it with woz check"),
    *(
        (kind, no_folder, "bring it back")
        for kind in (
            "blur",
            "check",
            "clips",
            "faces",
            "frames",
            "proposals",
            "proxies",
            "small",
            "voices",
            "waveforms",
        )
    ),
]


@pytest.mark.parametrize(("kind", "damage", "words"), FAULTS, ids=lambda one: getattr(one, "__name__", None))
def test_a_damaged_session_is_told_and_the_others_are_planned(
    project: Project, detector: Path, kind: str, damage: Callable[[Project], None], words: str
) -> None:
    damage(project)
    project.blurring.require(damage is no_faces)
    given = {
        "faces": {"detector": detector.name},
        "proposals": {"by": "states-from-turns"},
        "voices": {"release": "lamps"},
        "transcribe": {"model": model(detector.parent)},
    }.get(kind, {})
    ledger = plan(project, kind, given, [], CLOCK)
    about = ledger.about()
    (told,) = about.damaged
    assert told.startswith(f"{NAMES[1]}: ")
    assert words in told
    assert told.count(". ") == 0, "one sentence"
    planned = {str(item.parameters.get("session", item.id)) for item in ledger.items()}
    passed = {words.partition(":")[0] for words in about.passed_over}
    assert planned | passed == {NAMES[0], NAMES[2]}


@pytest.mark.parametrize(
    ("kind", "damage", "words"),
    [
        ("faces", no_film, "can't be read"),
        ("faces", half_a_film, ""),
        ("faces", no_table, ""),
        ("frames", no_film, "can't be read"),
        ("frames", no_table, ""),
        ("small", no_film, "can't be read"),
        ("waveforms", no_film, "can't be read"),
        ("check", no_film, ""),
        ("check", no_manifest, "manifest"),
        ("check", no_table, ""),
    ],
    ids=lambda one: getattr(one, "__name__", None),
)
def test_what_only_reading_shows_fails_alone(
    project: Project, detector: Path, kind: str, damage: Callable[[Project], None], words: str
) -> None:
    """Without words it is done in spite of that: a check says so in its report."""
    damage(project)
    ledger = plan(project, kind, {"detector": detector.name} if kind == "faces" else {}, [], CLOCK)
    found = dict[str, Outcome]()
    for item in ledger.items():
        found[item.id] = execute(str(ledger.path), ledger.about().token, msgspec.json.encode(item))
    assert {found[NAMES[0]].what, found[NAMES[2]].what} == {What.DONE}
    assert found[NAMES[1]].what == (What.FAILED if words else What.DONE)
    assert words in found[NAMES[1]].words
    assert collect(project, ledger, CLOCK).taken == (2 if words else 3)


def test_a_file_that_may_not_be_read_is_told(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    from woz.batch import hashes, planning

    real = hashes.input_of

    def refused(known: object, root: str, base: Path, path: Path) -> object:
        if NAMES[1] in str(path):
            raise WozError(f"{path} can't be read (Permission denied).")
        return real(known, root, base, path)  # type: ignore[arg-type]

    monkeypatch.setattr(planning, "input_of", refused)
    ledger = plan(project, "waveforms", {}, [], CLOCK)
    assert {item.id for item in ledger.items()} == {NAMES[0], NAMES[2]}
    (told,) = ledger.about().damaged
    assert told == f"{NAMES[1]}: {folder(project).ego} can't be read (Permission denied)."


def test_a_session_of_more_files_than_a_batch_takes_is_told(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("woz.batch.ledger.MOST_LINE_BYTES", 8000)
    for number in range(100):
        (folder(project).path / f"more-{number}").write_text("more")
    ledger = plan(project, "check", {}, [], CLOCK)
    assert {item.id for item in ledger.items()} == {NAMES[0], NAMES[2]}
    assert "has too many files for a batch" in ledger.about().damaged[0]


def test_a_folder_of_all_sessions_that_is_away_ends_the_plan(project: Project) -> None:
    project.sessions_dir.rename(project.path / "away")
    with pytest.raises(WozError, match="woz project media-root"):
        plan(project, "check", {}, [], CLOCK)


def test_a_session_that_lies_on_another_disk_is_planned(project: Project, tmp_path: Path) -> None:
    there = tmp_path / "other-disk"
    folder(project).path.rename(there)
    folder(project).path.symlink_to(there)
    ledger = plan(project, "waveforms", {}, [], CLOCK)
    assert ledger.about().items == 3
    worked(ledger)


def test_faces_that_were_damaged_since_stay_out_of_what_is_collected(project: Project, detector: Path) -> None:
    for number in range(3):
        write_film(folder(project, number).ego)
    ledger = plan(project, "faces", {"detector": detector.name}, [], CLOCK)
    worked(ledger)
    no_faces(project)
    collected = collect(project, ledger, CLOCK)
    assert collected.taken == 2
    assert f"{NAMES[1]} was not taken in: {faces_path(folder(project).ego)} holds no faces" in collected.words
    faces_path(folder(project).ego).unlink()
    assert collect(project, ledger, CLOCK).taken == 1


def test_copies_of_faces_that_were_damaged_since_stay_out_of_what_is_collected(
    project: Project, detector: Path
) -> None:
    for number in range(2):
        write_film(folder(project, number).ego)
    faces = plan(project, "faces", {"detector": detector.name}, NAMES[:2], CLOCK)
    worked(faces)
    collect(project, faces, CLOCK)
    for number in range(2):
        film = folder(project, number).ego
        found = wanted_faces(film)
        ids = [track.id for track in found.tracks]
        save_faces(film, signed_off(decided(found, ids, Decision.BLUR, "ada"), "bea", 1), found)
    ledger = plan(project, "blur", {}, NAMES[:2], CLOCK)
    worked(ledger)
    no_faces(project)
    collected = collect(project, ledger, CLOCK)
    assert collected.taken == 1
    assert f"{NAMES[1]} was not taken in: " in collected.words


def test_the_command_tells_it_and_its_status_is_1(
    project: Project, detector: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    no_faces(project)
    path = str(project.path)
    assert main(["batch", "plan", "faces", path, "--set", f"detector={detector.name}"]) == 1
    said = capsys.readouterr().out.splitlines()
    assert "2 items of faces; done: 0, waiting: 2." in said
    (line,) = [line for line in said if line.startswith("not planned: ")]
    assert line.startswith(f"not planned: {NAMES[1]}: {faces_path(folder(project).ego)} holds no faces")


def test_a_kind_of_ones_own_tells_damage_in_the_same_way(project: Project) -> None:
    def planned(one: SessionFolder) -> list[object]:
        raise WozError(f"{one.path.name} is torn.")

    found = list(each(project, NAMES[:1], planned))  # type: ignore[arg-type]
    assert [(one.damaged, one.reason) for one in found] == [(True, f"{NAMES[0]} is torn.")]  # type: ignore[union-attr]
