"""A model behind an endpoint: its answers checked, asked for once more, left out; it never replaces silently."""

from __future__ import annotations

import json
import socket
from dataclasses import replace
from itertools import pairwise

import pytest

from tests.core.model_server import Server, completion, model_server
from tests.core.release_room import question
from woz.base.errors import WozError
from woz.base.interval import Interval
from woz.dataset.models.endpoint import Endpoint
from woz.dataset.models.finding import STEP, WINDOW, exchanges_in, windows
from woz.dataset.models.rewriting import prompt_name, rewritten
from woz.dataset.models.translating import prompt_name as found_prompt
from woz.dataset.models.translating import translated
from woz.model.ids import TranscriptId, TurnId
from woz.model.people import Role
from woz.model.question import Distractor, English, Question, QuestionKind, Wording
from woz.model.transcript import Turn

ASKED = question("s", "a", text="Wich one is it?", answer="The red one with 4 holes", distractors=())
GOOD = {
    "question": "Which one is it?",
    "answer": "The red one with 4 holes.",
    "distractors": [
        "The blue one with 4 holes.",
        "The red one",
        "the RED one with 4 holes!",
        "The lid.",
        "The post.",
    ],
    "type": "comparison",
}


def ask(server: Server, asked: Question = ASKED, timeout_s: float = 20, count: int = 4) -> Question | None:
    return rewritten(count, Endpoint(server.url, "stub", "secret", timeout_s), asked, ["expert: Good."], 7)


def test_a_model_writes_as_many_wrong_answers_as_are_wanted() -> None:
    ten = [
        f"The {colour} one."
        for colour in ["blue", "green", "grey", "black", "white", "brown", "pink", "gold", "silver", "purple"]
    ]
    with model_server(json.dumps({**GOOD, "distractors": [*ten, "The lid.", "The post."]})) as server:
        new = ask(server, count=10)
    assert new
    assert [each.text for each in new.distractors] == ten
    assert "10 wrong answers" in server.asked[0]["messages"][0]["content"]
    assert {each.wording.how for each in new.distractors} == {prompt_name(10)} != {prompt_name(4)}


def test_a_model_mends_and_writes_wrong_answers_under_its_own_name() -> None:
    with model_server(json.dumps(GOOD)) as server:
        new = ask(server)
    assert new
    wording = Wording("stub", prompt_name(4), 7)
    assert (new.text, new.wording, new.answer, new.answer_wording) == (
        GOOD["question"], wording, GOOD["answer"], wording,
    )  # fmt: skip
    assert [each.text for each in new.distractors] == ["The blue one with 4 holes.", "The lid.", "The post."]
    assert {each.wording for each in new.distractors} == {wording}
    assert new.type == "comparison"
    (body,) = server.asked
    assert body["response_format"]["json_schema"]["schema"]["additionalProperties"] is False
    assert "expert: Good." in body["messages"][1]["content"]
    assert server.headers[0]["Authorization"] == "Bearer secret"


def test_what_would_say_something_else_is_not_taken() -> None:
    other = {**GOOD, "question": "What colour is the sky?", "answer": "The red one with 5 holes", "type": "weather"}
    with model_server(json.dumps(other)) as server:
        new = ask(server)
        put = ask(server, replace(ASKED, kind=QuestionKind.UNASKED))
    assert new
    assert (new.text, new.answer, new.type) == (ASKED.text, ASKED.answer, ASKED.type)
    assert put
    assert put.text == ASKED.text


def test_wrong_answers_that_stand_already_stay() -> None:
    own = (Distractor("None."), Distractor("Both."), Distractor("The lid."))
    with model_server(json.dumps(GOOD)) as server:
        new = ask(server, replace(ASKED, distractors=own))
    assert new
    assert (new.distractors[:3], len(new.distractors)) == (own, 4)


@pytest.mark.parametrize(
    "nonsense",
    ["So sorry!", '{"question": "Which', '{"question": 3}', json.dumps({**GOOD, "distractors": []}), "[" * 100_000],
)
def test_nonsense_is_asked_for_once_more_and_then_left_out(nonsense: str) -> None:
    with model_server(nonsense) as server:
        assert ask(server) is None
        assert len(server.asked) == 2
        assert "not as wanted" in server.asked[1]["messages"][-1]["content"]
    with model_server(nonsense, f"<think>hm</think>\n```json\n{json.dumps(GOOD)}\n```") as server:
        assert ask(server) is not None


@pytest.mark.parametrize("answer", [b"<html>", b'{"choices": []}', b'{"choices": [{"text": "x"}]}', b"", 503, 429])
def test_what_is_no_completion_is_no_answer(answer: bytes | int) -> None:
    with model_server(answer) as server:
        assert ask(server) is None
    with model_server(answer, completion(json.dumps(GOOD))) as server:
        assert ask(server) is not None


def test_half_an_answer_or_a_page_is_told_as_what_it_is() -> None:
    for answer in (completion("A")[:20], b"<html>Welcome</html>", b'{"choices": "A"}'):
        with model_server(answer) as server:
            endpoint = Endpoint(server.url, "stub")
            assert endpoint.ask([], 8) is None
            assert all("what it answers is no chat completion" in trouble for trouble in endpoint.troubles)


@pytest.mark.parametrize("error", ['"the model is loading"', '{"message": "the model\\n is loading", "code": 3}'])
@pytest.mark.parametrize("beside", ["", '"choices": [], '])
def test_an_error_with_status_200_is_told_by_the_servers_own_words(error: str, beside: str) -> None:
    with model_server(f'{{{beside}"error": {error}}}'.encode()) as server:
        endpoint = Endpoint(server.url, "stub")
        assert endpoint.ask([], 8) is None
        assert list(endpoint.troubles) == ["it answers with an error: the model is loading"]


@pytest.mark.parametrize("error", [None, {}, "none", {"code": 0, "message": "ok"}])
def test_an_answer_is_one_whatever_stands_beside_it(error: object) -> None:
    with model_server(json.dumps({**json.loads(completion("A")), "error": error}).encode()) as server:
        assert Endpoint(server.url, "stub").ask([], 8) == "A"


def test_a_server_that_is_away_slow_or_refuses_is_named() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
    with pytest.raises(WozError, match=r"can't be reached.*start it"):
        Endpoint(nobody, "stub").ask([], 8)
    with model_server(401) as server, pytest.raises(WozError, match="refuses \\(401"):
        ask(server)
    with model_server("never") as server:
        server.hold.set()
        endpoint = Endpoint(server.url, "stub", timeout_s=0.05)
        assert [endpoint.ask([], 8), endpoint.ask([], 8)] == [None, None]
        with pytest.raises(WozError, match="not answered 3 times in a row"):
            endpoint.ask([], 8)
    for wrong in (
        "localhost:80", "ftp://x/v1", "", "http:///v1", "http://x y/v1",
        "http://[::1/v1", "http://x:99999/v1", "http://x:eighty/v1",
    ):  # fmt: skip
        with pytest.raises(WozError, match="no address"):
            Endpoint(wrong, "stub")
    for time_s in (0.0, -1.0, float("nan"), float("inf")):
        with pytest.raises(WozError, match="give --timeout 60"):
            Endpoint(nobody, "stub", timeout_s=time_s)


def test_a_key_that_was_read_with_its_line_s_end_is_told_to_nobody() -> None:
    with model_server("{}") as server:
        endpoint = Endpoint(server.url, "stub", "secret\n")
        assert endpoint.ask([], 8) == "{}"
        assert not endpoint.troubles


def test_an_answer_without_end_is_not_read_to_its_end() -> None:
    with model_server(b" " * (1 << 21)) as server:
        assert ask(server) is None


def test_only_this_computer_is_local() -> None:
    assert Endpoint("http://localhost:1/v1", "m").local
    assert not Endpoint("https://api.example.com/v1", "m").local


def test_a_model_s_english_is_unchecked_and_taken_whole_or_not_at_all() -> None:
    asked = replace(
        ASKED, text="Quale?", answer="Quello con 4 fori", language="it", distractors=(Distractor("Quello blu."),)
    )
    good = {"question": "Which one?", "answer": "The one with 4 holes", "distractors": ["The blue one."]}
    bad = (
        {**good, "answer": "The one with 5 holes"},
        {**good, "distractors": []},
        {**good, "distractors": [good["answer"]]},
    )
    with model_server(*(json.dumps(each) for each in (*bad, good))) as server:
        endpoint = Endpoint(server.url, "stub")
        found = [translated(endpoint, asked, [], 7) for _ in range(4)]
    assert found[:3] == [None, None, None]
    new = found[3]
    assert new
    assert new.english == English("Which one?", "The one with 4 holes", False, Wording("stub", found_prompt(), 7))
    assert (new.english_options, new.text) == (("The one with 4 holes", "The blue one."), asked.text)


LINES = (
    (Role.TRAINEE, 0, "I don't know where this one goes."),
    (Role.EXPERT, 3, "Hm, let me see."),
    (Role.EXPERT, 15, "It goes under the post."),
    (Role.EXPERT, 17, "On its left side."),
    (Role.TRAINEE, 30, "huh?"),
    (Role.OTHER, 32, "Is the coffee ready?"),
    (Role.EXPERT, 34, "It is hot now."),
    (Role.TRAINEE, 110, "And the second one, I suppose on top of it."),
)


def dialogue(count: int = len(LINES)) -> list[Turn]:
    lines = [LINES[n % len(LINES)] for n in range(count)]
    return [
        Turn(TurnId(f"{n}"), TranscriptId("t"), who, Interval(at * SECOND, (at + 2) * SECOND), text)
        for n, (who, at, text) in enumerate(lines)
    ]


SECOND = 1_000_000_000


def found_by(pairs: list[list[int]], taken: tuple[str, ...] = ()) -> list[tuple[list[str], list[str]]] | None:
    turns, said = dialogue(), {"found": [{"question": a, "answer": b} for a, b in pairs]}
    with model_server(json.dumps(said)) as server:
        found = exchanges_in(Endpoint(server.url, "stub"), turns, turns, {TurnId(each) for each in taken})
    shown = server.asked[0]["messages"][1]["content"]
    assert shown.startswith("1. trainee: I don't know where this one goes.\n2. expert: Hm")
    if found is None:
        return None
    return [([t.id for t in each.asked], [t.id for t in each.answered]) for each in found]


def test_a_model_names_lines_and_the_texts_are_what_was_said() -> None:
    assert found_by([[1, 3]]) == [(["0"], ["2", "3"])], "the answer goes on while its speaker does"
    assert found_by([]) == []


@pytest.mark.parametrize(
    "pair", [[0, 3], [1, 99], [3, 1], [1, 1], [1, 2], [3, 4], [5, 7], [6, 7], [1, 8], [8, 3]], ids=str
)
def test_an_exchange_that_can_t_be_is_not_taken(pair: list[int]) -> None:
    """Of no line; answered before; of one turn; by what wins time; of one speaker; of what was not heard."""
    assert found_by([pair]) == []


def test_turns_of_questions_that_there_are_stay_theirs() -> None:
    assert found_by([[1, 3]], ("0",)) == []
    assert found_by([[1, 3]], ("2",)) == []
    assert found_by([[1, 3], [1, 7]]) == [(["0"], ["2", "3"])]


def test_a_model_that_names_no_lines_found_nothing_that_counts() -> None:
    with model_server("The first one.") as server:
        turns = dialogue()
        assert exchanges_in(Endpoint(server.url, "stub"), turns, turns, ()) is None


@pytest.mark.parametrize("count", [0, 1, WINDOW, WINDOW + 1, 100])
def test_windows_overlap_and_hold_every_turn(count: int) -> None:
    turns = dialogue(count)
    shown = [[turn.id for turn in window] for window in windows(turns)]
    assert list(dict.fromkeys(key for window in shown for key in window)) == [turn.id for turn in turns]
    assert all(one[STEP:] == other[: len(one) - STEP] for one, other in pairwise(shown))
    assert len(shown) == (0 if not count else 1 if count <= WINDOW else -(-(count - WINDOW) // STEP) + 1)
