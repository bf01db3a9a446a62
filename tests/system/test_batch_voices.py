"""Voices masked as a batch: the same copies as by `woz voices mask`, and keys that stay nowhere."""

from __future__ import annotations

import stat
from pathlib import Path

import msgspec
import pytest

from storage import Project
from tests.rig.batch_room import recorded_project
from woz.base.clock import SystemClock
from woz.base.errors import WozError
from woz.batch.collecting import collect
from woz.batch.planning import plan
from woz.batch.work import What, execute
from woz.deidentifying.voices.known import MCADAMS, converter
from woz.deidentifying.voices.masking import load_masked, masked_path
from woz.lab.voice_masking import mask_file, voice_files, voice_objection

CLOCK = SystemClock()
RELEASE = {"release": "lamps"}


def worked(run: Path, token: str, item: object) -> None:
    outcome = execute(str(run), token, msgspec.json.encode(item))
    assert outcome.what == What.DONE, outcome


def keys_of(project: Project) -> list[Path]:
    return sorted((project.path / "cache" / "voice-keys").glob("*"))


def test_a_batch_makes_what_the_command_makes(tmp_path: Path) -> None:
    with recorded_project(tmp_path / "project", 2) as project:
        one, other = (session.id for session in project.sessions.all())
        (file, *_) = voice_files(project, one)
        alone = mask_file(project, one, file, "lamps", converter(MCADAMS))
        masked_path(file.path, "lamps").unlink()
        ledger = plan(project, "voices", RELEASE, [], CLOCK)
        assert voice_objection(project, one, "lamps")
        for item in ledger.items():
            worked(ledger.path, ledger.about().token, item)
        collected = collect(project, ledger, CLOCK)
        assert f"{collected.taken} recordings of 2 sessions" in collected.words
        assert load_masked(file.path, "lamps") == alone
        assert not voice_objection(project, one, "lamps")
        assert not voice_objection(project, other, "lamps")
        again = plan(project, "voices", RELEASE, [], CLOCK)
        assert all(again.done(item) for item in again.items())
        assert again.about().items == collected.taken


def test_keys_are_their_owners_alone_and_go_with_the_collecting(tmp_path: Path) -> None:
    with recorded_project(tmp_path / "project", 1) as project:
        ledger = plan(project, "voices", RELEASE, [], CLOCK)
        kept = keys_of(project)
        assert len(kept) == ledger.about().items
        assert {stat.S_IMODE(path.stat().st_mode) for path in kept} == {0o600}
        key = msgspec.json.decode(kept[0].read_bytes())[0]["own"]
        for item in ledger.items():
            worked(ledger.path, ledger.about().token, item)
        collect(project, ledger, CLOCK)
        assert keys_of(project) == []
        told = [
            path for path in ledger.path.rglob("*") if path.is_file() and str(key).encode() in path.read_bytes()
        ]
        assert told == []


def test_what_can_t_be_masked_is_told(tmp_path: Path) -> None:
    with recorded_project(tmp_path / "project", 1) as project:
        session = project.sessions.all()[0].id
        with pytest.raises(WozError, match="set release=NAME"):
            plan(project, "voices", {}, [], CLOCK)
        with pytest.raises(WozError, match="There is no voice converter 'other'"):
            plan(project, "voices", {**RELEASE, "converter": "other"}, [], CLOCK)
        (project.session_dir(session) / "ego.mkv").unlink()
        for path in project.session_dir(session).glob("*.mka"):
            path.unlink()
        ledger = plan(project, "voices", RELEASE, [], CLOCK)
        assert ledger.about().passed_over == (f"{session}: no recording of it on this computer holds a voice",)
