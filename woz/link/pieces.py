"""How the expert's own recording travels: numbered pieces with checksums, offers, and what the station holds."""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass

from woz.link.messages import Message, MessageKind
from woz.voice_copy import PIECE_BYTES, VoiceCopy

MOST_RANGES = 200
_HEAD = struct.Struct("!16sI32s")


@dataclass(frozen=True, slots=True)
class Piece:
    """`PIECE_BYTES` bytes of a recording from `number` times as many on; the last piece may be shorter."""

    recording: str
    number: int
    data: bytes
    sha256: str

    @classmethod
    def of(cls, recording: str, number: int, data: bytes) -> Piece:
        return cls(recording, number, data, hashlib.sha256(data).hexdigest())

    def encode(self) -> bytes:
        return _HEAD.pack(bytes.fromhex(self.recording), self.number, bytes.fromhex(self.sha256)) + self.data

    @classmethod
    def decode(cls, raw: bytes) -> Piece:
        """Raises ValueError for bytes that are no piece, or a damaged one."""
        if not _HEAD.size < len(raw) <= _HEAD.size + PIECE_BYTES:
            raise ValueError("a piece of a wrong length")
        recording, number, digest = _HEAD.unpack_from(raw)
        data = raw[_HEAD.size :]
        if hashlib.sha256(data).digest() != digest:
            raise ValueError("a damaged piece")
        return cls(recording.hex(), number, data, digest.hex())


def offer_message(copy: VoiceCopy) -> Message:
    return Message(MessageKind.UPLOAD, copy.data())


def got_message(piece: Piece) -> Message:
    """The station has this piece on its disk."""
    return Message(MessageKind.GOT, {"recording": piece.recording, "number": piece.number})


@dataclass(frozen=True, slots=True)
class Holding:
    """The station's answer to an offer: which of the first `of` pieces it lacks, as ranges [first, end).

    `here` is False where it has no such session; `whole` says that all is there and the whole was checked.
    """

    recording: str
    of: int
    missing: tuple[tuple[int, int], ...] = ()
    here: bool = True
    whole: bool = False

    def message(self) -> Message:
        data = {"recording": self.recording, "of": self.of, "missing": self.missing[:MOST_RANGES]}
        return Message(MessageKind.STORED, {**data, "here": self.here, "whole": self.whole})

    @classmethod
    def from_message(cls, message: Message) -> Holding:
        """Raises ValueError for a message that says nothing sensible."""
        ranges = message.data.get("missing")
        if not isinstance(ranges, list) or len(ranges) > MOST_RANGES:
            raise ValueError("no ranges, or too many")
        of = message.integer("of")
        missing = tuple(_range(pair, of) for pair in ranges)
        here, whole = message.data.get("here") is True, message.data.get("whole") is True
        return cls(message.text("recording", 32), of, missing, here, whole)


def _range(raw: object, of: int) -> tuple[int, int]:
    if not isinstance(raw, list) or len(raw) != 2 or not all(type(v) is int for v in raw):
        raise ValueError("no range")
    if not 0 <= raw[0] < raw[1] <= of:
        raise ValueError("a range beyond the recording")
    return raw[0], raw[1]
