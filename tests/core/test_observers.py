"""Observers see and hear, and can do nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import av
import numpy as np
import pytest

from tests.core.test_seats_together import CLOCK, Pair, Watcher, live, until
from woz.base.errors import WozError
from woz.base.runtime import LiveLoop
from woz.base.settings import VideoSettings
from woz.capture.synthetic import SyntheticSource
from woz.capture.virtual import VirtualMicrophone, VirtualRoom, VirtualSpeaker
from woz.link.ends.observers import PLACES, Observers
from woz.link.handshake.invitation import Invitation, Invited
from woz.link.messages.expert_events import event_message
from woz.link.messages.messages import Message, MessageKind
from woz.link.rtp.packets import VOICE, VoicePacket
from woz.link.rtp.port import MediaPort
from woz.link.rtp.view_encoder import EncodedView
from woz.link.rtp.view_relay import ViewRelay
from woz.link.rtp.view_sender import ViewSender
from woz.live.console.console import Console
from woz.live.seats.station_seat import StationStatus
from woz.model.events import Event, EventKind
from woz.model.people import Role
from woz.model.voice_copy import VoiceCopy
from woz.recording.folder.journal import read_journal


class Ear(VirtualRoom):
    """Remembers the loudest that was played in it."""

    loudest = 0.0

    def play(self, at_ns: int, samples: np.ndarray[tuple[int], np.dtype[np.float32]]) -> None:
        self.loudest = max(self.loudest, float(np.abs(samples).max(initial=0)))


@contextmanager
def observer(pair: Pair, watcher: Watcher, ear: VirtualRoom | None = None) -> Iterator[Console]:
    room = ear or VirtualRoom(CLOCK)
    link = Invitation.parse(pair.station.observer_invitation)
    devices = VirtualMicrophone(room, CLOCK), VirtualSpeaker(room, CLOCK)
    made = Console(link, pair.folder / "observer", *devices, CLOCK, watcher)
    watcher.shown = made.shown
    try:
        made.open()
        yield made
    finally:
        made.close()


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    made = Pair(tmp_path, source=SyntheticSource(CLOCK, size=192, fps=10))
    made.station.open()
    yield made
    made.station.close()


def _observers(pair: Pair) -> int:
    status = pair.at_station.last
    return status.observers if isinstance(status, StationStatus) else 0


def test_observers_see_and_hear_with_and_without_an_expert(pair: Pair) -> None:
    seen, ear = [Watcher(), Watcher(), Watcher()], Ear(CLOCK)
    pair.rooms[0].cue(CLOCK.utc_ns())
    with observer(pair, seen[0], ear):
        with observer(pair, seen[1]):
            until(lambda: live(seen[0]) and live(seen[1]) and ear.loudest > 0.05)
            assert _observers(pair) == 2
            console = pair.console(seen[2])
            console.open()
            until(lambda: live(seen[2]))
            pair.station.record()
            begin = [watcher.pictures for watcher in seen]
            until(lambda: all(watcher.pictures > n + 20 for watcher, n in zip(seen, begin, strict=True)))
            until(lambda: bool(getattr(seen[0].last, "recording", False)))
            console.close()
            begin = [watcher.pictures for watcher in seen[:2]]
            until(lambda: all(watcher.pictures > n + 20 for watcher, n in zip(seen, begin, strict=False)))
        until(lambda: _observers(pair) == 1)
    until(lambda: _observers(pair) == 0)
    pair.station.stop()
    assert pair.ended.wait(120)
    journal = read_journal(pair.folder / "sessions" / pair.station.session_id / "events.jsonl")
    assert [e.data for e in journal if e.kind == EventKind.PEER_LEFT and e.by == "observer"] == [
        {"observers": 1},
        {"observers": 0},
    ]


def test_an_observer_hears_the_expert(pair: Pair) -> None:
    watcher, ear = Watcher(), Ear(CLOCK)
    expert = Watcher()
    with observer(pair, watcher, ear):
        console = pair.console(expert)
        console.open()
        until(lambda: live(expert) and live(watcher))
        ear.loudest = 0
        pair.rooms[1].cue(CLOCK.utc_ns())
        until(lambda: ear.loudest > 0.05)
        console.close()


def test_an_observer_can_neither_mark_nor_speak_nor_hand_over(pair: Pair) -> None:
    watcher = Watcher()
    with observer(pair, watcher) as console:
        until(lambda: live(watcher))
        pair.station.record()
        assert console.observing
        console.note("not to be")
        peer = console._link._peer
        assert peer is not None
        event = event_message("box", 1, Event(0, EventKind.NOTE, Role.EXPERT, {"text": "not to be"}))
        copy = VoiceCopy("0" * 32, pair.station.session_id, size=5, sealed=True, sha256="0" * 64)
        upload = Message(MessageKind.UPLOAD, copy.data())
        voice = VoicePacket(0, (b"\xf8\xff\xfe",) * 3).encode()

        async def misbehave() -> None:
            assert peer._port is not None
            peer.send(event)
            peer.send(upload)
            peer.send_chunk(b"12345")
            for n in range(50):
                await peer._port.send(VOICE, n, n * 480, voice)

        console._live.call(misbehave())
        begin = watcher.pictures
        until(lambda: watcher.pictures > begin + 20)
        assert not pair.station._jitter_buffer.playing
        assert pair.station._jitter_buffer._next is None
    pair.station.stop()
    assert pair.ended.wait(120)
    folder = pair.folder / "sessions" / pair.station.session_id
    assert not [e for e in read_journal(folder / "events.jsonl") if e.by == Role.EXPERT]
    assert not [path for path in folder.rglob("*") if path.name.startswith("expert.")]


class Line:
    """A port that writes down who sends what; one that is `stuck` never gets a packet off."""

    def __init__(self, name: str, sent: list[str], stuck: bool = False) -> None:
        self._name, self._sent, self._stuck = name, sent, stuck

    def listen(self, kind: int, taker: object) -> None: ...

    async def send(self, kind: int, sequence: int, stamp: int, payload: bytes, again: bool = False) -> None:
        self._sent.append(self._name)
        if self._stuck:
            await asyncio.Event().wait()


def test_each_frame_leaves_for_the_expert_first_and_nothing_waits_for_an_observer() -> None:
    async def run() -> tuple[list[str], int]:
        loop, sent = asyncio.get_running_loop(), list[str]()
        stuck, fine = (ViewRelay(VideoSettings(), CLOCK, loop, lambda: None) for _ in range(2))

        def pass_on(view: EncodedView) -> None:
            sent.append("encoded")
            stuck.pass_on(view)
            fine.pass_on(view)

        expert = ViewSender(VideoSettings(), 20, CLOCK, loop, pass_on)
        for medium, line in ((expert, Line("expert", sent)), (stuck, Line("stuck", sent, True))):
            medium.start(cast(MediaPort, line))
        fine.start(cast(MediaPort, Line("fine", sent)))
        picture = av.VideoFrame.from_ndarray(np.full((480, 320), 90, np.uint8), format="yuv420p")
        for n in range(30):
            expert.offer(picture, n * 50_000_000)
            await asyncio.sleep(0.02)
        for medium in (expert, stuck, fine):
            await medium.stop()
        return sent, stuck.dropped

    sent, dropped = asyncio.run(run())
    frames = " ".join(sent).split("encoded")
    assert len(frames) > 20
    assert all(part.split()[-1] == "expert" for part in frames[:-1])
    assert sent.count("fine") >= 15
    assert sent.count("stuck") == 1
    assert dropped > 5


def test_observers_are_held_off_where_the_expert_s_frames_are_late() -> None:
    async def run() -> list[bool]:
        live = LiveLoop("observers")
        try:
            observers = Observers(
                VideoSettings(), 20, CLOCK, live, lambda: Message(MessageKind.HELLO), lambda: None, lambda n: None
            )
            lead = ViewSender(VideoSettings(), 20, CLOCK, live.loop)
            observers.follow(lead)
            held = []
            for late in (0, 2, 1, 3, 0):
                lead.overtaken += late
                held.append(observers._burdens(lead))
            return held
        finally:
            live.close()

    assert asyncio.run(run()) == [False, False, False, True, False]


def test_an_invitation_says_whom_it_invites_but_the_station_decides(pair: Pair) -> None:
    expert, other = (Invitation.parse(link) for link in (pair.station.invitation, pair.station.observer_invitation))
    assert (expert.invited, other.invited) == (Invited.EXPERT, Invited.OBSERVER)
    assert expert.secret != other.secret
    assert PLACES >= 3
    with pytest.raises(WozError, match="not an invitation"):
        Invitation.parse(expert.link.replace("#AQ", "#Ag"))
