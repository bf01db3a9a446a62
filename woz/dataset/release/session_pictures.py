"""Pictures of whole sessions at a stated rate, so that each frame that a task labels can be seen."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import av

from woz.base.errors import WozError
from woz.base.interval import NS_PER_S, Interval, seconds
from woz.dataset.release.building_folder import BuildingFolder
from woz.dataset.release.clips import Film, Pictures, frames_in, opened
from woz.formats.frames import FrameRate

FOLDER = "pictures"


@dataclass(frozen=True, slots=True)
class SessionPictures:
    """As `pictures/SESSION.json` has them: `times_s` are the session times (s) of `names`, at `rate` (1/s)."""

    rate: float
    names: list[str]
    times_s: list[float]


def list_name(session: str) -> str:
    return f"{FOLDER}/{session}.json"


def take_pictures(folder: BuildingFolder, session: str, film: Film, duration_ns: int, rate: float) -> int:
    """As `pictures_at`, into a release. How many there are.

    Raises WozError where the film can't be read or nothing can be written.
    """
    try:
        times = pictures_at(film, duration_ns, rate, lambda n: folder.place(_name(session, n)))
    except OSError as error:
        raise folder.trouble(error) from error
    names = [_name(session, n) for n in range(len(times))]
    facts = {"rate": rate, "names": names, "times_s": [seconds(t_ns) for t_ns in times]}
    folder.text(list_name(session), [json.dumps(facts), "\n"])
    return len(times)


def pictures_at(film: Film, duration_ns: int, rate: float, place: Callable[[int], Path]) -> list[int]:
    """Picture n is of the frame that is shown at (n + 0.5) / rate seconds. The session times (ns) of those frames.

    Raises WozError where the film can't be read, OSError where nothing can be written.
    """
    counted = FrameRate.of(rate)
    half_ns = round(NS_PER_S / rate / 2)
    wanted = [t for n in range(counted.until(duration_ns)) if (t := counted.begin_ns(n) + half_ns) < duration_ns]
    taken = Pictures(wanted, [place(n) for n in range(len(wanted))])
    try:
        with opened(film.path) as container:
            for t_ns, frame in frames_in(container, film, Interval(0, duration_ns)):
                taken.offer(t_ns, frame)
        taken.finish()
    except av.FFmpegError as error:
        raise WozError(
            f"The video {film.path} can't be read ({error.strerror}); see to it with woz check."
        ) from error
    return taken.times


def _name(session: str, number: int) -> str:
    return f"{FOLDER}/{session}/{number:06d}.jpg"
