"""What is wrong with a seat until it is over: each trouble is known by where it is, and has an end."""

from __future__ import annotations

import threading
from collections.abc import Callable

Tell = Callable[[str], object]


class Troubles:
    """Safe from any thread. `tell` gets a sentence when a trouble comes, and when it is over."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._lock = threading.Lock()
        self._now: dict[str, tuple[str, str]] = {}

    @property
    def problem(self) -> str:
        """The one that came last of those that still hold; empty where none does."""
        with self._lock:
            return next((sentence for sentence, _ in reversed(self._now.values())), "")

    def came(self, where: str, sentence: str, end: str = "") -> None:
        """It holds until `over`; `end` is then told."""
        with self._lock:
            known = self._now.pop(where, None)
            self._now[where] = sentence, end
        if not known or known[0] != sentence:
            self._tell(sentence)

    def over(self, where: str) -> None:
        """Nothing where there was none."""
        if where not in self._now:
            return
        with self._lock:
            gone = self._now.pop(where, None)
        if gone and gone[1]:
            self._tell(gone[1])
