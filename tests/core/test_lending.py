"""A session as it was recorded in data sets' formats: what woz knows leaves, what nobody said is not made up."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.core.format_room import lost_by, parts_of
from tests.core.recorded_session import BUNDLE, MADE, SID, TIER
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S
from woz.formats.bundle import SessionBundle
from woz.formats.format import Writing
from woz.formats.registry import writer, writers
from woz.model.annotation import Annotation, Attribute
from woz.model.ids import AnnotationId, TierId
from woz.model.own_schemes import UNSURE
from woz.model.tier import Tier
from woz.schemes.shipped import shipped

MARKS = "marks that a step was a mistake"
NEED_MORE = {"qa", "timesync"}
"""Questions, or a view's frames."""


def _written(name: str, folder: Path, bundle: SessionBundle = BUNDLE) -> dict[str, str]:
    chosen = writer(name)
    assert chosen.write
    return {file.name: "".join(file.text) for file in chosen.write([bundle], Writing(folder, 25))}


def _lost(name: str, bundle: SessionBundle = BUNDLE) -> dict[str, int]:
    return lost_by(name, [bundle])


def test_steps_leave_as_key_steps_with_the_procedure_as_taxonomy(tmp_path: Path) -> None:
    [text] = _written("egoexo4d-keysteps", tmp_path).values()
    told = json.loads(text)
    [take] = told["annotations"].values()
    segments = [(each["step_name"], each["start_time"], each["end_time"]) for each in take["segments"]]
    assert segments == [("Join poles", 0, 4), ("Set pegs", 4, 8)]
    tree = told["taxonomy"][take["scenario"]]
    assert [tree[str(each["step_id"])]["name"] for each in take["segments"]] == ["Join poles", "Set pegs"]
    assert {"Join poles", "Set pegs"} <= {node["name"] for node in told["taxonomy"]["Pitch a tent"].values()}
    path = tmp_path / "keystep.json"
    path.write_text(text, encoding="utf-8")
    labels = [part.label for part in parts_of("egoexo4d-keysteps", path) if isinstance(part, Annotation)]
    assert len([label for label in labels if label != "file"]) == 2
    assert _lost("egoexo4d-keysteps")[MARKS] == 1


def test_a_marked_mistake_leaves_as_captaincooks_error(tmp_path: Path) -> None:
    steps = json.loads(_written("captaincook4d", tmp_path)["step_annotations.json"])[str(SID)]["steps"]
    assert [(each["description"], each["has_errors"]) for each in steps] == [
        ("Join poles", True),
        ("Set pegs", False),
    ]
    assert MARKS not in _lost("captaincook4d")


def test_wtags_steps_are_the_procedures(tmp_path: Path) -> None:
    files = _written("wtag", tmp_path)
    [steps] = [text for name, text in files.items() if name.endswith("StepDetection.txt")]
    assert "Join poles" in steps
    assert "Set pegs" in steps


def test_steps_leave_as_narrated_actions_without_verbs(tmp_path: Path) -> None:
    rows = list(csv.DictReader(_written("epic", tmp_path)["epic.csv"].splitlines()))
    assert [(row["narration"], row["start_timestamp"], row["stop_timestamp"]) for row in rows] == [
        ("Join poles", "00:00:00.00", "00:00:04.00"),
        ("Set pegs", "00:00:04.00", "00:00:08.00"),
    ]
    assert {row[name] for row in rows for name in ("verb", "verb_class", "noun", "narration_timestamp")} == {""}
    assert _lost("epic").items() >= {"verbs and nouns, which nobody annotated": 2, MARKS: 1}.items()


def test_steps_and_turns_leave_as_holoassists_coarse_actions_and_conversation(tmp_path: Path) -> None:
    events = json.loads(_written("holoassist", tmp_path)[f"{SID}.holoassist.json"])["events"]
    told = [(each["label"], each["start"], each["end"]) for each in events]
    assert told == [
        ("Coarse grained action", 0, 4),
        ("Conversation", 1, 2),
        ("Conversation", 3, 3.5),
        ("Coarse grained action", 4, 8),
    ]
    assert [each["attributes"].get("Action sentence") for each in events] == ["Join poles", None, None, "Set pegs"]
    assert {each["attributes"].get("Verb", "none") for each in events} == {"none"}
    assert _lost("holoassist").items() >= {"verbs and nouns, which nobody annotated": 2, MARKS: 1}.items()


def test_turns_alone_leave_as_holoassists_and_proassists_dialogue(tmp_path: Path) -> None:
    alone = replace(BUNDLE, tiers=(), annotations=())
    events = json.loads(_written("holoassist", tmp_path, alone)[f"{SID}.holoassist.json"])["events"]
    assert [each["attributes"]["Transcription"] for each in events] == ["Like this?", "No, turn it."]
    [video] = json.loads(_written("proassist", tmp_path, alone)["proassist.json"])
    assert video["inferred_knowledge"] == "Tent\n1. Join poles\n2. Set pegs"
    assert video["conversations"][0]["conversation"] == [
        {"role": "user", "time": 1.0, "content": "Like this?"},
        {"role": "assistant", "time": 3.0, "content": "No, turn it."},
    ]
    assert _lost("proassist", alone) == {
        "turns' words with times": 2,
        "turns' ends": 2,
        "initiative and intentions, which nobody annotated": 1,
    }


def test_steps_leave_as_descriptions_where_they_begin(tmp_path: Path) -> None:
    [take] = json.loads(_written("egoexo4d-atomic", tmp_path)["atomic_descriptions.json"])["annotations"].values()
    assert [(each["text"], each["timestamp"], each["narration_subject"]) for each in take[0]["descriptions"]] == [
        ("Join poles", 0, "C"),
        ("Set pegs", 4, "C"),
    ]
    assert _lost("egoexo4d-atomic").items() >= {"ends of steps": 2, MARKS: 1}.items()


def test_what_the_expert_said_wrote_and_drew_leaves_as_commentary(tmp_path: Path) -> None:
    files = _written("egoexo4d-commentary", tmp_path)
    [take] = json.loads(files["expert_commentary.json"])["annotations"].values()
    [about] = take
    assert about["commentary"] == "Tent/E01"
    comments = about["commentary_data"]
    assert [(each["video_time"], each.get("text"), each.get("duration_approx")) for each in comments] == [
        (2.0, "Pole bent", None),
        (3.0, "No, turn it.", 0.5),
        (5.0, None, None),
    ]
    [data] = [json.loads(text) for name, text in files.items() if name.endswith("data.json")]
    assert data["user_id"] == "E01"
    assert [bool(each.get("events")) for each in data["annotations"]] == [False, False, True]
    [event] = data["annotations"][2]["events"]
    ends = {"from": {"x": 0.25, "y": 0.5, "t": 5000}, "to": {"x": 0.5, "y": 0.5, "t": 6000}}
    assert event == {"type": "path", "action": "draw", "global_time": 5000, "paths": [ends]}
    assert data["annotations"][2]["start_global_time"] == 5000
    assert _lost("egoexo4d-commentary")["turns"] == 1


def test_mistakes_with_a_text_leave_as_tips_once_each(tmp_path: Path) -> None:
    [take] = json.loads(_written("egoexo4d-proficiency", tmp_path)["proficiency_demonstration.json"])
    tips = [(each["video_time"], each["list"], each["expert_uid"]) for each in take["tips_for_improvement"]]
    assert tips == [(2.0, ["Pole bent"], "E01")]
    assert [each["video_name"] for each in take["tips_for_improvement"]] == [take["take_uid"]] == [str(SID)]
    assert take["good_executions"] == []
    marked = replace(BUNDLE.annotations[0], note="Too slow")
    noted = replace(BUNDLE, annotations=(marked, *BUNDLE.annotations[1:]))
    [take] = json.loads(_written("egoexo4d-proficiency", tmp_path, noted)["proficiency_demonstration.json"])
    assert [each["list"] for each in take["tips_for_improvement"]] == [["Too slow"], ["Pole bent"]]
    other = "annotations in other tiers"
    assert _lost("egoexo4d-proficiency", noted)[other] == _lost("egoexo4d-proficiency")[other], "the step is none"


def test_a_mistake_without_a_time_gets_none(tmp_path: Path) -> None:
    left_out = replace(BUNDLE.annotations[0], start_ns=None, end_ns=None, note="Left out")
    bundle = replace(BUNDLE, annotations=(left_out, *BUNDLE.annotations[1:]))
    [take] = json.loads(_written("egoexo4d-proficiency", tmp_path, bundle)["proficiency_demonstration.json"])
    assert [each["list"] for each in take["tips_for_improvement"]] == [["Pole bent"]]


@pytest.mark.parametrize(
    "name", ["epic", "holoassist", "egoexo4d-atomic", "egoexo4d-keysteps", "captaincook4d", "wtag"]
)
def test_what_a_step_says_besides_is_told_where_it_is_left_out(name: str) -> None:
    doubtful = replace(BUNDLE.annotations[1], attributes=(Attribute(UNSURE, True),))
    bundle = replace(BUNDLE, annotations=(BUNDLE.annotations[0], doubtful, *BUNDLE.annotations[2:]))
    assert _lost(name, bundle)["other attributes of steps"] == 1
    assert "other attributes of steps" not in _lost(name)


def test_a_sessions_own_annotations_go_before_what_could_be_lent(tmp_path: Path) -> None:
    scheme = shipped("egoexo4d")
    tier = Tier(TierId("own"), SID, scheme.id, 1, "atomic", "Descriptions", MADE)
    said = Annotation(AnnotationId("d"), tier.id, NS_PER_S, None, "C", MADE, (Attribute("text", "C waits."),))
    own = replace(BUNDLE, tiers=(TIER, tier), annotations=(*BUNDLE.annotations, said))
    [take] = json.loads(_written("egoexo4d-atomic", tmp_path, own)["atomic_descriptions.json"])[
        "annotations"
    ].values()
    assert [each["text"] for each in take[0]["descriptions"]] == ["C waits."]
    assert "keystep.json" in _written("egoexo4d-keysteps", tmp_path, own)


@pytest.mark.parametrize("name", sorted(writers().keys() - NEED_MORE))
def test_every_format_takes_a_session_as_it_was_recorded(name: str, tmp_path: Path) -> None:
    files = {path: text for path, text in _written(name, tmp_path).items() if text}
    assert files


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("epic", "no steps, and no tier of the scheme 'epic'"),
        ("holoassist", "no steps, no turns, and no tier of the scheme 'holoassist'"),
        ("proassist", "no turns, and no tier of the scheme 'proassist'"),
        ("egoexo4d-keysteps", "Key steps; Ctrl"),
        ("egoexo4d-atomic", "Atomic descriptions; Ctrl"),
        ("egoexo4d-commentary", "no turns or marks of the expert, and no tier"),
        ("egoexo4d-proficiency", "Good executions and tips or Skill of the demonstrator; Ctrl"),
        ("captaincook4d", "no steps, and no tier of the scheme 'captaincook4d'"),
        ("wtag", "no steps, and no tier of the scheme 'wtag'"),
    ],
)
def test_a_session_with_nothing_of_it_is_told_what_to_annotate(name: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(WozError, match=says):
        _written(name, tmp_path, replace(BUNDLE, tiers=(), annotations=(), turns=()))
