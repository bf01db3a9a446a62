"""ProAssist's dialogues, written after the programs that make them, in and out again."""

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
from woz.base.errors import WozError
from woz.base.interval import Interval
from woz.model.ids import TranscriptId, TurnId
from woz.model.people import Role
from woz.model.transcript import Turn
from woz.schemes.checking import check
from woz.schemes.shipped import shipped

NAME = "proassist"
S = 10**9
ASKED = {"role": "user", "time": 11.0, "content": "What next?"}
ANSWER = {
    "role": "assistant",
    "time": 13.700000000000001,
    "content": "Well done. Whisk it.",
    "labels": "responsive|feedback,instruction",
    "progress": "The bowl is there.",
}
DIALOGUE = {
    "conversation": [ASKED, ANSWER, {**ANSWER, "labels": "initiative|", "time": 12, "content": ""}],
    "user_type": "talk_some",
    "auto_quality_eval": {"final_score": 5.5},
}
VIDEO = {
    "video_uid": "P01_cake",
    "inferred_goal": "Make a cake",
    "inferred_knowledge": "1. Whisk.",
    "video_labels": None,
    "conversations": [DIALOGUE, {**DIALOGUE, "user_type": "no_talk", "conversation": []}],
    "parsed_video_anns": {"clips": [[0, 1.5, "x"]]},
}
CONTENT = [VIDEO, {"video_uid": "P02", "conversations": []}, {"video_uid": 3}, {"conversations": [DIALOGUE]}]


def a_file(folder: Path, content: object) -> Path:
    path = folder / "train_filtered.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def test_the_scheme_is_sound() -> None:
    assert check(shipped(NAME)) == []


def test_a_file_comes_back_in_whatever_order_its_sessions_are_exported(tmp_path: Path) -> None:
    path = a_file(tmp_path, CONTENT)
    assert comes_back(NAME, path, tmp_path / "out")
    bundles = bundles_of(parts_of(NAME, path))
    assert [bundle.session.title for bundle in bundles] == [
        "P01_cake 1",
        "P01_cake 2",
        "P02 1",
        "video 2 1",
        "video 3 1",
    ]
    [file] = written(NAME, bundles[::-1], tmp_path / "again")
    assert equal(json.loads(file.read_text(encoding="utf-8")), CONTENT)


def test_a_turn_has_its_initiative_and_its_intentions(tmp_path: Path) -> None:
    first, *_ = bundles_of(parts_of(NAME, a_file(tmp_path, CONTENT)))
    answer, pause = (each for each in first.annotations if each.label in ("responsive", "initiative"))
    assert [each.value for each in answer.attributes if each.key == "intention"] == ["feedback", "instruction"]
    assert answer.value("progress") == "The bowl is there."
    assert [(turn.speaker, turn.text) for turn in first.turns] == [
        (Role.TRAINEE, "What next?"),
        (Role.EXPERT, "Well done. Whisk it."),
    ]
    assert pause.start_ns == 12 * S


def test_turns_that_nobody_annotated_leave_without_labels_and_ends(tmp_path: Path) -> None:
    first, *_ = bundles_of(parts_of(NAME, a_file(tmp_path, CONTENT)))
    turn = Turn(TurnId("n"), TranscriptId("t"), Role.EXPERT, Interval(20 * S, 22 * S), "Stop.")
    more = replace(first, turns=(*first.turns, turn))
    [file] = written(NAME, [more], tmp_path / "out")
    [video] = json.loads(file.read_text(encoding="utf-8"))
    assert video["conversations"][0]["conversation"][-1] == {"role": "assistant", "time": 20.0, "content": "Stop."}
    assert lost_by(NAME, [more]) == {"turns' ends": 1, "initiative and intentions, which nobody annotated": 1}


LABELS = st.sampled_from(["initiative|instruction", "responsive|feedback,other", "|", "x", "initiative", ",|,"])
TURN = st.fixed_dictionaries(
    {},
    optional={
        "role": ANY_VALUE | st.sampled_from(["user", "assistant"]),
        "time": ANY_VALUE | st.floats(0, 1e4),
        "content": ANY_VALUE,
        "labels": ANY_VALUE | LABELS,
        "progress": ANY_VALUE,
        "x": ANY_VALUE,
    },
)
DIALOGUES = st.fixed_dictionaries(
    {"conversation": st.lists(TURN, max_size=4)}, optional={"user_type": ANY_VALUE, "auto_quality_eval": ANY_VALUE}
)
VIDEOS = st.fixed_dictionaries(
    {"conversations": st.lists(DIALOGUES, max_size=3)},
    optional=dict.fromkeys(("video_uid", "inferred_goal", "inferred_knowledge", "video_labels"), ANY_VALUE),
)


@settings(max_examples=scaled(60), deadline=None)
@given(st.lists(VIDEOS, min_size=1, max_size=3))
def test_dirty_values_come_back(tmp_path_factory: pytest.TempPathFactory, content: list[Any]) -> None:
    folder = tmp_path_factory.mktemp("dirty")
    assert comes_back(NAME, a_file(folder, content), folder / "out")


@pytest.mark.parametrize(
    "text",
    [
        b'[{"conversations": [{"conversation": [{"role": "us',
        '[{"video_uid": "Ünsinn"}]'.encode("utf-16"),
        '[{"video_uid": "Ünsinn"}]'.encode("latin-1"),
        b"WEBVTT\n\n00:01.000 --> 00:02.000\nHello.\n",
        b'{"events": []}',
        b'{"annotations": {"t": {"segments": []}}}',
        b"[]",
        b'[{"conversations": [{"conversation": 3}]}]',
        b'[{"conversations": [{"conversation": [3]}]}]',
        b'[{"conversations": 3}]',
        b'[{"conversations": [{"conversation": [' + b'{"a":' * 500 + b"1" + b"}" * 500 + b"]}]}]",
        b"[" * 100_000,
    ],
)
def test_bad_files_are_refused_in_a_sentence(tmp_path: Path, text: bytes) -> None:
    demand_refusal(NAME, tmp_path / "bad.json", text)


def test_a_session_without_the_scheme_is_refused(tmp_path: Path) -> None:
    first, *_ = bundles_of(parts_of(NAME, a_file(tmp_path, CONTENT)))
    with pytest.raises(WozError, match="no tier of the scheme 'proassist'"):
        written(NAME, [replace(first, tiers=(), turns=())], tmp_path / "out")


def test_memory_does_not_grow_with_the_number_of_turns(tmp_path: Path) -> None:
    peaks = []
    for count in (1_000, 10_000):
        path = a_file(
            tmp_path, [{"conversations": [{"conversation": [{"role": "user", "content": "Now? " * 60}] * count}]}]
        )
        parts, peak = peak_of(NAME, path)
        assert parts > count
        peaks.append(peak)
    assert peaks[1] < 2 * peaks[0] + 200_000
