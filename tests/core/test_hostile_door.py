"""Crowds at the door, silent or wrong: whoever has a right proof comes in, and the crowd costs little."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.handshake_room import INSTANCE, Room, Unhurried, hello, in_room, say, unchecked
from tests.rig.hypothesis_profile import scaled
from woz.base.clock import ManualClock, SystemClock
from woz.base.errors import WozError
from woz.base.token_bucket import Rate
from woz.link.handshake import handshake
from woz.link.handshake.certificate import Certificate
from woz.link.handshake.invitation import Invitation
from woz.link.handshake.pending_connections import Caller, Limits, PendingConnections, network_of
from woz.link.signaling import signaling
from woz.link.signaling.signaling import WAITING, SignalingServer, join

SMALL = Limits(3, 8, Rate(1000, 1000))
other_addresses = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has many loopback addresses")
Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]


# who has a place


@settings(max_examples=scaled(200), deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), max_size=80))
def test_who_showed_a_ticket_keeps_the_place_and_places_have_an_end(comings: list[tuple[int, bool]]) -> None:
    room, sent_away, known = PendingConnections(SMALL, ManualClock()), list[Caller](), list[Caller]()
    for address, shows in comings:
        caller = room.enter(f"192.0.2.{address}")
        if caller is None:
            continue
        caller.close = lambda one=caller: sent_away.append(one)  # type: ignore[misc]
        if shows:
            caller.shows_ticket()
            known.append(caller)
        held = Counter(waiting.address for waiting in room._waiting)
        assert len(room) <= SMALL.overall
        assert max(held.values()) <= SMALL.per_address
    assert not set(known) & set(sent_away)


@settings(max_examples=scaled(100), deadline=None)
@given(st.lists(st.integers(0, 5), min_size=10, max_size=100), st.integers(0, 9))
def test_a_crowd_at_few_addresses_takes_no_place_of_another(crowd: list[int], after: int) -> None:
    room, gone = PendingConnections(SMALL, ManualClock()), list[str]()
    for n, address in enumerate(crowd):
        if n == after:
            guest = room.enter("198.51.100.1")
            assert guest
            guest.close = lambda: gone.append("guest")
        room.enter(f"192.0.2.{address}")
    assert gone == []


def test_a_newcomer_finds_a_place_however_many_are_silent() -> None:
    room = PendingConnections(SMALL, ManualClock())
    for n in range(200):
        assert room.enter(f"192.0.{n}.1")
    assert room.enter("198.51.100.1")
    assert len(room) == SMALL.overall


def test_an_address_comes_so_often_and_then_waits() -> None:
    clock = ManualClock()
    room = PendingConnections(Limits(100, 100, Rate(5, 1)), clock)
    assert sum(room.enter("192.0.2.1") is not None for _ in range(20)) == 5
    assert room.enter("192.0.2.2")
    clock.advance(2_000_000_000)
    assert sum(room.enter("192.0.2.1") is not None for _ in range(20)) == 2


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("fe80::1%eth0", "fe80::2", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("x" * 1000, "x" * 64, True),
    ],
)
def test_what_counts_as_one_address(one: str, other: str, alike: bool) -> None:
    assert (network_of(one) == network_of(other)) == alike


# at a real door


async def _silent(invitation: Invitation, number: int, address: str = "127.0.0.1") -> list[Ends]:
    """Connections that say nothing."""
    made = []
    for _ in range(number):
        with contextlib.suppress(OSError):
            made.append(await asyncio.open_connection("127.0.0.1", invitation.port, local_addr=(address, 0)))
    return made


@pytest.mark.parametrize("number", [33, 90])
def test_silent_connections_from_the_expert_s_own_address_keep_nobody_out(number: int) -> None:
    async def come(room: Room, invitation: Invitation) -> None:
        crowd = await _silent(invitation, number)
        await join(invitation, INSTANCE, room.answer)
        assert len(room.server.waiting) <= WAITING.per_address
        for _, writer in crowd:
            writer.close()

    assert len(in_room(come).lobby.chairs) == 1


@other_addresses
def test_silent_connections_from_many_addresses_keep_nobody_out() -> None:
    async def come(room: Room, invitation: Invitation) -> None:
        crowd = [ends for n in range(2, 30) for ends in await _silent(invitation, 14, f"127.0.0.{n}")]
        await join(invitation, INSTANCE, room.answer)
        assert len(room.server.waiting) <= WAITING.overall
        for _, writer in crowd:
            writer.close()

    assert len(in_room(come).lobby.chairs) == 1


@pytest.mark.parametrize("wrong", ["secret", "noise"])
def test_an_address_that_fails_as_often_as_it_may_call_keeps_nobody_out(
    wrong: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handshake, "REFUSE_AFTER_S", 0.0)

    async def fail(room: Room, invitation: Invitation) -> None:
        with contextlib.suppress(WozError, OSError):
            if wrong == "secret":
                await join(replace(invitation, secret=bytes(16)), INSTANCE, room.answer)
            else:
                await say(invitation, hello(invitation), {"proof": "no"})

    async def come(room: Room, invitation: Invitation) -> None:
        for _ in range(70):
            await fail(room, invitation)
        assert room.door.refused == 70
        await join(invitation, INSTANCE, room.answer)

    assert len(in_room(come).lobby.chairs) == 1


def test_whose_address_calls_too_often_is_told_that_the_station_hung_up_and_comes_in_later() -> None:
    async def come(room: Room, invitation: Invitation) -> None:
        while caller := room.server.waiting.enter("127.0.0.1"):
            caller.leave()
        with pytest.raises(WozError, match=r"The station at 127\.0\.0\.1:\d+ hung up at once; try again\."):
            await join(invitation, INSTANCE, room.answer)
        room.clock.advance(1_000_000_000)
        await join(invitation, INSTANCE, room.answer)

    assert len(in_room(come).lobby.chairs) == 1


def test_a_crowd_has_few_descriptors() -> None:
    async def come(room: Room, invitation: Invitation) -> None:
        room.server.waiting._limits = replace(WAITING, rate=Rate(10_000, 1))
        before = _descriptors()
        crowd = await _silent(invitation, 150)
        while len(room.server._listener._tasks) > WAITING.per_address:
            await asyncio.sleep(0.01)
        assert _descriptors() - before <= len(crowd) + WAITING.per_address + 2
        for _, writer in crowd:
            writer.close()

    in_room(come)


def _descriptors() -> int:
    place = Path("/proc/self/fd")
    return len(list(place.iterdir())) if place.is_dir() else 0


@pytest.mark.parametrize("stage", ["nothing", "TLS", "WebSocket"])
def test_who_says_nothing_is_soon_hung_up_on(stage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signaling, "LINE_WITHIN_S", 0.3)
    monkeypatch.setattr(handshake, "HELLO_WITHIN_S", 0.3)

    async def come(room: Room, invitation: Invitation) -> None:
        context = None if stage == "nothing" else unchecked()
        with contextlib.suppress(OSError):
            reader, writer = await asyncio.open_connection("127.0.0.1", invitation.port, ssl=context)
            if stage == "WebSocket":
                writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n")
                writer.write(b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n")
            while await reader.read(1000):
                pass
            writer.close()
        while len(room.server.waiting):
            await asyncio.sleep(0.01)

    in_room(come)


@settings(max_examples=scaled(40), deadline=None)
@given(st.lists(st.binary(min_size=1, max_size=300), max_size=5), st.booleans())
def test_noise_after_the_handshake_is_hung_up_on(noise: list[bytes], as_websocket: bool) -> None:
    async def come(room: Room, invitation: Invitation) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", invitation.port, ssl=unchecked())
        if as_websocket:
            writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n")
            writer.write(b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n")
        for piece in noise:
            writer.write(piece)
        writer.close()
        with contextlib.suppress(OSError):
            await reader.read(1000)
        while len(room.server.waiting):
            await asyncio.sleep(0.001)
        await join(invitation, INSTANCE, room.answer)

    assert len(in_room(come).lobby.chairs) == 1


def test_a_ticket_is_shown_and_the_place_left_before_the_seat_is_taken() -> None:
    did: list[list[str]] = []

    class Watched(SignalingServer):
        async def _serve_one(self, connected: object, caller: object) -> None:
            seen = Unhurried()
            did.append(seen.did)
            await super()._serve_one(connected, seen)  # type: ignore[arg-type]

    async def come(room: Room, invitation: Invitation) -> None:
        watched = Watched(room.certificate, room.door, room.lobby, room.clock)
        port = await watched.start("127.0.0.1", 0)
        await join(invitation.at("127.0.0.1", port), INSTANCE, room.answer)
        with pytest.raises(WozError, match="refused"):
            await join(replace(invitation.at("127.0.0.1", port), secret=bytes(16)), INSTANCE, room.answer)
        await watched.close()

    in_room(come)
    assert did == [["ticket", "left"], []]


# before the certificate is checked


def test_a_stranger_hears_not_a_word_of_a_console() -> None:
    heard: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, ssl.SSLError):
            while piece := await reader.read(1000):
                heard.append(piece)
        writer.close()

    async def run() -> None:
        room, other = Room(), Certificate.new()
        stranger = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=other.server_context())
        port = stranger.sockets[0].getsockname()[1]
        with pytest.raises(WozError, match="not whom the link names"):
            await join(room.invitation.at("127.0.0.1", port), INSTANCE, room.answer)
        stranger.close()
        await stranger.wait_closed()

    asyncio.run(run())
    assert heard == []


def test_a_listener_goes_on_after_a_lack_of_descriptors(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        room, loop, lacking = Room(), asyncio.get_running_loop(), [3]
        real = loop.sock_accept

        async def accept(listening: object) -> object:
            if lacking[0]:
                lacking[0] -= 1
                raise OSError(24, "Too many open files")
            return await real(listening)  # type: ignore[arg-type]

        monkeypatch.setattr(loop, "sock_accept", accept)
        async with room.open() as invitation:
            await join(invitation, INSTANCE, room.answer)
        assert lacking == [0]

    asyncio.run(run())


def test_a_port_that_is_taken_is_told() -> None:
    async def run() -> None:
        room, clock = Room(), SystemClock()
        async with room.open() as invitation:
            second = SignalingServer(room.certificate, room.door, room.lobby, clock)
            with pytest.raises(WozError, match="in use; choose another"):
                await second.start("127.0.0.1", invitation.port)

    asyncio.run(run())
