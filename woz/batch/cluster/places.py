"""Where a run's workers are: here, at the address of a scheduler, or in jobs of Slurm."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from woz.base.clock import SystemClock
from woz.base.errors import WozError
from woz.base.throttle import Throttle
from woz.batch.cluster.dask import client_of, needed
from woz.batch.cluster.local import gpus, local_cluster
from woz.batch.cluster.slurm import LOOK_NS, Jobs, slurm_cluster, write_script
from woz.batch.cluster.slurm_profile import Profile, profile_named
from woz.batch.cluster.slurm_script import script_of

if TYPE_CHECKING:
    import distributed

SCHEMES = ("tcp://", "tls://", "ws://", "wss://")
SLURM = "slurm"
NO_GPU = "No GPU was found on this machine (nvidia-smi -L lists them); the work is done without one."
NONE_ON_SLURM = "The profile of Slurm gives a worker no GPU (gpus = 0); the work is done without one."


@dataclass(frozen=True, slots=True)
class Where:
    """`on` is None for this machine, an address, or slurm[:PROFILE]. `memory_gb` bounds a worker's memory; what is
    left out is chosen. Without `submit` nothing is sent to Slurm: somebody sends the script. With `gpu` each worker
    has a GPU, whether the kind asks for one or not.
    """

    on: str | None = None
    workers: int | None = None
    memory_gb: float | None = None
    submit: bool = True
    gpu: bool = False


Keep = Callable[[int, int], None]
"""Is told how many workers are there and how many items are left."""


@dataclass(frozen=True, slots=True)
class Workers:
    client: distributed.Client
    keep: Keep = lambda there, left: None


@contextlib.contextmanager
def workers_at(where: Where, run: Path, wants_gpu: bool, tell: Callable[[str], object]) -> Iterator[Workers]:
    """Raises WozError for a place that isn't one, and where nobody answers."""
    with contextlib.ExitStack() as stack:
        if where.on is None:
            cards = gpus() if wants_gpu else []
            if where.gpu and not cards:
                tell(NO_GPU)
            yield Workers(local_cluster(stack, where.workers, cards, where.memory_gb))
        elif where.on.startswith(SCHEMES):
            needed()
            yield Workers(stack.enter_context(client_of(where.on)))
        else:
            yield _on_slurm(stack, where, run, wants_gpu, tell)


def slurm_script(where: Where, run: Path, wants_gpu: bool) -> str:
    """Raises WozError where the place is not Slurm, or its profile can't be used."""
    profile = _profile(where)
    return script_of(run.resolve(), profile, wants_gpu, profile.workers)


def _on_slurm(
    stack: contextlib.ExitStack, where: Where, run: Path, wants_gpu: bool, tell: Callable[[str], object]
) -> Workers:
    profile, run = _profile(where), run.resolve()
    if where.gpu and not profile.gpus:
        tell(NONE_ON_SLURM)
    script = write_script(run, profile, wants_gpu, profile.workers)
    client = slurm_cluster(stack, run, profile)
    if not where.submit:
        tell(f"send the workers yourself: sbatch {script}")
        return Workers(client)
    jobs = Jobs(script, profile.workers, tell)
    stack.callback(jobs.end)
    return Workers(client, _seldom(jobs.keep))


def _seldom(keep: Keep) -> Keep:
    look = Throttle(SystemClock(), LOOK_NS)

    def kept(there: int, left: int) -> None:
        if look.due():
            keep(there, left)

    return kept


def _profile(where: Where) -> Profile:
    name, _, profile = (where.on or "").partition(":")
    if name != SLURM:
        raise WozError(
            f"“{where.on}” is no place for a batch; give slurm, or the address of a Dask scheduler, tcp://HOST:PORT."
        )
    found = profile_named(profile)
    return msgspec.structs.replace(
        found, workers=where.workers or found.workers, memory_gb=where.memory_gb or found.memory_gb
    )
