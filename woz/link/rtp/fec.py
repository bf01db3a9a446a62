"""Repair of lost fragments without asking: the exclusive or of a group of a frame's fragments travels after them.

The idea is RFC 5109's. Of each group one lost fragment comes back at once; more must be asked for. The groups of a
frame are interleaved, so that neighbours that are lost together fall into different ones.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from woz.link.rtp.packets import MAX_FRAGMENTS, Fragment

GROUP = 10
"""Fragments that one FEC packet stands for, at most: for a frame of many, a tenth more to send."""
_HEAD = struct.Struct("!IHHBqH")
_LENGTH = struct.Struct("!H")


@dataclass(frozen=True, slots=True)
class FecPacket:
    """Of group `group` of a frame of `count` fragments; of its first sequence number the low 16 bits travel."""

    frame: int
    group: int
    count: int
    key: bool
    capture_ns: int
    first_sequence: int
    data: bytes

    def encode(self) -> bytes:
        numbers = (self.frame, self.group, self.count, self.key, self.capture_ns)
        return _HEAD.pack(*numbers, self.first_sequence & 0xFFFF) + self.data

    @classmethod
    def decode(cls, payload: bytes) -> FecPacket:
        """Raises ValueError for a payload that is none."""
        if len(payload) <= _HEAD.size + _LENGTH.size:
            raise ValueError("too short for an FEC packet")
        frame, group, count, key, capture_ns, first = _HEAD.unpack_from(payload)
        if not group < groups_of(count) or count > MAX_FRAGMENTS:
            raise ValueError("an FEC packet outside its frame")
        return cls(frame, group, count, bool(key), capture_ns, first, payload[_HEAD.size :])

    @property
    def members(self) -> range:
        """The indices of the group's fragments."""
        return range(self.group, self.count, groups_of(self.count))

    def missing(self, known: Mapping[int, bytes]) -> list[int]:
        """The group's fragments that aren't known."""
        return [index for index in self.members if index not in known]

    def repaired(self, known: Mapping[int, bytes]) -> bytes | None:
        """The data of the one fragment of the group that isn't known; None where it doesn't fit the others."""
        others = [known[index] for index in self.members if index in known]
        if any(len(part) + _LENGTH.size > len(self.data) for part in others):
            return None
        whole = int.from_bytes(self.data) ^ _together(others, len(self.data))
        raw = whole.to_bytes(len(self.data))
        (length,) = _LENGTH.unpack_from(raw)
        if not 0 < length <= len(raw) - _LENGTH.size:
            return None
        return raw[_LENGTH.size : _LENGTH.size + length]


def groups_of(count: int) -> int:
    """Into how many groups so many fragments fall."""
    return -(-count // GROUP)


def fec_packets(fragments: Sequence[Fragment], first_sequence: int) -> list[FecPacket]:
    """Of all groups of one frame, whose first fragment has this sequence number."""
    first, groups = fragments[0], groups_of(len(fragments))
    made = []
    for group in range(groups):
        parts = [fragment.data for fragment in fragments[group::groups]]
        width = _LENGTH.size + max(map(len, parts))
        data = _together(parts, width).to_bytes(width)
        head = (first.frame, group, first.count, first.key, first.capture_ns, first_sequence)
        made.append(FecPacket(*head, data))
    return made


def _together(parts: Sequence[bytes], width: int) -> int:
    """The exclusive or of parts with their lengths before them, filled up to a width."""
    whole = 0
    for part in parts:
        whole ^= int.from_bytes((_LENGTH.pack(len(part)) + part).ljust(width, b"\0"))
    return whole
