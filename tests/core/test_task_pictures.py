"""Pictures of whole sessions at a stated rate: at their times, in the release, seen by every window."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.core.release_room import LENGTH_S, amiss, build, bundle, film
from tests.core.test_windows_asked import with_states
from woz.base.errors import WozError
from woz.dataset.evaluation.conditions import Condition
from woz.dataset.evaluation.items import items_of
from woz.dataset.evaluation.released_windows import windows_beside
from woz.dataset.release.recipe import Recipe

RECIPE = Recipe("lamps", frames=1, shares={"test": 1.0}, tasks=("states",), task_pictures=2.0)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("release")
    build(out / "r", RECIPE, [with_states(bundle(f"s{n}", f"P{n}")) for n in range(2)], film(out))
    return out / "r"


def test_there_are_so_many_a_second_each_at_the_middle_of_its_part(folder: Path) -> None:
    facts = json.loads((folder / "pictures" / "s0.json").read_text())
    assert len(facts["names"]) == 2 * LENGTH_S
    assert facts["times_s"] == pytest.approx([(n + 0.5) / 2 for n in range(2 * LENGTH_S)], abs=0.1)
    assert all((folder / name).is_file() for name in facts["names"])
    assert amiss(folder) == []


def test_every_window_has_pictures(folder: Path) -> None:
    windows = windows_beside(items_of(folder), "states", 3.0)
    asked = list(windows.puts(Condition.VIDEO))
    assert len(asked) == 2 * LENGTH_S / 3
    assert all(len(each.shown.frames) >= 6 for each in asked)


def test_a_session_without_a_video_is_counted(tmp_path: Path) -> None:
    build(tmp_path / "r", replace(RECIPE, clips=False), [with_states(bundle("s0", "P0"))])
    assert "Sessions of tasks without a video: 1." in (tmp_path / "r" / "README.md").read_text()
    with pytest.raises(WozError, match="name a task as well"):
        Recipe("x", task_pictures=1.0)
