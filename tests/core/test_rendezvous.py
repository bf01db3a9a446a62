"""The rendezvous: seats meet there, it learns nothing, it can't join, and nobody fills it up."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from tests.core.greeting_room import ANSWER, INSTANCE, OFFER, Room
from woz.clock import ManualClock
from woz.errors import WozError
from woz.link import rendezvous_seats
from woz.link.certificate import client_context
from woz.link.invitation import Invitation
from woz.link.meeting import LINE_BYTES, line_of, read_line, room_key, room_of
from woz.link.rendezvous import MOST_ROOMS, PASSED_BYTES, PER_ADDRESS, Rendezvous
from woz.link.rendezvous_seats import Waiting
from woz.link.signaling import join

HERE = "127.0.0.1"


class Wiretap:
    """All that the rendezvous gets and gives, by connection."""

    def __init__(self) -> None:
        self.heard: list[bytearray] = []

    async def serve(self, port: int) -> asyncio.Server:
        async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            there = await asyncio.open_connection(HERE, port)
            await asyncio.gather(self._pass(reader, there[1]), self._pass(there[0], writer))

        return await asyncio.start_server(one, HERE, 0)

    async def _pass(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        heard = bytearray()
        self.heard.append(heard)
        try:
            while piece := await source.read(4096):
                heard += piece
                sink.write(piece)
                await sink.drain()
        except OSError:
            pass
        finally:
            sink.close()


class Meeting:
    """A station that waits at a rendezvous, behind a wiretap."""

    def __init__(self) -> None:
        self.room, self.tap = Room(), Wiretap()
        self.rendezvous = Rendezvous(self.room.clock)
        self.port = 0

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Invitation]:
        inner = await self.rendezvous.start(HERE, 0)
        tapped = await self.tap.serve(inner)
        self.port = tapped.sockets[0].getsockname()[1]
        async with self.room.open() as direct:
            server = self.room.server
            waiting = Waiting(
                (HERE, self.port), (HERE, direct.port), self.room.door.fingerprint, server.expect_call
            )
            await waiting.start()
            try:
                yield replace(direct.at(HERE, self.port), by_rendezvous=True)
            finally:
                await waiting.stop()
                await self.rendezvous.close()
                tapped.close()


def at_meeting(test: Callable[[Meeting, Invitation], Awaitable[None]]) -> Meeting:
    meeting = Meeting()

    async def run() -> None:
        async with meeting.open() as invitation:
            await asyncio.wait_for(test(meeting, invitation), 30)

    asyncio.run(run())
    return meeting


async def _come(meeting: Meeting, invitation: Invitation) -> None:
    await join(Invitation.parse(invitation.link), INSTANCE, meeting.room.answer)


def test_two_seats_that_both_dial_out_meet() -> None:
    meeting = at_meeting(_come)
    assert [chair.answer for chair in meeting.room.lobby.chairs] == [ANSWER]


def test_the_rendezvous_sees_and_logs_nothing_of_what_is_said(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    meeting = at_meeting(_come)
    seen = b"".join(meeting.tap.heard)
    secret, lobby = meeting.room.invitation.secret, meeting.room.lobby
    words = [secret, secret.hex().encode(), base64.urlsafe_b64encode(secret)[:20], OFFER.encode(), ANSWER.encode()]
    words += [
        lobby.ice.turn.encode(),
        b"ticket",
        b"sealed",
        b"proof",
        INSTANCE,
        meeting.room.invitation.link.encode(),
    ]
    assert len(seen) > 4_000
    assert not [word for word in words if word in seen]
    logged = [record.getMessage() for record in caplog.records if record.name == "woz.link.rendezvous"]
    assert logged == ["1 stations wait"]


def test_with_all_that_it_saw_the_rendezvous_can_not_join() -> None:
    async def replay(meeting: Meeting, invitation: Invitation) -> None:
        await _come(meeting, invitation)
        for heard in [bytes(h) for h in meeting.tap.heard]:
            await _say(meeting.port, heard)

    assert len(at_meeting(replay).room.lobby.chairs) == 1


def test_a_rendezvous_that_answers_itself_is_found_out() -> None:
    """It ends the TLS with a certificate of its own."""
    meeting, other = Meeting(), Room()

    async def run() -> None:
        async with other.open() as elsewhere:
            rendezvous = Rendezvous(ManualClock())
            port = await rendezvous.start(HERE, 0)
            false = Waiting(
                (HERE, port), (HERE, elsewhere.port), meeting.room.door.fingerprint, other.server.expect_call
            )
            await false.start()
            invitation = replace(meeting.room.invitation.at(HERE, port), by_rendezvous=True)
            with pytest.raises(WozError, match="not whom the link names"):
                await join(invitation, INSTANCE, meeting.room.answer)
            await false.stop()
            await rendezvous.close()

    asyncio.run(run())
    assert not meeting.room.heard


def test_where_nobody_waits_or_nothing_is_the_console_is_told() -> None:
    async def come(meeting: Meeting, invitation: Invitation) -> None:
        with pytest.raises(WozError, match="No station waits"):
            await join(replace(invitation, fingerprint=bytes(32)), INSTANCE, meeting.room.answer)
        with pytest.raises(WozError, match="No rendezvous answers"):
            await join(invitation.at(HERE, 1), INSTANCE, meeting.room.answer)

    at_meeting(come)


def test_failed_attempts_count_by_the_address_they_came_from() -> None:
    async def come(meeting: Meeting, invitation: Invitation) -> None:
        with pytest.raises(WozError, match="refused"):
            await join(replace(invitation, secret=bytes(16)), INSTANCE, meeting.room.answer)

    meeting = at_meeting(come)
    assert list(meeting.room.door._by_address._buckets) == [HERE]


# bounds


async def _say(port: int, raw: bytes) -> bytes:
    reader, writer = await asyncio.open_connection(HERE, port)
    try:
        writer.write(raw)
        return await asyncio.wait_for(reader.read(1000), 20)
    except ConnectionResetError:
        return b""
    finally:
        writer.close()


def alone(test: Callable[[Rendezvous, int], Awaitable[None]]) -> None:
    async def run() -> None:
        rendezvous = Rendezvous(ManualClock())
        port = await rendezvous.start(HERE, 0)
        try:
            await asyncio.wait_for(test(rendezvous, port), 30)
        finally:
            await rendezvous.close()

    asyncio.run(run())


@pytest.mark.parametrize(
    "noise", [b"x\n", b"[]\n", b"{}\n", b'{"call": 1}\n', b"\xff\xfe\n", b"x" * 10 * LINE_BYTES, b'{"take": "x"}\n']
)
def test_noise_gets_nothing_and_leaves_nothing(noise: bytes) -> None:
    async def make_noise(rendezvous: Rendezvous, port: int) -> None:
        assert await _say(port, noise) in (b"", line_of(refused="nobody"))
        assert not rendezvous._rooms

    alone(make_noise)


def test_one_address_gets_no_more_than_its_share() -> None:
    async def flood(rendezvous: Rendezvous, port: int) -> None:
        answers = [await _say(port, line_of(call="nowhere")) for _ in range(int(PER_ADDRESS.burst) + 10)]
        assert [bool(answer) for answer in answers] == [True] * int(PER_ADDRESS.burst) + [False] * 10

    alone(flood)


def test_there_is_an_end_to_rooms(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("woz.link.rendezvous.MOST_ROOMS", 2)
    assert MOST_ROOMS > 2

    async def fill(rendezvous: Rendezvous, port: int) -> None:
        stations = [await asyncio.open_connection(HERE, port) for _ in range(3)]
        for n, (_, writer) in enumerate(stations):
            writer.write(line_of(wait=f"key {n}"))
        said = [read_line(await reader.readline()) for reader, _ in stations]
        assert said == [{"ok": True}, {"ok": True}, {"refused": "full"}]
        for _, writer in stations:
            writer.close()

    alone(fill)


def test_no_more_passes_than_a_greeting_needs() -> None:
    async def pour(rendezvous: Rendezvous, port: int) -> None:
        key = room_key(bytes(32))
        control, station = await asyncio.open_connection(HERE, port)
        station.write(line_of(wait=key))
        assert read_line(await control.readline()) == {"ok": True}
        reader, console = await asyncio.open_connection(HERE, port)
        console.write(line_of(call=room_of(key)))
        while "call" not in (said := read_line(await control.readline())):
            pass
        taken, taker = await asyncio.open_connection(HERE, port)
        taker.write(line_of(take=said["call"]))
        assert json.loads(await taken.readline()) == {"ok": True}
        console.write(bytes(4 * PASSED_BYTES))
        passed = b""
        while piece := await taken.read(65536):
            passed += piece
        assert len(passed) <= PASSED_BYTES
        for writer in (station, console, taker):
            writer.close()
        assert reader

    alone(pour)


def test_a_station_that_comes_again_takes_its_room_over() -> None:
    async def again(rendezvous: Rendezvous, port: int) -> None:
        first, one = await asyncio.open_connection(HERE, port)
        one.write(line_of(wait="key"))
        await first.readline()
        second, other = await asyncio.open_connection(HERE, port)
        other.write(line_of(wait="key"))
        assert read_line(await second.readline()) == {"ok": True}
        await asyncio.wait_for(first.read(), 5)
        assert len(rendezvous._rooms) == 1
        for writer in (one, other):
            writer.close()

    alone(again)


def test_a_rendezvous_that_goes_away_is_said_until_it_is_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendezvous_seats, "AGAIN_EVERY_S", 0.05)

    async def go_and_come(rendezvous: Rendezvous, port: int) -> None:
        waiting = Waiting((HERE, port), (HERE, 9), bytes(32), lambda port, address: None)
        await waiting.start()
        assert not waiting.fault
        await rendezvous.close()
        await _until(lambda: f"{HERE}:{port} doesn't answer any more" in waiting.fault)
        other = Rendezvous(ManualClock())
        await other.start(HERE, port)
        await _until(lambda: not waiting.fault)
        await waiting.stop()
        await other.close()

    alone(go_and_come)


async def _until(true: Callable[[], bool]) -> None:
    while not true():
        await asyncio.sleep(0.02)


def test_the_outer_line_needs_no_tls_and_the_inner_has_it() -> None:
    async def come(meeting: Meeting, invitation: Invitation) -> None:
        await _come(meeting, invitation)

    meeting = at_meeting(come)
    spoken = [bytes(heard) for heard in meeting.tap.heard if b'{"call": ' in heard and b"wait" not in heard]
    assert any(after.startswith(b"\x16\x03") for heard in spoken if (after := heard.partition(b"}\n")[2]))
    assert client_context().minimum_version.name == "TLSv1_3"
