"""The table of first signs."""

from __future__ import annotations

import pytest

from tests.benchmarks.bench_first_sign import COLUMNS, Start, table

WINDOWED = [Start(0.5, 0.4, None, 0.3), Start(0.9, 1.2, None, 0.3), Start(0.6, 0.7, None, 0.4)]
SILENT = Start(None, None, 3.0, None)


def test_the_first_sign_is_a_line_or_a_window_whichever_comes_first() -> None:
    assert [start.sign_s for start in WINDOWED] == [0.4, 0.9, 0.6]
    head, _, line = table({"woz": WINDOWED}, {"woz": 1.0}).splitlines()
    told = dict(zip(head[2:-2].split(" | "), line[2:-2].split(" | "), strict=True))
    assert tuple(told) == COLUMNS
    assert list(told.values()) == ["`woz`", "0.60", "0.90", "0.30", "0.60", "0.70", "-", "1.0"]


def test_a_command_that_shows_nothing_is_no_row() -> None:
    with pytest.raises(SystemExit, match="no sign"):
        table({"woz doctor": [SILENT]}, {"woz doctor": 1.0})
