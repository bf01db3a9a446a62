"""Speaks canned sentences into memory with espeak-ng, in a thread of its own."""

from __future__ import annotations

import io
import shutil
import subprocess
import threading
import wave
from functools import lru_cache

import numpy as np
import soxr
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from ui.application.holding import start_with
from woz.base.errors import WozError
from woz.base.settings import AUDIO_RATE

PEAK = 0.5
WITHIN_S = 20


@lru_cache(maxsize=32)
def synthesize(text: str) -> NDArray[np.float32]:
    """A sentence as mono sound at 48 kHz. Raises WozError where espeak-ng is missing or fails."""
    program = shutil.which("espeak-ng")
    if program is None:
        raise WozError("Sentences are spoken by espeak-ng; install it (on Debian: apt-get install espeak-ng).")
    try:
        spoken = subprocess.run(
            [program, "--stdin", "--stdout"], input=text.encode(), capture_output=True, check=True, timeout=WITHIN_S
        )
        with wave.open(io.BytesIO(spoken.stdout)) as file:
            rate, pcm = file.getframerate(), np.frombuffer(file.readframes(file.getnframes()), "<i2")
    except (OSError, subprocess.SubprocessError, wave.Error, EOFError) as error:
        raise WozError("espeak-ng could not speak this sentence; install it again, with its voices.") from error
    sound = soxr.resample(pcm.astype(np.float32), rate, AUDIO_RATE)
    loudest = float(np.max(np.abs(sound), initial=0.0))
    levelled: NDArray[np.float32] = (sound * (PEAK / loudest if loudest else 0.0)).astype(np.float32)
    return levelled


class CueVoice(QObject):
    """`ready` carries a sentence and its sound, `failed` why there is none; both come on the window's thread."""

    ready = Signal(str, object)
    failed = Signal(str)

    def say(self, text: str) -> None:
        start_with(threading.Thread(target=self._synthesize, args=(text,), name="cue voice", daemon=True), self)

    def _synthesize(self, text: str) -> None:
        try:
            self.ready.emit(text, synthesize(text))
        except WozError as error:
            self.failed.emit(str(error))
