"""What the console's end does to hand its recordings over: which chunk goes next, and when. It knows no clock."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Protocol

from woz.link.messages.messages import Message
from woz.link.transfer.chunks import Chunk, Holding, offer_message
from woz.link.transfer.upload_rate import LIVE_MOST, REST_MOST, UploadRate
from woz.model.voice_copy import CHUNK_BYTES, VoiceCopy

OFFER_EVERY_NS = 2_000_000_000
LATE_NS = 5_000_000_000
"""A chunk that isn't acknowledged by then is sent again, if the station still lacks it."""
WINDOW = 16
"""Chunks on their way at most."""


class Giver(Protocol):
    """Where the recordings are."""

    def copies(self) -> Sequence[VoiceCopy]:
        """Those that the station may not have yet, the most wanted first."""
        ...

    def read(self, recording: str, number: int) -> bytes | None:
        """A chunk's bytes, `CHUNK_BYTES` at most; None where the disk doesn't give them."""
        ...

    def handed_over(self, recording: str) -> None:
        """The station holds all of it, and has checked the whole."""
        ...


class _Progress:
    """What is known of one recording since the link stood."""

    def __init__(self) -> None:
        self.offered_ns: int | None = None
        self.sealed = False
        self.here = True
        self.heard = False
        self.reach = 0
        self.todo: deque[int] = deque()
        self.flight: dict[int, int] = {}
        self.held = 0
        self.readable = True
        """Whether the disk gave what was wanted of it since the station told last."""

    def told(self, holding: Holding, chunks: int, now_ns: int) -> None:
        """`chunks` is how many there are here, whatever the station says."""
        listed = _listed(holding, chunks)
        missing = set(listed)
        late = {n for n, sent_ns in self.flight.items() if now_ns - sent_ns > LATE_NS}
        self.flight = {n: t for n, t in self.flight.items() if n in missing - late or n >= holding.of}
        self.todo = deque(n for n in listed if n not in self.flight)
        self.reach = max(self.reach, holding.of) if self.heard else holding.of
        self.held = holding.of - len(listed)
        self.heard, self.here, self.readable = True, holding.here, True

    def next(self, chunks: int) -> int | None:
        """The number of the chunk to send now."""
        if self.todo:
            return self.todo[0]
        return self.reach if self.heard and self.reach < chunks else None

    def sent(self, number: int, now_ns: int) -> None:
        if self.todo and self.todo[0] == number:
            self.todo.popleft()
        else:
            self.reach = number + 1
        self.flight[number] = now_ns


def _listed(holding: Holding, chunks: int) -> list[int]:
    """The numbers that are missing, rising, each once."""
    listed, reached = list[int](), 0
    for first, end in sorted(holding.missing):
        listed += range(max(first, reached), min(end, chunks))
        reached = max(reached, end)
    return listed


class Upload:
    """One console's side of the upload. Call `begin` when a link stands, then `due` and `next` as time goes by."""

    def __init__(self, giver: Giver) -> None:
        self._giver = giver
        self._progress: dict[str, _Progress] = {}
        self.budget = UploadRate()

    def begin(self) -> None:
        """A link stands, perhaps to another station: what was on its way may be lost."""
        self._progress.clear()

    def due(self, now_ns: int) -> list[Message]:
        """The offers that are to be sent now: all at first, then the growing ones again and again."""
        messages = []
        copies = self._giver.copies()
        self.budget.most = REST_MOST if all(copy.sealed for copy in copies) else LIVE_MOST
        for copy in copies:
            progress = self._progress.setdefault(copy.id, _Progress())
            soon = copy.sealed and not progress.sealed
            if progress.offered_ns is None or soon or (progress.here and self._stale(progress, now_ns)):
                progress.offered_ns, progress.sealed = now_ns, copy.sealed
                messages.append(offer_message(copy))
        return messages

    def next(self, now_ns: int) -> Chunk | None:
        """The chunk to send now; None where there is none, or where the path should rest."""
        if sum(len(progress.flight) for progress in self._progress.values()) >= WINDOW:
            return None
        for copy in self._giver.copies():
            progress = self._progress.get(copy.id)
            sends = progress and progress.here and progress.readable
            number = progress.next(copy.chunks) if progress and sends else None
            if progress and number is not None:
                return self._chunk(copy, progress, number, now_ns)
        return None

    def told(self, holding: Holding, now_ns: int) -> None:
        progress = self._progress.get(holding.recording)
        if progress is None:
            return
        if any(now_ns - sent_ns > LATE_NS for sent_ns in progress.flight.values()):
            self.budget.lost(now_ns)
        chunks = next((copy.chunks for copy in self._giver.copies() if copy.id == holding.recording), 0)
        progress.told(holding, chunks, now_ns)
        if holding.whole:
            del self._progress[holding.recording]
            self._giver.handed_over(holding.recording)

    def got(self, recording: str, number: int, now_ns: int) -> None:
        """The station has acknowledged a chunk."""
        progress = self._progress.get(recording)
        sent_ns = progress.flight.pop(number, None) if progress else None
        if progress and sent_ns is not None:
            progress.held += 1
            self.budget.delay("chunk", now_ns - sent_ns, now_ns)
            if not progress.flight and progress.sealed and progress.next(0) is None:
                progress.offered_ns = None

    def held_bytes(self, copy: VoiceCopy) -> int:
        """How much of a recording the station has, as far as it is known here."""
        progress = self._progress.get(copy.id)
        return min(copy.size, progress.held * CHUNK_BYTES) if progress else 0

    def _stale(self, progress: _Progress, now_ns: int) -> bool:
        return progress.offered_ns is not None and now_ns - progress.offered_ns >= OFFER_EVERY_NS

    def _chunk(self, copy: VoiceCopy, progress: _Progress, number: int, now_ns: int) -> Chunk | None:
        if not self.budget.take(CHUNK_BYTES, now_ns):
            return None
        data = self._giver.read(copy.id, number)
        if not data:
            progress.readable = False
            return None
        progress.sent(number, now_ns)
        return Chunk.of(copy.id, number, data)
