"""What station and console tell each other of the session."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from woz.link.messages.messages import (
    Greeting,
    Message,
    MessageKind,
    procedure_from_data,
    procedure_to_data,
    protocol_from_data,
    protocol_to_data,
)
from woz.model.ids import ProcedureId
from woz.model.procedure import Procedure
from woz.model.protocol import ON_DEMAND, PROACTIVE, Protocol
from woz.procedures.outline import steps_from_outline

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


@pytest.mark.parametrize("told", [Greeting(), Greeting("outbox", microphone=False)])
def test_a_greeting_comes_as_it_was_sent(told: Greeting) -> None:
    assert Greeting.of(Message.decode(told.message().encode())) == told


def test_a_console_that_says_nothing_of_a_microphone_has_one_and_what_is_not_known_yet_is_passed_over() -> None:
    older = Message(MessageKind.HELLO, {"outbox": "x" * 100})
    assert Greeting.of(older) == Greeting("x" * 64, microphone=True)
    assert Greeting.of(Message(MessageKind.HELLO, {"microphone": False, "to_come": [1]})) == Greeting("", False)


@pytest.mark.parametrize("wrong", [{"microphone": "none"}, {"microphone": 0}, {"microphone": None}, {"outbox": 3}])
def test_what_is_no_greeting_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="not a greeting"):
        Greeting.of(Message(MessageKind.HELLO, wrong))


def test_a_yes_or_no_is_nothing_else() -> None:
    assert Message(MessageKind.HELLO).flag("earpiece", otherwise=True)
    for told in (True, False):
        assert Message(MessageKind.HELLO, {"earpiece": told}).flag("earpiece", otherwise=True) == told
    for wrong in ("none", 0, None):
        with pytest.raises(ValueError, match="neither true nor false"):
            Message(MessageKind.HELLO, {"earpiece": wrong}).flag("earpiece", otherwise=True)


def test_a_procedure_comes_with_its_tree() -> None:
    cake = Procedure(ProcedureId("cake"), "Cake", steps_from_outline("Shop\nBatter\n  Whisk\n  Pour\nBake\n"))
    message = Message.decode(Message(MessageKind.HELLO, {"procedure": procedure_to_data(cake)}).encode())
    assert procedure_from_data(message.data["procedure"]) == cake
    stray = {"id": "p", "name": "P", "steps": [{"id": "a", "name": "A", "position": 0, "parent": "a"}]}
    assert procedure_from_data(stray).steps[0].parent_id is None


def test_a_long_procedure_fits_a_message_beside_a_long_protocol() -> None:
    lines = "".join(f"Step {i} of a very long procedure, „mit Umlauten“: {'ä' * 300}\n" for i in range(700))
    long = Procedure(ProcedureId("long"), "Long", steps_from_outline(lines))
    data = {"procedure": procedure_to_data(long), "protocol": protocol_to_data(replace(OWN, text="x" * 20_000))}
    got = procedure_from_data(Message.decode(Message(MessageKind.HELLO, data).encode()).data["procedure"])
    assert len(got.steps) > 100
    assert [step.id for step in got.steps] == [step.id for step in long.steps[: len(got.steps)]]
    assert all(long.steps[i].name.startswith(step.name) for i, step in enumerate(got.steps))
