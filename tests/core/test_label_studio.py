"""Tasks of Label Studio: as it exports them, and sessions written for it and read again."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given, settings

from tests.core.format_room import bundles_of, lost_by, lost_in, parts_of, peak_of, written
from tests.core.rich_bundles import SID, S, rich, scheme_of, session_bundle
from tests.rig.hypothesis_profile import scaled
from woz.base.errors import WozError
from woz.base.interval import Interval
from woz.formats.bundle import SessionBundle
from woz.formats.spans import END_BEFORE
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId, TierId, TranscriptId, TurnId
from woz.model.item import ItemRef
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.people import Role
from woz.model.tier import Tier
from woz.model.transcript import Turn


def timeline(key: str, start: int, end: int, label: str, **more: Any) -> dict[str, Any]:
    value = {"ranges": [{"start": start, "end": end}], "timelinelabels": [label]}
    return {"id": key, "type": "timelinelabels", "from_name": "steps", "to_name": "video", "value": value, **more}


AS_EXPORTED: list[dict[str, Any]] = [
    {
        "id": 7,
        "data": {
            "video": "/data/upload/1/v.mp4",
            "dialogue": [
                {"author": "expert", "text": "Now.", "start": 1, "end": 2},
                {"author": "Kim", "text": "Yes."},
            ],
        },
        "annotations": [
            {
                "id": 3,
                "completed_by": 2,
                "created_username": " kim@example.org, 2",
                "result": [
                    timeline("a", 3, 5, "pour", parentID="b", meta={"text": ["spilt"]}),
                    {
                        "id": "a",
                        "type": "choices",
                        "from_name": "hand",
                        "to_name": "video",
                        "value": {"ranges": [], "choices": ["left", "right"]},
                    },
                    {"id": "a", "type": "rating", "from_name": "skill", "to_name": "video", "value": {"rating": 4}},
                    timeline("b", 1, 25, "cook"),
                    timeline("i", 10, 10, "look"),
                    timeline("back", 9, 4, "cook"),
                    {
                        "id": "w",
                        "type": "labels",
                        "from_name": "speech",
                        "to_name": "audio",
                        "value": {"start": 0.5, "end": 1.25, "channel": 1, "labels": ["talk", "loud"]},
                    },
                    {
                        "id": "p",
                        "type": "paragraphlabels",
                        "from_name": "acts",
                        "to_name": "txt",
                        "value": {
                            "start": "0",
                            "end": "0",
                            "startOffset": 0,
                            "endOffset": 3,
                            "text": "Now",
                            "paragraphlabels": ["order"],
                        },
                    },
                    {"id": "box", "type": "videorectangle", "from_name": "box", "to_name": "video", "value": {}},
                    {
                        "id": "t",
                        "type": "choices",
                        "from_name": "quality",
                        "to_name": "video",
                        "value": {"choices": ["good"]},
                    },
                    {"type": "relation", "from_id": "a", "to_id": "w", "direction": "right", "labels": ["says"]},
                    {"type": "relation", "from_id": "a", "to_id": "gone", "direction": "right"},
                ],
            },
            {"id": 4, "was_cancelled": True, "result": []},
        ],
        "predictions": [
            {
                "model_version": "segmenter 2",
                "score": 0.5,
                "result": [timeline("x", 1, 50, "pour"), timeline("y", 51, 60, "cook", score=0.9)],
            }
        ],
    }
]


def exported(folder: Path, tasks: Any = AS_EXPORTED) -> Path:
    path = folder / "export.json"
    path.write_text(json.dumps(tasks))
    return path


def test_tasks_as_label_studio_exports_them(tmp_path: Path) -> None:
    """Made up after its documents: instants, an end before its start, a relation into nothing, a box."""
    parts = parts_of("label-studio", exported(tmp_path), frame_rate=25.0)
    (bundle,) = bundles_of(parts)
    by_label = {
        (tier.name, each.label): each
        for tier in bundle.tiers
        for each in bundle.in_tier(tier)
        if tier.made.origin != Origin.MACHINE
    }
    pour, look, talk = by_label["steps", "pour"], by_label["steps", "look"], by_label["speech", "talk"]
    assert (pour.start_ns, pour.end_ns, pour.note) == (2 * S // 25, S // 5, "spilt")
    assert [(at.key, at.value) for at in pour.attributes] == [("hand", "left"), ("hand", "right"), ("skill", 4)]
    assert (look.start_ns, look.end_ns) == (9 * S // 25, None)
    assert pour.parent_id is not None
    assert (talk.start_ns, talk.end_ns, talk.value("channel"), talk.value("other_labels")) == (
        S // 2,
        5 * S // 4,
        1,
        "loud",
    )
    order = by_label["acts", "order"]
    assert (order.start_ns, order.end_ns, order.value("paragraph_endOffset")) == (S, 2 * S, 3)
    assert by_label["quality", "good"].start_ns is None
    assert [each.value(END_BEFORE) for each in bundle.annotations if each.value(END_BEFORE)] == [4 / 25]
    machine = next(tier for tier in bundle.tiers if tier.made.origin == Origin.MACHINE)
    assert (machine.made.by, [each.confidence for each in bundle.in_tier(machine)]) == ("segmenter 2", [0.5, 0.9])
    (link,) = bundle.links
    assert (link.type, link.source.id, link.target.id) == ("says", pour.id, talk.id)
    assert [(turn.speaker, turn.text) for turn in bundle.turns] == [(Role.EXPERT, "Now.")]
    assert {tier.made.by for tier in bundle.tiers} == {"annotator 2", "segmenter 2"}
    assert lost_in(parts) == {
        "lines of a dialogue without times": 1,
        "results of type videorectangle": 1,
        "relations to what is not in the file": 1,
        "annotations that were skipped": 1,
    }
    assert _facts(
        bundles_of(parts_of("label-studio", written("label-studio", [bundle], tmp_path, 25.0)[0]))[0]
    ) == _facts(bundle)


def _facts(bundle: SessionBundle) -> Counter[str]:
    """All of each annotation that Label Studio can hold."""
    found = Counter[str]()
    for tier in bundle.tiers:
        for each in bundle.in_tier(tier):
            held = [at for at in each.attributes if at.value is not None and not isinstance(at.value, ItemRef)]
            count = Counter(at.key for at in held)
            values = sorted((at.key, _text(at.value) if count[at.key] > 1 else repr(at.value)) for at in held)
            what = (tier.tier_type, tier.name, tier.subject, bundle.label_name(tier, each.label))
            found[repr((*what, each.start_ns, each.end_ns, each.note, each.confidence, values))] += 1
    return found


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


@settings(max_examples=scaled(40))
@given(bundle=rich())
def test_all_that_it_can_hold_comes_back(tmp_path_factory: pytest.TempPathFactory, bundle: SessionBundle) -> None:
    tasks, config = written("label-studio", [bundle], tmp_path_factory.mktemp("ls"), 29.97)
    parts = parts_of("label-studio", tasks)
    (back,) = bundles_of(parts)
    assert _facts(back) == _facts(bundle)
    lost = lost_by("label-studio", [bundle])
    assert len(bundle.links) - len(back.links) == lost.get("links between annotators, or with turns", 0)
    parents = [sum(each.parent_id is not None for each in one.annotations) for one in (bundle, back)]
    assert parents[0] - parents[1] == lost.get("parents by other annotators", 0)
    assert lost_in(parts) == {}
    tags = fromstring(config.read_text(encoding="utf-8")).iter()
    controls = [name for each in tags if (name := each.get("name"))]
    assert len(controls) == len(set(controls))
    results = [
        each
        for task in json.loads(tasks.read_text("utf-8"))
        for kind in ("annotations", "predictions")
        for work in task[kind]
        for each in work["result"]
    ]
    assert {each["from_name"] for each in results if each["type"] != "relation"} <= {*controls}


def test_turns_are_a_dialogue_and_frames_are_counted_from_one(tmp_path: Path) -> None:
    scheme = scheme_of({"a": "Pour"})
    tier = Tier(TierId("t"), SID, scheme.id, 1, "acts", "acts", Made(Origin.MANUAL, "woz"))
    first = Annotation(AnnotationId("1"), tier.id, 0, S, "a", tier.made)
    turn = Turn(TurnId("u"), TranscriptId("t"), Role.EXPERT, Interval(0, S), "Pour it.", voice="B", checked=True)
    bundle = session_bundle((tier,), (first,), (scheme,))
    bundle = SessionBundle(**{name: getattr(bundle, name) for name in bundle.__slots__} | {"turns": (turn,)})
    path, config = written("label-studio", [bundle], tmp_path, 25.0)
    (task,) = json.loads(path.read_text())
    assert task["annotations"][0]["result"][0]["value"]["ranges"] == [{"start": 1, "end": 25}]
    assert 'frameRate="25"' in config.read_text()
    (back,) = bundles_of(parts_of("label-studio", path))
    assert [(each.speaker, each.voice, each.text, each.checked) for each in back.turns] == [
        (Role.EXPERT, "B", "Pour it.", True)
    ]
    assert written("label-studio", [bundle], tmp_path, 25.0)[0].read_bytes() == path.read_bytes()
    task["annotations"][0]["result"][0]["value"]["ranges"] = [{"start": 26, "end": 50}]
    (moved,) = bundles_of(parts_of("label-studio", exported(tmp_path, [task])))
    assert (moved.annotations[0].start_ns, moved.annotations[0].end_ns) == (S, 2 * S)


def test_frames_need_a_rate(tmp_path: Path) -> None:
    with pytest.raises(WozError, match="--frame-rate"):
        parts_of("label-studio", exported(tmp_path))
    with pytest.raises(WozError, match="--frame-rate"):
        written("label-studio", [session_bundle((), (), ())], tmp_path)


@pytest.mark.parametrize(
    ("tasks", "says"),
    [
        ({"tasks": []}, "no list of tasks"),
        ([], "no tasks"),
        ([1], "task 1 is not as it should be"),
        ([{"data": {}, "annotations": [{"result": [timeline("a", 1, 2, "x") | {"value": 3}]}]}], "task 1"),
        ([{"data": {}, "annotations": [{"result": [timeline("a", "soon", 2, "x")]}]}], "'soon' is no frame"),  # type: ignore[arg-type]
        ([{"data": {}, "annotations": [{"result": [timeline("a", 1e300, 2, "x")]}]}], "is no frame"),  # type: ignore[arg-type]
        ([{"data": {"frame_rate": -3}}], "no frame rate"),
    ],
)
def test_other_files_are_refused_in_a_sentence(tmp_path: Path, tasks: Any, says: str) -> None:
    with pytest.raises(WozError, match=says) as refused:
        parts_of("label-studio", exported(tmp_path, tasks), frame_rate=25.0)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "raw", [b"", b"[" * 100_000, json.dumps(AS_EXPORTED).encode()[:-40], b"a,b\n", b'[{"data": "\xe9"}]']
)
def test_what_is_no_json_is_refused(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "x.json").write_bytes(raw)
    with pytest.raises(WozError):
        parts_of("label-studio", tmp_path / "x.json", frame_rate=25.0)


def test_many_tasks_are_read_in_bounded_memory(tmp_path: Path) -> None:
    def many(count: int) -> Path:
        results = [timeline(f"{n}", n + 1, n + 9, f"l{n % 9}") for n in range(100)]
        return exported(
            tmp_path, [{"id": n, "data": {}, "annotations": [{"result": results}]} for n in range(count // 100)]
        )

    few = peak_of("label-studio", many(1_000), frame_rate=25.0)
    more = peak_of("label-studio", many(10_000), frame_rate=25.0)
    assert (few[0], more[0]) == (1_020, 10_200)
    assert more[1] < 1.5 * few[1] + 100_000


def test_a_value_that_xml_cannot_hold_leaves_a_configuration_that_can_be_read(tmp_path: Path) -> None:
    scheme = scheme_of({"a": "Po\x1fur"})
    tier = Tier(TierId("t"), SID, scheme.id, 1, "acts", "acts", Made(Origin.MANUAL, "woz"))
    first = Annotation(AnnotationId("1"), tier.id, 0, S, "a", tier.made)
    path, config = written("label-studio", [session_bundle((tier,), (first,), (scheme,))], tmp_path, 25.0)
    assert "Po\ufffdur" in {each.get("value") for each in fromstring(config.read_text(encoding="utf-8")).iter()}
    assert "Po\\u001fur" in path.read_text()
