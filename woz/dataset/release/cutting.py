"""Cuts the clips of a release side by side, and goes on where it was."""

from __future__ import annotations

import errno
import hashlib
import json
import os
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import av

from woz.base.errors import WozError
from woz.base.outside import Unsound, lines_of, read
from woz.dataset.release.building_folder import BuildingFolder
from woz.dataset.release.clips import ENCODER, Cut, Film, cut_clip

DONE = ".clips.jsonl"
"""Which clips are whole, while a release is being built."""
CUT = ("clips", "frames", DONE)
"""What a later try goes on from."""
_WRITING = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EACCES, errno.EFBIG)
"""Faults of the disk that is written to."""
Tell = Callable[[int, int], None]
"""Hears how many clips are cut, of how many."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A clip of a question by its id."""

    id: str
    film: Film
    cut: Cut


@dataclass(frozen=True, slots=True)
class _Line:
    id: str
    key: str
    times: list[int]


def cut_all(folder: BuildingFolder, wanted: Iterable[Wanted], count: int, tell: Tell) -> dict[str, list[int]]:
    """The times of each clip's pictures, by the question. Raises WozError where one can't be cut or written."""
    try:
        found = _cut_all(folder, wanted, count, tell)
        _take_away_others(folder, found)
    except OSError as error:
        raise folder.trouble(error) from error
    return found


def _cut_all(folder: BuildingFolder, wanted: Iterable[Wanted], count: int, tell: Tell) -> dict[str, list[int]]:
    done, workers = _done(folder.path / DONE), os.cpu_count() or 1
    with ThreadPoolExecutor(workers) as pool, folder.place(DONE).open("a", encoding="utf-8") as log:
        cutting = _Cutting(log, count, tell)
        try:
            for each in wanted:
                key = _key(each)
                known = done.get(each.id)
                if known and known.key == key and _whole(folder, each):
                    cutting.found[each.id] = known.times
                else:
                    cutting.waiting.add(pool.submit(_one, folder, each, key))
                cutting.collect(2 * workers)
            cutting.collect(0)
        finally:
            pool.shutdown(cancel_futures=True)
            cutting.keep_whole()
    return cutting.found


class _Cutting:
    """The clips that are being cut; those that are whole are logged."""

    def __init__(self, log: TextIO, count: int, tell: Tell) -> None:
        self._log = log
        self._count = count
        self._tell = tell
        self.waiting: set[Future[_Line]] = set()
        self.found: dict[str, list[int]] = {}

    def collect(self, most: int) -> None:
        """Wait until no more than so many are being cut."""
        while len(self.waiting) > most:
            finished, _ = wait(self.waiting, return_when=FIRST_COMPLETED)
            for each in finished:
                self._keep(each.result())
                self.waiting.discard(each)
                self._tell(len(self.found), self._count)

    def keep_whole(self) -> None:
        """What was cut while another clip failed."""
        for each in self.waiting:
            if each.done() and not each.cancelled() and each.exception() is None:
                self._keep(each.result())

    def _keep(self, line: _Line) -> None:
        self._log.write(json.dumps({"id": line.id, "key": line.key, "times": line.times}) + "\n")
        self._log.flush()
        self.found[line.id] = line.times


def clip_name(question_id: str) -> str:
    return f"clips/{question_id}.mp4"


def picture_names(question_id: str, count: int) -> list[str]:
    return [f"frames/{question_id}/{i}.jpg" for i in range(count)]


def _one(folder: BuildingFolder, wanted: Wanted, key: str) -> _Line:
    """A clip gets its name once it is whole."""
    clip = folder.place(clip_name(wanted.id))
    pictures = [folder.place(name) for name in picture_names(wanted.id, wanted.cut.frames)]
    begun = clip.with_name(clip.name + ".part")
    try:
        times = cut_clip(wanted.film, wanted.cut, begun, pictures)
        begun.replace(clip)
    except av.FFmpegError as error:
        if error.errno in _WRITING:
            raise OSError(error.errno, error.strerror) from error
        raise WozError(
            f"The video {wanted.film.path} can't be cut ({error.strerror}); see to it with woz check."
        ) from error
    finally:
        begun.unlink(missing_ok=True)
    return _Line(wanted.id, key, times)


def _key(wanted: Wanted) -> str:
    """What a clip follows from, the encoder's build among it, which the manifest names."""
    cut, muted = wanted.cut, wanted.film.muted
    media = [wanted.film.path, *([wanted.film.sound] if wanted.film.sound else [])]
    states = [(each.st_size, each.st_mtime_ns) for each in (path.stat() for path in media)]
    encoder = (sorted(ENCODER.items()), av.__version__, sorted(av.library_versions.items()))
    facts = (states, muted, cut.span, cut.silent_from_ns, cut.frames, encoder)
    return hashlib.sha256(repr(facts).encode()).hexdigest()


def _whole(folder: BuildingFolder, wanted: Wanted) -> bool:
    names = [clip_name(wanted.id), *picture_names(wanted.id, wanted.cut.frames)]
    return all((folder.path / name).is_file() for name in names)


def _take_away_others(folder: BuildingFolder, found: Mapping[str, list[int]]) -> None:
    """What an earlier try cut that no longer belongs here."""
    wanted = {clip_name(key) for key in found}
    wanted |= {name for key, times in found.items() for name in picture_names(key, len(times))}
    for part in ("clips", "frames"):
        for path in sorted((folder.path / part).rglob("*"), reverse=True):
            if path.is_dir():
                if not any(path.iterdir()):
                    path.rmdir()
            elif path.relative_to(folder.path).as_posix() not in wanted:
                path.unlink()


def _done(path: Path) -> Mapping[str, _Line]:
    """A line that was not written to its end is passed over."""
    found = dict[str, _Line]()
    if path.is_file():
        for line in lines_of(path):
            try:
                each = read(line, _Line)
            except Unsound:
                continue
            found[each.id] = each
    return found
