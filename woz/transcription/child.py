"""The process that holds the models: asked in lines of JSON, it answers in lines of JSON."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping
from typing import IO, Any

from woz.base.runtime import end_process
from woz.parts.place import command
from woz.transcription.diagnosis import versions
from woz.transcription.faults import last_words
from woz.transcription.models import SPEECH, require_installed

TERM_WITHIN_S = 1.0
QUIET_ENVIRONMENT = {
    "PYANNOTE_METRICS_ENABLED": "0",
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
}
"""No library of the child calls anybody."""
ONE_THREAD_EACH = {"OPENBLAS_NUM_THREADS": "1"}
"""The voice-activity network runs windows in parallel: numpy's own threads would only be in their way."""


class Child:
    """Started when it is first asked, and again after it died. It may be ended from any thread."""

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        self._environment = {**ONE_THREAD_EACH, **os.environ, **QUIET_ENVIRONMENT, **(environment or {})}
        self._process: subprocess.Popen[str] | None = None
        self._log: IO[str] | None = None
        self._lock = threading.Lock()
        self._stopped = False

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def ask(self, wish: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """What it answers, line by line; the lines end when it dies, also within one. After `stop` there are none.

        Raises WozError where recognition is not installed.
        """
        require_installed()
        if (process := self._started()) is None:
            return
        assert process.stdin
        assert process.stdout
        with contextlib.suppress(OSError):
            process.stdin.write(json.dumps(wish) + "\n")
            process.stdin.flush()
        for line in process.stdout:
            try:
                news = json.loads(line)
            except ValueError:
                return
            yield news

    def why(self) -> str:
        """Of what it died, in a sentence."""
        assert self._process
        assert self._log
        status = self._process.wait()
        self._log.seek(0)
        return last_words(self._log.read(), status, versions())

    def stop(self) -> None:
        """End it for good, whatever it does; what it wrote may still be read."""
        with self._lock:
            self._stopped = True
            if self._process:
                end_process(self._process, TERM_WITHIN_S)

    def close(self) -> None:
        with self._lock:
            if self._process:
                end_process(self._process, TERM_WITHIN_S)
            self._close()

    def _started(self) -> subprocess.Popen[str] | None:
        with self._lock:
            if self._stopped:
                return None
            if self._process is None or self._process.poll() is not None:
                self._close()
                self._log = tempfile.TemporaryFile("w+", errors="replace")  # noqa: SIM115
                self._process = subprocess.Popen(
                    command(SPEECH, "woz.transcription.worker"),
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=self._log,
                    text=True,
                    env=self._environment,
                )
            return self._process

    def _close(self) -> None:
        for stream in (self._process.stdin, self._process.stdout) if self._process else ():
            if stream:
                with contextlib.suppress(OSError):
                    stream.close()
        if self._log:
            self._log.close()
        self._process, self._log = None, None
