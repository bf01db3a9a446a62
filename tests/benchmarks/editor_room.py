"""A long session for the editor's benchmark: annotations, turns, and a film whose pictures hold their number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.stream import VideoStream

from storage import Project
from woz.annotation.edits import Edit
from woz.base.clock import SystemClock
from woz.base.interval import NS_PER_MS, NS_PER_S, Interval
from woz.base.settings import AUDIO_RATE
from woz.capture.frame_code import draw_number
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId, LabelId, SchemeId, SessionId, TierId, TranscriptId, TurnId
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.people import Role
from woz.model.scheme import Label, Overlap, Scheme, TierType
from woz.model.session import Session, SessionState
from woz.model.tier import Tier
from woz.model.transcript import Transcript, Turn
from woz.recording.live.encoders import MILLISECOND
from woz.recording.live.tables import FRAME_HEADER

SID = SessionId("20260101-000000-0000")
EMPTY = SessionId("20260101-000000-0001")
MADE = Made(Origin.DERIVED, "woz")
TIERS, LABELS = 8, 9
TURN_SHARE = 5
"""Every fifth item is a turn."""
FPS = 20
KEY_EVERY = 20
LOOP_S = 10
"""So much sound is coded; it is then laid down again and again."""
COLOURS = ("#4e79a7", "#f28e2b", "#59a14f", "#b07aa1", "#e15759", "#76b7b2", "#edc948", "#9c755f", "#ff9da7")


@dataclass(frozen=True, slots=True)
class Size:
    items: int
    seconds: int
    picture: tuple[int, int] = (320, 240)

    @property
    def turns(self) -> int:
        return min(4_000, self.items // TURN_SHARE)


def make(folder: Path, size: Size) -> None:
    """A project with the session, and one with nothing in it."""
    with Project.create(folder, "Benchmark", SystemClock()) as project:
        project.sessions.save(Session(EMPTY, "Empty", SessionState.CLOSED, 0, size.seconds * NS_PER_S))
        project.sessions.save(Session(SID, "Benchmark", SessionState.CLOSED, 0, size.seconds * NS_PER_S))
        scheme = project.schemes.keep(_scheme())
        transcript = Transcript(TranscriptId("t"), SID, Origin.RECOGNISED, "en", "woz", 0)
        project.transcripts.add(transcript, tuple(_turns(transcript.id, size)))
        tiers = [Tier(TierId(f"tier{n}"), SID, scheme.id, 1, "acts", f"Acts {n + 1}", MADE) for n in range(TIERS)]
        edit = Edit("Derive", (), (*tiers, *_annotations(size, [tier.id for tier in tiers])))
        project.annotations.record(SID, edit, "woz")
        for session in (SID, EMPTY):
            (project.session_dir(session) / "sensors").mkdir(parents=True)
        write_film(project.session_dir(SID), size.seconds, size.picture)


def _scheme() -> Scheme:
    labels = tuple(
        Label(LabelId(f"l{n}"), f"l{n}", {"en": f"Act number {n}"}, COLOURS[n], str(n + 1)) for n in range(LABELS)
    )
    return Scheme(SchemeId("acts"), "Acts", 1, (TierType("acts", overlap=Overlap.NONE, labels=labels),))


def _annotations(size: Size, tiers: list[TierId]) -> Iterator[Annotation]:
    """Each tier is tiled from beginning to end, with lengths that differ."""
    each = max(1, (size.items - size.turns) // len(tiers))
    random = np.random.default_rng(1)
    for number, tier in enumerate(tiers):
        edges = np.sort(random.choice(size.seconds * 1000, each + 1, replace=False)) * NS_PER_MS
        for n in range(each):
            label = f"l{int(random.integers(LABELS))}"
            new = AnnotationId(f"a{number}{n:030d}")
            yield Annotation(new, tier, int(edges[n]), int(edges[n + 1]), label, MADE)


def _turns(transcript_id: TranscriptId, size: Size) -> Iterator[Turn]:
    apart = size.seconds * NS_PER_S // max(1, size.turns)
    for n in range(size.turns):
        span = Interval(n * apart, n * apart + apart * 3 // 4)
        who = (Role.EXPERT, Role.TRAINEE)[n % 2]
        yield Turn(TurnId(f"t{n:031d}"), transcript_id, who, span, f"Sentence {n}, of some length")


# the film


def write_film(folder: Path, seconds: int, picture: tuple[int, int]) -> None:
    """ego.mkv as woz writes it, and the table of its frames."""
    with av.open(str(folder / "ego.mkv"), "w", format="matroska") as container:
        view = container.add_stream("libx264", rate=FPS)
        assert isinstance(view, VideoStream)
        (view.width, view.height), view.pix_fmt, view.time_base = picture, "yuv420p", MILLISECOND
        view.codec_context.options = {"preset": "ultrafast", "crf": "30", "x264-params": "scenecut=0"}
        view.codec_context.gop_size, view.codec_context.max_b_frames = KEY_EVERY, 0
        voices = [_voice(container) for _ in range(2)]
        sounds = [_sound(voice, n) for n, voice in enumerate(voices)]
        keys = []
        for second in range(seconds):
            for n in range(second * FPS, (second + 1) * FPS):
                keys += _write(container, view, n)
            for voice, sound in zip(voices, sounds, strict=True):
                _lay(container, voice, sound, second)
        for packet in view.encode(None):
            keys.append(packet.is_keyframe)
            container.mux(packet)
    rows = [",".join(FRAME_HEADER)]
    rows += [f"{n},{n * NS_PER_S // FPS},{n * NS_PER_S // FPS},{int(key)}" for n, key in enumerate(keys)]
    (folder / "sensors" / "ego_frames.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")


def _write(container: OutputContainer, view: VideoStream, number: int) -> list[bool]:
    width, height = view.width, view.height
    planes = np.full((height * 3 // 2, width), 128, np.uint8)
    planes[:height, (number * 3) % width] = 220
    draw_number(planes[:height], number)
    frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
    frame.pts, frame.time_base = number * 1000 // FPS, MILLISECOND
    packets = view.encode(frame)
    container.mux(packets)
    return [packet.is_keyframe for packet in packets]


def _voice(container: OutputContainer) -> AudioStream:
    made = container.add_stream("flac", rate=AUDIO_RATE, layout="mono", format="s16")
    assert isinstance(made, AudioStream)
    made.codec_context.options = {"frame_size": "960"}
    return made


def _sound(voice: AudioStream, seed: int) -> list[bytes]:
    """The packets of `LOOP_S` seconds of noise that comes and goes."""
    time = np.arange(LOOP_S * AUDIO_RATE) / AUDIO_RATE
    loud = np.clip(np.sin(time * (1.1 + seed)), 0, 1) * 0.3
    noise = np.random.default_rng(seed).standard_normal(len(time)) * loud
    pcm = (np.clip(noise, -1, 1) * 32767).astype(np.int16).reshape(1, -1)
    frame = av.AudioFrame.from_ndarray(pcm, format="s16", layout="mono")
    frame.sample_rate, frame.pts, frame.time_base = AUDIO_RATE, 0, Fraction(1, AUDIO_RATE)
    return [bytes(packet) for packet in (*voice.encode(frame), *voice.encode(None))]


def _lay(container: OutputContainer, voice: AudioStream, sound: list[bytes], second: int) -> None:
    each = len(sound) // LOOP_S
    first = second % LOOP_S * each
    for n, data in enumerate(sound[first : first + each]):
        packet = av.Packet(data)
        packet.stream, packet.time_base = voice, Fraction(1, AUDIO_RATE)
        packet.pts = packet.dts = second * AUDIO_RATE + n * 960
        packet.duration = 960
        container.mux(packet)
