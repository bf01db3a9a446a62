"""The glasses' clock, kept increasing when it is set back: by a restart of the glasses, or of a replay."""

from __future__ import annotations

from woz.timing.tracker import EnvelopeTracker

JUMP_NS = 5_000_000_000
"""A device clock that is this far from what the arrival times promise has been set anew."""


class DeviceTime:
    """Maps device time to an increasing one. A new epoch begins where the clock was set back or far forward.

    Within an epoch only a constant is added, so that distances and drift stay what the glasses say. The constant of
    a new epoch takes its first message for as little delayed as the quickest before; a quicker one later shows as a
    smaller difference, which a lower envelope follows at once.
    """

    def __init__(self) -> None:
        self._envelope = EnvelopeTracker()
        self._offset_ns = 0
        self._epoch: tuple[int, int] | None = None
        self._reach_ns: int | None = None
        self._lag_ns = 0
        self.epochs = 0

    def at(self, epoch: tuple[int, int], device_ns: int, arrival_ns: int, length_ns: int = 0) -> int | None:
        """`epoch` is (run of the process, turn in it); within one, the clock isn't set back. What has a length was
        captured to its end when it arrived.

        None for what is left over from an epoch that has ended.
        """
        if self._epoch is not None and epoch < self._epoch:
            return None
        if self._was_set(epoch, device_ns + self._offset_ns, arrival_ns):
            self._offset_ns = arrival_ns - self._lag_ns - device_ns
            self.epochs += 1
        self._epoch = epoch
        mapped_ns = device_ns + self._offset_ns
        self._lag_ns = self._envelope.add(mapped_ns + length_ns, arrival_ns) - mapped_ns - length_ns
        self._reach_ns = max(mapped_ns, self._reach_ns or mapped_ns)
        return mapped_ns

    def _was_set(self, epoch: tuple[int, int], mapped_ns: int, arrival_ns: int) -> bool:
        if self._reach_ns is None or epoch == self._epoch:
            return False
        return mapped_ns <= self._reach_ns or abs(arrival_ns - self._lag_ns - mapped_ns) > JUMP_NS
