"""Workers on this machine: a process an item, one a GPU where the work wants one."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from woz.batch.cluster.dask import client_of, needed
from woz.batch.cluster.scratch import scratch_folder

if TYPE_CHECKING:
    import distributed

GPU = "GPU"
OPENCV_THREADS = "OPENCV_FOR_THREADS_NUM"
"""Without it each worker has as many threads of OpenCV as the machine has cores, and they wait for each other."""
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def gpus() -> list[str]:
    """The GPUs that this process may use, as CUDA names them."""
    if (visible := os.environ.get("CUDA_VISIBLE_DEVICES")) is not None:
        return [one for one in visible.split(",") if one.strip()]
    if not (program := shutil.which("nvidia-smi")):
        return []
    told = subprocess.run([program, "-L"], capture_output=True, text=True, check=False)
    count = sum(line.startswith("GPU ") for line in told.stdout.splitlines()) if told.returncode == 0 else 0
    return [str(number) for number in range(count)]


def local_cluster(
    stack: ExitStack, workers: int | None, cards: list[str], memory_gb: float | None
) -> distributed.Client:
    """A scheduler in this process with workers that end when it ends, however it ends.

    A worker that takes more than its memory is ended, and its item fails alone; the machine's memory is shared out
    among them where nothing is said.
    """
    needed()
    import psutil
    from distributed import Nanny, Scheduler, SpecCluster

    count = workers or len(cards) or os.cpu_count() or 1
    scratch = str(stack.enter_context(scratch_folder()))
    memory = round(1024**3 * memory_gb) if memory_gb else psutil.virtual_memory().total // count
    options = [_options(number, cards, memory, scratch, threads_of(count)) for number in range(count)]
    spec = {number: {"cls": Nanny, "options": one} for number, one in enumerate(options)}
    scheduler = {"cls": Scheduler, "options": {"dashboard_address": "127.0.0.1:0", "host": "127.0.0.1"}}
    cluster = stack.enter_context(SpecCluster(spec, scheduler, silence_logs=logging.CRITICAL))
    return stack.enter_context(client_of(cluster))


def threads_of(workers: int) -> dict[str, str]:
    """The environment of each of so many workers, that share the machine's cores among their threads of OpenCV."""
    return {**ONE_THREAD, OPENCV_THREADS: str(max(1, (os.cpu_count() or 1) // workers))}


def _options(number: int, cards: list[str], memory: int, scratch: str, threads: dict[str, str]) -> dict[str, Any]:
    common = {"nthreads": 1, "memory_limit": memory, "local_directory": scratch, "silence_logs": logging.CRITICAL}
    if not cards:
        return {**common, "env": threads}
    env = {**threads, "CUDA_VISIBLE_DEVICES": cards[number % len(cards)]}
    return {**common, "resources": {GPU: 1}, "env": env}
