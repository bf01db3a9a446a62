"""The messages that station and console exchange beside the media: one JSON object each, bounded and checked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from woz.session import Procedure, ProcedureId, Protocol, ProtocolKind, Step, StepId

MAX_BYTES = 64 * 1024


class MessageKind(StrEnum):
    HELLO = "hello"
    """Console: the name of its `outbox`. Station, in answer: the session's procedure and protocol."""
    RECORDING = "recording"
    """Station: recording began; `origin_ns` is the station's clock at session time 0."""
    ENDED = "ended"
    """Station: recording ended; the console hands over its own recording."""
    HEARD = "heard"
    """Station: whether the expert's voice is being played."""
    EVENT = "event"
    """Console: something that the expert did, with its session time, its outbox and its number there."""
    ACCEPTED = "accepted"
    """Station: the number of the last event that it took from an outbox; `outbox` says which."""
    DELAY = "delay"
    """Console: statistics of capture to shown, and of the clock map."""
    UPLOAD = "upload"
    """Console: one of its own recordings of the expert, whose pieces it offers (`woz.voice_copy`)."""
    STORED = "stored"
    """Station, in answer: which pieces of it are missing (`woz.link.pieces.Holding`)."""
    GOT = "got"
    """Station: this piece is on its disk."""
    GAZE = "gaze"
    """Station, where the protocol shows it: `x`, `y` in ten thousandths of the picture, and its `captured_ns`."""
    ASK = "ask"
    ANSWER = "answer"
    """The clock exchange."""
    LEAVE = "leave"
    """Either side: goes on purpose."""


@dataclass(frozen=True, slots=True)
class Message:
    kind: MessageKind
    data: Mapping[str, Any] = field(default_factory=dict)

    def encode(self) -> str:
        return json.dumps({"kind": self.kind, **self.data}, ensure_ascii=False)

    @classmethod
    def decode(cls, text: object) -> Message:
        """Raises ValueError for anything that is no message."""
        if not isinstance(text, str) or len(text) > MAX_BYTES:
            raise ValueError("not a message, or too long")
        try:
            raw = json.loads(text)
        except RecursionError as error:
            raise ValueError("nested too deep") from error
        if not isinstance(raw, dict):
            raise ValueError("not an object")
        return cls(MessageKind(raw.pop("kind", "")), raw)

    def integer(self, key: str) -> int:
        """A whole number of the message. Raises ValueError where it has none by that name."""
        value = self.data.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or abs(value) > 2**62:
            raise ValueError(f"{self.kind}: {key} is no whole number")
        return value

    def text(self, key: str, limit: int = 2_000) -> str:
        """A text of the message, cut at `limit` characters. Raises ValueError where it has none by that name."""
        value = self.data.get(key)
        if not isinstance(value, str):
            raise ValueError(f"{self.kind}: {key} is no text")
        return whole_text(value)[:limit]


def whole_text(value: str) -> str:
    """The text itself. Raises ValueError where it holds half a character (a lone surrogate), which no file can."""
    value.encode()
    return value


def procedure_to_data(procedure: Procedure) -> dict[str, Any]:
    steps = [{"id": s.id, "name": s.name, "position": s.position} for s in procedure.steps]
    return {"id": procedure.id, "name": procedure.name, "steps": steps}


def procedure_from_data(data: Any) -> Procedure:
    """Raises ValueError for data that describes no procedure."""
    try:
        steps = tuple(
            Step(StepId(_text(s["id"])), _text(s["name"]), int(s["position"])) for s in data["steps"][:500]
        )
        return Procedure(ProcedureId(_text(data["id"])), _text(data["name"]), steps)
    except (KeyError, TypeError, OverflowError) as error:
        raise ValueError("not a procedure") from error


def protocol_to_data(protocol: Protocol) -> dict[str, Any]:
    return asdict(protocol)


def protocol_from_data(data: Any) -> Protocol:
    """Raises ValueError for data that describes no protocol."""
    try:
        delay_ms = int(data["cue_delay_ms"])
        if not 0 <= delay_ms <= 60_000:
            raise ValueError("no such delay")
        return Protocol(
            _text(data["name"], 200),
            _text(data["text"], 20_000),
            _text(data["version"], 200),
            ProtocolKind(data["kind"]),
            data["gaze_shown"] is True,
            data["pointing_allowed"] is True,
            delay_ms,
        )
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise ValueError("not a protocol") from error


def _text(value: Any, limit: int = 500) -> str:
    return whole_text(str(value))[:limit]
