"""A batch on Slurm: a real one with this machine as its node, where its programs are here."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rig.batch_room import SMALL, recorded_project
from tests.rig.slurm import lack, single_node
from ui.cli import main
from woz.base.clock import SystemClock
from woz.base.errors import WozError
from woz.batch.cluster.slurm_profile import Profile, profile_named
from woz.batch.cluster.slurm_script import lifetime_s, script_of
from woz.batch.ledger import Ledger
from woz.batch.planning import plan

ROOT = Path(__file__).parents[2]


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with recorded_project(tmp_path / "project", 1) as project:
        yield plan(project, SMALL, {"count": 20}, [], SystemClock())


def run_on_slurm(ledger: Ledger, profile: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    path = ledger.path.parent / "profile.toml"
    path.write_text(profile)
    command = [sys.executable, "-m", "ui.cli", "batch", "run", str(ledger.path), "--on", f"slurm:{path}", "--json"]
    surroundings = {**environment, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False)


@pytest.mark.skipif(bool(lack()), reason=lack() or "it is there")
def test_a_batch_on_a_real_slurm(ledger: Ledger) -> None:
    with single_node() as environment:
        ran = run_on_slurm(ledger, "workers = 1\nminutes = 10\nmemory_gb = 1", environment)
        assert json.loads(ran.stdout) == {"done": 20, "failed": 0, "before": 0}, ran.stderr
        command = ["squeue", "--noheader", "--states=PENDING,RUNNING"]
        left = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert left.stdout == ""
    assert (ledger.path / "slurm").stat().st_mode & 0o077 == 0


@pytest.mark.skipif(bool(lack()), reason=lack() or "it is there")
def test_jobs_that_end_at_once_are_told_with_their_last_words(ledger: Ledger) -> None:
    with single_node() as environment:
        ran = run_on_slurm(
            ledger, 'minutes = 10\nmemory_gb = 1\nsetup = ["echo no such module >&2; exit 3"]', environment
        )
    assert ran.returncode == 1
    assert "end before a worker is there: no such module" in ran.stderr


def test_without_slurm_it_is_said_what_to_do(ledger: Ledger) -> None:
    ran = run_on_slurm(ledger, "", {"PATH": "/nowhere", "HOME": os.environ.get("HOME", "/")})
    assert ran.returncode == 1
    assert "--print-script" in ran.stderr


def test_the_script_holds_what_the_profile_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    profile = Profile(partition="long", account="lab", options=("--qos=low",), setup=("module load cuda",))
    script = script_of(tmp_path / "run", profile, True, 64)
    assert "#SBATCH --array=1-64\n" in script
    for line in ("--partition=long", "--account=lab", "--qos=low", "--gres=gpu:1", "--mem=8192M", "--time=120"):
        assert f"#SBATCH {line}\n" in script
    assert "\nmodule load cuda\n" in script
    assert '--resources "GPU=1"' in script
    assert "OPENCV_FOR_THREADS_NUM=1\n" in script
    assert "GPU" not in script_of(tmp_path / "run", profile, False, 64)
    checked = subprocess.run(["sh", "-n"], input=script, text=True, capture_output=True, check=False)
    assert checked.returncode == 0, checked.stderr


def test_the_script_can_be_printed_where_more_is_forbidden(
    ledger: Ledger, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["batch", "run", str(ledger.path), "--on", "slurm", "--workers", "3", "--print-script"]) == 0
    script = capsys.readouterr().out
    assert "#SBATCH --array=1-3\n" in script
    assert "gpu" not in script
    assert main(["batch", "run", str(ledger.path), "--on", "slurm", "--gpu", "--print-script"]) == 0
    assert "#SBATCH --gres=gpu:1\n" in capsys.readouterr().out
    assert not (ledger.path / "slurm").exists()


def test_workers_end_before_their_wall_time() -> None:
    assert lifetime_s(Profile(minutes=120)) == 115 * 60
    assert lifetime_s(Profile(minutes=10)) == 9 * 60


@pytest.mark.parametrize("text", ["workers = 0", "wokers = 3", "minutes = 'long'", r'partition = "a\nb"', "= ="])
def test_a_wrong_profile_is_told_by_its_place(tmp_path: Path, text: str) -> None:
    path = tmp_path / "lab.toml"
    path.write_text(text)
    with pytest.raises(WozError, match=r"lab\.toml"):
        profile_named(str(path))


def test_a_profile_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(WozError, match="can't be read"):
        profile_named(str(tmp_path / "none.toml"))
