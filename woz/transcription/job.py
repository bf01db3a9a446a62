"""Runs a transcription in a child process, which can be cancelled, and whose death harms nobody."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Generator
from pathlib import Path

from woz.errors import WozError
from woz.transcription.models import is_installed, require_model
from woz.transcription.task import Progress, Result, Task

TERM_WITHIN_S = 1.5
LAST_WORDS = 300


def run_job(task: Task) -> Generator[Progress, None, Result]:
    """Progress as it comes; the generator's value is the result. Closing it ends the child within two seconds.

    Raises WozError where a model is missing, nothing can be recognised, or the child dies.
    """
    if not is_installed():
        raise WozError("Recognition is not installed; run: pip install 'woz[transcribe]' (9 GB with CUDA).")
    require_model("whisper", Path(task.model))
    if task.align_model:
        require_model("aligner", Path(task.align_model))
    with tempfile.TemporaryFile("w+") as log:
        child = subprocess.Popen(
            [sys.executable, "-m", "woz.transcription.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env={**os.environ, "PYANNOTE_METRICS_ENABLED": "0", "HF_HUB_OFFLINE": "1"},
        )
        try:
            result = yield from _converse(child, task)
        finally:
            _end(child)
        if result is None:
            log.seek(0)
            words = " ".join(log.read()[-LAST_WORDS:].split())
            raise WozError(f"Recognition died (status {child.returncode}): {words or 'it said nothing'}")
        return result


def _converse(child: subprocess.Popen[str], task: Task) -> Generator[Progress, None, Result | None]:
    assert child.stdin
    assert child.stdout
    try:
        child.stdin.write(json.dumps(task.to_data()))
        child.stdin.close()
    except BrokenPipeError:
        return None
    for line in child.stdout:
        news = json.loads(line)
        if "error" in news:
            raise WozError(news["error"])
        if "result" in news:
            return Result.from_data(news["result"])
        yield Progress(news["stage"], news["part"])
    return None


def _end(child: subprocess.Popen[str]) -> None:
    if child.poll() is None:
        child.terminate()
        try:
            child.wait(TERM_WITHIN_S)
        except subprocess.TimeoutExpired:
            child.kill()
    child.wait()
    if child.stdout:
        child.stdout.close()
