"""How late somebody presses while a recording plays, learnt from where they then put those edges."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import msgspec

from woz.annotation.lag import WITHIN_NS, learnt_lag_ns

MOST = 1000
"""Presses are remembered, the last ones."""


@dataclass(frozen=True, slots=True)
class Press:
    """The edge of an item that was made by a press: where the play head was (ns), and how fast it played.

    `lag_ns` is how late it was, by the clock on the wall; None until the edge was put somewhere or found right.
    """

    item: str
    at_start: bool
    pressed_ns: int
    speed: float
    lag_ns: int | None = None


class Presses:
    """Those of one person. A press at twice the speed is twice as far behind in the recording."""

    def __init__(self, presses: Iterable[Press] = ()) -> None:
        self._presses = {(each.item, each.at_start): each for each in presses}

    @classmethod
    def from_json(cls, text: str) -> Presses:
        """Without any where the text holds none."""
        try:
            return cls(msgspec.json.decode(text, type=tuple[Press, ...]))
        except msgspec.DecodeError:
            return cls()

    def to_json(self) -> str:
        return msgspec.json.encode(tuple(self._presses.values())[-MOST:]).decode()

    def add(self, item: str, at_start: bool, pressed_ns: int, speed: float) -> None:
        self._presses[item, at_start] = Press(item, at_start, pressed_ns, speed)

    def settle(self, item: str, at_start: bool, t_ns: int) -> bool:
        """The edge belongs at a time; whether something is learnt from it. What is far off was meant otherwise."""
        press = self._presses.get((item, at_start))
        if press is None or abs(press.pressed_ns - t_ns) > WITHIN_NS * press.speed:
            return False
        self._presses[item, at_start] = replace(press, lag_ns=round((press.pressed_ns - t_ns) / press.speed))
        return True

    def doubt(self, item: str, at_start: bool) -> float:
        """From 0 to 1: an edge that was pressed, the faster it played the more, until somebody looked at it."""
        press = self._presses.get((item, at_start))
        return 0.0 if press is None or press.lag_ns is not None else press.speed / (1 + press.speed)

    @property
    def settled(self) -> int:
        """How many edges were put somewhere, or found right."""
        return len(self._lags)

    @property
    def lag_ns(self) -> int | None:
        """How late this person presses; None where too little is known."""
        return learnt_lag_ns(self._lags)

    def corrected_ns(self, pressed_ns: int, speed: float) -> int:
        """When it was that somebody pressed for; never before the beginning."""
        return max(0, pressed_ns - round((self.lag_ns or 0) * speed))

    @property
    def _lags(self) -> list[int]:
        return [each.lag_ns for each in self._presses.values() if each.lag_ns is not None]
