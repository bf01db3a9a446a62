"""What a sound card says that it lost is counted, journalled and told by the check; short holes are told too."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from tests.core.recording_room import Session, make_room
from woz.base.clock import SystemClock
from woz.capture import sound_card
from woz.capture.aria.speaker import LATEST_NS, GlassesSpeaker
from woz.capture.sound import PlayRequest
from woz.capture.sound_card import BLOCK, CardMicrophone, CardSpeaker
from woz.capture.source import AudioBlock
from woz.capture.streams import Streams
from woz.model.events import Event, EventKind
from woz.model.ids import SessionId
from woz.model.session import SessionState
from woz.model.stream import StreamKind
from woz.recording.check.sound_losses import loss_words, losses_of
from woz.recording.check.verdict import Verdict
from woz.recording.check.verification import check
from woz.recording.folder.manifest import Manifest
from woz.sound.session_track import Samples

INPUT, OUTPUT = ("input_overflow", "input_underflow"), ("output_underflow", "output_overflow")
FLAGS = (*INPUT, *OUTPUT, "priming_output")
"""What PortAudio tells with a block: sound that it threw away, silence that it put in; at last nothing amiss."""


class Card:
    """In PortAudio's place: keeps the callback that a stream was opened with."""

    PortAudioError = OSError

    def __init__(self) -> None:
        self.callback: Callable[..., None] = lambda *_: None

    def _stream(self, callback: Callable[..., None], **form: Any) -> Any:
        self.callback = callback
        return SimpleNamespace(start=lambda: None, close=lambda: None)

    InputStream = OutputStream = _stream

    def block(self, flag: str = "") -> None:
        time = SimpleNamespace(currentTime=1.0, inputBufferAdcTime=1.0, outputBufferDacTime=1.0)
        status = SimpleNamespace(**{name: name == flag for name in FLAGS})
        self.callback(np.zeros((BLOCK, 1), np.float32), BLOCK, time, status)


@pytest.fixture
def card(monkeypatch: pytest.MonkeyPatch) -> Card:
    made = Card()
    monkeypatch.setattr(sound_card, "portaudio", lambda: made)
    monkeypatch.setattr(sound_card, "STREAMS", Streams(lambda: made))
    return made


@pytest.mark.parametrize("flag", INPUT)
def test_a_microphone_that_ran_over_or_dry_says_so_before_the_block(card: Card, flag: str) -> None:
    said: list[object] = []
    microphone = CardMicrophone("default", SystemClock())
    microphone.start(said.append, said.append, lambda: said.append("lost"))
    for told in ("", flag, "priming_output"):
        card.block(told)
    assert [type(word) for word in said] == [AudioBlock, str, AudioBlock, AudioBlock]


@pytest.mark.parametrize("flag", OUTPUT)
def test_an_earpiece_that_ran_dry_or_over_says_so(card: Card, flag: str) -> None:
    said: list[str] = []
    asked: list[PlayRequest] = []

    def pull(request: PlayRequest) -> Samples:
        asked.append(request)
        return np.zeros(request.n, np.float32)

    speaker = CardSpeaker("default", SystemClock())
    speaker.start(pull, lambda: said.append("lost"))
    for told in ("priming_output", flag, flag):
        card.block(told)
    assert said == ["lost", "lost"]
    assert [request.lost for request in asked] == [False, True, True]
    assert [request.device_ns for request in asked] == [0, 10_000_000, 20_000_000]
    called = [request.called_ns or 0 for request in asked]
    assert 0 < called[0] <= called[1] <= called[2] <= SystemClock().now_ns()


def recorded(folder: Path, lost: tuple[int, ...]) -> Session:
    """Four seconds in which 20 ms of the trainee's sound is lost after each of these blocks of 10 ms."""
    session, room = Session(folder), make_room(5)
    session.recorder.start()
    late = 0
    for block in range(400):
        session.clock.advance(10_000_000)
        if block % 5 == 0:
            session.video(block // 5)
        late += 20_000_000 * (block in lost)
        part = room.trainee[block * 480 : (block + 1) * 480]
        session.recorder.voice(StreamKind.TRAINEE_VOICE, block * 10_000_000 + late, part, 48_000)
        session.voice(StreamKind.EXPERT_HEARD, room.heard, block, "earpiece")
    return session


def test_short_holes_and_losses_are_told_by_the_check(tmp_path: Path) -> None:
    session = recorded(tmp_path, (150, 250))
    session.recorder.event(Event(1, EventKind.SOURCE, "station", {"sound": "", "name": "microphone", "lost": 2}))
    session.recorder.event(Event(2, EventKind.SOURCE, "expert", {"text": "", "name": "earpiece", "lost": 1}))
    session.recorder.close(4_000_000_000)
    report = check(session.folder)
    assert report.voice_gaps == 0
    assert report.losses.holes == 2
    assert report.losses.holes_ms == pytest.approx(40, abs=2)
    assert loss_words(report.losses) == [
        f"2 holes under 40 ms in the voices, {report.losses.holes_ms:.0f} ms together",
        "the expert's earpiece lost sound once",
        "the station's microphone lost sound 2 times",
    ]
    assert report.verdict == Verdict.DOUBTFUL
    assert any("short holes" in reason for reason in report.reasons)


def test_a_whole_session_has_nothing_to_tell(tmp_path: Path) -> None:
    session = recorded(tmp_path, ())
    session.recorder.close(4_000_000_000)
    report = check(session.folder)
    assert loss_words(report.losses) == []
    assert not any("hole" in reason for reason in report.reasons)


def test_a_journal_that_somebody_wrote_in_is_checked_all_the_same() -> None:
    lost = [Event(0, EventKind.DROP, "station", {"what": "sound", "items": items}) for items in (2, "many", [1], 3)]
    manifest = Manifest(SessionId("s"), SessionState.CLOSED, 0)
    assert losses_of(manifest, lost).by_device == (("the recorder", 5),)


def test_the_glasses_speaker_tells_what_it_gave_up() -> None:
    """Its thread is held up for longer than it may be late."""
    lost, asked = threading.Event(), list[int]()

    class Glasses:
        speaker_delay_ns = 0

        def play(self, samples: Samples, rate: int) -> None: ...

    def pull(request: PlayRequest) -> Samples:
        asked.append(request.device_ns)
        if len(asked) == 3:
            time.sleep(2 * LATEST_NS / 1e9)
        return np.zeros(request.n, np.float32)

    speaker = GlassesSpeaker(Glasses(), SystemClock())
    speaker.start(pull, lost.set)
    assert lost.wait(120)
    speaker.stop()


def test_a_block_that_the_glasses_do_not_take_is_told_as_lost_and_the_next_is_played(
    caplog: pytest.LogCaptureFixture,
) -> None:
    lost, played, faults = threading.Event(), threading.Event(), [RuntimeError("not now")]

    class Glasses:
        speaker_delay_ns = 0

        def play(self, samples: Samples, rate: int) -> None:
            if faults:
                raise faults.pop()
            played.set()

    speaker = GlassesSpeaker(Glasses(), SystemClock())
    speaker.start(lambda request: np.zeros(request.n, np.float32), lost.set)
    assert played.wait(120)
    speaker.stop()
    assert lost.is_set()
