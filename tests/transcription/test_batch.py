"""Transcription as a batch: recognised in a worker, taken in once by collect."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from storage import Project
from tests.rig.batch_room import recorded_project
from tests.transcription.failing import ORDERS
from woz.base.clock import SystemClock
from woz.base.errors import WozError
from woz.batch.collecting import collect
from woz.batch.items import About
from woz.batch.ledger import Ledger
from woz.batch.planning import plan
from woz.model.ids import ParticipantId
from woz.model.people import Participant, Role
from woz.recording.folder.session_folder import SessionFolder

CLOCK = SystemClock()
GIVEN = {"model": "least", "language": "it", "engine": "tests.transcription.failing:FailingEngine"}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    (tmp_path / "orders.json").write_text("{}")
    (tmp_path / "models" / "least").mkdir(parents=True)
    (tmp_path / "models" / "least" / "weights").write_text("none")
    monkeypatch.setenv(ORDERS, str(tmp_path / "orders.json"))
    monkeypatch.setenv("WOZ_MODELS", str(tmp_path / "models"))
    return recorded_project(tmp_path / "project", 1)


def _command(ledger: Ledger) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ui.cli", "batch", "run", str(ledger.path), "--workers", "1", "--json"]
    return subprocess.run(command, capture_output=True, check=False, text=True)


def _run(ledger: Ledger) -> dict[str, int]:
    told: dict[str, int] = json.loads(_command(ledger).stdout)
    return told


def test_a_transcript_is_taken_in_once_and_a_changed_model_is_told(project: Project, tmp_path: Path) -> None:
    with project:
        ledger = plan(project, "transcribe", GIVEN, [], CLOCK)
        (item,) = ledger.items()
        assert {one.root for one in item.inputs} == {"sessions", "models"}
        assert _run(ledger)["done"] == 1
        assert collect(project, ledger, CLOCK).taken == 1
        (ledger.path / "collected" / f"{item.id}.json").unlink()  # as a crash after the taking in leaves it
        assert collect(project, ledger, CLOCK).taken == 1
        (session,) = project.sessions.all()
        (transcript,) = project.transcripts.of_session(session.id)
        assert transcript.made_by == "an engine that fails"
        assert project.transcripts.turns(transcript.id)
        (tmp_path / "models" / "least" / "weights").write_text("other")
        (ledger.path / "done" / f"{item.id}.json").unlink()
        refused = _command(ledger)
        assert refused.returncode != 0
        assert "another file than when the run was planned; plan it again" in refused.stderr
        assert not ledger.failures()
        again = plan(project, "transcribe", GIVEN, [], CLOCK)
        assert (again.path, next(again.items()).key == item.key) == (ledger.path, False)


def test_other_versions_of_what_recognises_make_other_items(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    versions = dict.fromkeys(("whisperx", "faster-whisper", "ctranslate2"), "1")
    monkeypatch.setattr("woz.batch.kinds.transcribe.version_of", lambda _, package: versions[package])

    def key() -> str:
        (item,) = plan(project, "transcribe", GIVEN, [], CLOCK).items()
        return item.key

    with project:
        keys = [key(), key()]
        for package in versions:
            versions[package] = "2"
            keys.append(key())
    assert len(set(keys)) == len(keys) - 1


def test_outputs_that_were_changed_are_not_taken(project: Project) -> None:
    with project:
        ledger = plan(project, "transcribe", GIVEN, [], CLOCK)
        assert _run(ledger)["done"] == 1
        (item,) = ledger.items()
        done = ledger.done(item)
        assert done
        (ledger.out(done) / "result.json").write_text("{}")
        collected = collect(project, ledger, CLOCK)
        assert (collected.taken, collected.damaged) == (0, [item.id])
        assert ledger.done(item) is None
        (session,) = project.sessions.all()
        assert not project.transcripts.of_session(session.id)


def test_a_model_has_to_be_named(project: Project) -> None:
    with project, pytest.raises(WozError, match=r"Name a model of .*; there are: least"):
        plan(project, "transcribe", {}, [], CLOCK)


@pytest.mark.parametrize(("name", "value", "least"), [("batch", "0", 1), ("batch", "-8", 1), ("threads", "-1", 0)])
def test_amounts_that_can_t_be_are_refused(project: Project, name: str, value: str, least: int) -> None:
    told = f"{name} of transcribe is a number from {least} on, not {value}; correct --set {name}=…"
    with project, pytest.raises(WozError, match=told):
        plan(project, "transcribe", {**GIVEN, name: value}, [], CLOCK)


def test_what_a_run_is_about_is_kept(project: Project) -> None:
    with project:
        about: About = plan(project, "transcribe", GIVEN, [], CLOCK).about()
        assert (about.kind, about.items, about.parameters["model"]) == ("transcribe", 1, "least")


def test_who_took_their_consent_back_is_not_taken_in(project: Project) -> None:
    with project:
        ledger = plan(project, "transcribe", GIVEN, [], CLOCK)
        assert _run(ledger)["done"] == 1
        person = Participant(ParticipantId("p"), "P01", Role.TRAINEE)
        project.participants.save(person)
        (session,) = project.sessions.all()
        project.sessions.save(replace(session, participants=(person.id,)))
        collected = collect(project, ledger, CLOCK)
        assert (collected.taken, collected.damaged) == (0, [])
        assert f"{session.id} was not taken in" in collected.words
        assert not project.transcripts.of_session(session.id)


def test_a_session_without_sound_is_passed_over_and_no_damaged_one(project: Project) -> None:
    with project:
        (session,) = project.sessions.all()
        folder = SessionFolder(project.session_dir(session.id))
        replace(folder.manifest(), streams=()).save(folder.manifest_path)
        about = plan(project, "transcribe", GIVEN, [], CLOCK).about()
        assert about.damaged == ()
        assert [told.endswith("it was recorded without sound.") for told in about.passed_over] == [True]
