"""What travels in woz's RTP packets (RFC 3550): fragments of the view, voice, and the receiver's feedback.

Both ends are woz, so a fragment says all that stock payload formats leave to be guessed: which frame, which part of
how many, and when the picture was taken.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field

VIEW, VOICE, FEEDBACK, EXPERT_VOICE, FEC = 96, 97, 98, 99, 100
"""Payload types; the fourth is the expert's voice on its way to observers, the last repairs the view."""
KINDS = (VIEW, VOICE, FEEDBACK, EXPERT_VOICE, FEC)

FRAGMENT_BYTES = 1150
"""Of one packet, so that it fits a path of 1280 bytes with SRTP's, UDP's and a TURN server's additions."""

MAX_FRAGMENTS = 4096
MAX_ASKED = 200
MAX_COPIES = 4
_RTP = struct.Struct("!BBHII")
_VIEW = struct.Struct("!IHHBq")
_VOICE = struct.Struct("!qB")
_FEEDBACK = struct.Struct("!IIiIIIBB")
_KEY = 1


def rtp(payload_type: int, sequence: int, stamp: int, ssrc: int, payload: bytes, again: bool = False) -> bytes:
    """An RTP packet; the marker bit says that it is sent `again`."""
    header = _RTP.pack(0x80, payload_type | (again << 7), sequence & 0xFFFF, stamp & 0xFFFFFFFF, ssrc)
    return header + payload


@dataclass(frozen=True, slots=True)
class Fragment:
    """Part `index` of `count` of an encoded frame."""

    frame: int
    index: int
    count: int
    key: bool
    capture_ns: int
    data: bytes

    def encode(self) -> bytes:
        return _VIEW.pack(self.frame, self.index, self.count, self.key * _KEY, self.capture_ns) + self.data

    @classmethod
    def decode(cls, payload: bytes) -> Fragment:
        """Raises ValueError for a payload that is none."""
        if len(payload) <= _VIEW.size:
            raise ValueError("too short for a fragment")
        frame, index, count, flags, capture_ns = _VIEW.unpack_from(payload)
        if not index < count <= MAX_FRAGMENTS:
            raise ValueError("a fragment outside its frame")
        return cls(frame, index, count, bool(flags & _KEY), capture_ns, payload[_VIEW.size :])


def fragments(frame: int, key: bool, capture_ns: int, data: bytes) -> list[Fragment]:
    """An encoded frame in as many parts as it needs."""
    parts = [data[at : at + FRAGMENT_BYTES] for at in range(0, len(data), FRAGMENT_BYTES)]
    return [Fragment(frame, i, len(parts), key, capture_ns, part) for i, part in enumerate(parts)]


@dataclass(frozen=True, slots=True)
class VoicePacket:
    """An Opus frame and, before it in time, copies of the last ones (the idea of RFC 2198), newest first.

    `said_ns` is when the newest frame began at its microphone, on the station's clock; negative where unknown.
    """

    said_ns: int
    frames: Sequence[bytes]

    def encode(self) -> bytes:
        lengths = struct.pack(f"!{len(self.frames)}H", *(len(f) for f in self.frames))
        return _VOICE.pack(self.said_ns, len(self.frames)) + lengths + b"".join(self.frames)

    @classmethod
    def decode(cls, payload: bytes) -> VoicePacket:
        """Raises ValueError for a payload that is none."""
        try:
            said_ns, count = _VOICE.unpack_from(payload)
            lengths = struct.unpack_from(f"!{count}H", payload, _VOICE.size)
        except struct.error as error:
            raise ValueError("too short for a voice packet") from error
        at = _VOICE.size + 2 * count
        if not 1 <= count <= MAX_COPIES or at + sum(lengths) != len(payload):
            raise ValueError("a voice packet of a wrong length")
        frames = []
        for length in lengths:
            frames.append(payload[at : at + length])
            at += length
        return cls(said_ns, tuple(frames))


@dataclass(frozen=True, slots=True)
class Feedback:
    """What the receiver of the view tells its sender, some forty times a second.

    `echo_us` is the sender's stamp of the newest packet, `held_us` how long ago it came, `transit_us` the quickest
    passage since the last feedback (arrival minus stamp, from an origin of the receiver's own); `packets`, `lost`
    and `received_bytes` count since the last feedback. `asked` are sequence numbers to send again.
    """

    echo_us: int
    held_us: int
    transit_us: int
    received_bytes: int
    packets: int
    lost: int
    key_wanted: bool
    asked: Sequence[int] = field(default=())

    def encode(self) -> bytes:
        asked = [n & 0xFFFF for n in self.asked[:MAX_ASKED]]
        head = _FEEDBACK.pack(
            self.echo_us & 0xFFFFFFFF,
            min(self.held_us, 2**32 - 1),
            max(-(2**31), min(self.transit_us, 2**31 - 1)),
            self.received_bytes,
            self.packets,
            self.lost,
            self.key_wanted,
            len(asked),
        )
        return head + struct.pack(f"!{len(asked)}H", *asked)

    @classmethod
    def decode(cls, payload: bytes) -> Feedback:
        """Raises ValueError for a payload that is none."""
        try:
            echo, held, transit, received, packets, lost, key, count = _FEEDBACK.unpack_from(payload)
            asked = struct.unpack_from(f"!{count}H", payload, _FEEDBACK.size)
        except struct.error as error:
            raise ValueError("too short for feedback") from error
        if count > MAX_ASKED:
            raise ValueError("asks for too much")
        return cls(echo, held, transit, received, packets, lost, bool(key), asked)


def unwrapped(short: int, near: int, bits: int = 16) -> int:
    """The full number nearest to `near` of which only the low bits travelled."""
    span = 1 << bits
    return near + (short - near + span // 2) % span - span // 2
