"""Bad input to every format that can be read: one sentence, or what could be read, never a fault of the program.

All tests go over the registry: a new format joins as it is there. Its good file is made by its own writer.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from tests.core.format_room import numbered, peak_of
from tests.core.recorded_session import BUNDLE, FRAME_RATE, many, sample, several
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S
from woz.formats import reading
from woz.formats.parts import Part
from woz.formats.reading import Cancelled, Reading
from woz.formats.registry import reader, readers
from woz.model.annotation import Annotation
from woz.model.transcript import Turn

NAMES = sorted(readers())
EVIL = {
    "an entity that names a file": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    "entities that grow": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><a>&b;</a>',
    "a schema from elsewhere": b'<?xml version="1.0"?><!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd"><a/>',
    "brackets without end": b"[" * 100_000,
    "braces without end": b'{"a":' * 100_000,
    "a line without end": b"a" * 3_000_000,
    "a picture": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(range(256)),
    "nothing": b"",
    "blanks": b"\n \n\t\n",
    "zeros": bytes(5000),
}
TABLES = {"boris-tabular", "csv", "spreadsheet"}
LOOKS_LIKE = {"csv": TABLES, "spreadsheet": TABLES}
"""Formats whose files others may take, since they read tables of any program."""
HELD_AT_ONCE = {"label-studio"}
"""Formats of which a whole task is held in memory, up to a bound; others stream."""
BUFFERS = 600_000
"""Bytes that a file longer than a short one's may fill."""
NUMBER = re.compile(rb"(?<![\w.])-?\d+(?:\.\d+)?(?![\w.])")
MOST_NUMBERS = 60


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("samples")
    return {name: sample(name, folder) for name in NAMES}


def read(name: str, path: Path) -> list[Part]:
    """Nothing where it is refused in one sentence that names the file."""
    chosen = reader(name).read
    assert chosen
    try:
        return list(chosen(Reading(path, frame_rate=FRAME_RATE, new_id=numbered())))
    except WozError as refusal:
        text = str(refusal)
        assert "\n" not in text
        assert path.name in text or path.parent.name in text, text
        assert len(text) < 600
        return []


def items(parts: list[Part]) -> int:
    return sum(isinstance(part, Annotation | Turn) for part in parts)


def variants(path: Path, folder: Path, change: object) -> Iterator[Path]:
    """Copies of a file, or of a folder with one file each, changed: `change` takes bytes and gives several."""
    assert callable(change)
    files = sorted(each for each in path.rglob("*") if each.is_file()) if path.is_dir() else [path]
    for n, file in enumerate(files):
        for m, changed in enumerate(change(file.read_bytes())):
            home = folder / f"{n}-{m}"
            shutil.copytree(path if path.is_dir() else path.parent, home / path.name if path.is_dir() else home)
            copy = home / path.name
            (copy / file.relative_to(path) if path.is_dir() else copy).write_bytes(changed)
            yield copy


@pytest.mark.parametrize("name", NAMES)
def test_a_good_file_is_read(samples: dict[str, Path], name: str) -> None:
    assert items(read(name, samples[name])) >= 1


@pytest.mark.parametrize("name", NAMES)
def test_a_file_cut_short(samples: dict[str, Path], name: str, tmp_path: Path) -> None:
    """A line that is cut may be a label of its own, no more."""
    most = items(read(name, samples[name])) + 1

    def cut(raw: bytes) -> Iterator[bytes]:
        yield from (raw[: len(raw) * part // 10] for part in range(10))
        yield raw.rstrip()[:-1]

    for path in variants(samples[name], tmp_path, cut):
        assert items(read(name, path)) <= most


@pytest.mark.parametrize("name", NAMES)
def test_another_encoding(samples: dict[str, Path], name: str, tmp_path: Path) -> None:
    """Latin 1 in the middle is refused; UTF-16 without its mark is, or holds nothing."""

    def changed(raw: bytes) -> Iterator[bytes]:
        at = raw.index(b"p") + 1 if b"p" in raw else len(raw) // 2
        yield raw[:at] + "\u00fc\u00e4".encode("latin-1") + raw[at:]
        yield raw.decode("utf-8-sig").encode("utf-16-le")

    for path in variants(samples[name], tmp_path, changed):
        assert items(read(name, path)) == 0 or path.is_dir()


@pytest.mark.parametrize("name", NAMES)
def test_another_format_under_its_ending(samples: dict[str, Path], name: str, tmp_path: Path) -> None:
    taken = set()
    for other in NAMES:
        if other == name or samples[other].is_dir() or samples[name].is_dir():
            continue
        path = tmp_path / other / samples[name].name
        path.parent.mkdir()
        shutil.copyfile(samples[other], path)
        if items(read(name, path)):
            taken.add(other)
    assert taken <= LOOKS_LIKE.get(name, set[str]())


@pytest.mark.parametrize(("name", "what"), list(product(NAMES, EVIL)))
def test_hostile_and_empty_files(samples: dict[str, Path], name: str, what: str, tmp_path: Path) -> None:
    for path in variants(samples[name], tmp_path, lambda _: [EVIL[what]]):
        assert items(read(name, path)) == 0 or path.is_dir()


@pytest.mark.parametrize("name", NAMES)
def test_numbers_set_back_and_beyond_all_measure(samples: dict[str, Path], name: str, tmp_path: Path) -> None:
    """So that ends come before starts, times before zero, and counts are no counts: what is read has no end before
    its start.
    """

    def changed(raw: bytes) -> Iterator[bytes]:
        found = list(NUMBER.finditer(raw))
        for match in found[:: max(1, len(found) // MOST_NUMBERS)]:
            for number in (b"0", b"-7", b"99999999999999999999", b"1e400", b"nan"):
                yield raw[: match.start()] + number + raw[match.end() :]

    for path in variants(samples[name], tmp_path, changed):
        for part in read(name, path):
            if isinstance(part, Annotation) and part.end_ns is not None:
                assert part.start_ns is not None
                assert part.start_ns <= part.end_ns
            elif isinstance(part, Turn):
                assert part.interval.start_ns <= part.interval.end_ns


@pytest.mark.parametrize("name", NAMES)
def test_overlaps(samples: dict[str, Path], name: str, tmp_path: Path) -> None:
    """As many are read as of a file without."""
    first, second, *others = BUNDLE.annotations
    over = replace(second, start_ns=NS_PER_S, end_ns=9 * NS_PER_S)
    turns = (BUNDLE.turns[0], replace(BUNDLE.turns[1], interval=BUNDLE.turns[0].interval))
    path = sample(name, tmp_path, replace(BUNDLE, annotations=(first, over, *others), turns=turns))
    assert items(read(name, path)) == items(read(name, samples[name]))


@pytest.mark.parametrize("name", NAMES)
def test_somebody_stops_it(samples: dict[str, Path], name: str) -> None:
    chosen = reader(name).read
    assert chosen
    with pytest.raises(Cancelled, match="nothing was imported"):
        list(chosen(Reading(samples[name], frame_rate=FRAME_RATE, progress=lambda _: False)))


@pytest.mark.parametrize("name", NAMES)
def test_the_progress_only_grows_and_ends_at_all_of_it(name: str, tmp_path: Path) -> None:
    told = list[float]()

    def tell(part: float) -> bool:
        told.append(part)
        return True

    chosen = reader(name).read
    assert chosen
    for path in (sample(name, tmp_path / "one", many(400)), sample(name, tmp_path / "two", *several(20))):
        told.clear()
        assert list(chosen(Reading(path, frame_rate=FRAME_RATE, progress=tell)))
        assert told == sorted(told)
        assert told[-1] > 0.99 or len(told) == 1, "a short text is read at once"


@pytest.mark.parametrize("name", NAMES)
def test_a_long_file_takes_no_more_memory_than_a_short_one(name: str, tmp_path: Path) -> None:
    def peak(count: int) -> tuple[int, int]:
        bundles = several(count) if name in HELD_AT_ONCE else [many(count)]
        return peak_of(name, sample(name, tmp_path / str(count), *bundles), frame_rate=FRAME_RATE)

    few, long = peak(400), peak(1600)
    assert long[0] > 3 * few[0]
    assert long[1] < 1.5 * few[1] + BUFFERS


@pytest.mark.parametrize("name", sorted(HELD_AT_ONCE))
def test_what_is_held_at_once_is_bounded(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = sample(name, tmp_path, many(2000))
    assert read(name, path)
    monkeypatch.setattr(reading, "MOST_JSON_BYTES", 100_000)
    assert not read(name, path)
