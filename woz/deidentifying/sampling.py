"""Draws samples of blurred copies for a person to count: strips of pictures, and a table to fill in."""

from __future__ import annotations

import csv
import random
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from woz.base.errors import WozError
from woz.base.interval import NS_PER_S
from woz.deidentifying.faces import Faces
from woz.deidentifying.films import ROUNDED_NS, picked
from woz.deidentifying.proving import Count
from woz.recording.folder.frame_index import FrameIndex

TABLE = "count.csv"
COLUMNS = ("film", "kind", "name", "start_s", "picture", "faces", "uncovered", "drawn_of")
SECOND, TRACK = "second", "track"
PICTURES = 5
"""In a strip."""
PICTURE_WIDTH = 480


@dataclass(frozen=True, slots=True)
class Sample:
    """A second of a film, or one of its tracks: the frames from `start_ns` to before `end_ns` of the film."""

    kind: str
    name: str
    start_ns: int
    end_ns: int


@dataclass(frozen=True, slots=True)
class Blurred:
    """What may be drawn of a copy: the `seconds` in which it has frames, and its tracks. `digest` is of the faces
    that it was made of; the strips of its samples lie in the folder `within`. It holds little, since there may be
    thousands.
    """

    path: Path
    index: Callable[[], FrameIndex]
    digest: str
    seconds: NDArray[np.int64]
    tracks: tuple[Sample, ...]
    within: str = ""

    @classmethod
    def of(cls, path: Path, index: Callable[[], FrameIndex], faces: Faces, within: str = "") -> Blurred:
        """Raises WozError as `index` does."""
        times = index().times
        seconds = np.unique(np.asarray(times, np.int64) // NS_PER_S)
        blurred = (each for each in faces.tracks if each.blurred)
        tracks = (Sample(TRACK, each.id, times[each.first], times[each.last] + 1) for each in blurred)
        return cls(path, index, faces.digest, seconds, tuple(tracks), within)


def drawn(films: Mapping[str, Blurred], count: int, seed: int) -> dict[str, list[Sample]]:
    """By film, so many seconds of all of them together, and so many tracks, or all where there are fewer; the same
    for the same seed. Each second, and each track, is as likely as any other.
    """
    chance, made = random.Random(seed), dict[str, list[Sample]]({name: [] for name in films})
    for name, at in sorted(_picked(chance, {name: len(film.seconds) for name, film in films.items()}, count)):
        second = int(films[name].seconds[at])
        made[name].append(Sample(SECOND, f"s{second}", second * NS_PER_S, (second + 1) * NS_PER_S))
    for name, at in _picked(chance, {name: len(film.tracks) for name, film in films.items()}, count):
        made[name].append(films[name].tracks[at])
    return made


def _picked(chance: random.Random, sizes: Mapping[str, int], count: int) -> Iterator[tuple[str, int]]:
    """Which of how many of each film."""
    names, ends = list(sizes), list(accumulate(sizes.values()))
    total = ends[-1] if ends else 0
    for at in chance.sample(range(total), min(count, total)):
        number = bisect_right(ends, at)
        yield names[number], at - (ends[number] - sizes[names[number]])


def write_samples(films: Mapping[str, Blurred], samples: Mapping[str, Sequence[Sample]], folder: Path) -> Path:
    """The strips and the table, in a new folder. Raises WozError where it exists or can't be written."""
    try:
        folder.mkdir(parents=True)
        with (folder / TABLE).open("w", newline="", encoding="utf-8") as file:
            table = csv.writer(file)
            table.writerow(COLUMNS)
            for name, film in films.items():
                for sample, picture in _strips(film, samples[name], folder):
                    faces = "1" if sample.kind == TRACK else ""
                    start_s, drawn_of = f"{sample.start_ns / NS_PER_S:.2f}", _drawn_of(film.digest)
                    table.writerow((name, sample.kind, sample.name, start_s, picture, faces, "", drawn_of))
    except FileExistsError:
        raise WozError(f"{folder} exists already; name a new folder for the samples.") from None
    except OSError as error:
        raise WozError(f"The samples can't be written to {folder} ({error.strerror}); make room.") from error
    return folder / TABLE


def _strips(film: Blurred, samples: Sequence[Sample], folder: Path) -> Iterator[tuple[Sample, str]]:
    """Each sample with its picture's path in the folder. Raises OSError where it can't be written."""
    if not samples:
        return
    index = film.index()
    (folder / film.within).mkdir(parents=True, exist_ok=True)
    shown = {sample: _shown(sample, index.times) for sample in samples}
    wanted = {number for numbers in shown.values() for number in numbers}
    small = {number: _small(frame) for number, frame in picked(film.path, index, wanted, ROUNDED_NS)}
    for sample in samples:
        picture = (Path(film.within) / f"{sample.kind}-{sample.name}.jpg").as_posix()
        pictures = [cv2.imdecode(small[n], cv2.IMREAD_COLOR) for n in shown[sample] if n in small]
        (folder / picture).write_bytes(cv2.imencode(".jpg", cv2.hconcat(pictures))[1].tobytes())
        yield sample, picture


def _shown(sample: Sample, times: Sequence[int]) -> tuple[int, ...]:
    """The frames that stand for it, of a film whose frames have these times (ns)."""
    return _spread(range(bisect_left(times, sample.start_ns), bisect_left(times, sample.end_ns)))


def read_counts(table: Path, digests: Mapping[str, str]) -> dict[str, Count]:
    """By film, of those that have rows in the table; `digests` are of the faces of each.

    Raises WozError for a table that can't be read, was drawn of other films or other faces, or has rows that nobody
    filled in.
    """
    try:
        with table.open(newline="", encoding="utf-8") as file:
            lines = list(csv.DictReader(file))
        rows = [_row(line, table, digests) for line in lines]
    except OSError as error:
        raise WozError(f"{table} can't be read ({error.strerror}).") from error
    except (KeyError, TypeError, ValueError):
        raise WozError(
            f"{table} is not filled in: each row needs how many faces were seen, and how many of them uncovered."
        ) from None
    if any(not 0 <= row.uncovered <= row.faces for row in rows):
        raise WozError(f"In {table} more faces are uncovered than were seen; count again.")
    return {name: _count([row for row in rows if row.film == name]) for name in dict.fromkeys(r.film for r in rows)}


@dataclass(frozen=True, slots=True)
class _Row:
    film: str
    kind: str
    faces: int
    uncovered: int


def _row(line: Mapping[str, str], table: Path, digests: Mapping[str, str]) -> _Row:
    """Raises WozError where it is of other faces, KeyError, TypeError or ValueError where it isn't filled in."""
    name = line.get("film") or next(iter(digests))
    if name not in digests or line["drawn_of"] != _drawn_of(digests[name]):
        raise WozError(
            f"{table} was drawn of other films, or before the faces of {name} were changed; draw samples anew with"
            " woz blur prove --draw, and count those."
        )
    return _Row(name, line["kind"], int(line["faces"]), int(line["uncovered"]))


def _count(rows: Sequence[_Row]) -> Count:
    seconds = [row for row in rows if row.kind == SECOND]
    tracks = [row for row in rows if row.kind == TRACK]
    leaking = [row.uncovered for row in seconds if row.uncovered]
    return Count(
        len(seconds),
        len(leaking),
        sum(row.faces for row in seconds),
        sum(leaking),
        len(tracks),
        sum(row.uncovered > 0 for row in tracks),
    )


def _drawn_of(digest: str) -> str:
    """In letters that no spreadsheet takes for a number."""
    return f"faces {digest[:12]}"


def _spread(numbers: Sequence[int]) -> tuple[int, ...]:
    at: Iterator[int] = (round(i) for i in np.linspace(0, len(numbers) - 1, min(PICTURES, len(numbers))))
    return tuple(numbers[i] for i in at)


def _small(frame: av.VideoFrame) -> NDArray[np.uint8]:
    """As a JPEG, since hundreds are kept until their strips are whole."""
    size = (PICTURE_WIDTH, round(frame.height * PICTURE_WIDTH / frame.width))
    picture = cv2.resize(frame.to_ndarray(format="bgr24").astype(np.uint8), size, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.imencode(".jpg", picture)[1], np.uint8)
