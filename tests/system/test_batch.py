"""Batches with real workers: killed, poisoned, gone on with; each item done once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from storage import Project
from tests.rig.batch_room import SMALL, recorded_project
from ui.cli import batch_plan, main
from woz.base.clock import SystemClock
from woz.batch.cluster.scratch import scratch_folder
from woz.batch.ledger import Ledger
from woz.batch.planning import plan
from woz.batch.work import execute
from woz.recording.folder.session_folder import SessionFolder
from woz.recording.folder.waves import load_wave

CLOCK = SystemClock()


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with recorded_project(tmp_path / "project", 2) as made:
        yield made


def woz(*words: object) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own, as its user calls it."""
    command = [sys.executable, "-m", "ui.cli", *map(str, words)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.stdout, ran.stderr
    return ran


def status(run: Path) -> dict[str, object]:
    told: dict[str, object] = json.loads(woz("batch", "status", run, "--json").stdout)
    return told


@pytest.mark.parametrize("kind", ["check", "waveforms"])
def test_the_whole_way_of_a_kind(project: Project, kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["batch", "plan", kind, str(project.path), "--json"]) == 0
    planned = json.loads(capsys.readouterr().out)
    run = planned["run"]
    assert (planned["items"], planned["waiting"]) == (2, 2)
    ran = woz("batch", "run", run, "--workers", 2, "--json")
    assert json.loads(ran.stdout) == {"done": 2, "failed": 0, "before": 0}, ran.stderr
    assert json.loads(woz("batch", "run", run, "--json").stdout) == {"done": 0, "failed": 0, "before": 2}
    assert main(["batch", "collect", run, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["taken"] == 2
    assert main(["batch", "plan", kind, str(project.path), "--json"]) == 0
    again = json.loads(capsys.readouterr().out)
    assert (again["run"], again["done"], again["collected"]) == (run, 2, 2)


def test_a_plan_tells_how_much_it_has_read(
    project: Project, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_plan, "EVERY_S", 0.0)
    assert main(["batch", "plan", "check", str(project.path)]) == 0
    assert "  0%  reading files for their hashes, 0.0 GB so far\n" in capsys.readouterr().err
    assert main(["batch", "plan", "check", str(project.path)]) == 0
    assert "reading" not in capsys.readouterr().err, "all are known"


def test_collected_waveforms_are_the_editors(project: Project) -> None:
    ledger = plan(project, "waveforms", {}, [], CLOCK)
    assert woz("batch", "run", ledger.path, "--workers", 1).returncode == 0
    assert woz("batch", "collect", ledger.path).returncode == 0
    for session in project.sessions.all():
        assert load_wave(SessionFolder(project.session_dir(session.id)).ego, 1) is not None


def test_what_was_damaged_since_it_was_made_is_told_and_waits(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger = plan(project, SMALL, {}, [], CLOCK)
    for item in ledger.items():
        execute(str(ledger.path), ledger.about().token, msgspec.json.encode(item))
    first, _ = (item.id for item in ledger.items())
    [made] = ledger.path.glob(f"out/{first}-*/digest")
    made.write_bytes(b"other")
    assert main(["batch", "collect", str(ledger.path)]) == 1
    assert f"{first}: its files are not what was written; it waits to be done again." in capsys.readouterr().out
    told = status(ledger.path)
    assert (told["done"], told["waiting"], told["collected"]) == (1, 1, 1)
    assert main(["batch", "collect", str(ledger.path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["missing"] == 1


def test_a_poisoned_item_fails_alone_and_is_told(project: Project, tmp_path: Path) -> None:
    orders = tmp_path / "orders"
    orders.mkdir()
    ledger = plan(project, SMALL, {"count": 5, "orders": str(orders)}, [], CLOCK)
    ids = [item.id for item in ledger.items()]
    (orders / ids[3]).write_text("kill")
    (orders / ids[5]).write_text("raise")
    (orders / ids[7]).write_text("nothing")
    (orders / ids[8]).write_text("once")
    ran = woz("batch", "run", ledger.path, "--workers", 2, "--json")
    assert json.loads(ran.stdout) == {"done": 7, "failed": 3, "before": 0}, ran.stderr
    failed = ledger.failures()
    assert set(failed) == {ids[3], ids[5], ids[7]}
    assert "died" in failed[ids[3]].error
    assert failed[ids[5]].error == "It was told to fail."
    assert "left nothing behind" in failed[ids[7]].error
    assert sorted(woz("batch", "retry", ledger.path, "--dry-run").stdout.split()[:3]) == sorted(failed)
    assert status(ledger.path)["failed"] == 3
    for order in orders.iterdir():
        order.unlink()
    assert woz("batch", "retry", ledger.path).returncode == 0
    ran = woz("batch", "run", ledger.path, "--workers", 1, "--json")
    assert json.loads(ran.stdout) == {"done": 3, "failed": 0, "before": 7}, ran.stderr


def test_what_is_done_with_warnings_is_told(project: Project, tmp_path: Path) -> None:
    orders = tmp_path / "orders"
    orders.mkdir()
    ledger = plan(project, SMALL, {"count": 1, "orders": str(orders)}, [], CLOCK)
    first, second = (item.id for item in ledger.items())
    (orders / second).write_text("warn")
    lines = woz("batch", "run", ledger.path, "--workers", 1).stdout.splitlines()
    (clean,), (warned,) = ([line for line in lines if line.startswith(one)] for one in (first, second))
    assert clean.endswith(" s)")
    assert warned.endswith(" s): It was told to warn; Twice")
    told = status(ledger.path)
    assert (told["warnings"], told["done"]) == (1, 2)
    assert told["warned"] == [{"id": second, "warnings": ["It was told to warn.", "Twice."]}]
    words = woz("batch", "status", ledger.path).stdout
    assert f"{second} is done, with a warning: It was told to warn.\n" in words
    assert f"{first} is done" not in words


def test_what_a_killed_run_left_goes_with_the_next_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    dead = "import sys, time; from woz.batch.cluster.scratch import scratch_folder\n"
    dead += "with scratch_folder() as folder: print(folder, flush=True); time.sleep(600)"
    there = {**os.environ, "TMPDIR": str(tmp_path)}
    with (
        subprocess.Popen([sys.executable, "-c", dead], stdout=subprocess.PIPE, text=True, env=there) as process,
        scratch_folder() as mine,
    ):
        assert process.stdout
        left = Path(process.stdout.readline().strip())
        with scratch_folder():
            assert left.is_dir()
        process.kill()
        process.wait()
        with scratch_folder():
            assert not left.exists()
            assert mine.is_dir()
    assert list(tmp_path.iterdir()) == []


def test_a_killed_run_goes_on_where_it_was(project: Project) -> None:
    ledger = plan(project, SMALL, {"count": 40, "pause_s": 0.02}, [], CLOCK)
    command = [sys.executable, "-m", "ui.cli", "batch", "run", str(ledger.path), "--workers", "2"]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while len(list((ledger.path / "done").iterdir())) < 5:
        assert running.poll() is None
        time.sleep(0.02)
    os.kill(running.pid, signal.SIGKILL)
    running.wait()
    for name in ("done", "failed", "collected"):
        (ledger.path / name / ".begun.json.0123abcd").write_text("{")
    ran = json.loads(woz(*command[3:], "--json").stdout)
    assert not list(ledger.path.glob("*/.begun.json.*"))
    assert ran["before"] >= 5
    assert ran["done"] + ran["before"] == 80
    whole = plan(project, SMALL, {"count": 40, "pause_s": 0.02}, [], CLOCK, ledger.path.parent / "whole")
    assert woz("batch", "run", whole.path, "--workers", 2).returncode == 0
    assert _outputs(ledger) == _outputs(whole)


def test_films_of_a_killed_run_are_byte_for_byte_those_of_a_whole_one(tmp_path: Path) -> None:
    """By the same encoder on the same machine, which so many threads serve."""
    with recorded_project(tmp_path / "project", 4) as project:
        killed = plan(project, "small", {}, [], CLOCK, tmp_path / "killed")
        whole = plan(project, "small", {}, [], CLOCK, tmp_path / "whole")
    command = [sys.executable, "-m", "ui.cli", "batch", "run", str(killed.path), "--workers", "1"]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not any((killed.path / "done").glob("*.json")):
        assert running.poll() is None
        time.sleep(0.02)
    running.kill()
    running.wait()
    assert json.loads(woz(*command[3:], "--json").stdout)["failed"] == 0
    assert woz("batch", "run", whole.path, "--workers", 2).returncode == 0
    assert len(_outputs(killed)) == 4
    assert _outputs(killed) == _outputs(whole)


def _outputs(ledger: Ledger) -> dict[str, tuple[str, ...]]:
    done = {item.id: ledger.done(item) for item in ledger.items()}
    return {name: tuple(o.sha256 for o in record.outputs) for name, record in done.items() if record}
