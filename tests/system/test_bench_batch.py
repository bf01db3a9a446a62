"""The benchmark of batches measures what it says."""

from __future__ import annotations

from pathlib import Path

from tests.benchmarks.bench_batch import planning_clips
from woz.batch.ledger import Ledger


def test_clips_of_several_sessions_are_planned(tmp_path: Path) -> None:
    found = planning_clips(tmp_path, 8, 2)
    assert found["items"] == 8
    first, again = (list(Ledger(tmp_path / name).items()) for name in ("first", "again"))
    assert [item.id for item in first] == [item.id for item in again]
    films = {item.inputs[0].path.partition("/")[0] for item in first}
    assert {item.parameters["session"] for item in first} == films
    assert Ledger(tmp_path / "one").about().items == 4
