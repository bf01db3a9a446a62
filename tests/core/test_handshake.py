"""Who is let in, who isn't, and what somebody between the two can do: over real TLS on loopback."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.handshake_room import ANSWER, INSTANCE, OFFER, Chair, Room, Unhurried, hello, in_room, say
from tests.rig.hypothesis_profile import scaled
from woz.base.clock import ManualClock
from woz.base.errors import WozError
from woz.link.handshake.authentication import PER_TICKET, Authenticator, Claim
from woz.link.handshake.busy import BusyError
from woz.link.handshake.handshake import introduce, receive_guest
from woz.link.handshake.invitation import Invitation, bytes_of, text_of
from woz.link.handshake.sealing import CONSOLE, HandshakeKeys, nonce, ticket_id
from woz.link.signaling.signaling import join
from woz.model.ids import SessionId

JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda v: st.lists(v, max_size=3))


def test_the_invited_come_in_and_learn_the_servers() -> None:
    async def come(room: Room, invitation: Invitation) -> None:
        await join(invitation, INSTANCE, room.answer)

    room = in_room(come)
    assert [chair.answer for chair in room.lobby.chairs] == [ANSWER]
    assert room.heard == [room.lobby.ice]


@pytest.mark.parametrize("wrong", ["secret", "session", "expired", "withdrawn"])
def test_all_others_hear_the_same_refusal(wrong: str) -> None:
    async def come(room: Room, invitation: Invitation) -> None:
        if wrong == "expired":
            room.clock.advance(3600 * 1_000_000_000)
        elif wrong == "withdrawn":
            room.door.withdraw_all_but(None)
        bad = {
            "secret": replace(invitation, secret=bytes(16)),
            "session": replace(invitation, session_id=SessionId("x")),
        }
        with pytest.raises(WozError, match="refused this invitation"):
            await join(bad.get(wrong, invitation), INSTANCE, room.answer)

    room = in_room(come)
    assert not room.lobby.chairs
    assert room.door.refused == 1


def test_an_invitation_lets_in_until_it_expires() -> None:
    async def come(room: Room, invitation: Invitation) -> None:
        room.clock.advance(3599 * 1_000_000_000)
        await join(invitation, INSTANCE, room.answer)

    assert len(in_room(come).lobby.chairs) == 1


def test_who_came_in_time_comes_back_however_late_until_the_invitation_is_withdrawn() -> None:
    async def come(room: Room, invitation: Invitation) -> None:
        observers = invitation.for_observers()
        room.door.expect(observers)
        await join(invitation, INSTANCE, room.answer)
        room.door.hold(room.invitation)
        room.clock.advance(30 * 3600 * 1_000_000_000)
        await join(invitation, INSTANCE, room.answer)
        with pytest.raises(WozError, match="refused this invitation"):
            await join(observers, INSTANCE, room.answer)
        room.door.withdraw_all_but(None)
        with pytest.raises(WozError, match="refused this invitation"):
            await join(invitation, INSTANCE, room.answer)

    assert len(in_room(come).lobby.chairs) == 2


def test_a_station_with_another_certificate_is_told_nothing() -> None:
    async def come(room: Room, invitation: Invitation) -> None:
        with pytest.raises(WozError, match="not whom the link names"):
            await join(replace(invitation, fingerprint=bytes(32)), INSTANCE, room.answer)

    room = in_room(come)
    assert not room.lobby.chairs
    assert not room.heard


def test_a_full_station_says_so_to_the_invited_alone() -> None:
    async def come(room: Room, invitation: Invitation) -> None:
        room.lobby.busy = True
        with pytest.raises(BusyError, match="Somebody is connected") as told:
            await join(invitation, INSTANCE, room.answer)
        assert told.value.heard_ns == 70_000_000
        with pytest.raises(WozError, match="refused this invitation"):
            await join(replace(invitation, secret=bytes(16)), INSTANCE, room.answer)

    in_room(come)


def test_a_proof_that_was_overheard_opens_nothing() -> None:
    async def come(room: Room, invitation: Invitation) -> None:
        overheard = HandshakeKeys(invitation.secret, bytes(16), bytes(16), invitation.fingerprint)
        proof = {"instance": text_of(INSTANCE), "proof": text_of(overheard.proof(CONSOLE, INSTANCE))}
        answers = [await say(invitation, hello(invitation), proof) for _ in range(2)]
        assert answers[0][0]["nonce"] != answers[1][0]["nonce"]
        assert [second for _, second in answers] == [{"refused": True}] * 2

    assert not in_room(come).lobby.chairs


def test_a_right_proof_goes_in_whatever_wrong_ones_came_before() -> None:
    room = Room()
    good = _claim(room, room.invitation.secret)
    for _ in range(1000):
        assert room.door.admit(_claim(room, bytes(16)), bytes(16)) is None
    assert room.door.admit(good, bytes(16)) is not None
    assert room.door.refused == 1000


def test_one_invitation_is_not_joined_without_end() -> None:
    room = Room()
    good = _claim(room, room.invitation.secret)
    admitted = [room.door.admit(good, bytes(16)) is not None for _ in range(40)]
    assert sum(admitted) == PER_TICKET.burst


def _claim(room: Room, secret: bytes) -> Claim:
    handshake = HandshakeKeys(secret, bytes(16), bytes(16), room.door.fingerprint)
    return Claim(ticket_id(room.invitation), bytes(16), INSTANCE, handshake.proof(CONSOLE, INSTANCE))


# somebody in the middle


class Wire:
    """A `Line` within the program; `spoil` changes what passes."""

    def __init__(self, spoil: Any) -> None:
        self.spoil = spoil
        self.other: Wire | None = None
        self.queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    async def send(self, data: dict[str, Any]) -> None:
        assert self.other
        self.other.queue.put_nowait(self.spoil(data))

    async def receive(self) -> dict[str, Any]:
        return await self.queue.get()


def _through(spoil_station: Any, spoil_console: Any) -> tuple[Room, list[BaseException | None]]:
    """A handshake through somebody who terminates TLS at both sides and changes what passes."""
    room = Room()

    async def run() -> list[BaseException | None]:
        station, console = Wire(spoil_station), Wire(spoil_console)
        station.other, console.other = console, station
        host = asyncio.ensure_future(receive_guest(station, room.door, room.lobby, Unhurried()))
        guest = asyncio.ensure_future(introduce(console, room.invitation, INSTANCE, room.answer))
        _, waiting = await asyncio.wait((host, guest), timeout=120, return_when=asyncio.FIRST_EXCEPTION)
        for task in waiting:
            task.cancel()
        await asyncio.gather(host, guest, return_exceptions=True)
        return [None if task.cancelled() else task.exception() for task in (host, guest)]

    return room, asyncio.run(run())


def _as_it_is(data: dict[str, Any]) -> dict[str, Any]:
    return data


def _flipped(data: dict[str, Any]) -> dict[str, Any]:
    """One bit of what is sealed changed."""
    if "sealed" not in data:
        return data
    raw = bytearray(bytes_of(data["sealed"]))
    raw[len(raw) // 2] ^= 1
    return data | {"sealed": text_of(bytes(raw))}


def test_without_meddling_the_greeting_goes_through() -> None:
    room, faults = _through(_as_it_is, _as_it_is)
    assert faults == [None, None]
    assert room.lobby.chairs[0].answer == ANSWER


def test_a_changed_offer_is_noticed_by_the_console() -> None:
    room, faults = _through(_flipped, _as_it_is)
    assert isinstance(faults[1], ValueError)
    assert not room.heard
    assert _gave_up(room.lobby.chairs)


def test_a_changed_answer_is_noticed_by_the_station() -> None:
    room, faults = _through(_as_it_is, _flipped)
    assert isinstance(faults[0], ValueError)
    assert _gave_up(room.lobby.chairs)


def test_a_station_without_the_secret_is_found_out() -> None:
    def forged(data: dict[str, Any]) -> dict[str, Any]:
        return data | {"proof": text_of(bytes(32))} if "proof" in data else data

    room, faults = _through(forged, _as_it_is)
    assert "not the station that invited you" in str(faults[1])
    assert not room.heard


def test_a_changed_nonce_leaves_no_proof_right() -> None:
    def other_nonce(data: dict[str, Any]) -> dict[str, Any]:
        return data | {"nonce": text_of(nonce())} if "nonce" in data else data

    room, faults = _through(other_nonce, _as_it_is)
    assert "refused" in str(faults[1])
    assert not room.lobby.chairs


def test_descriptions_are_bound_to_this_greeting_alone() -> None:
    one, other = (HandshakeKeys(bytes(16), bytes(16), n, bytes(32)) for n in (bytes(16), bytes(15) + b"1"))
    assert one.binding(OFFER, ANSWER) != one.binding(OFFER + ANSWER)
    assert one.binding(OFFER) != other.binding(OFFER)


def test_what_was_sealed_can_not_be_told_again_or_out_of_turn() -> None:
    handshake = HandshakeKeys(bytes(16), bytes(16), bytes(16), bytes(32))
    (close, _), (_, read) = handshake.seals("station"), handshake.seals("console")
    first = close.close({"n": 1})
    assert read.open(first) == {"n": 1}
    with pytest.raises(ValueError, match="not sealed by whom"):
        read.open(first)
    with pytest.raises(ValueError, match="not sealed by whom"):
        read.open(close.close({"n": 2}))


def _gave_up(chairs: list[Chair]) -> bool:
    return [chair.dropped for chair in chairs] == [True] and chairs[0].answer is None


# what may arrive


@settings(max_examples=scaled(20), deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from(["ticket", "nonce", "instance", "proof", "x"]), JSON), max_size=3))
def test_no_words_without_a_proof_open_the_door(said: list[dict[str, Any]]) -> None:
    door = Authenticator(ManualClock(), bytes(32))
    room = Room()

    async def run() -> list[dict[str, Any]]:
        station, console = Wire(_as_it_is), Wire(_as_it_is)
        station.other, console.other = console, station
        for data in said:
            await console.send(data)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(receive_guest(station, door, room.lobby, Unhurried()), 0.4)
        return [console.queue.get_nowait() for _ in range(console.queue.qsize())]

    assert all(set(answer) <= {"nonce", "refused"} for answer in asyncio.run(run()))
    assert not room.lobby.chairs
