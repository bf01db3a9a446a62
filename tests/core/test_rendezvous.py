"""The rendezvous: seats meet there, it learns nothing, it can't join, and nobody fills it up."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from tests.core.handshake_room import ANSWER, INSTANCE, OFFER, Room
from woz.base.clock import ManualClock
from woz.base.errors import WozError
from woz.base.token_bucket import Rate
from woz.link.handshake.certificate import Certificate, client_context
from woz.link.handshake.invitation import Invitation, bytes_of, text_of
from woz.link.handshake.pending_connections import Caller, PendingConnections
from woz.link.rendezvous import client
from woz.link.rendezvous.client import Waiting
from woz.link.rendezvous.protocol import LINE_BYTES, Ends, hang_up, line_of, read_line, room_of, to_prove
from woz.link.rendezvous.server import MOST_ROOMS, PASSED_BYTES, SILENT, Rendezvous
from woz.link.signaling.signaling import SignalingServer, join

HERE = "127.0.0.1"
MORE_THAN_A_SOCKET_HOLDS = 32 * 1024**2


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
            waiting = Waiting((HERE, self.port), (HERE, direct.port), self.room.certificate, server.expect_call)
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
            await asyncio.wait_for(test(meeting, invitation), 240)

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
    logged = [record.getMessage() for record in caplog.records if record.name == "woz.link.rendezvous.server"]
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
                (HERE, port), (HERE, elsewhere.port), meeting.room.certificate, other.server.expect_call
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


def test_callers_count_by_the_address_they_came_from(monkeypatch: pytest.MonkeyPatch) -> None:
    entered: list[str] = []
    real = PendingConnections.enter

    def enter(room: PendingConnections, address: str) -> Caller | None:
        entered.append(address)
        return real(room, address)

    def from_afar(server: SignalingServer, port: int, address: str) -> None:
        server._callers[port] = "198.51.100.7"

    monkeypatch.setattr(PendingConnections, "enter", enter)
    monkeypatch.setattr(SignalingServer, "expect_call", from_afar)
    meeting = at_meeting(_come)
    assert len(meeting.room.lobby.chairs) == 1
    assert entered[-1] == "198.51.100.7"


# bounds


async def _say(port: int, raw: bytes) -> bytes:
    reader, writer = await asyncio.open_connection(HERE, port)
    try:
        writer.write(raw)
        return await asyncio.wait_for(reader.read(1000), 120)
    except ConnectionResetError:
        return b""
    finally:
        writer.close()


def alone(test: Callable[[Rendezvous, int], Awaitable[None]]) -> None:
    async def run() -> None:
        rendezvous = Rendezvous(ManualClock())
        port = await rendezvous.start(HERE, 0)
        try:
            await asyncio.wait_for(test(rendezvous, port), 240)
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
        answers = [await _say(port, line_of(call="nowhere")) for _ in range(int(SILENT.rate.burst) + 10)]
        assert [bool(answer) for answer in answers] == [True] * int(SILENT.rate.burst) + [False] * 10

    alone(flood)


def test_there_is_an_end_to_rooms(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("woz.link.rendezvous.server.MOST_ROOMS", 2)
    assert MOST_ROOMS > 2

    async def fill(rendezvous: Rendezvous, port: int) -> None:
        stations = [await asyncio.open_connection(HERE, port) for _ in range(3)]
        said = [await _wait_there(ends, Certificate.new()) for ends in stations]
        assert said == [{"ok": True}, {"ok": True}, {"refused": "full"}]
        for _, writer in stations:
            writer.close()

    alone(fill)


def test_no_more_passes_than_a_greeting_needs() -> None:
    async def pour(rendezvous: Rendezvous, port: int) -> None:
        own = Certificate.new()
        control, station = await asyncio.open_connection(HERE, port)
        assert await _wait_there((control, station), own) == {"ok": True}
        reader, console = await asyncio.open_connection(HERE, port)
        console.write(line_of(call=room_of(own.fingerprint)))
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


async def _wait_there(ends: Ends, shown: Certificate, signer: Certificate | None = None) -> dict[str, Any]:
    """Wait as the station of a certificate, signing with another's key where one is given; what is answered."""
    reader, writer = ends
    writer.write(line_of(wait=text_of(shown.der)))
    nonce = bytes_of(read_line(await reader.readline())["prove"])
    writer.write(line_of(signed=text_of((signer or shown).sign(to_prove(nonce)))))
    raw = await reader.readline()
    return read_line(raw) if raw else {}


def test_a_station_that_comes_again_takes_its_room_over() -> None:
    async def again(rendezvous: Rendezvous, port: int) -> None:
        own = Certificate.new()
        first, one = await asyncio.open_connection(HERE, port)
        assert await _wait_there((first, one), own) == {"ok": True}
        second, other = await asyncio.open_connection(HERE, port)
        assert await _wait_there((second, other), own) == {"ok": True}
        await first.read()
        assert len(rendezvous._rooms) == 1
        for writer in (one, other):
            writer.close()

    alone(again)


def test_a_station_that_takes_nothing_is_let_go_and_keeps_its_next_connection_out_of_no_room(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("woz.link.rendezvous.protocol.LINGER_S", 0.05)

    async def again(rendezvous: Rendezvous, port: int) -> None:
        own = Certificate.new()
        deaf = await asyncio.open_connection(HERE, port, limit=LINE_BYTES)
        assert await _wait_there(deaf, own) == {"ok": True}
        deaf[1].transport.pause_reading()  # type: ignore[attr-defined]
        next(iter(rendezvous._rooms.values())).station.write(bytes(MORE_THAN_A_SOCKET_HOLDS))
        other = await asyncio.open_connection(HERE, port)
        assert await _wait_there(other, own) == {"ok": True}
        await _until(lambda: len(rendezvous._open) == 1)
        for _, writer in (deaf, other):
            writer.close()

    alone(again)


def test_a_station_that_takes_nothing_loses_its_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("woz.link.rendezvous.protocol.LINGER_S", 0.05)
    monkeypatch.setattr("woz.link.rendezvous.server.PING_EVERY_S", 0.01)

    async def deafen(rendezvous: Rendezvous, port: int) -> None:
        deaf = await asyncio.open_connection(HERE, port, limit=LINE_BYTES)
        assert await _wait_there(deaf, Certificate.new()) == {"ok": True}
        monkeypatch.setattr("woz.link.rendezvous.server.ANSWER_WITHIN_S", 0.05)
        deaf[1].transport.pause_reading()  # type: ignore[attr-defined]
        next(iter(rendezvous._rooms.values())).station.write(bytes(MORE_THAN_A_SOCKET_HOLDS))
        await _until(lambda: not rendezvous._rooms and not rendezvous._open)
        deaf[1].close()

    alone(deafen)


def test_two_that_wait_for_one_connection_to_close_are_not_disturbed_by_its_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("woz.link.rendezvous.protocol.LINGER_S", 0.05)

    async def run() -> None:
        served: asyncio.Queue[asyncio.StreamWriter] = asyncio.Queue()
        server = await asyncio.start_server(lambda _, writer: served.put_nowait(writer), HERE, 0)
        deaf = await asyncio.open_connection(HERE, server.sockets[0].getsockname()[1])
        deaf[1].transport.pause_reading()  # type: ignore[attr-defined]
        writer = await served.get()
        writer.write(bytes(MORE_THAN_A_SOCKET_HOLDS))
        ends = await asyncio.gather(writer.wait_closed(), hang_up(writer), hang_up(writer), return_exceptions=True)
        assert not any(isinstance(end, asyncio.CancelledError) for end in ends), ends
        assert [*ends[1:]] == [None, None], ends
        deaf[1].close()
        server.close()

    asyncio.run(asyncio.wait_for(run(), 240))


def test_a_former_guest_can_not_put_the_station_out_of_its_room() -> None:
    """It knows the invitation, and so the certificate; it hasn't the key."""

    async def take_over(meeting: Meeting, invitation: Invitation) -> None:
        await _come(meeting, invitation)
        before = dict(meeting.rendezvous._rooms)
        for signer in (Certificate.new(), None):
            ends = await asyncio.open_connection(HERE, meeting.port)
            shown = meeting.room.certificate
            if signer:
                assert await _wait_there(ends, shown, signer) == {}
            else:
                ends[1].write(line_of(wait=text_of(shown.der)) + line_of(signed=text_of(bytes(70))))
                assert b'"ok"' not in await ends[0].read()
            ends[1].close()
        assert meeting.rendezvous._rooms == before
        await _come(meeting, invitation)

    assert len(at_meeting(take_over).room.lobby.chairs) == 2


def test_a_proof_that_was_overheard_opens_no_room_again() -> None:
    async def replay(meeting: Meeting, invitation: Invitation) -> None:
        waited = next(bytes(heard) for heard in meeting.tap.heard if b'"wait"' in heard)
        before = dict(meeting.rendezvous._rooms)
        assert b'"ok"' not in await _say(meeting.port, waited)
        assert meeting.rendezvous._rooms == before

    at_meeting(replay)


@pytest.mark.parametrize("der", [b"", b"\x30\x82", bytes(300), Certificate.new().der[:-1]])
def test_what_is_no_certificate_of_ours_gets_no_room(der: bytes) -> None:
    async def wait(rendezvous: Rendezvous, port: int) -> None:
        reader, writer = await asyncio.open_connection(HERE, port)
        writer.write(line_of(wait=text_of(der)) + line_of(signed=text_of(bytes(70))))
        assert b'"ok"' not in await reader.read()
        assert not rendezvous._rooms
        writer.close()

    alone(wait)


def test_one_address_gets_its_share_of_rooms(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("woz.link.rendezvous.server.MOST_ROOMS_EACH", 1)

    async def fill(rendezvous: Rendezvous, port: int) -> None:
        stations = [await asyncio.open_connection(HERE, port) for _ in range(2)]
        said = [await _wait_there(ends, Certificate.new()) for ends in stations]
        assert said == [{"ok": True}, {"refused": "full"}]
        for _, writer in stations:
            writer.close()

    alone(fill)


def test_silent_connections_keep_no_station_away(monkeypatch: pytest.MonkeyPatch) -> None:
    async def crowd(rendezvous: Rendezvous, port: int) -> None:
        rendezvous._silent = PendingConnections(
            replace(SILENT, per_address=4, rate=Rate(1000, 1000)), ManualClock()
        )
        silent = [await asyncio.open_connection(HERE, port) for _ in range(40)]
        ends = await asyncio.open_connection(HERE, port)
        assert await _wait_there(ends, Certificate.new()) == {"ok": True}
        assert len(rendezvous._open) < 10
        for _, writer in (*silent, ends):
            writer.close()

    alone(crowd)


def test_a_rendezvous_that_goes_away_is_said_until_it_is_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "AGAIN_EVERY_S", 0.05)

    async def go_and_come(rendezvous: Rendezvous, port: int) -> None:
        waiting = Waiting((HERE, port), (HERE, 9), Certificate.new(), lambda port, address: None)
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
    assert client_context(bytes(32)).minimum_version.name == "TLSv1_3"
