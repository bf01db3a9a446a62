"""The benchmarks of batches measure what they say."""

from __future__ import annotations

from pathlib import Path

from tests.benchmarks.bench_batch import planning_clips
from tests.rig.batch_room import recorded_project
from tests.rig.kill_demo_batch import copies_of, killed_beside_whole
from woz.batch.ledger import Ledger


def test_clips_of_several_sessions_are_planned(tmp_path: Path) -> None:
    found = planning_clips(tmp_path, 8, 2)
    assert found["items"] == 8
    first, again = (list(Ledger(tmp_path / name).items()) for name in ("first", "again"))
    assert [item.id for item in first] == [item.id for item in again]
    films = {item.inputs[0].path.partition("/")[0] for item in first}
    assert {item.parameters["session"] for item in first} == films
    assert Ledger(tmp_path / "one").about().items == 4


def test_a_batch_over_copies_of_a_session_that_is_killed(tmp_path: Path) -> None:
    recorded_project(tmp_path / "project", 1).close()
    with copies_of(tmp_path / "project", tmp_path / "copies", 3) as copies:
        found = killed_beside_whole(copies, tmp_path, "waveforms", 1)
        assert {one.title for one in copies.sessions.all()} == {"Cake"}
    assert (found["done"], found["out"], found["collected"], found["failed"]) == (3, 3, 3, 0)
    assert found["same"]
