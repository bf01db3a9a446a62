"""Talk about the recording makes no question set; what may be meant so is flagged, and a person says."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.core.release_room import S, question, turns
from woz.base.interval import Interval
from woz.dataset.gates.item import Item
from woz.dataset.gates.of_recording import recording_gate
from woz.dataset.questions.of_recording import about_recording, near_recording
from woz.dataset.questions.proposing import of_recording, propose
from woz.dataset.questions.unasked import question_for, unasked, unasked_of_recording
from woz.model.ids import SessionId, TranscriptId, TurnId
from woz.model.people import Role
from woz.model.question import Question, Wording
from woz.model.transcript import Turn

NOT_OF_TASK = ("adjusting to capture", "opening remarks", "closing remarks")


@pytest.mark.parametrize(
    ("text", "about", "near"),
    [
        ("Is it recording?", True, True),
        ("Hello, can you hear me?", True, True),
        ("Are the glasses recording?", True, True),
        ("Your hands are out of frame.", True, True),
        ("It's over. You can press the stop button.", True, True),
        ("Hello, thank you for agreeing to take part in our study.", True, True),
        ("Mi senti?", True, True),
        ("Läuft die Aufnahme?", True, True),
        ("Press the stop button.", False, True),
        ("Put the picture in the frame.", False, True),
        ("Can you see my hands?", False, True),
        ("You can go ahead and close. Stop the recording.", False, True),
        ("Ok, you can see.", False, True),
        ("I can't see your hands.", False, True),
        ("Sorry, we couldn't really see what you're doing there.", False, True),
        ("Siehst du meine Hände?", False, True),
        ("Mi vedi?", False, True),
        ("Turn the camera on.", False, False),
        ("Yes, I can see it.", False, False),
        ("You can see the leg holes on the side.", False, False),
        ("I can't see the second screw.", False, False),
        ("Hold the lens so that it clicks into the camera.", False, False),
        ("Can you hear a click?", False, False),
        ("Is the water on?", False, False),
        ("You are done with the left screw.", False, False),
    ],
)
def test_a_sentence_is_about_the_recording_or_may_be(text: str, about: bool, near: bool) -> None:
    assert (about_recording(text), near_recording(text)) == (about, near)


def test_it_makes_no_question_set_and_is_counted() -> None:
    said = ((Role.TRAINEE, "Can you hear me?"), (Role.EXPERT, "Yes, very well."), (Role.TRAINEE, "Which one?"),
            (Role.EXPERT, "The red one."), (Role.EXPERT, "You can stop the recording now."))  # fmt: skip
    spoken = [_turn(str(n), who, 4 * n, 4 * n + 1, text) for n, (who, text) in enumerate(said)]
    assert [each.text for each in propose(SessionId("s"), spoken, (), 60 * S)] == ["Which one?"]
    assert of_recording(spoken) == 2


def test_what_may_be_about_the_recording_is_flagged_with_its_reason() -> None:
    asked = question("s", "a", text="Can you see my hands?", answer="Yes, I can.")
    told = question(
        "s", "b", text=question_for("en"), wording=Wording("woz", "unasked"), answer="Press the stop button."
    )
    task = question("s", "c", text="Which one?", answer="Turn the camera on.")
    found = recording_gate([_item(each) for each in (asked, told, task)])
    reasons = {each.question_id: each.reason for each in found.findings}
    assert found.judged == 3
    assert reasons == {
        "s-a": "The question may be about the recording, not about the task.",
        "s-b": "The answer may be about the recording, not about the task.",
    }


def test_real_dialogues_lose_what_their_labels_call_no_instruction(shared_data: Path) -> None:
    """By HoloAssist's purposes; the rules were written with these dialogues at hand."""
    found = Counter[tuple[bool, str]]()
    for path in sorted((shared_data / "annotations" / "holoassist").glob("*.json")):
        spoken, purposes = _dialogue(path)
        for turn in unasked_of_recording(spoken, ()):
            found[_other(purposes[turn.id]), "left out"] += 1
        for turn in unasked(spoken, ()):
            found[_other(purposes[turn.id]), "flagged" if near_recording(turn.text) else "proposed"] += 1
    other = {outcome: found[True, outcome] for outcome in ("left out", "flagged", "proposed")}
    task = {outcome: found[False, outcome] for outcome in ("left out", "flagged", "proposed")}
    assert other["left out"] > 3 * other["flagged"] / 2
    assert other["proposed"] < 0.1 * sum(other.values())
    assert task["left out"] < 0.02 * sum(task.values())
    assert task["flagged"] < 0.03 * sum(task.values())


def _other(purpose: str) -> bool:
    return any(each in purpose for each in NOT_OF_TASK)


def _dialogue(path: Path) -> tuple[list[Turn], dict[TurnId, str]]:
    events = list(_spoken(path))
    spoken = [
        _turn(
            str(each["id"]),
            Role.TRAINEE if purpose.startswith("student") else Role.EXPERT,
            each["start"],
            max(each["start"], each["end"]),
            each["attributes"]["Transcription"],
        )
        for each, purpose in events
    ]
    return spoken, {turn.id: purpose for turn, (_, purpose) in zip(spoken, events, strict=True)}


def _spoken(path: Path) -> Iterator[tuple[dict[str, Any], str]]:
    for each in json.loads(path.read_text(encoding="utf-8"))["events"]:
        if each["label"] == "Conversation":
            yield each, each["attributes"]["Conversation Purpose"]


def _turn(name: str, who: Role, start_s: float, end_s: float, text: str) -> Turn:
    span = Interval(round(start_s * S), round(end_s * S))
    return Turn(TurnId(name), TranscriptId("t"), who, span, text)


def _item(asked: Question) -> Item:
    return Item(asked, "g", "train", "", asked.options, turns("s"))
