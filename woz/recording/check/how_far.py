"""Tells how far a check is."""

from __future__ import annotations

from collections.abc import Callable

Tell = Callable[[int, str], None]
"""Takes the percent that is done, and what is looked at."""
Done = Callable[[float], None]
"""Takes how much of a stage is done, 0 to 1."""
STEP = 5
"""Percent that lie between two tellings of a stage."""


def unheard(percent: int, what: str) -> None: ...


def unmeasured(part: float) -> None: ...


class HowFar:
    """Of stages one after the other, each a part of the whole."""

    def __init__(self, tell: Tell = unheard) -> None:
        self._tell = tell
        self._before = 0.0

    def stage(self, part: float, what: str) -> Done:
        """The next stage begins; it is this part of the whole, 0 to 1."""
        begun, self._before = self._before, self._before + part
        told = round(100 * begun)
        self._tell(told, what)

        def done(part_done: float) -> None:
            nonlocal told
            percent = round(100 * (begun + part * min(1.0, part_done)))
            if percent >= told + STEP:
                told = percent
                self._tell(percent, what)

        return done
