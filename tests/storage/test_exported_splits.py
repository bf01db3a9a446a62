"""The split that a release gave a session goes along where its annotations are exported."""

from __future__ import annotations

import json
from pathlib import Path

from storage import Project
from tests.storage.examples import CLOCK, SID, TIER, segment
from woz.annotation.edits import Edit
from woz.dataset.release.building_folder import MANIFEST
from woz.lab.exporting import export_sessions, losses
from woz.lab.library import Released

NONE = "subsets of videos that are in no release"


def _subset(project: Project, folder: Path) -> str:
    [file] = export_sessions(project, [SID], folder, ["activitynet"]).files
    subset = json.loads(file.read_text(encoding="utf-8"))["database"][SID]["subset"]
    assert isinstance(subset, str)
    return subset


def _release(project: Project, folder: Path, split: str) -> None:
    folder.mkdir()
    told = {"name": folder.name, "version": "1", "files": {}, "sessions": {SID: {"split": split}}}
    (folder / MANIFEST).write_text(json.dumps(told), encoding="utf-8")
    made = CLOCK.utc_ns() + len(project.releases.all())
    project.releases.add(Released(folder.name, "1", str(folder), made, (SID,)))


def test_the_newest_release_that_is_there_says_it(project: Project, tmp_path: Path) -> None:
    project.annotations.record(SID, Edit("Mark", (), (TIER, segment("a"))), "ada")
    assert _subset(project, tmp_path / "1") == ""
    assert NONE in losses(project, [SID], ["activitynet"])[0]
    for name, split in (("old", "train"), ("new", "test"), ("gone", "validation")):
        _release(project, tmp_path / name, split)
    (tmp_path / "gone" / MANIFEST).unlink()
    assert _subset(project, tmp_path / "2") == "testing"
    assert NONE not in losses(project, [SID], ["activitynet"])[0]
