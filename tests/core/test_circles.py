"""How a limit is judged by which a text is taken to go round in circles."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.benchmarks.transcription.circles import caught, circle, holoassist, shrinking, windows_of
from tests.benchmarks.transcription.declaration import ARTICLE_1
from tests.benchmarks.transcription.limits import Heard, summaries
from woz.transcription.references import Utterance
from woz.transcription.repetition import repetition

ENGLISH = ARTICLE_1["en"]


def _said(*lines: tuple[float, float, str]) -> list[Utterance]:
    return [Utterance("a", start, end, text) for start, end, text in lines]


def test_speech_is_cut_at_pauses_and_each_text_lies_in_one_window() -> None:
    packing, windows = windows_of(_said((14, 26, "two"), (1, 13, "one"), (40, 52, "three")), 60.0)
    assert packing.length_s == pytest.approx(41.0)
    assert [window.text for window in windows] == ["one two", "three"]
    assert [at for window in windows for at in window.span] == pytest.approx([0.0, 27.0, 27.0, 41.0])


def test_what_begins_before_the_last_one_ended_begins_there() -> None:
    packing, (window,) = windows_of(_said((1, 5, "one"), (4, 8, "two"), (4.5, 5, "inside")), 20.0)
    assert window.text == "one two"
    assert packing.pauses == pytest.approx((5.0,))


def test_a_circle_takes_the_place_of_a_text_s_last_part() -> None:
    text = "one two three four five six seven eight"
    made = circle(text, 2, 0.5)
    assert made.startswith("one two three four five four five")
    assert set(made.split()[5:]) == {"four", "five"}
    assert len(text) <= len(made) <= len(text) + len(" five")
    assert circle("一二三四五六七八", 1, 0.5) == "一二三四四四四四"
    assert circle("one two", 4, 0.5) == "one two"


def test_texts_and_circles_over_each_limit_are_counted() -> None:
    again = "and so it goes, " * 20
    row = shrinking("both", [ENGLISH, again], (1.8, 2.4))
    assert (row.windows, row.over, row.most) == (2, {1.8: 1, 2.4: 1}, repetition(again))
    quarter, _, most = caught([ENGLISH, again], (1.8, 2.4))
    assert quarter.circles == most.circles == 4
    assert quarter.over[2.4] <= quarter.over[1.8] <= most.over[1.8] <= 4
    assert most.over[1.8] > 0


def test_what_two_people_say_is_read_apart_and_what_nobody_wrote_down_is_left_out(tmp_path: Path) -> None:
    def event(label: str, who: str, text: str) -> dict[str, object]:
        attributes = {"Conversation Purpose": f"{who}-start-conversation_other", "Transcription": text}
        return {"label": label, "start": 1.5, "end": 2.5, "attributes": attributes}

    talk = [("instructor", "Go."), ("student", "Yes."), ("student", "none"), ("student", " ")]
    events = [event("Conversation", *each) for each in talk] + [event("Narration", "student", "Pours.")]
    (tmp_path / "one.json").write_text(json.dumps({"events": events}))
    assert list(holoassist(tmp_path)) == [
        [Utterance("instructor", 1.5, 2.5, "Go.")],
        [Utterance("student", 1.5, 2.5, "Yes.")],
    ]


def test_real_sessions_have_words_of_both(shared_data: Path) -> None:
    tracks = list(holoassist(shared_data / "annotations" / "holoassist"))
    assert len(tracks) > 40
    assert all(said and all(u.text and u.end_s >= u.start_s for u in said) for said in tracks)


def _heard(errors: int, reference_ratio: float = 1.5, **by_limit: int) -> Heard:
    limits = {float(limit.removeprefix("at_").replace("_", ".")): n for limit, n in by_limit.items()}
    return Heard("base", "call", 30.0, reference_ratio, 2.25, 150, -0.5, False, 40, errors, "so", limits)


def test_a_limit_is_judged_by_the_errors_of_what_it_sends_back() -> None:
    heard = [
        _heard(4),
        _heard(20, at_2_2=5, at_2_0=5),
        _heard(3, at_2_2=6, at_2_0=6),
        _heard(7, 2.1, at_2_0=7),
    ]
    high, low, lower = summaries(heard, (2.4, 2.2, 2.0))
    assert (high.anew, high.errors, high.windows) == (0, 34, 4)
    assert (low.anew, low.better, low.worse, low.repeats, low.errors) == (2, 1, 1, 0, 22)
    assert (lower.anew, lower.better, lower.worse, lower.repeats, lower.errors) == (3, 1, 1, 1, 22)
