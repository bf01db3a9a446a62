"""Films in which it is known where each face is: faces of pictures and films, pasted into a moving view.

The boxes of the faces in their sources were drawn by hand, from the hairline to the chin, in key frames; no
detector had a say in them. Faces come and go over the edges, turn, grow, sway, are darker than they were, and hide
each other.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

import av
import cv2
import numpy as np
from av.video.stream import VideoStream
from numpy.typing import NDArray

from woz.deidentifying.faces import Box
from woz.deidentifying.proving import Known
from woz.transcription.packages import Package, unpack

Picture = NDArray[np.uint8]

WIDTH, HEIGHT, RATE = 640, 360, 15
HEIGHTS = (24.0, 110.0)
"""Of faces in the film, in pixels."""
AT_ONCE = 2
LONGEST_S, SHORTEST_S = 8.0, 3.0
AROUND = 0.35
"""What is pasted reaches so far beyond the face's box, in parts of it: hair, ears, neck."""
LEAST_SEEN = 0.5
"""Of a face's box; with less of it in the picture and not hidden by another face, nothing is counted."""

ASTRONAUT = Package("scikit-image", "0.26.0", "74aa5518ccea28121f57a95374581d3b979839adc25bb03f289b1bc9b99c58af")
"""Its wheel for Python 3.11 on Linux holds NASA's portrait of Eileen Collins, which is in the public domain."""
PHONE, ARIA = "faces/gen1_test_video.mp4", "faces/gen2_test_face_video.mp4"
KITCHENS = ("video/derived_measurement_error_tile1.mp4", "video/derived_technique_error_1_tile1.mp4")

Keys = dict[int, tuple[float, float, float, float]]
"""By frame number: left, top, right, bottom."""
ON_PHONE: Keys = {
    60: (241, 107, 429, 358),
    120: (213, 90, 397, 352),
    180: (231, 101, 416, 336),
    240: (219, 96, 400, 341),
    300: (229, 90, 408, 341),
    360: (226, 98, 404, 349),
    420: (207, 104, 391, 355),
    480: (212, 98, 404, 366),
}
ON_ARIA: tuple[Keys, ...] = (
    {
        0: (1152, 780, 1290, 972),
        3: (1105, 748, 1244, 943),
        6: (1070, 754, 1208, 949),
        9: (1004, 714, 1142, 897),
        11: (994, 624, 1135, 811),
        13: (988, 600, 1134, 762),
    },
    {
        0: (1671, 691, 1809, 878),
        3: (1626, 650, 1767, 845),
        6: (1639, 641, 1785, 836),
        9: (1596, 600, 1751, 803),
        11: (1598, 511, 1744, 698),
        13: (1605, 495, 1767, 673),
    },
)


@dataclass(frozen=True, slots=True)
class Head:
    """A face cut out with what is around it, and its box in that (left, top, right, bottom)."""

    picture: Picture
    face: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Made:
    """A film, and where its faces are in all frames."""

    film: Path
    known: tuple[Known, ...]


def known_on_aria(frames: int) -> tuple[Known, ...]:
    """The two faces of the real view."""
    return tuple(Known(0, tuple(_whole(_between(keys, n)) for n in range(frames))) for keys in ON_ARIA)


def people(data: Path, cache: Path) -> list[list[Head]]:
    """Each as heads that follow each other. Raises WozError where the portrait can't be fetched."""
    found = [[_portrait(cache)]]
    if (data / PHONE).is_file():
        found.append(list(_heads(data / PHONE, ON_PHONE)))
    if (data / ARIA).is_file():
        found += [list(_heads(data / ARIA, keys)) for keys in ON_ARIA]
    return found


def make_film(path: Path, seconds: int, seed: int, cast: Sequence[Sequence[Head]], data: Path) -> Made:
    chance = np.random.default_rng(seed)
    frames = seconds * RATE
    shows = [show for lane in range(AT_ONCE) for show in _shows(chance, cast, frames, lane)]
    boxes = dict[int, dict[int, Box]]()
    with av.open(str(path), "w", format="matroska") as out:
        stream = out.add_stream("libx264", rate=RATE, options={"crf": "18", "preset": "veryfast"})
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.time_base = stream.codec_context.time_base = Fraction(1, 1000)
        for number, view in zip(range(frames), _views(data), strict=False):
            picture, seen = view.copy(), dict[int, Box]()
            for nr, show in enumerate(shows):
                if box := show.paste(picture, number):
                    seen = {other: each for other, each in seen.items() if not _hides(box, each)}
                    seen[nr] = box
            for nr, box in seen.items():
                boxes.setdefault(nr, {})[number] = box
            frame = av.VideoFrame.from_ndarray(picture, format="bgr24")
            frame.pts, frame.time_base = round(1000 * number / RATE), Fraction(1, 1000)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return Made(path, tuple(run for each in boxes.values() for run in _runs(each)))


@dataclass(frozen=True, slots=True)
class _Show:
    """One person's time in the picture: from where to where (of the face's middle), and how large (its height)."""

    heads: Sequence[Head]
    first: int
    last: int
    way: tuple[tuple[float, float], tuple[float, float]]
    heights: tuple[float, float]
    turn: tuple[float, float]
    light: float
    mirrored: bool
    sway: float

    def paste(self, picture: Picture, number: int) -> Box | None:
        """Into the picture, in place. Its box, where it is seen enough."""
        if not self.first <= number <= self.last:
            return None
        part, n = (number - self.first) / max(1, self.last - self.first), number - self.first
        at = n % max(1, 2 * len(self.heads) - 2)
        head = self.heads[min(at, 2 * len(self.heads) - 2 - at)]
        left, top, right, bottom = head.face
        scale = _mix(self.heights, part) / (bottom - top)
        turn = math.radians(_mix(self.turn, part))
        (x0, y0), (x1, y1) = self.way
        middle = (x0 + (x1 - x0) * part + 6 * math.sin(self.sway * n), y0 + (y1 - y0) * part + 4 * math.cos(n / 5))
        across = -scale if self.mirrored else scale
        cosine, sine = math.cos(turn), math.sin(turn)
        matrix = np.array([[across * cosine, -scale * sine], [across * sine, scale * cosine]])
        shift = np.array(middle) - matrix @ np.array([(left + right) / 2, (top + bottom) / 2])
        _lay(picture, head, np.column_stack([matrix, shift]), self.light)
        half = scale * (right - left) / 2, scale * (bottom - top) / 2
        wide, high = math.hypot(half[0] * cosine, half[1] * sine), math.hypot(half[0] * sine, half[1] * cosine)
        return _within(middle[0] - wide, middle[1] - high, middle[0] + wide, middle[1] + high)


def _lay(picture: Picture, head: Head, matrix: NDArray[np.float64], light: float) -> None:
    size = (picture.shape[1], picture.shape[0])
    flags = cv2.INTER_AREA if abs(np.linalg.det(matrix[:, :2])) < 1 else cv2.INTER_LINEAR
    mask = _mask(head.picture.shape[0], head.picture.shape[1])
    laid = cv2.warpAffine(head.picture, matrix, size, flags=flags).astype(np.float32) * light
    share = cv2.warpAffine(mask, matrix, size, flags=flags)[..., None]
    picture[:] = np.clip(picture * (1 - share) + laid * share, 0, 255).astype(np.uint8)


@lru_cache(maxsize=64)
def _mask(height: int, width: int) -> NDArray[np.float32]:
    """An ellipse with a soft edge."""
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    return np.asarray(np.clip((1 - np.hypot(x, y)) * 8, 0, 1), np.float32)


def _shows(chance: np.random.Generator, cast: Sequence[Sequence[Head]], frames: int, lane: int) -> Iterator[_Show]:
    """One after another; four in ten come in over an edge, or go out over one."""
    first = round(chance.uniform(0, 1 + lane) * RATE)
    while first < frames - RATE:
        last = min(frames - 1, first + round(chance.uniform(SHORTEST_S, LONGEST_S) * RATE))
        ends = [(chance.uniform(60, WIDTH - 60), chance.uniform(60, HEIGHT - 60)) for _ in range(2)]
        for end in range(2):
            if chance.random() < 0.2:
                ends[end] = (float(chance.choice([-60.0, WIDTH + 60.0])), ends[end][1])
        high = math.exp(chance.uniform(*np.log(HEIGHTS)))
        yield _Show(
            cast[int(chance.integers(len(cast)))],
            first,
            last,
            (ends[0], ends[1]),
            (high, float(np.clip(high * chance.uniform(0.7, 1.4), *HEIGHTS))),
            (chance.uniform(-20, 20), chance.uniform(-20, 20)),
            chance.uniform(0.5, 1.1),
            bool(chance.random() < 0.5),
            chance.uniform(0.1, 0.5),
        )
        first = last + 1 + round(chance.uniform(0.2, 2) * RATE)


def _views(data: Path) -> Iterator[Picture]:
    """Real kitchens, forwards and backwards; a drawn wall that is walked along where there are none."""
    films = [data / name for name in KITCHENS if (data / name).is_file()]
    shots = [_shot(film) for film in films] or [list(_wall())]
    while True:
        for shot in shots:
            yield from shot
            yield from reversed(shot)


def _shot(film: Path) -> list[Picture]:
    with av.open(str(film)) as container:
        return [
            np.asarray(cv2.resize(frame.to_ndarray(format="bgr24"), (WIDTH, HEIGHT)), np.uint8)
            for n, frame in enumerate(container.decode(video=0))
            if n % 2 == 0
        ]


def _wall() -> Iterator[Picture]:
    chance = np.random.default_rng(1)
    spots = (chance.integers(0, 255, (n, 4 * n, 3), np.uint8) for n in (4, 12, 40))
    layers = [cv2.resize(each, (4 * WIDTH, HEIGHT)) for each in spots]
    wall = np.mean(layers, axis=0).astype(np.uint8)
    for n in range(20 * RATE):
        left = round((1 + math.sin(n / 40)) * 1.4 * WIDTH)
        yield wall[:, left : left + WIDTH]


def _portrait(cache: Path) -> Head:
    place = cache / "astronaut"
    if not (place / "astronaut.png").is_file():
        unpack(ASTRONAUT, ["astronaut.png"], place)
    picture = cv2.imread(str(place / "astronaut.png"))
    assert picture is not None
    return _head(np.asarray(picture, np.uint8), (180, 70, 270, 176))


def _heads(film: Path, keys: Keys) -> Iterator[Head]:
    with av.open(str(film)) as container:
        for number, frame in enumerate(container.decode(video=0)):
            if number > max(keys):
                return
            if number >= min(keys):
                yield _head(frame.to_ndarray(format="bgr24").astype(np.uint8), _between(keys, number))


def _head(picture: Picture, face: tuple[float, float, float, float]) -> Head:
    left, top, right, bottom = face
    more = AROUND * (right - left), AROUND * (bottom - top)
    x, y = max(0, round(left - more[0])), max(0, round(top - more[1]))
    cut = picture[y : round(bottom + more[1]), x : round(right + more[0])]
    return Head(cut.copy(), (left - x, top - y, right - x, bottom - y))


def _between(keys: Keys, number: int) -> tuple[float, float, float, float]:
    at = sorted(keys)
    left, top, right, bottom = (float(np.interp(number, at, [keys[n][side] for n in at])) for side in range(4))
    return left, top, right, bottom


def _within(left: float, top: float, right: float, bottom: float) -> Box | None:
    """What is in the picture of a box; None where that is too little of it."""
    x, y, end_x, end_y = max(0.0, left), max(0.0, top), min(float(WIDTH), right), min(float(HEIGHT), bottom)
    seen = max(0.0, end_x - x) * max(0.0, end_y - y)
    if seen < LEAST_SEEN * (right - left) * (bottom - top):
        return None
    return _whole((x, y, end_x, end_y))


def _whole(corners: tuple[float, float, float, float]) -> Box:
    left, top, right, bottom = corners
    return int(left), int(top), math.ceil(right) - int(left), math.ceil(bottom) - int(top)


def _hides(over: Box, under: Box) -> bool:
    wide = min(over[0] + over[2], under[0] + under[2]) - max(over[0], under[0])
    high = min(over[1] + over[3], under[1] + under[3]) - max(over[1], under[1])
    return max(0, wide) * max(0, high) > (1 - LEAST_SEEN) * under[2] * under[3]


def _runs(boxes: dict[int, Box]) -> Iterator[Known]:
    """A face that was hidden, or away, for some frames is another track afterwards."""
    run = list[int]()
    for number in [*sorted(boxes), -1]:
        if run and number != run[-1] + 1:
            yield Known(run[0], tuple(boxes[n] for n in run))
            run = []
        run.append(number)


def _mix(ends: tuple[float, float], part: float) -> float:
    return ends[0] + (ends[1] - ends[0]) * part
