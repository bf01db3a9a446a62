"""A file that breaks off at its end, in every format that can be read: all that stands before, or nothing."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest

from storage import Project
from tests.core.recorded_session import FRAME_RATE, many, sample
from tests.storage.examples import CLOCK
from woz.base.errors import WozError
from woz.formats.registry import readers
from woz.lab.annotation_import import Wanted, import_annotations

ITEMS = 40


@pytest.mark.parametrize("name", sorted(readers()))
def test_nothing_is_half_imported(name: str, sqlite_project: Project, tmp_path: Path) -> None:
    project = sqlite_project
    path = sample(name, tmp_path, many(ITEMS))
    last = max(path.rglob("*.txt"), key=lambda each: each.stat().st_size) if path.is_dir() else path
    whole = last.read_bytes()
    last.write_bytes(whole[: len(whole) * 9 // 10])
    before = project.sessions.all(), project.schemes.all()
    taken = None
    with suppress(WozError):
        taken = import_annotations(project, Wanted(path, name, frame_rate=FRAME_RATE), CLOCK)
    if taken is None:
        assert (project.sessions.all(), project.schemes.all()) == before
    else:
        known = {session.id for session in project.sessions.all()}
        assert {each.session for each in taken.sessions} <= known
        assert len(known) == len(before[0]) + len(taken.sessions)
