"""The job script of a worker on Slurm. It finds the scheduler by a file in the run's folder."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

from woz.batch.cluster.local import GPU, ONE_THREAD, OPENCV_THREADS
from woz.batch.cluster.slurm_profile import Profile
from woz.batch.cluster.worker import UNTIL

SCHEDULER, CERTIFICATE, KEY = "scheduler.json", "certificate.pem", "key.pem"
FEW_S = 300
PART = 0.1
DEATH_S = 120
"""A worker that finds no scheduler for so long ends: nobody pays for what nobody uses."""
OF_MEMORY = 0.95
"""Dask ends a worker that takes more, so that its item fails alone; Slurm would end the job."""
QUIET = ("TARGET", "SPILL", "PAUSE")
THREADS = (*ONE_THREAD, OPENCV_THREADS)


def lifetime_s(profile: Profile) -> int:
    """A worker hands back what it has before Slurm ends it: five minutes before, or a tenth of a short time."""
    wall_s = 60 * profile.minutes
    return round(wall_s - min(FEW_S, PART * wall_s))


def script_of(run: Path, profile: Profile, wants_gpu: bool, workers: int) -> str:
    """`run` is the run's folder, at the same path on all nodes."""
    lines = ["#!/bin/sh", *(f"#SBATCH {one}" for one in _directives(run, profile, wants_gpu, workers))]
    lines += ["set -eu", *profile.setup, *_environment(profile)]
    return "\n".join([*lines, "exec " + " \\\n    ".join(_worker(run, profile, wants_gpu)), ""])


def slurm_folder(run: Path) -> Path:
    return run / "slurm"


def _directives(run: Path, profile: Profile, wants_gpu: bool, workers: int) -> Iterator[str]:
    yield f"--job-name=woz-{run.name}"
    yield f"--array=1-{workers}"
    yield f"--output={slurm_folder(run) / '%A-%a.log'}"
    yield f"--time={profile.minutes}"
    yield f"--ntasks=1 --cpus-per-task={profile.cpus}"
    yield f"--mem={round(1024 * profile.memory_gb)}M"
    if wants_gpu and profile.gpus:
        yield f"--gres=gpu:{profile.gpus}"
    if profile.partition:
        yield f"--partition={profile.partition}"
    if profile.account:
        yield f"--account={profile.account}"
    yield from profile.options


def _environment(profile: Profile) -> Iterator[str]:
    yield f"export {UNTIL}=$(($(date +%s) + {lifetime_s(profile)}))"
    yield "export " + " ".join(f"{name}={profile.cpus}" for name in THREADS)
    yield "export " + " ".join(f"DASK_DISTRIBUTED__WORKER__MEMORY__{name}=false" for name in QUIET)
    yield "export HF_HUB_OFFLINE=1"


def _worker(run: Path, profile: Profile, wants_gpu: bool) -> Iterator[str]:
    keys = slurm_folder(run)
    yield f"{shlex.quote(profile.python or sys.executable)} -m distributed.cli.dask_worker"
    yield f"--scheduler-file {shlex.quote(str(keys / SCHEDULER))}"
    yield f"--tls-ca-file {shlex.quote(str(keys / CERTIFICATE))}"
    yield f"--tls-cert {shlex.quote(str(keys / CERTIFICATE))} --tls-key {shlex.quote(str(keys / KEY))}"
    yield f"--nworkers 1 --nthreads 1 --memory-limit {round(OF_MEMORY * profile.memory_gb * 1024**3)}"
    yield f"--lifetime {lifetime_s(profile)}s --death-timeout {DEATH_S} --no-dashboard"
    yield '--local-directory "${TMPDIR:-/tmp}" --name "slurm-$SLURM_ARRAY_JOB_ID-$SLURM_ARRAY_TASK_ID"'
    if profile.interface:
        yield f"--interface {shlex.quote(profile.interface)}"
    if wants_gpu and profile.gpus:
        yield f'--resources "{GPU}={profile.gpus}"'
