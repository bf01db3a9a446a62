"""Draws samples of a blurred copy for a person to count: strips of pictures, and a table to fill in."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from woz.base.errors import WozError
from woz.base.interval import NS_PER_S
from woz.deidentifying.faces import Faces
from woz.deidentifying.films import ROUNDED_NS, numbered
from woz.deidentifying.proving import Count
from woz.recording.folder.frame_index import FrameIndex

TABLE = "count.csv"
COLUMNS = ("kind", "name", "start_s", "picture", "faces", "uncovered", "drawn_of")
PICTURES = 5
"""In a strip."""
PICTURE_WIDTH = 480


@dataclass(frozen=True, slots=True)
class Sample:
    """A second of the film, or one of its tracks; `numbers` are the frames that are shown of it."""

    kind: str
    name: str
    start_ns: int
    numbers: tuple[int, ...]


def drawn(faces: Faces, times: Sequence[int], count: int, seed: int) -> list[Sample]:
    """So many seconds, and so many tracks, or all where there are fewer; the same for the same seed."""
    chance, seconds = random.Random(seed), dict[int, list[int]]()
    for number, t_ns in enumerate(times):
        seconds.setdefault(t_ns // NS_PER_S, []).append(number)
    of_seconds = [
        Sample("second", f"s{second}", second * NS_PER_S, _spread(seconds[second]))
        for second in sorted(chance.sample(sorted(seconds), min(count, len(seconds))))
    ]
    tracks = [track for track in faces.tracks if track.blurred]
    of_tracks = [
        Sample("track", each.id, times[each.first], _spread(range(each.first, each.last + 1)))
        for each in chance.sample(tracks, min(count, len(tracks)))
    ]
    return of_seconds + of_tracks


def write_samples(copy: Path, index: FrameIndex, samples: Sequence[Sample], folder: Path, digest: str) -> Path:
    """The strips and the table, in a new folder; `digest` is of the faces that the copy was made of.

    Raises WozError where the folder exists or can't be written.
    """
    try:
        folder.mkdir(parents=True)
        wanted = {number for sample in samples for number in sample.numbers}
        small = {n: _small(frame) for n, _, frame in numbered(copy, index, ROUNDED_NS) if n in wanted}
        with (folder / TABLE).open("w", newline="", encoding="utf-8") as file:
            table = csv.writer(file)
            table.writerow(COLUMNS)
            for sample in samples:
                picture = f"{sample.kind}-{sample.name}.jpg"
                shown = [cv2.imdecode(small[n], cv2.IMREAD_COLOR) for n in sample.numbers if n in small]
                (folder / picture).write_bytes(cv2.imencode(".jpg", cv2.hconcat(shown))[1].tobytes())
                faces = "1" if sample.kind == "track" else ""
                start_s = f"{sample.start_ns / NS_PER_S:.2f}"
                table.writerow((sample.kind, sample.name, start_s, picture, faces, "", _drawn_of(digest)))
    except FileExistsError:
        raise WozError(f"{folder} exists already; name a new folder for the samples.") from None
    except OSError as error:
        raise WozError(f"The samples can't be written to {folder} ({error.strerror}); make room.") from error
    return folder / TABLE


def read_count(table: Path, digest: str) -> Count:
    """Of the faces of this digest.

    Raises WozError for a table that can't be read, was drawn of other faces, or has rows that nobody filled in.
    """
    try:
        with table.open(newline="", encoding="utf-8") as file:
            lines = list(csv.DictReader(file))
        if any(row["drawn_of"] != _drawn_of(digest) for row in lines):
            raise WozError(
                f"{table} was drawn of another film, or before its faces were changed; draw samples anew with"
                " woz blur prove --draw, and count those."
            )
        rows = [(row["kind"], int(row["faces"]), int(row["uncovered"])) for row in lines]
    except OSError as error:
        raise WozError(f"{table} can't be read ({error.strerror}).") from error
    except (KeyError, TypeError, ValueError):
        raise WozError(
            f"{table} is not filled in: each row needs how many faces were seen, and how many of them uncovered."
        ) from None
    if any(not 0 <= uncovered <= faces for _, faces, uncovered in rows):
        raise WozError(f"In {table} more faces are uncovered than were seen; count again.")
    seconds = [row for row in rows if row[0] == "second"]
    tracks = [row for row in rows if row[0] == "track"]
    leaking = [uncovered for _, _, uncovered in seconds if uncovered]
    return Count(
        len(seconds),
        len(leaking),
        sum(faces for _, faces, _ in seconds),
        sum(leaking),
        len(tracks),
        sum(uncovered > 0 for _, _, uncovered in tracks),
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
