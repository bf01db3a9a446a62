"""Pictures of whole sessions at a stated rate, so that each frame that a task labels can be seen."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
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
    names: list[str] = []

    def place(number: int) -> Path:
        names.append(_name(session, number))
        return folder.place(names[-1])

    try:
        times = pictures_at(film, duration_ns, rate, place)
    except OSError as error:
        raise folder.trouble(error) from error
    facts = {"rate": rate, "names": names, "times_s": [seconds(t_ns) for t_ns in times]}
    folder.text(list_name(session), [json.dumps(facts), "\n"])
    return len(times)


def pictures_at(film: Film, duration_ns: int, rate: float, place: Callable[[int], Path]) -> list[int]:
    """Picture n is of the frame that is shown at (n + 0.5) / rate seconds. The session times (ns) of those frames;
    numbers are left out whose frame stays in the lab (`Film.withheld`).

    Raises WozError where the film can't be read, OSError where nothing can be written.
    """
    counted = FrameRate.of(rate)
    half_ns = round(NS_PER_S / rate / 2)
    middles = {n: counted.begin_ns(n) + half_ns for n in range(counted.until(duration_ns))}
    wanted = {n: t for n, t in middles.items() if t < duration_ns and not _stays(t, half_ns, film.withheld)}
    taken = Pictures(list(wanted.values()), [place(n) for n in wanted])
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


def _stays(t_ns: int, half_ns: int, withheld: Sequence[Interval]) -> bool:
    """Also the picture whose span touches such a stretch, since its frame may be of either side."""
    return any(each.start_ns < t_ns + half_ns and t_ns - half_ns < each.end_ns for each in withheld)


def _name(session: str, number: int) -> str:
    return f"{FOLDER}/{session}/{number:06d}.jpg"
