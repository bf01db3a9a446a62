"""Workers in job arrays of Slurm: begun, begun again where their wall time ended, taken away at the end."""

from __future__ import annotations

import logging
import shutil
import subprocess
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from woz.base.errors import WozError, reason_of
from woz.base.interval import NS_PER_S
from woz.batch.cluster.dask import client_of, needed
from woz.batch.cluster.slurm_profile import Profile
from woz.batch.cluster.slurm_script import CERTIFICATE, KEY, SCHEDULER, script_of, slurm_folder

if TYPE_CHECKING:
    import distributed

LOOK_NS = 15 * NS_PER_S
"""Slurm is asked for its jobs no more often."""
ANSWER_S = 60.0
ALIVE = "PENDING,CONFIGURING,RUNNING,SUSPENDED"
MOST_IN_VAIN = 2
"""Arrays that may end without a worker having been there."""
LAST_LINES = 5


def slurm_cluster(stack: ExitStack, run: Path, profile: Profile) -> distributed.Client:
    """A scheduler in this process that workers of the cluster find by a file.

    What they say is encrypted, and only who may read the run's folder `slurm` takes part: whoever could call a
    worker could have it run anything.
    """
    needed()
    import dask
    from distributed import Scheduler, SpecCluster

    dask.config.set({"distributed.dashboard.link": "http://127.0.0.1:{port}/status"})

    folder = slurm_folder(run)
    security = _keys(folder)
    stack.callback((folder / SCHEDULER).unlink, missing_ok=True)
    options = {
        "protocol": "tls://",
        "security": security,
        "scheduler_file": str(folder / SCHEDULER),
        "interface": profile.interface or None,
        "dashboard_address": "127.0.0.1:0",
    }
    cluster = stack.enter_context(
        SpecCluster({}, {"cls": Scheduler, "options": options}, security=security, silence_logs=logging.CRITICAL)
    )
    return stack.enter_context(client_of(cluster))


def write_script(run: Path, profile: Profile, wants_gpu: bool, workers: int) -> Path:
    path = slurm_folder(run) / "workers.sh"
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        path.write_text(script_of(run, profile, wants_gpu, workers), encoding="utf-8")
    except OSError as error:
        raise WozError(f"{path} can't be written ({reason_of(error)}); check the folder's permissions.") from error
    return path


class Jobs:
    """The arrays of one run. Raises WozError in all methods where Slurm refuses or isn't there."""

    def __init__(self, script: Path, workers: int, tell: Callable[[str], object]) -> None:
        self._script, self._wanted, self._tell = script, workers, tell
        self._ids: list[str] = []
        self._seen = False
        self._in_vain = 0
        self._reasons = "None"
        """Why tasks wait, in Slurm's words; "None" where it hasn't looked yet."""

    def begin(self, count: int) -> None:
        """An array of so many workers."""
        words = ("sbatch", "--parsable", f"--array=1-{count}", str(self._script))
        self._ids.append(_slurm(*words).strip().partition(";")[0])
        self._seen = False
        self._tell(f"Slurm has {count} {'worker' if count == 1 else 'workers'} as job {self._ids[-1]}")

    def keep(self, there: int, left: int) -> None:
        """New workers for those whose time ended, while items are left. `there` are at the scheduler now.

        While Slurm doesn't say how many it has, nothing is done.
        """
        if there:
            self._seen, self._in_vain = True, 0
        try:
            missing = min(self._wanted, left) - self._alive()
        except WozError as error:
            self._tell(str(error))
            return
        if missing <= 0:
            return
        if not self._seen:
            self._in_vain += 1
            if self._in_vain >= MOST_IN_VAIN:
                raise WozError(f"Slurm's jobs end before a worker is there: {self._last_words()}")
        self.begin(missing)

    def end(self) -> None:
        for one in self._ids:
            subprocess.run(("scancel", one), capture_output=True, check=False, timeout=ANSWER_S)

    def _alive(self) -> int:
        """Tasks that wait or run; why some wait is told as it changes."""
        if not self._ids:
            return 0
        jobs = ",".join(self._ids)
        told = _slurm(
            "squeue", "-h", "--array", "--format=%t %r", f"--states={ALIVE}", f"--jobs={jobs}", known=False
        )
        lines = told.splitlines()
        reasons = ", ".join(sorted({line.partition(" ")[2] for line in lines if line.startswith("PD ")}))
        if reasons not in (self._reasons, ""):
            self._tell(f"Slurm has workers wait: {reasons}")
        self._reasons = reasons
        return len(lines)

    def _last_words(self) -> str:
        logs = sorted(self._script.parent.glob(f"{self._ids[-1]}-*.log"))
        text = logs[0].read_text(encoding="utf-8", errors="replace") if logs else ""
        lines = [line for line in text.splitlines() if line.strip()]
        return " / ".join(lines[-LAST_LINES:]) or f"see squeue and sacct for job {self._ids[-1]}."


def _slurm(*words: str, known: bool = True) -> str:
    """What a command of Slurm answers; nothing where it doesn't know the jobs any more and `known` is false."""
    if not shutil.which(words[0]):
        raise WozError(
            f"There is no {words[0]} here; call woz on a computer of the cluster from which jobs are sent,"
            " or print the job's script with --print-script."
        )
    try:
        told = subprocess.run(words, capture_output=True, text=True, check=False, timeout=ANSWER_S)
    except subprocess.TimeoutExpired:
        raise WozError(f"Slurm doesn't answer {words[0]}; what was done is kept: run it again later.") from None
    if told.returncode and (known or "Invalid job id" not in told.stderr):
        raise WozError(f"Slurm refuses {words[0]}: {told.stderr.strip()}; correct the profile, or ask the cluster.")
    return told.stdout if told.returncode == 0 else ""


def _keys(folder: Path) -> Any:
    """New ones for each run, in a folder that only its owner reads."""
    from distributed.security import Security

    security = Security.temporary()
    folder.chmod(0o700)
    for name, text in ((CERTIFICATE, security.tls_ca_file), (KEY, security.tls_worker_key)):
        path = folder / name
        path.unlink(missing_ok=True)
        path.touch(mode=0o600)
        path.write_text(str(text), encoding="utf-8")
    return security
