"""A process that is killed while it edits loses nothing that it told as stored; two that edit at once end alike.

By hand with many more: `python -m tests.rig.kill_edits --kills 100`, and
`python -m tests.rig.two_editors --edits 1000 --database postgresql`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rig.kill_edits import kill_and_check
from tests.rig.two_editors import edit_together


def test_a_kill_loses_no_edit_that_was_told(tmp_path: Path) -> None:
    found = kill_and_check(tmp_path / "project", 4, seed=7)
    assert (found.kills, found.lost, found.torn) == (4, [], [])
    assert found.told >= found.kills


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_two_who_edit_at_once_end_with_the_same(tmp_path: Path, kind: str, request: pytest.FixtureRequest) -> None:
    url = "" if kind == "sqlite" else request.getfixturevalue("new_database")().render_as_string()
    assert edit_together(tmp_path / "project", 60, seed=7, database=url) == []
