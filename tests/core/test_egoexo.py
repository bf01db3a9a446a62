"""Ego-Exo4D's annotation files, written after its documentation, in and out again."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.equal_json import ANY_VALUE, comes_back, equal
from tests.core.format_room import bundles_of, demand_refusal, lost_by, parts_of, peak_of, written
from tests.rig.hypothesis_profile import scaled
from woz.annotation.drawing import drawn
from woz.base.errors import WozError
from woz.model.annotation import Annotation, Attribute
from woz.model.ids import AnnotationId, AnnotatorId, SessionId, TierId
from woz.schemes.checking import check
from woz.schemes.shipped import shipped

KEYSTEPS, ATOMIC, COMMENTARY, PROFICIENCY = (
    f"egoexo4d-{kind}" for kind in ("keysteps", "atomic", "commentary", "proficiency")
)
S = 10**9
TEST = "Rapid test"
SEGMENT = {
    "start_time": 0.85598,
    "end_time": 33.20377,
    "step_id": 2,
    "step_name": "Unbox",
    "step_description": "Unbox it on the table",
    "is_essential": True,
    "step_unique_id": 843,
}
NODES = {
    "0": {"id": 0, "is_leafnode": False, "name": TEST, "parent_id": None, "parent_name": None},
    "1": {"id": 1, "is_leafnode": False, "name": "Preparation", "parent_id": 0, "parent_name": TEST},
    "2": {
        "id": 2,
        "is_leafnode": True,
        "name": "Unbox",
        "parent_id": 1,
        "parent_name": "Preparation",
        "unique_id": 843,
    },
}
TAKE = {
    "take_uid": "t1",
    "take_name": "lab_07_6",
    "scenario": TEST,
    "annotation_meta": {"annotator_id": 5792777457490871, "job_id": 825514846028714999},
    "segments": [SEGMENT, {**SEGMENT, "start_time": 33, "end_time": 12.000000000000002, "is_essential": None}],
}
KEYSTEP_FILE = {
    "annotations": {"t1": TAKE, "t2": {**TAKE, "take_uid": "t2", "segments": []}},
    "taxonomy": {TEST: NODES, "Making tea": {"0": {**NODES["0"], "name": "Making tea"}}},
    "vocabulary": {"843": "Unbox", "7": "Pour"},
    "ds": "20240101",
}
DESCRIPTION = {
    "text": "C moves his right hand.",
    "timestamp": 0.03831,
    "narration_subject": "C",
    "ego_visible": False,
    "best_exo": {"raw_cam_id": "1", "cam_id": "cam01"},
    "unsure": False,
}
ATOMIC_FILE = {
    "ds": "20240101",
    "annotations": {
        "t1": [
            {
                "annotation_uid": "a1",
                "annotator_id": "52840",
                "rejected": False,
                "reject_reason": None,
                "descriptions": [DESCRIPTION, {**DESCRIPTION, "ego_visible": "1", "unsure": "0", "best_exo": None}],
                "other": [1, {"deep": None}],
            },
            {
                "annotation_uid": "a2",
                "annotator_id": 61094,
                "rejected": True,
                "reject_reason": "blurred",
                "descriptions": [{"subject": "O", "text": "The man X walks.", "timestamp": "3.5", "unsure": 1}],
            },
        ],
        "t2": [],
        "t3": [{"descriptions": [], "annotator_id": None}],
    },
}
COMMENT = {
    "recording": "4.webm",
    "video_time": 27.833885,
    "text": " Our mechanic uses a wrench.",
    "duration_approx": 12.76620000000298,
    "error": False,
}
COMMENTARY_FILE = {
    "ds": "20240101_10:00:00",
    "annotations": {
        "t1": [
            {
                "take_name": "bike_4",
                "take_uid": "t1",
                "task_id": 4004,
                "task_name": "Clean the chain",
                "commentary": f"bike_4/{expert}",
                "commentary_data": [COMMENT, {**COMMENT, "error": True, "error_desc": "no sound", "text": None}],
            }
            for expert in ("qfbn5o", "abc123")
        ]
    },
}
ALONE = {
    "user_id": "qfbn5o",
    "video_name": "bike_4",
    "annotations": [
        {
            "recording_path": "0.webm",
            "duration_approx": 3.25,
            "video_time": 12.5,
            "events": [
                {"paths": [{"from": {"x": 0.25, "y": 0.5, "t": 1695039187123}, "to": {"x": 1, "y": 0.5}}]},
                7,
            ],
        },
        {"recording_path": "1.webm", "video_time": 3, "events": []},
    ],
    "proficiency": {"rating": 7, "why": "Knows the tools."},
    "version": 2,
}
SAID = {
    "0.webm": {"text": " Look here.", "language": "en", "error": False},
    "1.webm": {"text": "", "language": "en", "error": True, "error_desc": "no sound"},
}
ABOUT_TAKE = {"take_uid": "t1", "task_id": 6002, "task_name": "Layup", "video_paths": {"ego": "a.mp4"}}
EXECUTION = {
    "video_time": 0.983072,
    "list": ["Low.", "Bends\nhis legs."],
    "expert_uid": "6jm95g",
    "video_name": "x",
}
DEMONSTRATIONS = [
    {**ABOUT_TAKE, "good_executions": [EXECUTION], "tips_for_improvement": [{**EXECUTION, "list": ["More."]}]},
    {"take_uid": "t2", "good_executions": None},
]
DEMONSTRATORS = [{**ABOUT_TAKE, "proficiency_score": "Early Expert"}, {"take_uid": 7, "proficiency_score": None}]
WHOLE = [
    (KEYSTEPS, KEYSTEP_FILE),
    (ATOMIC, ATOMIC_FILE),
    (COMMENTARY, COMMENTARY_FILE),
    (COMMENTARY, ALONE),
    (PROFICIENCY, DEMONSTRATIONS),
    (PROFICIENCY, DEMONSTRATORS),
]


def a_file(folder: Path, content: object) -> Path:
    path = folder / "file.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def loaded(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def test_the_scheme_is_sound() -> None:
    assert check(shipped("egoexo4d")) == []


@pytest.mark.parametrize(("name", "content"), WHOLE)
def test_files_come_back(tmp_path: Path, name: str, content: object) -> None:
    assert comes_back(name, a_file(tmp_path, content), tmp_path / "out")


def test_key_steps_have_their_tree_as_the_procedure(tmp_path: Path) -> None:
    first, second = bundles_of(parts_of(KEYSTEPS, a_file(tmp_path, KEYSTEP_FILE)))
    assert first.procedure
    assert first.procedure == second.procedure
    step = first.procedure.step("2")
    assert step
    assert (step.name, step.parent_id, step.global_id) == ("Unbox", "1", "843")
    steps = [each for each in first.annotations if each.label == "2"]
    assert [each.value("essential") for each in steps] == [True, None]
    assert [each.end_ns for each in steps] == [33_203_770_000, None]


def test_one_session_of_a_file_leaves_alone_with_its_scenario(tmp_path: Path) -> None:
    _, second = bundles_of(parts_of(KEYSTEPS, a_file(tmp_path, KEYSTEP_FILE)))
    [file] = written(KEYSTEPS, [second], tmp_path / "out")
    assert loaded(file) == {
        "annotations": {"t2": KEYSTEP_FILE["annotations"]["t2"]},  # type: ignore[index]
        "taxonomy": {TEST: NODES},
        "vocabulary": {"843": "Unbox"},
    }


def test_two_annotators_key_steps_of_a_session_leave_together_and_two_sessions_of_a_take_do_not(
    tmp_path: Path,
) -> None:
    first, _ = bundles_of(parts_of(KEYSTEPS, a_file(tmp_path, KEYSTEP_FILE)))
    tier = next(tier for tier in first.tiers if tier.tier_type == "keysteps")
    other = replace(tier, id=TierId("other"))
    mine, theirs = (Annotation(AnnotationId(key), key, S, 2 * S, "2", tier.made) for key in (tier.id, other.id))
    both = replace(first, tiers=(tier, other), annotations=(mine, theirs))
    [file] = written(KEYSTEPS, [both], tmp_path / "out")
    [take] = loaded(file)["annotations"].values()
    assert [each["start_time"] for each in take["segments"]] == [1.0, 1.0]
    assert lost_by(KEYSTEPS, [replace(both, tiers=(tier, replace(other, annotator_id=AnnotatorId("a"))))]) == {
        "annotators, whose work lies in one file": 2
    }
    with pytest.raises(WozError, match="Two of these sessions are of the take t1"):
        written(KEYSTEPS, [first, replace(first, session=replace(first.session, id=SessionId("s")))], tmp_path)


def test_each_annotator_is_a_tier_and_true_is_true_however_it_is_spelt(tmp_path: Path) -> None:
    first, *_ = bundles_of(parts_of(ATOMIC, a_file(tmp_path, ATOMIC_FILE)))
    tiers = [tier for tier in first.tiers if tier.tier_type == "atomic"]
    assert len(tiers) == 2
    told = [first.in_tier(tier) for tier in tiers]
    assert [each.value("visible") for each in told[0]] == [False, True]
    assert [(each.label, each.start_ns, each.value("unsure")) for each in told[1]] == [("O", 3_500_000_000, True)]


def test_comments_that_were_added_here_leave_with_the_others(tmp_path: Path) -> None:
    [bundle] = bundles_of(parts_of(COMMENTARY, a_file(tmp_path, COMMENTARY_FILE)))
    tier = next(tier for tier in bundle.tiers if tier.tier_type == "commentary")
    new = Annotation(AnnotationId("n"), tier.id, S, None, "comment", tier.made, (Attribute("text", "Ah."),))
    more = replace(bundle, annotations=(*bundle.annotations, new.with_value("drawing", "x")))
    [file] = written(COMMENTARY, [more], tmp_path / "out")
    assert loaded(file)["annotations"]["t1"][0]["commentary_data"][0] == {
        "video_time": 1.0,
        "text": "Ah.",
        "error": False,
    }
    assert lost_by(COMMENTARY, [more]) == {"drawings of commentary that came without them": 1}


@pytest.mark.parametrize(("paths", "named"), [({"ego": "takes/bike_4/aligned/aria.mp4"}, "bike_4"), ({}, None)])
def test_tips_that_were_added_here_name_the_video_as_the_take_does(
    tmp_path: Path, paths: dict[str, str], named: str | None
) -> None:
    file: list[Any] = json.loads(json.dumps(DEMONSTRATIONS[:1]))
    file[0]["video_paths"] = paths
    [bundle] = bundles_of(parts_of(PROFICIENCY, a_file(tmp_path, file)))
    tier = next(tier for tier in bundle.tiers if tier.tier_type == "proficiency")
    new = Annotation(AnnotationId("n"), tier.id, 0, None, "tip", tier.made, (Attribute("text", "Slower."),))
    [out] = written(PROFICIENCY, [replace(bundle, annotations=(*bundle.annotations, new))], tmp_path / "out")
    [take] = loaded(out)
    [tip] = [each for each in take["tips_for_improvement"] if each["list"] == ["Slower."]]
    assert tip.get("video_name") == named
    others = {**take, "tips_for_improvement": [each for each in take["tips_for_improvement"] if each != tip]}
    assert equal(others, file[0])


def test_an_experts_own_folder_comes_back_with_drawings_rating_and_texts(tmp_path: Path) -> None:
    path = a_file(tmp_path, ALONE)
    (tmp_path / "transcriptions.json").write_text(json.dumps(SAID), encoding="utf-8")
    [bundle] = bundles_of(parts_of(COMMENTARY, path))
    comments = [each for each in bundle.annotations if each.label == "comment"]
    assert [each.value("text") for each in comments] == [" Look here.", ""]
    drawings = [each.place for comment in comments for each in comment.attributes if each.key == "drawing"]
    assert [json.loads(each) for each in drawings] == [ALONE["annotations"][0]["events"]]  # type: ignore[index]
    [rating] = [each for each in bundle.annotations if each.label == "rating"]
    assert (rating.value("rating"), rating.value("why")) == (7, "Knows the tools.")
    changed = replace(
        bundle,
        annotations=tuple(each.with_value("rating", 8) if each == rating else each for each in bundle.annotations),
    )
    data, said = written(COMMENTARY, [changed], tmp_path / "out")
    assert equal(loaded(said), SAID)
    assert loaded(data)["proficiency"] == {"rating": 8, "why": "Knows the tools."}


def test_a_line_drawn_here_leaves_as_the_data_sets_events(tmp_path: Path) -> None:
    [bundle] = bundles_of(parts_of(COMMENTARY, a_file(tmp_path, ALONE)))
    [first, *_] = [each for each in bundle.annotations if each.label == "comment"]
    tier_type = shipped("egoexo4d").tier_type("commentary")
    (more,) = drawn(tier_type, first, [(0.0, 0.25), (0.5, 0.5), (1.0, 0.5)]).after
    others = tuple(each for each in bundle.annotations if each != first)
    [data] = written(COMMENTARY, [replace(bundle, annotations=(more, *others))], tmp_path / "out")  # type: ignore[arg-type]
    *before, new = loaded(data)["annotations"][0]["events"]
    assert before == ALONE["annotations"][0]["events"]  # type: ignore[index]
    ends = [{"x": 0.0, "y": 0.25}, {"x": 0.5, "y": 0.5}, {"x": 1.0, "y": 0.5}]
    assert new == {"paths": [{"from": ends[0], "to": ends[1]}, {"from": ends[1], "to": ends[2]}]}


def test_skill_that_was_judged_here_leaves(tmp_path: Path) -> None:
    first, _ = bundles_of(parts_of(PROFICIENCY, a_file(tmp_path, DEMONSTRATORS)))
    tier = next(tier for tier in first.tiers if tier.tier_type == "skill")
    new = Annotation(AnnotationId("n"), tier.id, None, None, "Novice", tier.made)
    own = replace(first, tiers=(tier,), annotations=(new,))
    [file] = written(PROFICIENCY, [own], tmp_path / "out")
    [told] = loaded(file)
    assert told["proficiency_score"] == "Novice"


@pytest.mark.parametrize("name", [KEYSTEPS, ATOMIC, COMMENTARY, PROFICIENCY])
def test_a_session_without_such_tiers_is_refused(tmp_path: Path, name: str) -> None:
    first, *_ = bundles_of(parts_of(KEYSTEPS, a_file(tmp_path, KEYSTEP_FILE)))
    with pytest.raises(WozError, match="annotate it by that scheme"):
        written(name, [replace(first, tiers=())], tmp_path / "out")


def _dirty(*names: str, **better: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {}, optional={name: ANY_VALUE | better.get(name, ANY_VALUE) for name in (*names, "x")}
    )


TIMES = st.floats(0, 1e5)
SEGMENTS = st.lists(_dirty(*SEGMENT, start_time=TIMES, end_time=TIMES, step_id=st.integers(0, 3)), max_size=3)
DESCRIPTIONS = st.lists(_dirty(*DESCRIPTION, "subject", timestamp=TIMES), max_size=3)
COMMENTS = st.lists(_dirty(*COMMENT, "recording_path", "events", video_time=TIMES), max_size=3)
EXECUTIONS = st.lists(_dirty(*EXECUTION, list=st.lists(st.text(max_size=3)), video_time=TIMES), max_size=3)
HEAD = _dirty("take_uid", "take_name", "task_id", "annotator_id", "rejected", "proficiency")


@settings(max_examples=scaled(60), deadline=None)
@given(st.data())
@pytest.mark.parametrize("name", [KEYSTEPS, ATOMIC, COMMENTARY, "alone", PROFICIENCY, "skill"])
def test_dirty_values_come_back(tmp_path_factory: pytest.TempPathFactory, name: str, data: st.DataObject) -> None:
    folder = tmp_path_factory.mktemp("dirty")
    head = data.draw(HEAD)
    outside: Any = {
        "taxonomy": data.draw(st.sampled_from([{TEST: NODES}, {TEST: {}}, None, 7, []])),
        "ds": head.get("x"),
    }
    content: Any = {
        KEYSTEPS: {"annotations": {"t": {"scenario": TEST, **head, "segments": data.draw(SEGMENTS)}}, **outside},
        ATOMIC: {"annotations": {"t": [{**head, "descriptions": data.draw(DESCRIPTIONS)}], "": []}},
        COMMENTARY: {"annotations": {"t": [{**head, "commentary_data": data.draw(COMMENTS)}]}, "ds": outside},
        "alone": {**head, "annotations": data.draw(COMMENTS)},
        PROFICIENCY: [{**head, "tips_for_improvement": data.draw(EXECUTIONS)}],
        "skill": [{"proficiency_score": data.draw(ANY_VALUE), **head}],
    }[name]
    known = {"alone": COMMENTARY, "skill": PROFICIENCY}.get(name, name)
    assert comes_back(known, a_file(folder, content), folder / "out")


BAD = [
    b'{"annotations": {"t": {"segments": [{"start_time": 1',
    '{"annotations": {"t": "Ünsinn"}}'.encode("utf-16"),
    '{"annotations": {"t": "Ünsinn"}}'.encode("latin-1"),
    b"take,start\n1,2\n",
    b'{"events": [], "video_name": "x"}',
    b'{"annotations": 7}',
    b'{"annotations": {}}',
    b'{"annotations": {"t": 3}}',
    b"[" * 100_000,
    b'{"annotations": {"t": {"segments": [' + b'{"a":' * 500 + b"1" + b"}" * 500 + b"]}}}",
    b"[]",
    b'{"annotations": {"t": [{"narrations": []}]}}',
]


@pytest.mark.parametrize("text", BAD)
@pytest.mark.parametrize("name", [KEYSTEPS, ATOMIC, COMMENTARY, PROFICIENCY])
def test_bad_files_are_refused_in_a_sentence(tmp_path: Path, name: str, text: bytes) -> None:
    demand_refusal(name, tmp_path / "bad.json", text)


def test_memory_does_not_grow_with_the_number_of_annotations(tmp_path: Path) -> None:
    peaks = []
    for count in (1_000, 10_000):
        content: Any = {"annotations": {"t": [{"descriptions": [{"text": "Stirs. " * 40}] * count}]}}
        parts, peak = peak_of(ATOMIC, a_file(tmp_path, content))
        assert parts > count
        peaks.append(peak)
    assert peaks[1] < 2 * peaks[0] + 200_000
