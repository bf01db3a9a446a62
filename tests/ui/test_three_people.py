"""Three people on one PostgreSQL, each by a login of their own and in a window in a process of its own, by keys."""

from __future__ import annotations

from pathlib import Path

from tests.rig.postgresql import running, server_or_fail
from tests.rig.three_people import work_together

SEGMENTS = 5


def test_two_annotate_blind_and_a_third_decides(tmp_path: Path) -> None:
    with running(server_or_fail()) as server:
        told = work_together(tmp_path, SEGMENTS, 1, server)
    assert told.wrong == ()
    assert told.marks == 2 * SEGMENTS
    assert told.decided > 0
    assert told.f1 is not None
