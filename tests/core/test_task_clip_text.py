"""Clip-text pairs: Exo2Ego's formula by hand, its open ends, published descriptions."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.release_room import build
from tests.core.task_room import all_rows, published, release
from woz.base.errors import WozError
from woz.dataset.release.recipe import Recipe
from woz.dataset.tasks.clip_text import EQUAL, FORMULA, SINGLE, Clip, clips, spacing
from woz.model.tier import TierState

S = 10**9


def bounds(found: list[Clip]) -> list[tuple[float, float]]:
    return [(each.start_ns / S, each.end_ns / S) for each in found]


def test_the_formula_by_hand() -> None:
    """Times 2, 5, 6, 10: b = 8 / 3; with a = 2 half a clip is 2 / 3 s, more than nothing lies between."""
    times = [2 * S, 5 * S, 6 * S, 10 * S]
    assert spacing(times) == pytest.approx(8 / 3)
    found = clips(times, 2.0, 20 * S)
    half = 2 / 3
    wanted = [(2 - half, 2 + half), (5 - half, 5 + half), (6 - half, 6 + half), (10 - half, 10 + half)]
    assert [pytest.approx(each, abs=1e-8) for each in wanted] == bounds(found)
    near = bounds(clips(times, 0.5, 11 * S))
    assert near[1] == pytest.approx((5 - 8 / 3, 6), abs=1e-8)
    assert near[2] == pytest.approx((5, 6 + 8 / 3), abs=1e-8)
    assert near[3][1] == 11
    assert near[0][0] == 0


def test_a_sequence_as_dense_as_the_data_set_has_clips_of_a_second() -> None:
    """Where b = a, b / 2a is half a second, whatever a is: Exo2Ego's 1.92 s give 1 s."""
    times = [round(n * 1.92 * S) for n in range(1, 6)]
    assert spacing(times) == pytest.approx(1.92)
    assert [b - a for a, b in bounds(clips(times, 1.92, 100 * S))] == pytest.approx([1.0] * 5, abs=1e-8)


def test_what_the_paper_leaves_open() -> None:
    assert clips([3 * S], 1.92, 10 * S) == [Clip(5 * S // 2, 7 * S // 2, SINGLE)]
    assert spacing([3 * S]) is None
    assert clips([3 * S, 3 * S], 4.0, 10 * S)[1] == Clip(5 * S // 2, 7 * S // 2, SINGLE)
    both = clips([S, 2 * S, 2 * S, 3 * S], 1.0, 10 * S)
    assert both[1] == both[2]
    assert [each.rule for each in both] == [FORMULA, EQUAL, EQUAL, FORMULA]
    assert clips([0, 1], 1.0, 10 * S)[0] == Clip(0, 1, FORMULA)


@given(
    st.lists(st.integers(0, 1000 * S), min_size=1, max_size=30).map(sorted),
    st.floats(0.01, 100),
)
def test_no_clip_is_without_its_time_or_beyond_its_neighbours(times: list[int], alpha: float) -> None:
    end = 1001 * S
    for n, each in enumerate(clips(times, alpha, end)):
        assert 0 <= each.start_ns <= times[n] <= each.end_ns <= end
        assert each.start_ns < each.end_ns
        assert each.start_ns >= max((t for t in times if t < times[n]), default=0)
        assert each.end_ns <= min((t for t in times if t > times[n]), default=end)


def atomic(folder: Path) -> Path:
    def told(by: str, times: list[float], rejected: bool = False) -> dict[str, object]:
        descriptions = [
            {"text": f"C does {t}.", "timestamp": t, "narration_subject": "C", "best_exo": {"cam_id": "cam01"}}
            for t in times
        ]
        return {"annotation_uid": by, "annotator_id": by, "rejected": rejected, "descriptions": descriptions}

    takes = {"take": [told("one", [2, 5, 6, 10]), told("two", [3, 3.5]), told("three", [1, 9], rejected=True)]}
    path = folder / "atomic_descriptions.json"
    path.write_text(json.dumps({"annotations": takes}), encoding="utf-8")
    return path


def test_each_annotator_is_a_sequence_and_each_view_a_row(tmp_path: Path) -> None:
    out = release(tmp_path / "r", published("egoexo4d-atomic", [atomic(tmp_path)]), "clip-text")
    rows = all_rows(out / "tasks" / "clip-text")
    assert [row["view"] for row in rows] == ["ego", "cam01"] * 6
    told = json.loads((out / "manifest.json").read_text())["tasks"]["clip-text"]
    assert told["figures"]["alpha (s)"] == pytest.approx((8 / 3 + 0.5) / 2)
    assert "left out: 1." in told["notes"][0]
    second = next(row for row in rows if row["text"] == "C does 3.5.")
    assert second["start_s"] == pytest.approx(3.5 - 0.25 / told["figures"]["alpha (s)"])
    assert second["end_s"] == pytest.approx(3.5 + 0.25 / told["figures"]["alpha (s)"])


def test_a_rejected_tier_stays_out_where_it_was_accepted_here(tmp_path: Path) -> None:
    [made] = published("egoexo4d-atomic", [atomic(tmp_path)])
    tiers = tuple(replace(t, state=TierState.ACCEPTED) if t.tier_type == "atomic" else t for t in made.tiers)
    recipe = Recipe("r", clips=False, tasks=("clip-text",))
    build(tmp_path / "r", recipe, [replace(made, tiers=tiers)])
    assert "C does 9." not in {row["text"] for row in all_rows(tmp_path / "r" / "tasks" / "clip-text")}


def test_a_given_alpha_is_taken_and_a_bad_one_refused(tmp_path: Path) -> None:
    bundles = published("egoexo4d-atomic", [atomic(tmp_path)])
    out = release(tmp_path / "r", bundles, "clip-text", settings={"alpha": 1.92})
    row = next(row for row in all_rows(out / "tasks" / "clip-text") if row["text"] == "C does 5.")
    assert row["start_s"] == pytest.approx(5 - 8 / 3 / (2 * 1.92))
    with pytest.raises(WozError, match="alpha is a number of seconds above 0"):
        release(tmp_path / "x", bundles, "clip-text", settings={"alpha": 0.0})


def test_published_actions_become_pairs(shared_data: Path, tmp_path: Path) -> None:
    paths = sorted((shared_data / "annotations" / "holoassist").glob("*.json"))[:6]
    out = release(
        tmp_path / "r", published("holoassist", paths), "clip-text", settings={"tiers": {"clip-text": "fine"}}
    )
    rows = all_rows(out / "tasks" / "clip-text")
    assert len(rows) > 100
    assert all(row["start_s"] < row["end_s"] for row in rows)
    assert "grab" in {row["text"].split()[0] for row in rows}
