"""When a console joins again by itself: not while a connection comes about, and not only where one was lost."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, cast

import pytest

from woz.base.clock import ManualClock
from woz.base.errors import WozError
from woz.base.supervision import Supervisor
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
        self.clock, self.joined, self.refused = ManualClock(), 0, ""
        nobody = cast(Any, None)
        self.end = ConsoleEnd(nobody, nobody, self.clock, JitterBuffer(), JitterBuffer(), nobody)
        self._paths = list(paths)
        monkeypatch.setattr(self.end, "_join", self._join)
        self._take_next()
        self.end.state = state

    async def _join(self, invitation: Invitation) -> None:
        assert invitation is INVITATION
        if self.refused:
            raise WozError(self.refused)
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


@pytest.mark.parametrize("state", [LinkState.CONNECTING, LinkState.LOST])
def test_why_nothing_comes_about_is_told_until_it_does(monkeypatch: pytest.MonkeyPatch, state: LinkState) -> None:
    room = Joining(monkeypatch, state, Path("failed"), Path("connecting"))
    room.refused = "The operator withdrew this link."
    assert room.turns(1) == 0
    assert room.end.problem == "The operator withdrew this link."
    room.end.state = LinkState.LIVE
    assert room.end.problem == ""
    room.end.state, room.refused = state, ""
    assert room.turns(1) == 1
    assert room.end.problem == ""


def test_a_link_that_has_ended_stays_so(monkeypatch: pytest.MonkeyPatch) -> None:
    room = Joining(monkeypatch, LinkState.ENDED, Path("closed", stood=True))
    assert room.turns(20) == 0


class Rejoining:
    """A console's end that lost its path and really joins, but for the handshake, which takes three seconds."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, former: Path, *paths: Path) -> None:
        self.paths, self.clock, self.comes_back, self.refuses = list(paths), ManualClock(), False, False
        console = SimpleNamespace(view_arrived=None, encoded_arrived=None, link_changed=lambda: None)
        live = SimpleNamespace(loop=asyncio.get_running_loop(), supervisor=Supervisor())
        nobody = cast(Any, None)
        buffers = JitterBuffer(), JitterBuffer()
        self.end = ConsoleEnd(cast(Any, console), cast(Any, live), self.clock, *buffers, nobody)
        self.end._peer, self.end.state = cast(Any, former), LinkState.LOST
        monkeypatch.setattr(self.end, "_new_peer", lambda *_: self.paths.pop(0))
        monkeypatch.setattr(console_end, "join", self._join)

    async def _join(self, invitation: Invitation, instance: bytes, answer: Answer) -> None:
        self.clock.advance(3_000_000_000)
        if self.comes_back:
            self.end.state = LinkState.LIVE
        assert await answer("offer", IceServers()) == "answer to offer"
        if self.refuses:
            raise WozError("The station broke off the handshake.")

    async def look(self, after_ns: int = 0) -> int:
        """How many paths are left."""
        self.clock.advance(after_ns)
        await self.end._rejoin(cast(Invitation, SimpleNamespace(invited=Invited.OBSERVER)))
        await asyncio.sleep(0)
        return len(self.paths)


def test_a_new_one_is_not_live_by_what_the_former_gave(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        former = Path("connected", stood=True)
        room = Rejoining(monkeypatch, former, Path("connecting"), Path("connecting"))
        room.comes_back = True
        assert await room.look() == 1
        assert (former.state, room.end.state) == ("closed", LinkState.LOST)
        assert await room.look(MAKING_NS - 1) == 1
        assert await room.look(1) == 0

    asyncio.run(run())


class Stuck(Path):
    """Over a relay that doesn't answer any more."""

    async def close(self) -> None:
        await asyncio.Event().wait()


def test_one_that_was_begun_and_broken_off_keeps_no_other_from_coming_about(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def run() -> None:
        monkeypatch.setattr(console_end, "HANG_UP_WITHIN_S", 0.01)
        room = Rejoining(monkeypatch, Path("closed", stood=True), Stuck("connecting"), Path("connecting"))
        async with asyncio.timeout(120):
            room.refuses = True
            assert await room.look() == 1
            room.refuses = False
            assert await room.look() == 0
            room.end._peer = None
            await room.end.close()

    asyncio.run(run())


def test_a_former_one_that_does_not_close_keeps_no_other_from_coming_about(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        room = Rejoining(monkeypatch, Stuck("closed", stood=True), Path("failed"), Path("connecting"))
        async with asyncio.timeout(120):
            assert await room.look() == 1
            assert await room.look() == 0

    asyncio.run(run())
