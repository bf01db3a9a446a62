"""The GPU's memory, as NVIDIA's own program tells it: how much is taken, and what holds it taken on purpose."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import tempfile
from collections.abc import Iterator

EACH_MS = 50
HOLD = """
import sys, torch
leave = int(sys.argv[1]) << 20
torch.zeros(1, device="cuda")
free, _ = torch.cuda.mem_get_info()
held = torch.empty(max(0, free - leave), dtype=torch.uint8, device="cuda")
print("held", flush=True)
sys.stdin.read()
"""


def gpu_name() -> str:
    """Of the first one, with its driver; empty where there is none."""
    asked = _ask("name,driver_version")
    return f"{asked[0]}, driver {asked[1]}" if asked else ""


def free_mb() -> float:
    asked = _ask("memory.free", "nounits")
    return float(asked[0]) if asked else 0.0


def _ask(fields: str, *more: str) -> list[str]:
    command = ["nvidia-smi", f"--query-gpu={fields}", ",".join(["--format=csv", "noheader", *more])]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return []
    return [part.strip() for part in done.stdout.splitlines()[0].split(",")]


class GpuMemory:
    """Watches the first GPU while it is entered; `peak_mb` is the most that was taken beyond what was taken before.

    All processes count, so that nothing else should run there.
    """

    def __init__(self, watch: bool = True) -> None:
        self._watch = watch
        self.peak_mb = 0.0

    def __enter__(self) -> GpuMemory:
        if self._watch:
            self._log = tempfile.TemporaryFile("w+")
            command = ["nvidia-smi", "--query-gpu=memory.used", "--format=csv,noheader,nounits", "-i", "0"]
            self._before = float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
            self._process = subprocess.Popen([*command, "-lms", str(EACH_MS)], stdout=self._log)
        return self

    def __exit__(self, *_: object) -> None:
        if not self._watch:
            return
        self._process.terminate()
        self._process.wait()
        self._log.seek(0)
        seen = [float(line) for line in self._log.read().splitlines() if line.strip().isdigit()]
        self._log.close()
        self.peak_mb = max(0.0, *seen, self._before) - self._before


@contextlib.contextmanager
def all_taken_but(left_mb: float) -> Iterator[None]:
    """Another process takes the GPU's memory by plain allocation, and leaves so much of it. Needs torch."""
    command = [sys.executable, "-c", HOLD, str(round(left_mb))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdin
        assert holder.stdout
        if holder.stdout.readline() != "held\n":
            raise RuntimeError(f"The GPU's memory could not be taken but for {left_mb:.0f} MB.")
        try:
            yield
        finally:
            holder.stdin.close()
