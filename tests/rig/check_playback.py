"""Plays a film through a sound system of its own, records what is heard, and says how sound and picture agree.

`python -m tests.rig.check_playback [--hours 2]`: both voices sound at each whole second, each with a tone; the
pictures hold their number. With hours, the minute is laid down again and again, and its last one is played. For
each rate: how much later than its picture a tone is heard (ms of the film; backwards a frame's length earlier,
since a frame is seen from its end on), how far the voices are apart, and how high the tones are.
PulseAudio is needed, and ALSA's way to it.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from fractions import Fraction
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import av
import numpy as np
from av.audio.stream import AudioStream
from av.video.stream import VideoStream
from numpy.typing import NDArray
from PySide6.QtCore import QElapsedTimer

from ui.application.application import application
from ui.editor.player import Player
from woz.base.clock import SystemClock
from woz.base.interval import NS_PER_MS, NS_PER_S
from woz.base.settings import AUDIO_RATE
from woz.capture.frame_code import draw_number, read_number
from woz.capture.sound_card import CardMicrophone
from woz.capture.source import AudioBlock
from woz.demo.pulse import PulseRoom, Seat
from woz.playback.frames import FrameReader
from woz.recording.folder.frame_index import frame_index

RATES = (1.0, 0.5, 0.25, 0.75, 1.5, 2.0, 3.0, 4.0, -1.0, -2.0)
TONES = (440.0, 1100.0)
SECONDS, FPS, BURST_S, PLAY_S = 60, 25, 0.2, 6.0
START_S = 30.5
WIDTH, HEIGHT = 320, 240
NEAR_MS = 400


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--hours", type=float, default=0.0, help="play the end of a film that is so long")
    minutes = max(1, round(parser.parse_args().hours * 60))
    rates = RATES if minutes == 1 else (1.0, 2.0, -1.0)
    with tempfile.TemporaryDirectory() as folder, PulseRoom(Path(folder, "sound")) as room:
        os.environ.update(room.environment(Seat.CONSOLE))
        os.environ["PULSE_SOURCE"] = "woz_console_speaker.monitor"
        film = _long(_film(Path(folder, "film.mkv")), minutes)
        app = application("light")
        for rate in rates:
            heard = _played(film, rate, app.processEvents, (minutes - 1) * SECONDS + START_S)
            print(_report(rate, *heard), flush=True)


class _Tape:
    """What the microphone heard, by our monotonic clock."""

    def __init__(self) -> None:
        self.blocks: list[AudioBlock] = []
        self._microphone = CardMicrophone("default", SystemClock())
        self._microphone.start(self.blocks.append, lambda fault: print(fault))

    def stop(self) -> tuple[NDArray[np.float32], int]:
        """All samples, and when the first came."""
        self._microphone.stop()
        blocks = self.blocks[5:]
        lag = [block.arrival_ns - n * NS_PER_S // 100 for n, block in enumerate(blocks)]
        return np.concatenate([block.samples for block in blocks]), int(np.median(lag))


def _played(
    film: Path, rate: float, process: object, start_s: float
) -> tuple[NDArray[np.float32], int, list[tuple[int, int]]]:
    assert callable(process)
    player = Player(film, FrameReader(film, frame_index(film, film.with_name("none"))))
    shown: list[tuple[int, int]] = []

    def see(frame: av.VideoFrame) -> None:
        number = read_number(np.asarray(frame.to_ndarray()[: frame.height, : frame.width], np.uint8))
        assert number == player.frame_number % (SECONDS * FPS), f"frame {player.frame_number} shows {number}"
        shown.append((SystemClock().now_ns(), number))

    player.show_frame(round(start_s * FPS))
    while not player.rested:
        process()
    player.picture.connect(see)
    tape, since = _Tape(), QElapsedTimer()
    player.set_speed(abs(rate))
    player._go(rate)
    since.start()
    while since.elapsed() < PLAY_S * 1000 / min(1, abs(rate)) ** 0.5:
        process()
    if player._sounding.problem:
        print(player._sounding.problem)
    player.close()
    return (*tape.stop(), shown)


def _report(rate: float, sound: NDArray[np.float32], begin_ns: int, shown: list[tuple[int, int]]) -> str:
    tones = [_onsets(sound, tone) for tone in TONES]
    late, apart = [], []
    edge = 0.0 if rate > 0 else BURST_S
    for at in tones[0]:
        heard_ns = begin_ns + at * NS_PER_S // AUDIO_RATE
        seen = [(heard_ns - t) * rate / NS_PER_MS for t, n in shown if n % FPS == round(edge * FPS)]
        late += sorted((ms for ms in seen if abs(ms) < NEAR_MS), key=abs)[:1]
        apart += sorted(abs(at - other) / AUDIO_RATE * 1000 for other in tones[1])[:1]
    pitch = [round(_pitch(sound, tone), 1) for tone in TONES]
    steps = np.abs(np.diff([n for _, n in shown]))
    said = f"{rate:5.2f}x: {len(late)} bursts, after their picture {np.round(late).astype(int).tolist()} ms, "
    said += f"voices apart {max(apart, default=-1):.1f} ms, tones {pitch} Hz, "
    return said + f"{len(shown)} frames, at most {steps.max() - 1} passed over"


def _band(sound: NDArray[np.float32], tone: float) -> NDArray[np.float64]:
    """How loud a tone is, in 10 ms."""
    time = np.arange(len(sound)) / AUDIO_RATE
    mixed = sound * np.exp(-2j * np.pi * tone * time)
    kernel = np.ones(AUDIO_RATE // 100) / (AUDIO_RATE // 100)
    return np.abs(np.convolve(mixed, kernel, "same"))


def _onsets(sound: NDArray[np.float32], tone: float) -> list[int]:
    loud = _band(sound, tone)
    on = loud > loud.max() / 2
    starts = np.flatnonzero(on[1:] & ~on[:-1]) + 1
    kept: list[int] = []
    for start in starts.tolist():
        if start > AUDIO_RATE // 10 and (not kept or start - kept[-1] > AUDIO_RATE // 8):
            kept.append(start)
    return kept


def _pitch(sound: NDArray[np.float32], tone: float) -> float:
    power = np.abs(np.fft.rfft(sound))
    places = np.arange(len(power)) * AUDIO_RATE / len(sound)
    near = (places > tone * 0.7) & (places < tone * 1.4)
    return float(places[near][power[near].argmax()])


def _film(path: Path) -> Path:
    with av.open(str(path), "w", format="matroska") as container:
        view = container.add_stream("libx264", rate=FPS)
        assert isinstance(view, VideoStream)
        view.width, view.height, view.pix_fmt, view.time_base = WIDTH, HEIGHT, "yuv420p", Fraction(1, 1000)
        view.codec_context.options = {"preset": "ultrafast", "x264-params": "scenecut=0"}
        view.codec_context.gop_size, view.codec_context.max_b_frames = FPS, 0
        voices: list[AudioStream] = [
            container.add_stream("flac", rate=AUDIO_RATE, layout="mono", format="s16") for _ in TONES
        ]
        for second in range(SECONDS):
            for number in range(second * FPS, (second + 1) * FPS):
                planes = np.full((HEIGHT * 3 // 2, WIDTH), 128, np.uint8)
                draw_number(planes[:HEIGHT], number)
                frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
                frame.pts, frame.time_base = number * 1000 // FPS, Fraction(1, 1000)
                container.mux(view.encode(frame))
            for voice, tone in zip(voices, TONES, strict=True):
                container.mux(voice.encode(_second(voice, tone, second)))
        container.mux(view.encode(None))
        for voice in voices:
            container.mux(voice.encode(None))
    return path


def _long(minute: Path, minutes: int) -> Path:
    """The same packets so many times, one after the other."""
    if minutes == 1:
        return minute
    path = minute.with_name("long.mkv")
    with av.open(str(path), "w", format="matroska") as out:
        for lap in range(minutes):
            with av.open(str(minute)) as container:
                streams = container.streams.video + container.streams.audio
                if lap == 0:
                    ways = {each.index: out.add_stream_from_template(each) for each in streams}
                for packet in container.demux(*streams):
                    if packet.pts is None or packet.dts is None:
                        continue
                    packet.stream = ways[packet.stream.index]
                    by = round(lap * SECONDS / (packet.time_base or 1))
                    packet.pts, packet.dts = packet.pts + by, packet.dts + by
                    out.mux(packet)
    return path


def _second(voice: AudioStream, tone: float, second: int) -> av.AudioFrame:
    time = np.arange(AUDIO_RATE) / AUDIO_RATE
    burst = np.sin(2 * np.pi * tone * time) * (time < BURST_S) * 0.3
    frame = av.AudioFrame.from_ndarray((burst * 32767).astype(np.int16).reshape(1, -1), "s16", "mono")
    frame.sample_rate, frame.pts, frame.time_base = AUDIO_RATE, second * AUDIO_RATE, Fraction(1, AUDIO_RATE)
    return frame


if __name__ == "__main__":
    main()
