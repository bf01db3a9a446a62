"""How long the end of a session waits for the expert's own recording, and for a console whose link was lost."""

from __future__ import annotations

from woz.base.clock import Clock
from woz.base.interval import NS_PER_S

VOICE_WITHIN_NS = 15 * NS_PER_S
"""Without a new chunk for so long, the session is closed without the expert's own recording."""
RETURN_WITHIN_NS = 15 * NS_PER_S
"""So long a console whose link is lost is waited for."""
WAITING = "The link to the expert is lost; closing waits a little for its return and the expert's own recording."
TAKING_IN = "Waiting until the expert's recording is checked and taken into the session."
OWED = (
    "The expert's own recording has not all arrived; it is kept on the console and follows when it joins again by "
    "the same link, or bring it with woz import voice."
)


def arriving(held: int, whole: int) -> str:
    """What to tell while the expert's recording comes. `held`, `whole`: bytes that are here, and that it has."""
    far = f": {held / 1e6:.1f} of {whole / 1e6:.1f} MB" if whole else ""
    return f"Waiting for the expert's recording{far}."


class UploadWait:
    """Begins with its making. Ask it again and again."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._held = -1
        self._held_ns = clock.now_ns()
        self._lost_ns: int | None = None
        self._was_lost = False

    def goes_on(self, live: bool, held: int) -> bool:
        """Whether to wait longer. `live`: the console is there; `held`: how many chunks have come."""
        now_ns = self._clock.now_ns()
        if held != self._held:
            self._held, self._held_ns = held, now_ns
        self._lost_ns = None if live else now_ns if self._lost_ns is None else self._lost_ns
        self._was_lost = self._was_lost or not live
        within_ns = VOICE_WITHIN_NS + (RETURN_WITHIN_NS if self._was_lost else 0)
        lost_for_ns = now_ns - self._lost_ns if self._lost_ns is not None else 0
        return now_ns - self._held_ns < within_ns and lost_for_ns < RETURN_WITHIN_NS
