"""Recordings in chunks, and a station that keeps them, for tests of the upload."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from woz.link.transfer.chunks import Chunk
from woz.live.station.received_recordings import ReceivedRecordings
from woz.model.ids import SessionId
from woz.model.voice_copy import CHUNK_BYTES, VoiceCopy
from woz.recording.folder.session_folder import SessionFolder

MS, S = 1_000_000, 1_000_000_000
NAME = SessionId("20270115-080000-abcd")
PART = "0123456789abcdef" * 2


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _copy(data: bytes, **more: object) -> VoiceCopy:
    """A closed recording of these bytes."""
    head = _digest(data[:CHUNK_BYTES])
    made = VoiceCopy(PART, NAME, size=len(data), sealed=True, sha256=_digest(data), head=head, clock_map="map")
    return replace(made, **more)  # type: ignore[arg-type]


def _chunks(data: bytes, recording: str = PART) -> list[Chunk]:
    starts = range(0, len(data), CHUNK_BYTES)
    return [Chunk.of(recording, n, data[at : at + CHUNK_BYTES]) for n, at in enumerate(starts)]


def _noise(size: int, seed: int = 1) -> bytes:
    return random.Random(seed).randbytes(size)


@dataclass
class Desk:
    """A station's received in a folder with one running session."""

    sessions: Path
    said: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not (self.sessions / NAME).exists():
            SessionFolder.create(self.sessions, NAME, 1)
        self.received = ReceivedRecordings(
            self.sessions, NAME, lambda session, text: self.said.append((session, text))
        )

    def give(self, chunks: Sequence[Chunk]) -> int:
        return sum(self.received.arrived(chunk.encode()) is not None for chunk in chunks)
