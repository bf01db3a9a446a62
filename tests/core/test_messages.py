"""What station and console tell each other of the session."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from woz.link.messages.messages import Message, MessageKind, protocol_from_data, protocol_to_data
from woz.model.protocol import ON_DEMAND, PROACTIVE, Protocol

OWN = Protocol("Ours", "Wait five seconds.", "2026-03", gaze_shown=True, pointing_allowed=True, cue_delay_ms=300)


@pytest.mark.parametrize("protocol", [PROACTIVE, ON_DEMAND, OWN, replace(OWN, text="§" * 1_000)])
def test_a_protocol_comes_as_it_was_sent(protocol: Protocol) -> None:
    message = Message.decode(Message(MessageKind.HELLO, {"protocol": protocol_to_data(protocol)}).encode())
    assert protocol_from_data(message.data["protocol"]) == protocol


@pytest.mark.parametrize(
    "change",
    [{"kind": "loud"}, {"cue_delay_ms": -1}, {"cue_delay_ms": 10**9}, {"cue_delay_ms": "soon"}, {"name": ...}],
)
def test_what_is_no_protocol_is_refused(change: dict[str, Any]) -> None:
    data = {key: value for key, value in {**protocol_to_data(OWN), **change}.items() if value is not ...}
    with pytest.raises(ValueError, match="not a protocol"):
        protocol_from_data(json.loads(json.dumps(data)))


@pytest.mark.parametrize("wrong", [None, (), "x", 3])
def test_other_data_is_no_protocol(wrong: object) -> None:
    with pytest.raises(ValueError, match="not a protocol"):
        protocol_from_data(wrong)
