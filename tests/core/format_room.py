"""Formats read and written without a project: parts made bundles, bundles written, files read again."""

from __future__ import annotations

import itertools
import tracemalloc
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest

from woz.base.errors import WozError
from woz.formats.bundle import SessionBundle
from woz.formats.format import Writing
from woz.formats.parts import Begin, Lost, Part
from woz.formats.reading import Reading
from woz.formats.registry import reader, writer
from woz.model.annotation import Annotation
from woz.model.ids import SessionId
from woz.model.link import Link
from woz.model.origin import Origin
from woz.model.session import Session, SessionState
from woz.model.tier import Tier
from woz.model.transcript import Transcript, Turn


def numbered() -> Callable[[], str]:
    """Makes ids that are the same in each run."""
    count = itertools.count(1)
    return lambda: f"{next(count):032x}"


def parts_of(name: str, path: Path, **choices: Any) -> list[Part]:
    """What a format's reader finds in a file."""
    read = reader(name).read
    assert read is not None
    return list(read(Reading(path, **{"new_id": numbered(), **choices})))


def demand_refusal(name: str, path: Path, text: bytes) -> None:
    """A file with this in it is refused in one sentence that names it."""
    path.write_bytes(text)
    with pytest.raises(WozError) as refused:
        parts_of(name, path)
    assert str(path) in str(refused.value)
    assert "\n" not in str(refused.value)


def bundles_of(parts: Iterable[Part], media: Path = Path("ego.mkv")) -> list[SessionBundle]:
    """A session of each `Begin`, as it would be in a project."""
    groups: list[list[Part]] = []
    for part in parts:
        if isinstance(part, Begin):
            groups.append([])
        groups[-1].append(part)
    return [_bundle(number, group, media) for number, group in enumerate(groups, 1)]


def _bundle(number: int, parts: Sequence[Part], media: Path) -> SessionBundle:
    begin = parts[0]
    assert isinstance(begin, Begin)
    session = Session(
        SessionId(f"20260101-000000-{number:04x}"),
        begin.title or begin.key,
        SessionState.CLOSED,
        begin.start_utc_ns or 0,
        begin.duration_ns,
        takes=begin.takes,
    )
    turns = tuple(part for part in parts if isinstance(part, Turn))
    transcript = Transcript(begin.transcript_id, session.id, Origin.IMPORTED, begin.language, "test", 0)
    return SessionBundle(
        session,
        media,
        (),
        transcript if turns else None,
        tuple(sorted(turns, key=lambda turn: turn.interval)),
        tuple(part for part in parts if isinstance(part, Tier)),
        tuple(part for part in parts if isinstance(part, Annotation)),
        {(scheme.id, scheme.version): scheme for scheme in begin.schemes},
        (),
        links=tuple(part for part in parts if isinstance(part, Link)),
        procedure=begin.procedure,
    )


def written(
    name: str, bundles: Sequence[SessionBundle], folder: Path, frame_rate: float | None = None
) -> list[Path]:
    """The files that a format's writer makes of sessions."""
    write = writer(name).write
    assert write is not None
    paths = []
    for file in write(bundles, Writing(folder, frame_rate)):
        path = folder / file.name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8", newline="") as out:
            out.writelines(file.text)
        paths.append(path)
    return paths


def lost_by(name: str, bundles: Sequence[SessionBundle]) -> dict[str, int]:
    """What a format's writer can't hold, counted."""
    return _counted(writer(name).losses(bundles))


def lost_in(parts: Iterable[Part]) -> dict[str, int]:
    """What a reader could not keep, counted."""
    return _counted(part for part in parts if isinstance(part, Lost))


def _counted(lost: Iterable[Lost]) -> dict[str, int]:
    found: dict[str, int] = {}
    for each in lost:
        found[each.what] = found.get(each.what, 0) + each.count
    return {what: count for what, count in found.items() if count}


def peak_of(name: str, path: Path, **choices: Any) -> tuple[int, int]:
    """How many parts a reader gives, and the most bytes that it holds while each is let go at once."""
    read = reader(name).read
    assert read is not None
    tracemalloc.start()
    try:
        count = sum(1 for _ in read(Reading(path, **choices)))
        return count, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
