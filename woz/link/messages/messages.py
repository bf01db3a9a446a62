"""The messages that station and console exchange beside the media: one JSON object each, bounded and checked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any, TypeVar

from woz.base.outside import Data, Unsound, Whole, checked, read
from woz.model.ids import ProcedureId, StepId
from woz.model.procedure import Procedure, Step
from woz.model.protocol import Protocol

MAX_BYTES = 64 * 1024
MOST_STEPS = 500
ROOM = 36 * 1024
"""What the steps of a procedure may take of a message."""
CUTS = (500, 120, 40)
T = TypeVar("T")


class MessageKind(StrEnum):
    HELLO = "hello"
    """Console: what it says of itself (`Greeting`). Station, in answer, and where they change: the session's
    procedure and protocol, the step that runs, and whether there is an `earpiece`; an older one says nothing of
    that: there is one."""
    RECORDING = "recording"
    """Station: recording began; `origin_ns` is the station's clock at session time 0."""
    ENDED = "ended"
    """Station: recording ended; the console hands over its own recording."""
    EVENT = "event"
    """Console: something that the expert did, with its session time, its outbox and its number there."""
    ACCEPTED = "accepted"
    """Station: the number of the last event that it took from an outbox; `outbox` says which."""
    DELAY = "delay"
    """Console: statistics of capture to shown, and of the clock map."""
    UPLOAD = "upload"
    """Console: one of its own recordings of the expert, whose chunks it offers (`woz.model.voice_copy`)."""
    STORED = "stored"
    """Station, in answer: which chunks of it are missing (`woz.link.transfer.chunks.Holding`)."""
    GOT = "got"
    """Station: this chunk is on its disk."""
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
        raw = read(text, Data)
        return cls(MessageKind(raw.pop("kind", "")), raw)

    def integer(self, key: str) -> int:
        """A whole number of the message. Raises ValueError where it has none by that name."""
        value = self.data.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or abs(value) > 2**62:
            raise ValueError(f"{self.kind}: {key} is no whole number")
        return value

    def flag(self, key: str, otherwise: bool) -> bool:
        """A yes or no of the message; `otherwise` where it says nothing. Raises ValueError for anything else."""
        value = self.data.get(key, otherwise)
        if not isinstance(value, bool):
            raise ValueError(f"{self.kind}: {key} is neither true nor false")
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
    """Steps in the order of a walk. Where there are too many for a message, names are cut, then the last steps."""
    steps = [_step_to_data(step) for _, step in procedure.walk()][:MOST_STEPS]
    for limit in CUTS:
        steps = [{**step, "name": step["name"][:limit]} for step in steps]
        if len(json.dumps(steps)) <= ROOM:
            break
    while len(json.dumps(steps)) > ROOM:
        steps = steps[: len(steps) * 3 // 4]
    return {"id": procedure.id, "name": procedure.name[: CUTS[0]], "steps": steps}


def _step_to_data(step: Step) -> dict[str, Any]:
    told = {"id": step.id, "name": step.name, "position": step.position}
    return told | ({"parent": step.parent_id} if step.parent_id else {})


def procedure_from_data(data: Any) -> Procedure:
    """A step whose parent doesn't come before it stands alone. Raises ValueError for data of no procedure."""
    told = _checked(data, _Procedure, "procedure")
    known: set[str] = set()
    steps = []
    for step in told.steps[:MOST_STEPS]:
        parent = StepId(_cut(step.parent)) if step.parent in known else None
        steps.append(Step(StepId(_cut(step.id)), _cut(step.name), step.position, parent))
        known.add(step.id)
    return Procedure(ProcedureId(_cut(told.id)), _cut(told.name), tuple(steps))


def protocol_to_data(protocol: Protocol) -> dict[str, Any]:
    return asdict(protocol)


def protocol_from_data(data: Any) -> Protocol:
    """Raises ValueError for data that describes no protocol."""
    told = _checked(data, Protocol, "protocol")
    if not 0 <= told.cue_delay_ms <= 60_000:
        raise ValueError("not a protocol: no such delay")
    name, text, version = _cut(told.name, 200), _cut(told.text, 20_000), _cut(told.version, 200)
    return replace(told, name=name, text=text, version=version)


@dataclass(frozen=True, slots=True)
class Greeting:
    """What an expert's console says of itself as it comes: the name of its outbox, and whether the expert has a
    microphone. An older one says nothing of that: there is one.
    """

    outbox: str = ""
    microphone: bool = True

    def message(self) -> Message:
        return Message(MessageKind.HELLO, asdict(self))

    @classmethod
    def of(cls, message: Message) -> Greeting:
        """What is not known in it is passed over. Raises ValueError for a message of something else."""
        told = _checked(dict(message.data), cls, "greeting")
        return replace(told, outbox=_cut(told.outbox, 64))


@dataclass(frozen=True, slots=True)
class _Step:
    id: str
    name: str
    position: Whole
    parent: str = ""


@dataclass(frozen=True, slots=True)
class _Procedure:
    id: str
    name: str
    steps: tuple[_Step, ...]


def _checked(data: Any, kind: type[T], name: str) -> T:
    try:
        return checked(data, kind)
    except Unsound as error:
        raise ValueError(f"not a {name}: {error}") from None


def _cut(value: str, limit: int = 500) -> str:
    return whole_text(value)[:limit]
