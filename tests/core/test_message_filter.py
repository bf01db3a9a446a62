"""What the other side may say: hostile messages never raise, never pass unchecked, and end the patience once."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from woz.base.clock import ManualClock
from woz.base.outside import DEEPEST
from woz.link.messages.message_filter import PATIENCE, RATES, MessageFilter
from woz.link.messages.messages import MAX_BYTES, Message, MessageKind, procedure_from_data


def _json(integers: st.SearchStrategy[int], floats: st.SearchStrategy[float]) -> st.SearchStrategy[Any]:
    return st.recursive(
        st.none() | st.booleans() | integers | floats | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
        max_leaves=DEEPEST - 1,
    )


JSON = _json(st.integers(), st.floats())
SOUND = _json(st.integers(-(2**62), 2**62), st.floats(allow_nan=False, allow_infinity=False))
"""What is a message's data by form; NaN is no JSON, and larger numbers are refused."""
FIELDS = st.dictionaries(st.sampled_from(["t_ns", "event", "procedure", "size", "p50_ns"]), SOUND)


def _reads_all(message: Message) -> None:
    message.integer("t_ns")
    message.text("event", 40)
    procedure_from_data(message.data.get("procedure"))


def _inbox(taken: list[Message], ended: list[bool], clock: ManualClock) -> MessageFilter:
    def take(message: Message) -> None:
        taken.append(message)
        _reads_all(message)

    return MessageFilter(
        {MessageKind.EVENT: take, MessageKind.HELLO: taken.append}, clock, lambda: ended.append(True)
    )


@given(st.text() | st.binary() | JSON.map(json.dumps))
def test_noise_is_counted_as_malformed_or_not_for_us(noise: object) -> None:
    taken: list[Message] = []
    incoming = _inbox(taken, [], ManualClock())
    incoming.take(noise)
    assert not taken
    assert sum(incoming.faults.values()) == 1


@given(st.sampled_from(list(MessageKind)), FIELDS)
def test_known_kinds_with_any_fields_never_raise(kind: MessageKind, fields: dict[str, object]) -> None:
    taken: list[Message] = []
    _inbox(taken, [], ManualClock()).take(json.dumps({"kind": kind, **fields}))
    assert [m.kind for m in taken] == ([kind] if kind in (MessageKind.EVENT, MessageKind.HELLO) else [])


def test_deep_and_long_messages_are_refused() -> None:
    taken: list[Message] = []
    incoming = _inbox(taken, [], ManualClock())
    incoming.take("[" * 30_000)
    incoming.take(Message(MessageKind.HELLO, {"x": "y" * MAX_BYTES}).encode())
    assert incoming.faults["malformed"] == 2
    assert not taken


def test_more_than_an_honest_seat_sends_is_not_handled() -> None:
    taken: list[Message] = []
    clock = ManualClock()
    incoming = _inbox(taken, [], clock)
    for _ in range(20):
        incoming.take(Message(MessageKind.HELLO).encode())
    assert len(taken) == RATES[MessageKind.HELLO].burst
    clock.advance(2_000_000_000)
    incoming.take(Message(MessageKind.HELLO).encode())
    assert len(taken) == RATES[MessageKind.HELLO].burst + 1


def test_the_patience_ends_once_and_nothing_is_heard_after() -> None:
    taken: list[Message] = []
    ended: list[bool] = []
    incoming = _inbox(taken, ended, ManualClock())
    for _ in range(int(PATIENCE.burst)):
        incoming.take("noise")
    assert not ended
    for _ in range(3):
        incoming.take("noise")
    incoming.take(Message(MessageKind.HELLO).encode())
    assert ended == [True]
    assert not taken
