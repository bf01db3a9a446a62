"""HoloAssist's files in and out again."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.equal_json import ANY_VALUE, comes_back
from tests.core.format_room import bundles_of, demand_refusal, lost_by, parts_of, peak_of, written
from tests.rig.hypothesis_profile import scaled
from woz.base.errors import WozError
from woz.base.interval import Interval
from woz.formats.bundle import SessionBundle
from woz.model.annotation import Annotation
from woz.model.link import Link
from woz.model.people import Role
from woz.model.transcript import Turn
from woz.schemes.checking import check
from woz.schemes.shipped import shipped

NAME = "holoassist"
S = 10**9


def event(number: object, label: str, start: object, end: object, **attributes: object) -> dict[str, object]:
    return {
        "id": number,
        "label": label,
        "start": start,
        "end": end,
        "type": "range",
        "attributes": {name.replace("_", " "): value for name, value in attributes.items()},
    }


def a_file(folder: Path, *events: object, **head: object) -> Path:
    path = folder / "video.json"
    path.write_text(json.dumps({"events": events, "video_name": "video", **head}), encoding="utf-8")
    return path


def bundle_of(path: Path) -> SessionBundle:
    [bundle] = bundles_of(parts_of(NAME, path))
    return bundle


def test_the_scheme_is_sound() -> None:
    assert check(shipped(NAME)) == []


def test_every_public_file_comes_back(shared_data: Path, tmp_path: Path) -> None:
    paths = sorted((shared_data / "annotations" / "holoassist").glob("*.json"))
    assert len(paths) == 41
    for path in paths:
        assert comes_back(NAME, path, tmp_path / path.stem), path.name


def test_utterances_are_turns_and_mistakes_lead_to_what_corrects_them(shared_data: Path) -> None:
    folder = shared_data / "annotations" / "holoassist"
    links = {"says": 0, "corrected-by": 0}
    for path in sorted(folder.glob("*.json")):
        parts = parts_of(NAME, path)
        for part in parts:
            if isinstance(part, Link):
                links[part.type] += 1
        turns = [part for part in parts if isinstance(part, Turn)]
        assert {turn.speaker for turn in turns} <= {Role.EXPERT, Role.TRAINEE}
    assert links == {"says": 988, "corrected-by": 140}


def test_words_leave_from_the_turn_and_times_from_the_annotation(tmp_path: Path) -> None:
    path = a_file(tmp_path, event(3, "Conversation", 1.0, 2.0, Conversation_Purpose="x", Transcription="Helo."))
    bundle = bundle_of(path)
    [turn] = bundle.turns
    [said] = [each for each in bundle.annotations if each.start_ns is not None]
    moved = tuple(replace(each, end_ns=3 * S) if each == said else each for each in bundle.annotations)
    corrected = replace(bundle, turns=(replace(turn, text="Hello."),), annotations=moved)
    [again] = json.loads(written(NAME, [corrected], tmp_path / "out")[0].read_text(encoding="utf-8"))["events"]
    assert again["attributes"]["Transcription"] == "Hello."
    assert (again["id"], again["start"], again["end"]) == (3, 1.0, 3.0)


def test_a_value_that_was_changed_leaves_changed_though_the_file_had_it_otherwise(tmp_path: Path) -> None:
    path = a_file(tmp_path, event(1, "Fine grained action", 2, 1, Verb="grab", Noun=["leg"]))
    bundle = bundle_of(path)
    action = next(each for each in bundle.annotations if each.label == "grab")
    changed = replace(action, start_ns=4 * S, end_ns=5 * S).with_value("noun", "arm")
    others = tuple(changed if each == action else each for each in bundle.annotations)
    [again] = json.loads(
        written(NAME, [replace(bundle, annotations=others)], tmp_path / "out")[0].read_text(encoding="utf-8")
    )["events"]
    assert (again["start"], again["end"], again["attributes"]["Noun"]) == (4.0, 5.0, "arm")
    assert "Adjective" not in again["attributes"]


def test_what_was_made_here_leaves_with_ids_of_its_own_and_turns_without_purpose_too(tmp_path: Path) -> None:
    path = a_file(
        tmp_path,
        event(7, "Fine grained action", 1.0, 2.0, Verb="grab"),
        event(9, "Conversation", 3.0, 4.0, Conversation_Purpose="instructor-start-conversation_other"),
    )
    bundle = bundle_of(path)
    fine = next(each for each in bundle.annotations if each.label == "grab")
    new = Annotation(replace(fine, id="new").id, fine.tier_id, 5 * S, 6 * S, "place", fine.made)  # type: ignore[arg-type]
    turns = tuple(
        Turn(key, bundle.session.id, Role.EXPERT, Interval(start * S, (start + 1) * S), key)  # type: ignore[arg-type]
        for key, start in (("inside", 3), ("alone", 8))
    )
    more = replace(bundle, annotations=(*bundle.annotations, new), turns=turns)
    events = json.loads(written(NAME, [more], tmp_path / "out")[0].read_text(encoding="utf-8"))["events"]
    assert [each["id"] for each in events] == [7, 9, 10, 11]
    assert events[1]["attributes"]["Transcription"] == "inside"
    assert events[2]["attributes"]["Verb"] == "place"
    assert events[3]["attributes"] == {
        "Conversation Purpose": "none",
        "Transcription": "alone",
        "Transcription Confidence": "none",
    }
    assert lost_by(NAME, [more]) == {"speakers of turns whose purpose nobody annotated": 1}


def test_a_session_without_the_scheme_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    bundle = replace(bundle_of(a_file(tmp_path, event(1, "Narration", 0, 1))), tiers=())
    with pytest.raises(WozError, match="no tier of the scheme 'holoassist'"):
        written(NAME, [bundle], tmp_path / "out")


NAMES = st.sampled_from(
    [
        "Conversation Purpose",
        "Transcription",
        "Transcription Confidence",
        "Verb",
        "Noun",
        "Incorrect Action Corrected by",
        "Action Correctness",
        "sequence",
        "new",
    ]
)
LABELS = st.sampled_from(["Conversation", "Fine grained action", "Narration", "Coarse grained action"])
DIRTY_EVENTS = st.fixed_dictionaries(
    {},
    optional={
        "id": ANY_VALUE | st.integers(0, 9),
        "label": ANY_VALUE | LABELS,
        "start": ANY_VALUE | st.floats(0, 1e5),
        "end": ANY_VALUE | st.floats(0, 1e5),
        "type": ANY_VALUE,
        "attributes": ANY_VALUE | st.dictionaries(NAMES, ANY_VALUE | st.text(max_size=5), max_size=6),
        "new": ANY_VALUE,
    },
)


@settings(max_examples=scaled(80), deadline=None)
@given(st.lists(DIRTY_EVENTS, max_size=6), st.dictionaries(st.sampled_from(["batch", "taskId", "x"]), ANY_VALUE))
def test_dirty_values_come_back(tmp_path_factory: pytest.TempPathFactory, events: list[Any], head: Any) -> None:
    folder = tmp_path_factory.mktemp("dirty")
    path = a_file(folder, *events, **head)
    assert comes_back(NAME, path, folder / "out")


@pytest.mark.parametrize(
    "text",
    [
        b'{"events": [{"id": 1, "label": "Narr',
        '{"events": [{"label": "Ünsinn"}]}'.encode("utf-16"),
        '{"events": [{"label": "Ünsinn"}]}'.encode("latin-1"),
        b"WEBVTT\n\n00:01.000 --> 00:02.000\nHello.\n",
        b"",
        b"[]",
        b'{"taskType": "x"}',
        b'{"events": {"id": 1}}',
        b'{"events": [1, 2]}',
        b'{"events": [' + b'{"a":' * 500 + b"1" + b"}" * 500 + b"]}",
        b'{"events": [' + b"[" * 100_000,
        b'{"events": []} {"events": []}',
    ],
)
def test_bad_files_are_refused_in_a_sentence(tmp_path: Path, text: bytes) -> None:
    demand_refusal(NAME, tmp_path / "bad.json", text)


def test_memory_does_not_grow_with_the_number_of_events(tmp_path: Path) -> None:
    peaks = []
    for count in (1_000, 10_000):
        folder = tmp_path / str(count)
        folder.mkdir()
        path = a_file(folder, *[{"label": "Narration", "start": 1.5, "end": 2.5}] * count)
        parts, peak = peak_of(NAME, path)
        assert parts > count
        peaks.append(peak)
    assert peaks[1] < 2 * peaks[0] + 200_000
