"""Ten drawn seconds, recorded faster than they pass, and read again from the files: can this machine record?."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np

from woz.base.clock import ManualClock, SessionClock
from woz.base.errors import WozError
from woz.base.interval import NS_PER_MS, NS_PER_S
from woz.base.settings import AUDIO_RATE, VideoSettings
from woz.capture.frame_code import read_number
from woz.capture.source import SourceInfo, VideoFrame
from woz.capture.synthetic import picture
from woz.capture.tabletop import TableTop
from woz.model.ids import new_session_id
from woz.model.stream import StreamKind
from woz.recording.check.verdict import Verdict
from woz.recording.check.verification import check
from woz.recording.folder.manifest import Manifest
from woz.recording.folder.session_folder import SessionFolder
from woz.recording.live.recorder import Recorder
from woz.timing.sync_marks import EXPERT_HZ, TRAINEE_HZ, burst

SECONDS, FPS, SIZE = 10, 20, 480
BLOCK_NS = 10 * NS_PER_MS
MOST_WAITING = 20
"""Pictures; with more of them the recorder would leave some out, as it does live."""
VOICES = {StreamKind.TRAINEE_VOICE: TRAINEE_HZ, StreamKind.EXPERT_HEARD: EXPERT_HZ}


@dataclass(frozen=True, slots=True)
class ShortRecording:
    """What was recorded; `decoded` are its pictures' numbers as read from the file, in its order."""

    manifest: Manifest
    decoded: tuple[int | None, ...]


def record(sessions: Path, utc_ns: int) -> ShortRecording:
    """A session below this folder, with both voices and marks at whole seconds from `utc_ns` on.

    Raises WozError where it can't be recorded, or what is read from it isn't what was recorded.
    """
    clock = ManualClock(utc_ns=utc_ns // NS_PER_S * NS_PER_S)
    folder = SessionFolder.create(sessions, new_session_id(clock.utc_ns()), clock.utc_ns(), "")
    recorder = Recorder(
        folder, SessionClock(clock), SourceInfo("drawn", SIZE, SIZE, FPS), VideoSettings(), keep_free=0
    )
    for kind in VOICES:
        recorder.expect_voice(kind, "drawn")
    recorder.start()
    _perform(recorder, clock)
    manifest = recorder.close(SECONDS * NS_PER_S)
    if recorder.fault:
        raise recorder.fault
    made = ShortRecording(manifest, tuple(_numbers(folder.ego)))
    _demand(folder, made)
    return made


def _perform(recorder: Recorder, clock: ManualClock) -> None:
    scene, frame_ns = TableTop(SIZE), NS_PER_S // FPS
    sounds = {kind: _second(hertz) for kind, hertz in VOICES.items()}
    for at_ns in range(0, SECONDS * NS_PER_S, BLOCK_NS):
        clock.advance(BLOCK_NS)
        if at_ns % frame_ns == 0:
            index = at_ns // frame_ns
            drawn = picture(scene, index, index / (SECONDS * FPS), mark=at_ns % NS_PER_S == 0)
            recorder.video(VideoFrame(index, at_ns, at_ns, drawn), at_ns)
            _wait_for_room(recorder)
        first = at_ns % NS_PER_S * AUDIO_RATE // NS_PER_S
        for kind, sound in sounds.items():
            block = sound[first : first + BLOCK_NS * AUDIO_RATE // NS_PER_S]
            recorder.voice(kind, at_ns, block, AUDIO_RATE, "drawn")


def _wait_for_room(recorder: Recorder) -> None:
    while recorder.captured - recorder.recorded > MOST_WAITING and not recorder.fault:
        time.sleep(0.001)


def _second(hertz: float) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """A second of near silence that begins with a mark: mono samples in -1..1."""
    sound = np.random.default_rng(0).normal(0, 1e-4, AUDIO_RATE).astype(np.float32)
    mark = burst(hertz, AUDIO_RATE)
    sound[: len(mark)] += mark
    return sound


def _numbers(film: Path) -> list[int | None]:
    with av.open(str(film)) as container:
        frames = container.decode(container.streams.video[0])
        return [read_number(frame.to_ndarray(format="gray").astype(np.uint8, copy=False)) for frame in frames]


def _demand(folder: SessionFolder, made: ShortRecording) -> None:
    wanted = tuple(range(SECONDS * FPS))
    if made.decoded != wanted:
        right = sum(a == b for a, b in zip(made.decoded, wanted, strict=False))
        raise WozError(f"{right} of {len(wanted)} pictures were read again as they were recorded.")
    report = check(folder)
    if report.verdict == Verdict.BAD:
        raise WozError(f"The recording is bad: {'; '.join(report.reasons)}.")
