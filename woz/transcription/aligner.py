"""Times the words of a text by the sound they are said in, with a model in a child process."""

from __future__ import annotations

import threading
from collections.abc import Mapping

from woz.base.errors import WozError
from woz.base.interval import Interval
from woz.transcription.child import Child
from woz.transcription.task import Timing


class Aligner:
    """The models stay loaded for the next text. From any thread; texts are timed one after another."""

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        self._child = Child(environment)
        self._lock = threading.Lock()
        self._closing = False

    def times(self, timing: Timing) -> list[Interval]:
        """The time of each word (see `woz.annotation.words`), in ns of the file's own time; it takes seconds.

        Raises WozError where no model for the language is here, recognition is not installed, or the sound can't be
        read.
        """
        with self._lock:
            for news in self._child.ask({"timing": timing.to_data()}):
                if "error" in news:
                    raise WozError(news["error"])
                if "times" in news:
                    return [Interval(start, end) for start, end in news["times"]]
            raise WozError("The words were not timed." if self._closing else self._child.why())

    def close(self) -> None:
        """End the child, also while it works."""
        self._closing = True
        self._child.stop()
        with self._lock:
            self._child.close()
