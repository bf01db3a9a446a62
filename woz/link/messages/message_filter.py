"""What the other side says, checked: known kinds, whole messages, no more of each than an honest seat sends."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Mapping

from woz.base.clock import Clock
from woz.base.token_bucket import Bucket, Rate
from woz.link.messages.messages import Message, MessageKind

log = logging.getLogger(__name__)

RATES: Mapping[MessageKind, Rate] = {
    MessageKind.HELLO: Rate(5, 0.5),
    MessageKind.RECORDING: Rate(5, 0.5),
    MessageKind.ENDED: Rate(5, 0.5),
    MessageKind.UPLOAD: Rate(200, 20),
    MessageKind.STORED: Rate(200, 20),
    MessageKind.GOT: Rate(1000, 1000),
    MessageKind.LEAVE: Rate(2, 0.1),
    MessageKind.DELAY: Rate(10, 2),
    MessageKind.ASK: Rate(60, 20),
    MessageKind.ANSWER: Rate(60, 20),
    MessageKind.EVENT: Rate(500, 150),
    MessageKind.GAZE: Rate(300, 150),
    MessageKind.ACCEPTED: Rate(500, 150),
}
OTHERS = Rate(120, 60)
PATIENCE = Rate(100, 2)
"""Faults that are borne before the other side is hung up on."""

Handler = Callable[[Message], None]


class MessageFilter:
    """Hands each good message to its handler; faults are counted, and too many of them end the patience, once."""

    def __init__(self, handlers: Mapping[MessageKind, Handler], clock: Clock, out_of_patience: Callable[[], None]):
        self._handlers = handlers
        self._buckets = {kind: Bucket(RATES.get(kind, OTHERS), clock) for kind in MessageKind}
        self._patience = Bucket(PATIENCE, clock)
        self._out_of_patience = out_of_patience
        self._closed = False
        self.faults: Counter[str] = Counter()

    def take(self, data: object) -> None:
        """Take one message as it came; never raises for what the other side can send."""
        if self._closed:
            return
        try:
            message = Message.decode(data)
            handler = self._handlers.get(message.kind)
            if handler is None:
                self._fault("not for us")
            elif not self._buckets[message.kind].take():
                self._fault("too many")
            else:
                handler(message)
        except (ValueError, OverflowError) as error:
            log.info("a message was ignored: %s", error)
            self._fault("malformed")

    def _fault(self, why: str) -> None:
        self.faults[why] += 1
        if not self._patience.take():
            self._closed = True
            log.info("the other side was hung up on: %s", dict(self.faults))
            self._out_of_patience()
