"""Writes short spoken notes with the lab's recogniser, in a child process whose models stay loaded."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path

from woz.base.errors import WozError
from woz.transcription.child import Child
from woz.transcription.models import models_folder
from woz.transcription.task import Result, Settings, Task, Track, Voice

SPEAKER = "annotator"


class NoteWriter:
    """From any thread; notes are written one after another."""

    def __init__(self, settings: Settings | None = None, environment: Mapping[str, str] | None = None) -> None:
        self._settings = settings or Settings(models=str(models_folder()))
        self._child = Child(environment)
        self._lock = threading.Lock()
        self._closing = False

    def text_of(self, note: Path) -> str:
        """What is said in a file; it takes seconds.

        Raises WozError where recognition or a model isn't installed, or the sound can't be read.
        """
        task = Task((Voice(SPEAKER, Track(str(note))),), self._settings, None, note.stem)
        with self._lock:
            for news in self._child.ask(task.to_data()):
                if "error" in news:
                    raise WozError(news["error"])
                if "result" in news:
                    result = Result.from_data(news["result"])
                    return " ".join(word.text for voice in result.voices for word in voice.words)
            raise WozError("The note was not written." if self._closing else self._child.why())

    def close(self) -> None:
        """End the child, also while it works."""
        self._closing = True
        self._child.stop()
        with self._lock:
            self._child.close()
