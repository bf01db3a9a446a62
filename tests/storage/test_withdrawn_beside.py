"""What lies beside the sessions when somebody withdraws: runs, evaluations, drafts, leftovers, releases."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from storage import Project
from tests.storage.examples import CLOCK, SID
from tests.storage.withdrawal_room import (
    CORRECTED,
    HERS,
    OTHERS,
    TRAINEE,
    WORDS,
    files_with,
    fill,
    withdraw,
)
from woz.base.errors import WozError
from woz.lab.library import Released
from woz.lab.withdrawing import Task, carry_out, plan_withdrawal
from woz.model.ids import SessionId
from woz.recording.folder.lock import RecordingLock
from woz.recording.folder.staging import LOCK

HEARD = f"aligned-{'0' * 32}.json"


def test_runs_evaluations_and_drafts_are_cleaned_and_searched(project: Project, tmp_path: Path) -> None:
    """Lines of theirs go out of what was asked; what was made of their sessions goes whole, and
    what a recogniser heard, word by word, of any; the rest stays."""
    fill(project)
    runs, away, draft = (
        project.path / "runs" / "proposals-1",
        tmp_path / "evaluation",
        tmp_path / f"x-{SID}-ada.json",
    )
    asked = json.dumps({"said": HERS}) + "\n" + json.dumps({"said": OTHERS}) + "\n"
    words = json.dumps([{"word": word} for word in HERS.split()])
    written = {
        runs / "asked.jsonl": asked,
        runs / "done" / f"{SID}.json": "{}",
        runs / "plan.json": "what was planned",
        project.path / "evaluations" / "lamps.one.run" / "exchanges.jsonl": asked,
        project.path / "cache" / "asks" / f"{SID}-1a.json": json.dumps({"said": HERS}),
        project.path / "cache" / "voice-keys" / f"{SID}-expert.mka-1a.json": "[]",
        project.path / "cache" / "transcription" / HEARD: words,
        runs / "cache" / HEARD: words,
        away / "answers" / "one.txt": f"The model says: {CORRECTED}",
        away / "score.json": "[1, 2]",
        draft: "half typed",
    }
    for path, text in written.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    plan = plan_withdrawal(project, "P01", folders=[away, draft, project.path / "evaluations"])
    fates = {file.path: str(file.fate) for folder in plan.folders for file in folder.files}
    assert fates == {
        "proposals-1/asked.jsonl": "rewritten",
        "lamps.one.run/exchanges.jsonl": "rewritten",
        f"proposals-1/done/{SID}.json": "deleted",
        f"{SID}-1a.json": "deleted",
        f"{SID}-expert.mka-1a.json": "deleted",
        HEARD: "deleted",
        f"proposals-1/cache/{HEARD}": "deleted",
        "answers/one.txt": "deleted",
        draft.name: "deleted",
    }
    assert {path: path.read_text(encoding="utf-8") for path in written} == written
    task = Task(project, TRAINEE, "ada", CLOCK)
    done = carry_out(task, plan, lambda *_: None, folders=[away, draft])
    assert done.found == ()
    assert done.plan.folders == plan.folders
    assert (runs / "asked.jsonl").read_text(encoding="utf-8") == json.dumps({"said": OTHERS}) + "\n"
    assert sorted(path for path in written if path.exists()) == sorted(
        [runs / "asked.jsonl", runs / "plan.json", away / "score.json", *project.path.glob("evaluations/*/*.jsonl")]
    )
    assert files_with(project.path, *WORDS) == files_with(away, *WORDS) == []
    with pytest.raises(WozError, match="There is no"):
        plan_withdrawal(project, "P01", folders=[tmp_path / "nowhere"])


def test_what_a_killed_package_or_import_has_left_goes(project: Project) -> None:
    """It holds copies of sessions; what is being made at this moment stays, and is found."""
    fill(project)
    left = [project.path / ".package-a", project.sessions_dir / ".import-b", project.path / ".package-c"]
    for each in left:
        each.mkdir()
        (each / LOCK).touch()
        (each / "words.json").write_text(CORRECTED, encoding="utf-8")
    making = RecordingLock(left[2] / LOCK)
    assert making.take()
    try:
        found = withdraw(project, TRAINEE).found
    finally:
        making.release()
    assert found == (str(left[2] / "words.json"),)
    assert [each.exists() for each in left] == [False, False, True]


def test_a_folder_whose_files_cannot_be_made_again_is_refused(project: Project, tmp_path: Path) -> None:
    """Whole files go there: never a project, nor what was recorded of others."""
    fill(project)
    other = tmp_path / "others" / "project"
    other.mkdir(parents=True)
    (other / "project.sqlite").write_text(CORRECTED, encoding="utf-8")
    kept = [project.path, project.path.parent, project.sessions_dir, project.sessions_dir / SID, other.parent]
    for folder in kept:
        with pytest.raises(WozError, match="has a project or its sessions in it"):
            plan_withdrawal(project, "P01", folders=[folder])
    assert (other / "project.sqlite").exists()


def test_files_of_a_session_whose_id_goes_on_stay(project: Project, tmp_path: Path) -> None:
    fill(project)
    project.sessions.save(replace(project.sessions.get(SID), id=SessionId(f"{SID}-b"), participants=()))
    for name in (f"{SID}.json", f"{SID}-b.json", f"{SID}0.json", f"done_{SID}_1.json"):
        (tmp_path / "run").mkdir(exist_ok=True)
        (tmp_path / "run" / name).write_text("{}", encoding="utf-8")
    (folder,) = plan_withdrawal(project, "P01", folders=[tmp_path / "run"]).folders
    assert [file.path for file in folder.files] == sorted([f"{SID}.json", f"done_{SID}_1.json"])


def test_releases_that_the_project_knows_are_looked_into(project: Project, tmp_path: Path) -> None:
    fill(project)
    project.releases.add(Released("lamps", "1.0.0", str(tmp_path / "gone"), 0, (SID,)))
    project.releases.add(Released("other", "1.0.0", str(tmp_path / "gone"), 0, (SessionId("another"),)))
    assert plan_withdrawal(project, "P01").away == (f"lamps 1.0.0 ({tmp_path / 'gone'})",)
