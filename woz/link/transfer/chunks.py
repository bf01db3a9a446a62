"""How the expert's own recording travels: numbered chunks with checksums, offers, and what the station holds."""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta

from woz.base.outside import Count, checked
from woz.link.messages.messages import Message, MessageKind
from woz.model.voice_copy import CHUNK_BYTES, VoiceCopy

MOST_RANGES = 200
_HEAD = struct.Struct("!16sI32s")


@dataclass(frozen=True, slots=True)
class Chunk:
    """`CHUNK_BYTES` bytes of a recording from `number` times as many on; the last chunk may be shorter."""

    recording: str
    number: int
    data: bytes
    sha256: str

    @classmethod
    def of(cls, recording: str, number: int, data: bytes) -> Chunk:
        return cls(recording, number, data, hashlib.sha256(data).hexdigest())

    def encode(self) -> bytes:
        return _HEAD.pack(bytes.fromhex(self.recording), self.number, bytes.fromhex(self.sha256)) + self.data

    @classmethod
    def decode(cls, raw: bytes) -> Chunk:
        """Raises ValueError for bytes that are no chunk, or a damaged one."""
        if not _HEAD.size < len(raw) <= _HEAD.size + CHUNK_BYTES:
            raise ValueError("a chunk of a wrong length")
        recording, number, digest = _HEAD.unpack_from(raw)
        data = raw[_HEAD.size :]
        if hashlib.sha256(data).digest() != digest:
            raise ValueError("a damaged chunk")
        return cls(recording.hex(), number, data, digest.hex())


def offer_message(copy: VoiceCopy) -> Message:
    return Message(MessageKind.UPLOAD, copy.data())


def got_message(chunk: Chunk) -> Message:
    """The station has this chunk on its disk."""
    return Message(MessageKind.GOT, {"recording": chunk.recording, "number": chunk.number})


@dataclass(frozen=True, slots=True)
class Holding:
    """The station's answer to an offer: which of the first `of` chunks it lacks, as ranges [first, end).

    `here` is False where it has no such session; `whole` says that all is there and the whole was checked.
    """

    recording: Annotated[str, Meta(max_length=32)]
    of: Count
    missing: Annotated[tuple[tuple[Count, Count], ...], Meta(max_length=MOST_RANGES)] = ()
    here: bool = True
    whole: bool = False

    def message(self) -> Message:
        data = {"recording": self.recording, "of": self.of, "missing": self.missing[:MOST_RANGES]}
        return Message(MessageKind.STORED, {**data, "here": self.here, "whole": self.whole})

    @classmethod
    def from_message(cls, message: Message) -> Holding:
        """Raises ValueError for a message that says nothing sensible."""
        told = checked(dict(message.data), cls)
        if any(not a < b <= told.of for a, b in told.missing):
            raise ValueError("a range beyond the recording")
        return told
