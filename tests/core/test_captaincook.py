"""CaptainCook4D's files in and out again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.equal_json import ANY_VALUE, comes_back, equal, there_and_back
from tests.core.format_room import bundles_of, demand_refusal, parts_of, peak_of, written
from tests.rig.hypothesis_profile import scaled
from woz.base.errors import WozError
from woz.formats.bundle import SessionBundle
from woz.model.annotation import Annotation, Attribute
from woz.model.ids import AnnotationId, TierId
from woz.schemes.checking import check
from woz.schemes.shipped import shipped

NAME = "captaincook4d"
S = 10**9
STEP = {"description": "Pour-Pour it", "step_id": 3, "start_time": 1.5, "end_time": 2.5}


def errors_file(folder: Path, *steps: object, **head: object) -> Path:
    path = folder / "error_annotations.json"
    recording = {"recording_id": "1_7", "activity_id": 1, "is_error": False, "step_annotations": steps, **head}
    path.write_text(json.dumps([recording]), encoding="utf-8")
    return path


def changed(bundles: Sequence[SessionBundle], out: Path) -> Any:
    return json.loads(written(NAME, bundles, out)[0].read_text(encoding="utf-8"))


def test_the_scheme_is_sound() -> None:
    assert check(shipped(NAME)) == []


@pytest.mark.parametrize("kind", ["error_annotations", "step_annotations"])
def test_the_public_files_come_back(shared_data: Path, tmp_path: Path, kind: str) -> None:
    path = shared_data / "annotations" / NAME / f"{kind}_recipes_1-6.json"
    assert comes_back(NAME, path, tmp_path)
    bundles = bundles_of(parts_of(NAME, path))
    steps = [each for bundle in bundles for each in bundle.annotations if each.label != "file"]
    assert (len(bundles), len(steps)) == (79, 1158)
    assert sum(each.start_ns is None for each in steps) == 44
    errors = sum(each.key == "errors" for step in steps for each in step.attributes)
    assert errors == (457 if kind == "error_annotations" else 0)


def test_sessions_come_back_in_the_files_order_in_whatever_order_they_are_exported(
    shared_data: Path, tmp_path: Path
) -> None:
    path = shared_data / "annotations" / NAME / "error_annotations_recipes_1-6.json"
    bundles = bundles_of(parts_of(NAME, path))
    assert changed(bundles[::-1], tmp_path / "a") == json.loads(path.read_text(encoding="utf-8"))


def test_the_task_graph_beside_the_file_is_the_sessions_procedure(shared_data: Path) -> None:
    path = shared_data / "annotations" / NAME / "error_annotations_recipes_1-6.json"
    coffee = next(each for each in bundles_of(parts_of(NAME, path)) if each.session.title.startswith("5_"))
    assert coffee.procedure
    assert coffee.procedure.name == "coffee"
    assert all(step.global_id for step in coffee.procedure.steps)
    assert sum(bool(step.prerequisites) for step in coffee.procedure.steps) == 12
    steps = [each for each in coffee.annotations if each.label != "file"]
    assert all(coffee.procedure.step(each.label) for each in steps)


def test_both_files_in_one_session_leave_as_two_files(shared_data: Path, tmp_path: Path) -> None:
    folder = shared_data / "annotations" / NAME
    paths = [folder / f"{kind}_annotations_recipes_1-6.json" for kind in ("step", "error")]
    (steps, *_), (errors, *_) = (bundles_of(parts_of(NAME, path, new_id=lambda: uuid4().hex)) for path in paths)
    both = replace(
        steps, tiers=(*errors.tiers, *steps.tiers), annotations=(*errors.annotations, *steps.annotations)
    )
    left, right = (json.loads(file.read_text()) for file in written(NAME, [both], tmp_path))
    whole_steps, whole_errors = (json.loads(path.read_text()) for path in paths)
    assert equal(left, {"1_7": whole_steps["1_7"]})
    assert equal(right, whole_errors[:1])


def test_two_sessions_of_one_recording_are_refused(shared_data: Path, tmp_path: Path) -> None:
    path = shared_data / "annotations" / NAME / "step_annotations_recipes_1-6.json"
    first, *_ = bundles_of(parts_of(NAME, path))
    with pytest.raises(WozError, match="Two of these sessions are of the recording 1_7"):
        written(NAME, [first, first], tmp_path)


def test_an_error_added_and_a_time_mended_leave(tmp_path: Path) -> None:
    step = {**STEP, "start_time": 9.000000000000002, "end_time": 3}
    [bundle] = bundles_of(parts_of(NAME, errors_file(tmp_path, step)))
    error = Attribute("errors", "Other", "spilt")
    marked = tuple(
        replace(each, start_ns=S, end_ns=2 * S, attributes=(*each.attributes, error))
        if each.label != "file"
        else each
        for each in bundle.annotations
    )
    [again] = changed([replace(bundle, annotations=marked)], tmp_path / "out")
    assert again["is_error"] is True
    told = [{"tag": "Other", "description": "spilt"}]
    assert again["step_annotations"] == [{**STEP, "start_time": 1.0, "end_time": 2.0, "errors": told}]


def test_a_session_that_was_made_here_goes_into_both_files(tmp_path: Path) -> None:
    [bundle] = bundles_of(parts_of(NAME, errors_file(tmp_path, STEP)))
    tier = next(tier for tier in bundle.tiers if tier.tier_type == "steps")
    left_out = Annotation(AnnotationId("a"), TierId(tier.id), None, None, "step-3", tier.made)
    own = replace(bundle, tiers=(tier,), annotations=(left_out.with_value("errors", "Missing Step"),))
    steps, errors = (json.loads(file.read_text()) for file in written(NAME, [own], tmp_path / "out"))
    at = {"description": "Pour-Pour it", "step_id": 3, "start_time": -1.0, "end_time": -1.0}
    key = own.session.id
    assert steps == {key: {"recording_id": key, "steps": [{**at, "has_errors": True}]}}
    [error] = errors
    assert error["step_annotations"] == [{**at, "errors": [{"tag": "Missing Step", "description": ""}]}]


ERRORS = st.lists(
    ANY_VALUE | st.fixed_dictionaries({"tag": ANY_VALUE}, optional={"description": ANY_VALUE}), max_size=3
)
DIRTY = st.fixed_dictionaries(
    {},
    optional={
        "description": ANY_VALUE,
        "step_id": ANY_VALUE | st.integers(0, 3),
        "start_time": ANY_VALUE | st.floats(-1, 1e4),
        "end_time": ANY_VALUE | st.floats(-1, 1e4),
        "errors": ANY_VALUE | ERRORS,
        "has_errors": ANY_VALUE,
        "modified_description": ANY_VALUE,
        "new": ANY_VALUE,
    },
)
HEADS = st.dictionaries(st.sampled_from(["recording_id", "activity_id", "is_error", "new"]), ANY_VALUE)
STEPS = st.lists(DIRTY, max_size=4)


@settings(max_examples=scaled(80), deadline=None)
@given(STEPS, HEADS)
def test_dirty_errors_come_back(tmp_path_factory: pytest.TempPathFactory, steps: list[Any], head: Any) -> None:
    folder = tmp_path_factory.mktemp("dirty")
    assert comes_back(NAME, errors_file(folder, *steps, **head), folder / "out")


@settings(max_examples=scaled(80), deadline=None)
@given(st.dictionaries(st.text(max_size=5), st.tuples(STEPS, HEADS), min_size=1, max_size=3))
def test_dirty_steps_come_back(tmp_path_factory: pytest.TempPathFactory, recordings: dict[str, Any]) -> None:
    folder = tmp_path_factory.mktemp("dirty")
    path = folder / "step_annotations.json"
    told = {key: {**head, "steps": steps} for key, (steps, head) in recordings.items()}
    path.write_text(json.dumps(told), encoding="utf-8")
    assert comes_back(NAME, path, folder / "out")


@pytest.mark.parametrize(
    "text",
    [
        b'[{"recording_id": "1_7", "step_annotations": [{"step_id"',
        '{"1_7": {"steps": [], "x": "Ünsinn"}}'.encode("utf-16"),
        '{"1_7": {"steps": [], "x": "Ünsinn"}}'.encode("latin-1"),
        b"step,start\n1,2\n",
        b'{"events": [], "video_name": "x"}',
        b'{"annotations": {"1": {"segments": []}}}',
        b"[1, 2]",
        b'[{"recording_id": "1_7", "step_annotations": [3]}]',
        b'[{"recording_id": "1_7", "step_annotations": {"3": 4}}]',
        b'[{"step_annotations": [' + b'{"a":' * 500 + b"1" + b"}" * 500 + b"]}]",
        b"[" * 100_000,
    ],
)
def test_bad_files_are_refused_in_a_sentence(tmp_path: Path, text: bytes) -> None:
    demand_refusal(NAME, tmp_path / "bad.json", text)


def test_steps_backwards_and_over_one_another_are_taken(tmp_path: Path) -> None:
    steps = [{**STEP, "start_time": 5, "end_time": 1}, {**STEP, "start_time": 0.5, "end_time": 9.5}, STEP]
    [again] = there_and_back(NAME, errors_file(tmp_path, *steps), tmp_path / "out")
    assert again["step_annotations"] == steps


def test_memory_does_not_grow_with_the_number_of_steps(tmp_path: Path) -> None:
    peaks = []
    for count in (1_000, 10_000):
        folder = tmp_path / str(count)
        folder.mkdir()
        parts, peak = peak_of(NAME, errors_file(folder, *[STEP] * count))
        assert parts > count
        peaks.append(peak)
    assert peaks[1] < 2 * peaks[0] + 200_000
