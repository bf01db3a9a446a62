"""Data sets' files through a project and out again: the database loses nothing of what comes back; over both."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from storage import Project
from tests.core.equal_json import equal
from tests.core.test_egoexo import ALONE, ATOMIC_FILE, COMMENTARY_FILE, DEMONSTRATIONS, DEMONSTRATORS, KEYSTEP_FILE
from tests.core.test_proassist import CONTENT
from tests.core.test_wtag import WHOLE, a_folder, texts
from tests.storage.examples import CLOCK
from woz.lab.annotation_import import Wanted, import_annotations
from woz.lab.exporting import export_sessions
from woz.schemes.shipped import shipped


def through(project: Project, name: str, path: Path, out: Path) -> list[Path]:
    """The files that leave once a file was taken in."""
    taken = import_annotations(project, Wanted(path, name), CLOCK)
    return list(export_sessions(project, [each.session for each in taken.sessions], out, [name]).files)


def comes_back(project: Project, name: str, path: Path, out: Path) -> bool:
    [file] = [each for each in through(project, name, path, out) if each.name != "transcriptions.json"]
    return equal(json.loads(path.read_text(encoding="utf-8")), json.loads(file.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("holoassist", "holoassist/z131-aug-11-22-rashult_assemble.json"),
        ("holoassist", "holoassist/R066-15July-ATV-Part2.json"),
        ("captaincook4d", "captaincook4d/error_annotations_recipes_1-6.json"),
        ("captaincook4d", "captaincook4d/step_annotations_recipes_1-6.json"),
    ],
)
def test_public_files_come_back(project: Project, shared_data: Path, tmp_path: Path, name: str, file: str) -> None:
    assert comes_back(project, name, shared_data / "annotations" / file, tmp_path / "out")
    assert [scheme for scheme in project.schemes.all() if scheme.id == name] == [shipped(name)]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("egoexo4d-keysteps", KEYSTEP_FILE),
        ("egoexo4d-atomic", ATOMIC_FILE),
        ("egoexo4d-commentary", COMMENTARY_FILE),
        ("egoexo4d-commentary", ALONE),
        ("egoexo4d-proficiency", DEMONSTRATIONS),
        ("egoexo4d-proficiency", DEMONSTRATORS),
        ("proassist", CONTENT),
    ],
)
def test_files_after_a_published_format_come_back(
    project: Project, tmp_path: Path, name: str, content: Any
) -> None:
    path = tmp_path / "file.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    assert comes_back(project, name, path, tmp_path / "out")


def test_a_folder_of_wtag_comes_back(project: Project, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert texts(through(project, "wtag", a_folder(tmp_path / "T1_cake", WHOLE), out), out) == WHOLE
