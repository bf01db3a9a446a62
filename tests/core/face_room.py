"""Films in which a red square is the only face, and a detector that sees red."""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from av.video.stream import VideoStream

from woz.deidentifying.covering import covered
from woz.deidentifying.detecting import Looking, find_faces
from woz.deidentifying.detectors.port import DetectorFacts, Found, Picture
from woz.deidentifying.faces import Box, Faces
from woz.recording.folder.frame_index import FrameIndex, frame_index

WIDTH, HEIGHT, SIDE, COUNT = 320, 240, 40, 120
RATE = 48_000
NO_TABLE = Path("none.csv")


def times_ms(count: int = COUNT) -> list[int]:
    """40 ms apart, but for a few."""
    return [40 * n + (7 if n % 5 == 3 else 0) for n in range(count)]


def face_at(number: int) -> Box:
    """It wanders to the right and sways."""
    return 10 + 2 * min(number, 130), 90 + round(40 * np.sin(number / 15)), SIDE, SIDE


def picture(number: int) -> Picture:
    """Blue, green, red; what is behind the face has a texture that can be followed, and so has the face."""
    random = np.random.default_rng(1)
    image = cv2.resize(random.integers(60, 140, (30, 40, 1), np.uint8), (WIDTH, HEIGHT))
    image = cv2.cvtColor(np.asarray(image, np.uint8), cv2.COLOR_GRAY2BGR)
    left, top, width, height = face_at(number)
    spots = cv2.resize(random.integers(150, 255, (8, 8), np.uint8), (width, height), interpolation=0)
    face = np.stack([spots // 6, spots // 6, spots], axis=2)
    image[top : top + height, left : left + width] = face
    return np.asarray(image, np.uint8)


def write_film(path: Path, count: int = COUNT) -> Path:
    """With two tracks of sound."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w", format="matroska") as out:
        stream = out.add_stream("libx264", rate=25, options={"crf": "16", "preset": "ultrafast"})
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.time_base = stream.codec_context.time_base = Fraction(1, 1000)
        sounds = [out.add_stream("flac", rate=RATE, layout="mono") for _ in range(2)]
        for number, t_ms in enumerate(times_ms(count)):
            frame = av.VideoFrame.from_ndarray(picture(number), format="bgr24")
            frame.pts, frame.time_base = t_ms, Fraction(1, 1000)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
        for pitch, sound in zip((440, 660), sounds, strict=True):
            wave = (8000 * np.sin(np.arange(count * RATE // 25) * 2 * np.pi * pitch / RATE)).astype(np.int16)
            for at in range(0, len(wave), 4800):
                block = av.AudioFrame.from_ndarray(wave[None, at : at + 4800], "s16", "mono")
                block.sample_rate, block.pts, block.time_base = RATE, at, Fraction(1, RATE)
                out.mux(sound.encode(block))
            out.mux(sound.encode(None))
    return path


def phone_ticks(count: int) -> list[int]:
    """Of 1/90000 s, 3003 apart, but for a few; most are no whole milliseconds."""
    return [3003 * n + (437 if n % 5 == 3 else 0) for n in range(count)]


def write_phone_film(path: Path, codec: str, count: int) -> Path:
    """As a telephone writes it: MP4, frames decoded in another order than they are shown, sound from before 0."""
    path.parent.mkdir(parents=True, exist_ok=True)
    ordered = {"preset": "ultrafast", "bf": "2"} | ({"x265-params": "log-level=none"} if codec == "libx265" else {})
    with av.open(str(path), "w", format="mp4") as out:
        stream = out.add_stream(codec, rate=30, options=ordered)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.time_base = stream.codec_context.time_base = Fraction(1, 90_000)
        sound = out.add_stream("aac", rate=RATE, layout="mono")
        for number, tick in enumerate(phone_ticks(count)):
            frame = av.VideoFrame.from_ndarray(picture(number), format="bgr24")
            frame.pts, frame.time_base = tick, Fraction(1, 90_000)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
        for at in range(0, count * RATE // 30, 1024):
            wave = np.sin(np.arange(at, at + 1024) * 2 * np.pi * 440 / RATE).astype(np.float32) / 4
            block = av.AudioFrame.from_ndarray(wave[None], "fltp", "mono")
            block.sample_rate, block.pts, block.time_base = RATE, at, Fraction(1, RATE)
            out.mux(sound.encode(block))
        out.mux(sound.encode(None))
    return path


def write_trimmed_film(film: Path, path: Path, begin_s: Fraction) -> Path:
    """As a telephone trims it: packets stay that decoding needs, and an edit list shows those from a time on."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(film)) as source, av.open(str(path), "w", format="mp4") as out:
        made = {each.index: out.add_stream_from_template(each) for each in source.streams}
        for packet in source.demux():
            if packet.pts is not None and packet.dts is not None:
                shift = round(begin_s / packet.time_base)
                packet.pts, packet.dts = packet.pts - shift, packet.dts - shift
                packet.stream = made[packet.stream.index]
                out.mux(packet)
    return path


Turn = tuple[int, int, int, int]
"""A display matrix's a, b, c, d."""
TURNS: tuple[Turn, ...] = (
    (1, 0, 0, 1),
    (0, 1, -1, 0),
    (0, -1, 1, 0),
    (-1, 0, 0, -1),
    (-1, 0, 0, 1),
    (0, 1, 1, 0),
)
"""Upright, a quarter to the right and to the left, upside down, mirrored, mirrored at a corner."""


def write_turned_film(path: Path, turn: Turn, form: str, count: int) -> Path:
    """As a telephone writes it that is held in another way: pictures lie turned, and a matrix turns them back."""
    path.parent.mkdir(parents=True, exist_ok=True)
    a, b, c, d = turn
    with av.open(str(path), "w", format="mp4") as out:
        options = {"preset": "ultrafast", "crf": "14", "x265-params": "log-level=none"}
        codec = "libx264" if form != "yuv420p10le" else "libx265"
        stream = out.add_stream(codec, rate=25, options=options)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height = (HEIGHT, WIDTH) if b else (WIDTH, HEIGHT)
        stream.pix_fmt = form
        one, last = 1 << 16, 1 << 30
        stream.set_display_matrix((a * one, b * one, 0, c * one, d * one, 0, 0, 0, last))
        for number in range(count):
            lying = picture(number)[:: d or b, :: a or c]
            frame = av.VideoFrame.from_ndarray(
                np.ascontiguousarray(np.swapaxes(lying, 0, 1) if b else lying), "bgr24"
            )
            frame.pts, frame.time_base = number, Fraction(1, 25)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path


class Reds:
    """Sees the red square, but not in the frames named, in the order that it is shown them."""

    facts = DetectorFacts("reds", "1", "0" * 64)

    def __init__(self, misses: Collection[int] = (), every: int = 1) -> None:
        self._misses = misses
        self._every = every
        self._shown = 0

    def find(self, picture: Picture, least: float) -> list[Found]:
        number = self._shown * self._every
        self._shown += 1
        image = picture.astype(np.int16)
        red = (image[..., 2] - image[..., 1] > 60).astype(np.uint8)
        if number in self._misses or red.sum() < 100:
            return []
        left, top, width, height = cv2.boundingRect(red)
        return [Found(left, top, width, height, 0.9)]


def index_of(film: Path) -> FrameIndex:
    return frame_index(film, NO_TABLE)


def found_in(film: Path, misses: Collection[int] = (), every: int = 1) -> Faces:
    return find_faces(film, index_of(film), Reds(misses, every), Looking(every=every))


def uncovered(faces: Faces, count: int = COUNT) -> list[int]:
    """The frames in which less than all of the face is blurred."""
    return [number for number in range(count) if uncovered_at(faces, number, number)]


def uncovered_at(faces: Faces, number: int, of_picture: int) -> bool:
    """Whether less than all of the face is blurred in a frame, which shows a picture of another number."""
    return not _within(face_at(of_picture), faces, number)


def _within(face: Box, faces: Faces, number: int) -> bool:
    left, top, width, height = face
    return any(
        x <= left and y <= top and x + w >= left + width and y + h >= top + height
        for x, y, w, h in covered(faces, faces.tracks, number)
    )
