"""When a console joins again by itself: not while a connection comes about, and not only where one was lost."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, cast

import pytest

from woz.base.clock import ManualClock
from woz.link.connection.ice import IceServers
from woz.link.ends import console_end
from woz.link.ends.console_end import MAKING_NS, ConsoleEnd
from woz.link.ends.guest import JOINING_NS
from woz.link.ends.link_state import LinkState
from woz.link.handshake.handshake import Answer
from woz.link.handshake.invitation import Invitation, Invited
from woz.link.rtp.jitter_buffer import JitterBuffer
from woz.live.station.upload_wait import RETURN_WITHIN_NS

INVITATION = cast(Invitation, object())


@dataclass
class Path:
    """In a `Peer`'s place."""

    state: str
    stood: bool = False

    async def answer(self, offer: str) -> str:
        return f"answer to {offer}"

    async def close(self) -> None:
        self.state = "closed"


class Joining:
    """A console's end whose joining is counted; each gives it the path that is next."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, state: LinkState, *paths: Path) -> None:
        self.clock, self.joined = ManualClock(), 0
        nobody = cast(Any, None)
        self.end = ConsoleEnd(nobody, nobody, self.clock, JitterBuffer(), JitterBuffer(), nobody)
        self._paths = list(paths)
        monkeypatch.setattr(self.end, "_join", self._join)
        self._take_next()
        self.end.state = state

    async def _join(self, invitation: Invitation) -> None:
        assert invitation is INVITATION
        self.joined += 1
        self._take_next()

    def _take_next(self) -> None:
        self.end._joined_ns = self.clock.now_ns()
        self.end._peer = cast(Any, self._paths.pop(0))

    def turns(self, number: int) -> int:
        """So many looks, as often as it looks; how often it has joined since the beginning."""
        for _ in range(number):
            self.clock.advance(round(console_end.REJOIN_EVERY_S * 1e9))
            asyncio.run(self.end._rejoin(INVITATION))
        return self.joined


def test_a_connection_that_takes_longer_than_a_turn_is_left_to_come_about(monkeypatch: pytest.MonkeyPatch) -> None:
    room = Joining(monkeypatch, LinkState.LOST, Path("connected", stood=True), Path("connecting"))
    assert room.turns(1) == 1
    assert room.turns(2) == 1
    assert room.end._peer
    cast(Any, room.end._peer).state = "connected"
    room.end.state = LinkState.LIVE
    assert room.turns(20) == 1


def test_one_that_does_not_come_about_is_given_up_while_a_station_that_ends_still_waits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    room = Joining(monkeypatch, LinkState.LOST, Path("closed", stood=True), Path("new"), Path("connecting"))
    assert room.turns(1 + round(MAKING_NS / 1e9 / console_end.REJOIN_EVERY_S)) == 2
    assert MAKING_NS + 4 * console_end.REJOIN_EVERY_S * 1e9 < RETURN_WITHIN_NS


@pytest.mark.parametrize("state", ["failed", "closed"])
def test_one_that_failed_is_followed_by_the_next_at_once(monkeypatch: pytest.MonkeyPatch, state: str) -> None:
    room = Joining(monkeypatch, LinkState.LOST, Path(state), Path("connecting"))
    assert room.turns(1) == 1


def test_a_lost_one_that_stood_is_not_waited_for_whatever_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    room = Joining(monkeypatch, LinkState.LOST, Path("connecting", stood=True), Path("connecting"))
    assert room.turns(1) == 1


def test_a_first_connection_that_fails_is_no_end(monkeypatch: pytest.MonkeyPatch) -> None:
    room = Joining(monkeypatch, LinkState.CONNECTING, Path("connecting"), Path("connecting"), Path("connecting"))
    assert room.turns(2) == 0
    cast(Any, room.end._peer).state = "failed"
    assert room.turns(1) == 1
    assert room.turns(round(JOINING_NS / 1e9 / console_end.REJOIN_EVERY_S) + 1) == 2


def test_a_link_that_has_ended_stays_so(monkeypatch: pytest.MonkeyPatch) -> None:
    room = Joining(monkeypatch, LinkState.ENDED, Path("closed", stood=True))
    assert room.turns(20) == 0


def test_a_new_one_is_not_live_by_what_the_former_gave(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, former, paths = ManualClock(), Path("connected", stood=True), [Path("connecting"), Path("connecting")]
    monkeypatch.setattr(ConsoleEnd, "_new_peer", lambda *_: paths.pop(0))
    invitation = cast(Invitation, SimpleNamespace(invited=Invited.OBSERVER))
    console = SimpleNamespace(view_arrived=None, encoded_arrived=None, link_changed=lambda: None)

    async def run() -> None:
        live = SimpleNamespace(loop=asyncio.get_running_loop())
        nobody = cast(Any, None)
        end = ConsoleEnd(cast(Any, console), cast(Any, live), clock, JitterBuffer(), JitterBuffer(), nobody)
        end._peer, end.state = cast(Any, former), LinkState.LOST

        async def join(invitation: Invitation, instance: bytes, answer: Answer) -> None:
            clock.advance(3_000_000_000)
            end.state = LinkState.LIVE
            assert await answer("offer", IceServers()) == "answer to offer"

        monkeypatch.setattr(console_end, "join", join)
        await end._rejoin(invitation)
        assert (len(paths), former.state, end.state) == (1, "closed", LinkState.LOST)
        for wait_ns, left in ((MAKING_NS - 1, 1), (1, 0)):
            clock.advance(wait_ns)
            await end._rejoin(invitation)
            assert len(paths) == left

    asyncio.run(run())
