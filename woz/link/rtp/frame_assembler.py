"""Puts the view together: whole frames in order, what is missing asked for in time, a key frame at the worst."""

from __future__ import annotations

from dataclasses import dataclass, field

from woz.link.rtp.fec import FecPacket, groups_of
from woz.link.rtp.packets import Fragment

REORDER_NS = 8_000_000
"""A gap younger than this may still be filled by a packet that was overtaken."""

LATEST_NS = 30_000_000
"""What was repaired, and hasn't come by itself after so long, was lost."""

TAIL_NS = 12_000_000
"""The end of a frame is missing when nothing has come for this long."""

GIVE_UP_NS = 400_000_000
"""A frame that waits longer than this, and the round trip, is abandoned for a key frame."""

KEY_AGAIN_NS = 300_000_000
LONGEST_JUMP = 8192
"""Sequence numbers missing at once that are still worth asking for; beyond, only a key frame helps."""

MOST_FRAMES, MOST_PARTS, MOST_WANTED = 256, 16_384, 16_384
"""What may wait, and be waited for, at once; an honest sender stays far below."""


@dataclass(slots=True)
class EncodedFrame:
    """A whole frame as it left the encoder; `received_ns` is when its last part came."""

    key: bool
    capture_ns: int
    data: bytes
    received_ns: int


@dataclass(slots=True)
class _Partial:
    count: int
    key: bool
    capture_ns: int
    first_sequence: int
    parts: dict[int, bytes] = field(default_factory=dict)
    fec_packets: dict[int, FecPacket] = field(default_factory=dict)


@dataclass(slots=True)
class _Wanted:
    noticed_ns: int
    asked_ns: int | None = None
    repaired: bool = False
    """An FEC packet brought its content back; whether it was lost, or only overtaken, will be seen."""


class FrameAssembler:
    """Fragments go in as they come, frames come out in order. Times are the receiver's monotonic clock."""

    def __init__(self) -> None:
        self._partials: dict[int, _Partial] = {}
        self._next: int | None = None
        self._wanted: dict[int, _Wanted] = {}
        self._highest = -1
        self._end: int | None = None
        self._last_arrival_ns = 0
        self._key_asked_ns: int | None = None
        self._again_ns = 60_000_000
        self.awaits_key = True
        self.expected = 0
        self.lost = 0

    def add(self, sequence: int, fragment: Fragment, now_ns: int, again: bool = False) -> list[EncodedFrame]:
        """Take a fragment by its full sequence number; the answer is the frames that are whole and in turn now.

        `again` says that it was sent since it was asked for: else it was only overtaken, and not lost.
        """
        self._arrived(fragment.frame, now_ns)
        self._account(sequence, fragment, now_ns, again)
        partial = self._partial(fragment, sequence - fragment.index)
        if partial is None:
            return []
        partial.parts[fragment.index] = fragment.data
        return self._whole(partial, fragment.index % groups_of(fragment.count), now_ns)

    def add_fec(self, first_sequence: int, fec: FecPacket, now_ns: int) -> list[EncodedFrame]:
        """Take the FEC packet of a frame whose first fragment has this sequence number; the answer as of `add`."""
        self._arrived(fec.frame, now_ns)
        end = first_sequence + fec.count
        self._expect(first_sequence, end, now_ns)
        self._notice(first_sequence, end, now_ns)
        partial = self._partial(fec, first_sequence)
        if partial is None or partial.first_sequence != first_sequence:
            return []
        partial.fec_packets[fec.group] = fec
        return self._whole(partial, fec.group, now_ns)

    def asks(self, now_ns: int) -> list[int]:
        """Sequence numbers to ask for now; each again and again until it comes or its frame is given up."""
        due = [number for number, wanted in self._wanted.items() if self._is_due(number, wanted, now_ns)]
        asked = []
        for number in due:
            wanted = self._wanted[number]
            self.lost += wanted.asked_ns is None
            wanted.asked_ns = now_ns
            if wanted.repaired:
                del self._wanted[number]
            else:
                asked.append(number)
        return asked

    def key_wanted(self, now_ns: int) -> bool:
        """Whether to ask for a key frame now."""
        if not self.awaits_key and self._waits_too_long(now_ns):
            self._give_up()
        if not self.awaits_key:
            return False
        due = self._key_asked_ns is None or now_ns - self._key_asked_ns >= KEY_AGAIN_NS
        if due:
            self._key_asked_ns = now_ns
        return due

    def undecodable(self) -> None:
        """The decoder couldn't use a frame: start anew."""
        self._give_up()

    def _arrived(self, frame: int, now_ns: int) -> None:
        if self._next is not None and frame > self._next and now_ns - self._last_arrival_ns > GIVE_UP_NS:
            self._give_up()
        self._last_arrival_ns = now_ns

    def _partial(self, of: Fragment | FecPacket, first_sequence: int) -> _Partial | None:
        """The frame that something is of; None where it is of no use any more, or doesn't fit."""
        if self._is_needless(of):
            return None
        made = _Partial(of.count, of.key, of.capture_ns, first_sequence)
        partial = self._partials.setdefault(of.frame, made)
        return partial if partial.count == of.count else None

    def _whole(self, partial: _Partial, group: int, now_ns: int) -> list[EncodedFrame]:
        self._repair(partial, group)
        whole = self._take_whole(now_ns)
        if self._holds_too_much():
            self._give_up()
        return whole

    def _repair(self, partial: _Partial, group: int) -> None:
        """What FEC brings back needn't be asked for; it counts as lost where it doesn't come by itself."""
        fec = partial.fec_packets.get(group)
        if fec is None or len(missing := fec.missing(partial.parts)) > 1:
            return
        del partial.fec_packets[group]
        for index in missing:
            if data := fec.repaired(partial.parts):
                partial.parts[index] = data
                if wanted := self._wanted.get(partial.first_sequence + index):
                    wanted.repaired = True

    def _is_needless(self, of: Fragment | FecPacket) -> bool:
        """It is of a frame that has been shown or given up, or that no key frame on its way comes before."""
        if self.awaits_key and not of.key and not any(p.key for p in self._partials.values()):
            self._wanted.clear()
            return True
        return self._next is not None and of.frame < self._next

    def _expect(self, begin: int, end: int, now_ns: int) -> None:
        """These sequence numbers are of one frame, and are on their way."""
        if self._end is None:
            self._end = begin
        if begin - self._end > LONGEST_JUMP:
            self._give_up()
            self._end = begin
        for number in range(self._end, end):
            self._wanted[number] = _Wanted(now_ns)
        self.expected += max(0, end - self._end)
        self._end = max(self._end, end)
        if len(self._wanted) > MOST_WANTED:
            self._give_up()

    def _notice(self, begin: int, sequence: int, now_ns: int) -> None:
        """Something came that was sent after these: what is missing of them is late."""
        for number in range(max(self._highest + 1, begin), sequence):
            if number in self._wanted:
                self._wanted[number].noticed_ns = now_ns
        self._highest = max(self._highest, sequence - 1)

    def _account(self, sequence: int, fragment: Fragment, now_ns: int, again: bool) -> None:
        begin = sequence - fragment.index
        self._expect(begin, begin + fragment.count, now_ns)
        self._notice(begin, sequence, now_ns)
        self._highest = max(self._highest, sequence)
        wanted = self._wanted.pop(sequence, None)
        if wanted and wanted.asked_ns and not again:
            self.lost -= 1
        elif wanted and wanted.asked_ns:
            self._again_ns += round(0.2 * (1.2 * (now_ns - wanted.asked_ns) + 10e6 - self._again_ns))

    def _is_due(self, number: int, wanted: _Wanted, now_ns: int) -> bool:
        if wanted.repaired:
            return now_ns - wanted.noticed_ns >= LATEST_NS
        if wanted.asked_ns is not None:
            return now_ns - wanted.asked_ns >= max(25_000_000, self._again_ns)
        if number > self._highest:
            return now_ns - self._last_arrival_ns >= TAIL_NS
        return now_ns - wanted.noticed_ns >= REORDER_NS

    def _take_whole(self, now_ns: int) -> list[EncodedFrame]:
        whole: list[EncodedFrame] = []
        self._jump_to_key()
        while self._next is not None and (partial := self._partials.get(self._next)):
            if len(partial.parts) < partial.count:
                break
            data = b"".join(partial.parts[i] for i in range(partial.count))
            whole.append(EncodedFrame(partial.key, partial.capture_ns, data, now_ns))
            del self._partials[self._next]
            self._next += 1
        return whole

    def _jump_to_key(self) -> None:
        """A whole key frame makes all before it needless."""
        keys = [n for n, p in self._partials.items() if p.key and len(p.parts) == p.count]
        if not keys or (max(keys) == self._next and not self.awaits_key):
            return
        self._next = max(keys)
        self.awaits_key = False
        self._key_asked_ns = None
        for number in [n for n in self._partials if n < self._next]:
            del self._partials[number]
        first = self._partials[self._next].first_sequence
        self._wanted = {n: w for n, w in self._wanted.items() if n >= first}

    def _holds_too_much(self) -> bool:
        parts = sum(len(partial.parts) + len(partial.fec_packets) for partial in self._partials.values())
        return len(self._partials) > MOST_FRAMES or parts > MOST_PARTS or len(self._wanted) > MOST_WANTED

    def _waits_too_long(self, now_ns: int) -> bool:
        oldest = min((w.noticed_ns for w in self._wanted.values()), default=now_ns)
        return now_ns - oldest > GIVE_UP_NS + self._again_ns

    def _give_up(self) -> None:
        self.awaits_key = True
        self._wanted.clear()
        self._partials.clear()
