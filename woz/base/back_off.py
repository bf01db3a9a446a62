"""How long to wait before something is tried again: twice as long each time, up to a bound."""

from __future__ import annotations


class BackOff:
    def __init__(self, first_s: float, longest_s: float) -> None:
        self._first_s = first_s
        self._longest_s = longest_s
        self._next_s = first_s

    def next_s(self) -> float:
        """Seconds to wait now."""
        delay_s, self._next_s = self._next_s, min(self._longest_s, 2 * self._next_s)
        return delay_s

    def reset(self) -> None:
        """It went well: begin anew."""
        self._next_s = self._first_s
