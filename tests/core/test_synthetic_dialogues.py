"""Dialogues by a model: scored, filtered, marked, kept, gone on with; from real steps, through a server that
answers.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.core.format_room import bundles_of, parts_of
from tests.core.model_server import model_server
from tests.core.task_room import all_rows, published, release
from woz.base.clock import SystemClock
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S, Interval
from woz.dataset.evaluation.dialogue_scores import score_dialogues
from woz.dataset.evaluation.dialogues import paired_dialogues
from woz.dataset.models.asking import Limits
from woz.dataset.models.asking_json import JsonAsker
from woz.dataset.models.endpoint import Endpoint
from woz.dataset.models.exchanges import ExchangeLog
from woz.dataset.synthesis.dialogue import Dialogue, Role, Turn, UserType, counts, spaced
from woz.dataset.synthesis.keeping import DIALOGUES, generated, keep_dialogues
from woz.dataset.synthesis.outline import MOST_LINES, Line, Outline
from woz.dataset.synthesis.quality import good_enough, quality
from woz.dataset.synthesis.writing import drafts_of, finished, write_dialogues, write_progress
from woz.dataset.tasks.outlining import NAME, outline_of
from woz.dataset.tasks.proassist_rows import RATE
from woz.dataset.tasks.task import Settings
from woz.formats.bundle import SessionBundle

MODEL = "stub"


def outline(*spans: tuple[float, float], length_s: float = 60) -> Outline:
    timed = [Interval(round(a * NS_PER_S), round(b * NS_PER_S)) for a, b in spans]
    lines = tuple(Line(span, f"step {n}") for n, span in enumerate(timed))
    return Outline("Change the lamp", "", lines, round(length_s * NS_PER_S))


def user(time_s: float, text: str) -> Turn:
    return Turn(time_s, Role.USER, text)


def helper(time_s: float, text: str) -> Turn:
    return Turn(time_s, Role.ASSISTANT, text)


def test_the_score_is_proassists() -> None:
    """By hand: turns 0.5, 0 and 1 s from the times 0, 10, 20, 30; beginnings 0.5, 0 and 9 s from the turns."""
    turns = [user(0.5, "Which one?"), helper(10, "Turn it."), user(11, "So?")]
    found = quality(turns, outline((0, 10), (10, 20), (20, 30)))
    assert found is not None
    assert found.turns_to_steps_s == pytest.approx(1.5 / 3)
    assert found.steps_to_turns_s == pytest.approx(9.5 / 3)
    assert found.unanswered == 1, "the answer came after 9.5 s; the last turn is not counted"
    assert found.score == pytest.approx(10 - (1.5 / 3 + 9.5 / 3 + 0.1))
    assert quality([], outline((0, 10))) is None


def test_turns_on_each_others_heels_are_spaced_but_answers_come_at_once() -> None:
    turns = [helper(1, "a"), helper(1.2, "b"), user(5, "c?"), helper(5, "d"), helper(5.1, "e"), helper(5.3, "f")]
    assert [each.time for each in spaced(turns)] == [1, 2, 5, 5, 6, 7]


def test_ten_are_two_four_four_and_three_are_one_of_each() -> None:
    assert list(counts(10).values()) == [2, 4, 4]
    assert list(counts(3).values()) == [1, 1, 1]
    assert sum(counts(7).values()) == 7


def test_a_long_session_is_written_in_parts_that_cover_it() -> None:
    parts = outline(*((n, n + 0.5) for n in range(MOST_LINES + 3)), length_s=100).parts()
    assert [len(each.lines) for each in parts] == [MOST_LINES, 3]
    assert (parts[0].start_ns, parts[0].end_ns, parts[1].end_ns) == (0, parts[1].start_ns, 100 * NS_PER_S)


def made(score: float, kind: UserType, nr: int = 0) -> Dialogue:
    found = quality([helper(0, "a")], outline((0, 1)))
    assert found
    return Dialogue("s", kind, nr, MODEL, "prompt x", "d", replace(found, score=score), (helper(0, "a"),))


def test_train_takes_all_of_three_and_evaluation_the_best_of_five_of_each_kind() -> None:
    scores = [(UserType.NO_TALK, 5.5), (UserType.NO_TALK, 7), (UserType.TALK_SOME, 5), (UserType.TALK_MORE, 4.9)]
    found = [made(score, kind, n) for n, (kind, score) in enumerate(scores)]
    assert good_enough(found, "train") == found
    assert good_enough([made(2.9, UserType.NO_TALK)], "train") == []
    assert good_enough(found, "test") == [], "no talk_more of 5 or more"
    best = good_enough([*found, made(6, UserType.TALK_MORE)], "test")
    assert [each.quality.score for each in best] == [7, 5, 6]


@pytest.fixture(scope="module")
def cooking(shared_data: Path) -> list[SessionBundle]:
    path = shared_data / "annotations" / "captaincook4d" / "error_annotations_recipes_1-6.json"
    return published("captaincook4d", [path])[:10]


def outlines_of(bundles: list[SessionBundle]) -> dict[str, Outline]:
    found = {each.session.id: outline_of(each, Settings()) for each in bundles}
    return {str(key): each for key, each in found.items() if each}


def answer(body: dict[str, Any]) -> str:
    """A model that follows: it tells each step when it begins, and the user asks at the first where they may."""
    told = body["messages"][1]["content"]
    if body["response_format"]["json_schema"]["name"] == "progress":
        return json.dumps({"summary": f"{told.count('assistant:')} steps were told."})
    lines = [line for line in told.splitlines() if line.startswith("[") and "]" in line and ": " not in line[:20]]
    steps = [line for line in lines if not line.split("] ")[1].startswith(("user", "assis"))]
    starts = [float(line[1:].split("s")[0]) for line in steps]
    told_of = {"role": "assistant", "text": "Now this.", "initiative": "initiative", "intentions": ["instruction"]}
    turns = [{"time": t, **told_of} for t in starts]
    talks = "says nothing more" not in told
    asks = {"time": starts[0], "role": "user", "text": "This one?", "initiative": "none", "intentions": []}
    replies = {"time": starts[0], "role": "assistant", "text": "Yes.", "initiative": "responsive", "intentions": []}
    return json.dumps({"turns": [asks, replies, *turns[1:]] if talks else turns})


def written(
    folder: Path,
    bundles: list[SessionBundle],
    *answers: Any,
    limits: Limits = Limits(4, 1),  # noqa: B008
) -> JsonAsker:
    """Three dialogues a session with their summaries, kept below the folder."""
    outlines = outlines_of(bundles)
    drafts = drafts_of(outlines, 3)
    with model_server(*answers) as server, ExchangeLog(folder / "models/synthetic.jsonl") as log:
        asker = JsonAsker(Endpoint(server.url, MODEL), log, SystemClock(), limits)
        write_dialogues(drafts, asker)
        keep_dialogues(folder, write_progress(finished(drafts, MODEL), outlines, asker), outlines, MODEL)
    return asker


@pytest.fixture(scope="module")
def lab(cooking: list[SessionBundle], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lab")
    assert written(folder, cooking, answer).unfit == 0
    return folder


@pytest.fixture(scope="module")
def released(lab: Path, cooking: list[SessionBundle], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return release(tmp_path_factory.mktemp("out") / "r", cooking, NAME, settings={"generated": generated(lab)})


def test_rows_card_and_manifest_say_that_it_is_synthetic(released: Path) -> None:
    rows = all_rows(released / "tasks" / NAME)
    assert rows
    assert all(row["synthetic"] is True and row["written_by"] == MODEL for row in rows)
    assert {row["user_type"] for row in rows} == {"no_talk", "talk_some", "talk_more"}
    manifest = json.loads((released / "manifest.json").read_text(encoding="utf-8"))
    task = manifest["tasks"][NAME]
    assert task["synthetic"] is True
    assert task["written_by"][0].startswith(f"{MODEL}: prompt ")
    assert manifest["query"]["task_settings"]["generated"]["files"].keys() == {DIALOGUES}
    card = (released / "README.md").read_text(encoding="utf-8")
    assert "Every dialogue of this task is synthetic: nobody said it. Written by stub: prompt" in card
    for row in all_rows(released / "tasks" / NAME / "prepared"):
        assert row["metadata"]["synthetic"] is True
    for path in (released / "tasks" / NAME).glob("*_filtered.json"):
        videos = json.loads(path.read_text(encoding="utf-8"))
        assert all(video["synthetic"] and talk["synthetic"] for video in videos for talk in video["conversations"])


def test_each_turn_of_the_assistant_has_a_summary_of_what_was_said_until_then(released: Path) -> None:
    for row in all_rows(released / "tasks" / NAME / "prepared"):
        own = [turn for turn in row["conversation"] if turn["role"] == "assistant"]
        assert [turn["progress"].split("start. ")[1] for turn in own] == [
            f"{n} steps were told." for n in range(1, len(own) + 1)
        ]


def test_a_turn_comes_behind_the_frames_before_its_own(released: Path) -> None:
    """As ProAssist's convert_conversation_time_to_index has it."""
    for row in all_rows(released / "tasks" / NAME / "prepared"):
        seen = 0
        for frames, turn in zip(row["conversation"][::2], row["conversation"][1::2], strict=False):
            assert (frames["start"], frames["end"]) == (seen, max(seen + 1, int(turn["time"] * RATE)))
            seen = frames["end"]


def test_the_files_are_read_and_scored(released: Path, shared_data: Path) -> None:
    truth = released / "tasks" / NAME / "test.jsonl"
    assert score_dialogues(paired_dialogues(truth, truth)).mended.f1 == 1
    filtered = released / "tasks" / NAME / "test_filtered.json"
    videos = json.loads(filtered.read_text(encoding="utf-8"))
    back = bundles_of(parts_of("proassist", filtered))
    assert len(back) == sum(len(video["conversations"]) for video in videos) == len(all_rows_of(truth))


def all_rows_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_steps_that_changed_since_take_their_dialogues_out(
    lab: Path, cooking: list[SessionBundle], tmp_path: Path
) -> None:
    first, *others = cooking
    later = [replace(each, end_ns=each.end_ns + NS_PER_S) if each.end_ns else each for each in first.annotations]
    changed = replace(first, annotations=tuple(later))
    out = release(tmp_path / "r", [changed, *others], NAME, settings={"generated": generated(lab)})
    assert first.session.id not in {row["session"] for row in all_rows(out / "tasks" / NAME)}
    with pytest.raises(WozError, match="woz release synthesize"):
        release(tmp_path / "none", [changed], NAME, settings={"generated": generated(lab)})


def test_an_answer_that_is_wrong_is_asked_for_once_more_then_given_up(
    cooking: list[SessionBundle], tmp_path: Path
) -> None:
    late = json.dumps({"turns": [{"time": 99_999, "role": "assistant", "text": "Hm."}]})
    one = cooking[:1]
    told = written(tmp_path / "a", one, late, answer, limits=Limits(1, 1))
    assert (told.unfit, len(generated(tmp_path / "a").dialogues[one[0].session.id])) == (0, 3)
    again = [
        each for line in (tmp_path / "a/models/synthetic.jsonl").read_text(encoding="utf-8").splitlines()
        if (each := json.loads(line))["condition"] == "dialogue, again"
    ]  # fmt: skip
    assert len(again) == 1
    assert "outside 0 to" in again[0]["request"]["messages"][-1]["content"]
    assert written(tmp_path / "b", one, "I can't.", limits=Limits(1, 1)).unfit == 3
    assert not generated(tmp_path / "b").dialogues


def test_a_model_that_repeats_what_it_was_asked_is_not_taken(cooking: list[SessionBundle], tmp_path: Path) -> None:
    """As a small one did: the times are right, and the score would be good."""

    def parrot(body: dict[str, Any]) -> str:
        line = next(each for each in body["messages"][1]["content"].splitlines() if each.startswith("["))
        return json.dumps({"turns": [{"time": 5, "role": "assistant", "text": f"The step. {line}"}]})

    assert written(tmp_path, cooking[:1], parrot, limits=Limits(1, 1)).unfit == 3
    assert not generated(tmp_path).dialogues


def test_a_user_who_should_say_nothing_and_talks_is_not_taken(cooking: list[SessionBundle], tmp_path: Path) -> None:
    well = {"role": "user", "text": "Well?", "initiative": "none", "intentions": []}
    turns = [*({"time": t, **well} for t in (1, 2, 3)), {"time": 4, "role": "assistant", "text": "Go on."}]
    asker = written(tmp_path, cooking[:1], json.dumps({"turns": turns}), limits=Limits(1, 1))
    kinds = {each.user_type for each in generated(tmp_path).dialogues[cooking[0].session.id]}
    assert (asker.unfit, kinds) == (1, {UserType.TALK_SOME, UserType.TALK_MORE})


def test_a_budget_ends_it_and_the_next_call_goes_on(cooking: list[SessionBundle], tmp_path: Path) -> None:
    first = written(tmp_path, cooking[:2], answer, limits=Limits(1, 1, requests=4))
    assert (first.spent.put, first.spent.left > 0) == (4, True)
    assert sum(map(len, generated(tmp_path).dialogues.values())) == 4
    rest = written(tmp_path, cooking[:2], answer)
    assert rest.spent.kept == 4
    whole = [each for those in generated(tmp_path).dialogues.values() for each in those]
    assert len(whole) == 6
    assert all(turn.progress for each in whole for turn in each.turns if turn.by_assistant)
    assert written(tmp_path, cooking[:2], answer).spent.put == 0


def test_a_server_that_goes_away_leaves_what_was_written_and_the_next_call_goes_on(
    cooking: list[SessionBundle], tmp_path: Path
) -> None:
    first = written(tmp_path, cooking[:2], answer, answer, answer, answer, 401, limits=Limits(1, 1))
    with pytest.raises(WozError, match="refuses"):
        first.demand_server()
    assert sum(map(len, generated(tmp_path).dialogues.values())) == 4
    rest = written(tmp_path, cooking[:2], answer)
    assert rest.trouble is None
    assert (rest.spent.kept, sum(map(len, generated(tmp_path).dialogues.values()))) == (4, 6)
    again = written(tmp_path, cooking[:2], 401, limits=Limits(1, 1))
    assert again.trouble is None, "nothing is asked, so nothing is refused"
    whole = [each for those in generated(tmp_path).dialogues.values() for each in those]
    assert all(turn.progress for each in whole for turn in each.turns if turn.by_assistant)
