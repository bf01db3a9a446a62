"""When a recording from elsewhere began, by whatever can be believed."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from woz.importing.beginning import Beginning, KnownFrom, beginning_of

S = 1_000_000_000
NOW = 1_772_375_400 * S
SINCE_BOOT = 512 * S
CHANGED = NOW - 3600 * S


def _file(folder: Path, name: str, changed_ns: int = CHANGED) -> Path:
    path = folder / name
    path.touch()
    os.utime(path, ns=(changed_ns, changed_ns))
    return path


def _ns(*numbers: int) -> int:
    return round(datetime(*numbers, tzinfo=UTC).timestamp()) * S  # type: ignore[misc, arg-type]


def test_tags_are_believed_first(tmp_path: Path) -> None:
    path = _file(tmp_path, "20250101_120000Z.vrs")
    assert beginning_of(path, NOW - S, NOW) == Beginning(NOW - S, KnownFrom.TAGS)


@pytest.mark.parametrize(
    "tagged", [None, 0, SINCE_BOOT, _ns(1980, 1, 1), _ns(2000, 1, 1, 0, 20), NOW + 48 * 3600 * S]
)
def test_a_clock_that_was_never_set_is_not_believed(tmp_path: Path, tagged: int | None) -> None:
    assert beginning_of(_file(tmp_path, "a.vrs"), tagged, NOW) == Beginning(CHANGED, KnownFrom.CHANGED)


@pytest.mark.parametrize(
    "name",
    [
        "VID_20250302T143005Z",
        "2025-03-02 14.30.05Z",
        "P01-2025_03_02_14-30-05Z-left",
        "Screen 2025-03-02 at 14.30.05Z",
    ],
)
def test_a_name_tells_the_time(tmp_path: Path, name: str) -> None:
    began = beginning_of(_file(tmp_path, f"{name}.mp4"), SINCE_BOOT, NOW)
    assert began == Beginning(_ns(2025, 3, 2, 14, 30, 5), KnownFrom.NAME)


def test_a_name_without_a_zone_is_local(tmp_path: Path) -> None:
    began = beginning_of(_file(tmp_path, "20250302_1430.mp4"), None, NOW)
    assert datetime.fromtimestamp(began.utc_ns / S).strftime("%Y%m%d-%H%M") == "20250302-1430"  # noqa: DTZ006


@pytest.mark.parametrize("name", ["20250302", "take 20250230_143005Z", "1720250302_143005", "20250302_14300512"])
def test_other_numbers_are_no_time(tmp_path: Path, name: str) -> None:
    assert beginning_of(_file(tmp_path, f"{name}.mp4"), None, NOW).known_from == KnownFrom.CHANGED


def test_a_file_that_tells_nothing_began_now(tmp_path: Path) -> None:
    assert beginning_of(_file(tmp_path, "a.mp4", 0), SINCE_BOOT, NOW) == Beginning(NOW, KnownFrom.NOW)
