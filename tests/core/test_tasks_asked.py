"""A release of tasks alone is run on a model: windows scored as segments, rows as answers, and a run goes on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.core.model_server import Answer, model_server
from tests.core.release_room import S, build, bundle, film
from tests.core.task_room import published, release
from tests.core.test_evaluation_run import pictures, text
from tests.core.test_procedure_labels import CAKE, segment
from tests.core.test_windows_asked import MADE, with_states
from woz.base.clock import SystemClock
from woz.base.errors import WozError
from woz.dataset.evaluation.conditions import Condition
from woz.dataset.evaluation.items import items_of
from woz.dataset.evaluation.request import Asking
from woz.dataset.evaluation.running import Ran, run, settings_of
from woz.dataset.evaluation.task_items import task_items
from woz.dataset.models.asking import Asker, Limits
from woz.dataset.models.endpoint import Endpoint
from woz.dataset.release.recipe import Recipe
from woz.model.ids import TierId
from woz.model.own_schemes import STEPS, steps_scheme
from woz.model.tier import Tier, TierState

ALL = {"test": 1.0}
FIRST, SECOND = "B", "A"
"""The states of `with_states`: options are in the order of the alphabet."""


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two sessions without a question, with their states and pictures."""
    folder = tmp_path_factory.mktemp("release")
    sessions = [with_states(bundle(f"s{n}", f"P{n}", questions=())) for n in range(2)]
    recipe = Recipe("lamps", clips=False, shares=ALL, tasks=("states",), task_pictures=2.0)
    build(folder / "out", recipe, sessions, film(folder))
    return folder / "out"


@pytest.fixture(scope="module")
def cooked(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = shared_data / "annotations" / "captaincook4d" / "error_annotations_recipes_1-6.json"
    sessions = published("captaincook4d", [path])[:3]
    return release(tmp_path_factory.mktemp("out") / "r", sessions, "keysteps", "mistakes", shares=ALL)


def ran(folder: Path, out: Path, task: str, condition: Condition, *answers: Answer, most: int | None = None) -> Ran:
    items, asking = items_of(folder, tasks=True), Asking("stub")
    with model_server(*answers) as server:
        asker, endpoint = Asker(SystemClock(), Limits(1, 1, most), lambda _: None), Endpoint(server.url, "stub")
        settings = settings_of(items, asking, [condition], tasks=[task], window_s=3.0)
        done = run(items, settings, out, endpoint, asker, lambda *_: None)
        assert all(bool(pictures(body)) == condition.seen for body in server.asked)
        return done


def test_windows_of_a_task_are_asked_one_by_one_and_a_run_goes_on(states: Path, tmp_path: Path) -> None:
    right = [FIRST, FIRST, SECOND, SECOND] * 2
    first = ran(states, tmp_path / "run", "states", Condition.VIDEO, *right, most=3)
    assert "budget is spent (3 requests" in first.stopped
    assert "rest on 3 of 8 windows" in first.score.warnings[0]
    second = ran(states, tmp_path / "run", "states", Condition.VIDEO, *right[3:])
    (found,) = second.score.windows.values()
    assert (found.windows, found.scored, found.unread) == (8, 8, 0)
    assert (found.figures.accuracy, found.figures.f1[50], found.figures.edit) == (1, 1, 1)
    assert not second.score.conditions


def test_one_window_that_is_wrong_costs_its_frames_and_a_segment(states: Path, tmp_path: Path) -> None:
    told = [FIRST, SECOND, SECOND, SECOND, FIRST, FIRST, SECOND, SECOND]
    (found,) = ran(states, tmp_path / "run", "states", Condition.VIDEO, *told).score.windows.values()
    assert found.figures.accuracy == pytest.approx(7 / 8)
    assert (found.figures.f1[50], found.figures.edit) == (1, 1), "3 of 6 s and 6 of 9 s still overlap by half"


def told_by(folder: Path, task: str) -> Callable[[dict[str, Any]], str]:
    """Who knows the answers: by the prompt."""
    items = task_items(items_of(folder, tasks=True), task)
    known = {line.prompt: line.letter for line in items.lines.values()}
    return lambda body: known[text(body)]


def test_rows_are_asked_with_the_steps_of_their_procedure(cooked: Path, tmp_path: Path) -> None:
    items = task_items(items_of(cooked, tasks=True), "keysteps")
    done = ran(cooked, tmp_path / "run", "keysteps", Condition.BLIND, "A").score.conditions["keysteps/blind"]
    first = [line.answer == line.options[0] for line in items.lines.values()]
    assert done.answers.micro.value == pytest.approx(sum(first) / len(first))
    assert done.answers.clusters == 3
    assert all(line.answer in line.options for line in items.lines.values())


def test_procedure_understanding_is_calibrated_average_precision(tmp_path: Path) -> None:
    scheme = steps_scheme(CAKE)
    tier = Tier(
        TierId("t"), bundle("s", "P").session.id, scheme.id, scheme.version, STEPS, "steps", MADE,
        state=TierState.ACCEPTED,
    )  # fmt: skip
    whole = bundle(
        "s", "P", questions=(), procedure=CAKE, tiers=(tier,), schemes={(scheme.id, scheme.version): scheme}
    )
    steps = [replace(segment(name, n * S), tier_id=tier.id) for n, name in enumerate(["shop", "bake", "pour"])]
    build(tmp_path / "r", Recipe("x", clips=False, shares=ALL, tasks=("understanding",)),
          [replace(whole, annotations=tuple(steps))])  # fmt: skip
    for task in ("understanding", "understanding-procedure"):
        items = task_items(items_of(tmp_path / "r", tasks=True), task)
        named = ["Done here:" in line.question for line in items.lines.values()]
        assert set(named) == {task == "understanding"}
    knows = told_by(tmp_path / "r", "understanding")
    score = ran(tmp_path / "r", tmp_path / "run", "understanding", Condition.BLIND, knows).score
    found = score.conditions["understanding/blind"]
    assert found.answers.micro.value == 1
    assert {value for value in found.calibrated.values() if value is not None} == {1}
    no = ran(tmp_path / "r", tmp_path / "no", "understanding", Condition.BLIND, "No").score
    always = no.conditions["understanding/blind"].calibrated
    defined = [value for value in always.values() if value is not None]
    assert defined == pytest.approx([0.5] * len(defined)), "who never tells apart has 0.5"


def test_a_task_that_was_changed_since_is_refused(cooked: Path) -> None:
    rows = cooked / "tasks" / "mistakes" / "test.jsonl"
    whole = rows.read_text(encoding="utf-8")
    rows.write_text(whole + "\n", encoding="utf-8")
    with pytest.raises(WozError, match="has changed since it was frozen"):
        task_items(items_of(cooked, tasks=True), "mistakes")
    rows.write_text(whole, encoding="utf-8")
