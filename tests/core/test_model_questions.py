"""A model behind an endpoint: its answers checked, asked for once more, left out; it never replaces silently."""

from __future__ import annotations

import json
import socket
from dataclasses import replace

import pytest

from tests.core.model_server import Server, completion, model_server
from tests.core.release_room import question
from woz.base.errors import WozError
from woz.dataset.models.endpoint import Endpoint
from woz.dataset.models.rewriting import prompt_name, rewritten
from woz.dataset.models.translating import prompt_name as found_prompt
from woz.dataset.models.translating import translated
from woz.model.question import Distractor, English, Question, QuestionKind, Wording

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


def ask(server: Server, asked: Question = ASKED, timeout_s: float = 20) -> Question | None:
    return rewritten(Endpoint(server.url, "stub", "secret", timeout_s), asked, ["expert: Good."], 7)


def test_a_model_mends_and_writes_wrong_answers_under_its_own_name() -> None:
    with model_server(json.dumps(GOOD)) as server:
        new = ask(server)
    assert new
    wording = Wording("stub", prompt_name(), 7)
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
    for wrong in ("localhost:80", "ftp://x/v1", ""):
        with pytest.raises(WozError, match="no address"):
            Endpoint(wrong, "stub")


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
