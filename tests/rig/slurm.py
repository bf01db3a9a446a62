"""Slurm with this machine as its only node, as Debian's slurm-wlm and munge give it; gone with the test.

python -m tests.rig.slurm COMMAND... runs a command beside it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "squeue", "scancel")
PATIENCE_S = 120.0
PLACES = f"/usr/sbin{os.pathsep}/usr/bin"
TEXT = """
ClusterName=tests
SlurmctldHost={host}(127.0.0.1)
AuthType=auth/munge
AuthInfo=socket={folder}/munge
SlurmctldPort={control}
SlurmdPort={node}
SlurmUser=root
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
ReturnToService=2
KillWait=5
NodeName={host} NodeAddr=127.0.0.1 CPUs={cpus} RealMemory={megabytes} State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=60 State=UP
"""


def lack() -> str:
    """Why it can't be started here; nothing where it can."""
    missing = [name for name in PROGRAMS if not _found(name)]
    if missing:
        return f"there is no {missing[0]}: install Debian's packages slurm-wlm and munge"
    return "" if os.geteuid() == 0 else "Slurm's programs are started by root only"


@contextlib.contextmanager
def single_node(cpus: int = 2) -> Iterator[dict[str, str]]:
    """The environment in which its commands work. Raises RuntimeError where it doesn't come up."""
    with tempfile.TemporaryDirectory(prefix="woz-slurm-") as name, contextlib.ExitStack() as stack:
        folder = Path(name)
        (folder / "slurm.conf").write_text(_settings(folder, cpus))
        (folder / "key").write_bytes(os.urandom(128))
        (folder / "key").chmod(0o400)
        environment = {**os.environ, "SLURM_CONF": str(folder / "slurm.conf")}
        files = [f"--{one}-file={folder / one}" for one in ("key", "pid", "log", "seed")]
        socket_of = f"--socket={folder / 'munge'}"
        _started(stack, folder, ["munged", "--foreground", "--force", socket_of, *files], environment)
        _until(folder, (folder / "munge").exists)
        for program in ("slurmctld", "slurmd"):
            _started(stack, folder, [program, "-D"], environment)
        _until(folder, lambda: "idle" in _told(["sinfo", "--noheader", "--format=%T"], environment))
        yield environment


def _settings(folder: Path, cpus: int) -> str:
    megabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 1024**2
    control, node = _free_ports(2)
    host = socket.gethostname().partition(".")[0]
    return TEXT.format(
        host=host, folder=folder, control=control, node=node, cpus=cpus, megabytes=int(0.8 * megabytes)
    )


def _free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def _started(stack: contextlib.ExitStack, folder: Path, words: list[str], environment: dict[str, str]) -> None:
    log = stack.enter_context((folder / f"{words[0]}.log").open("wb"))
    command = [str(_found(words[0])), *words[1:]]
    process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=folder)
    stack.callback(process.wait, PATIENCE_S)
    stack.callback(process.terminate)


def _until(folder: Path, there: object) -> None:
    assert callable(there)
    end = time.monotonic() + PATIENCE_S
    while not there():
        if time.monotonic() > end:
            logs = {path.name: path.read_text(errors="replace")[-500:] for path in folder.glob("*.log")}
            raise RuntimeError(f"Slurm doesn't come up: {logs}")
        time.sleep(0.1)


def _told(words: list[str], environment: dict[str, str]) -> str:
    return subprocess.run(words, env=environment, capture_output=True, text=True, check=False).stdout


def _found(name: str) -> str | None:
    return shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", ""), PLACES]))


if __name__ == "__main__":
    if words := lack():
        sys.exit(words)
    with single_node() as surroundings:
        sys.exit(subprocess.run(sys.argv[1:], env=surroundings, check=False).returncode)
