"""Gates that ask models: what each is shown, how false alarms are measured, that nothing is asked twice or lost."""

from __future__ import annotations

import json
import random
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.core.model_server import model_server
from tests.core.release_room import S, question, turns
from woz.base.clock import SystemClock
from woz.base.errors import WozError
from woz.base.interval import Interval
from woz.dataset.gates.conditions import Condition, Task, heard_before, messages, told, turned_on
from woz.dataset.gates.item import Item
from woz.dataset.gates.model_gate import Rule, Tally, gate_of
from woz.dataset.models.asking import Asker, Limits, Spent
from woz.dataset.models.endpoint import Endpoint
from woz.dataset.models.exchanges import ExchangeLog
from woz.dataset.models.replies import Choice, How
from woz.dataset.models.requests import Request, picture_part

CLOCK = SystemClock()
MODELS = ("one", "two")
ITEM = Item(question("s", "a"), "g", "train", "", ("The blue one.", "The red one.", "None of them."), turns("s"))


def tally(name: str, *taken: int, right: int = 0, options: int = 5) -> Tally:
    """Each model took one option in all orders."""
    made = Tally(name, right, options)
    for model, option in zip(MODELS, taken, strict=False):
        made.add(model, [Choice(option, How.NAMED)] * options)
    return made


def test_what_two_models_find_in_most_orders_is_flagged() -> None:
    found = [tally("found", 0, 0), tally("one alone", 0, 3), *(tally(f"no {n}", 1 + n % 4, 2) for n in range(8))]
    gate = gate_of(Condition.BLIND, found, MODELS, Rule(most_false=1))
    assert [each.question_id for each in gate.findings] == ["found"]
    assert gate.findings[0].reason == (
        "Found from the question and the options alone by one in 5 of 5 orders, two in 5 of 5 orders."
    )
    assert (gate.name, gate.judged) == ("model, blind", 10)
    assert "one: right in 20.0 % of 50 replies; chance 20.0 %." in gate.whole


def test_four_of_five_orders_are_enough_and_three_are_not() -> None:
    def hit(name: str, hits: int) -> Tally:
        made = Tally(name, 0, 5)
        for model in MODELS:
            made.add(model, [*[Choice(0, How.NAMED)] * hits, *[Choice(None, How.NONE)] * (5 - hits)])
        return made

    gate = gate_of(Condition.OPTIONS, [hit("four", 4), hit("three", 3)], MODELS, Rule())
    assert [each.question_id for each in gate.findings] == ["four"]
    assert "3 named no option" in gate.whole[0]
    assert [Rule().needed(n) for n in (2, 3, 4, 5, 10)] == [2, 3, 4, 4, 8]


def test_a_model_that_never_names_an_option_does_not_count() -> None:
    """Else two models, one of which says nothing to the point, could never find anything, and nobody would know."""

    def with_silent(name: str, taken: int) -> Tally:
        made = tally(name, taken)
        made.add("two", [Choice(None, How.NONE)] * 5)
        return made

    found = [with_silent("found", 0), *(with_silent(f"no {n}", 1 + n) for n in range(4))]
    gate = gate_of(Condition.BLIND, found, MODELS, Rule(most_false=1))
    assert [each.question_id for each in gate.findings] == ["found"]
    assert "two: right in 0.0 % of 25 replies; chance 20.0 %. 25 named no option. It doesn't count." in gate.whole
    alone = gate_of(Condition.BLIND, found, ("two",), Rule())
    assert (alone.judged, alone.findings) == (0, ())
    assert alone.whole[-1] == "Nothing that it could show, or no answers: nothing is judged."


def test_models_that_like_a_text_flag_nothing() -> None:
    """Two models that always take one text, whatever is asked: right by luck in a fifth."""
    rng = random.Random(3)
    liked = [rng.randrange(5) for _ in range(200)]
    gate = gate_of(Condition.BLIND, [tally(str(n), at, at) for n, at in enumerate(liked)], MODELS, Rule())
    assert not gate.findings
    assert gate.judged == 200
    assert "by liking one text: nothing is flagged" in gate.whole[-1]
    lucky = sum(at == 0 for at in liked)
    assert f"would flag {lucky}, but {(200 - lucky) / 4:.1f} of them" in gate.whole[-1]


def test_a_rule_is_raised_until_few_flags_are_false() -> None:
    """One model knows, the other repeats itself: in one model alone most flags would be false, in two few are."""
    rng = random.Random(5)
    made = [tally(str(n), 0 if n < 60 else rng.randrange(5), rng.randrange(5)) for n in range(100)]
    gate = gate_of(Condition.STEPS, made, MODELS, Rule(models=1))
    assert "raised from 4 of 5 in 1" in gate.whole[-1]
    assert 0 < len(gate.findings) < 30


def test_a_failed_request_is_no_answer_and_never_a_wrong_one() -> None:
    broken = Tally("broken", 0, 5)
    for model in MODELS:
        broken.add(model, [*[Choice(0, How.NAMED)] * 4, None])
    gate = gate_of(Condition.BLIND, [broken, tally("whole", 1, 1)], MODELS, Rule())
    assert gate.judged == 1
    assert "one: right in 0.0 % of 5 replies; chance 20.0 %." in gate.whole
    assert "one: 1 request got no answer; their questions are not judged by it." in gate.whole
    assert gate_of(Condition.BLIND, [broken], MODELS, Rule()).judged == 0
    assert gate_of(Condition.BLIND, [], MODELS, Rule()).judged == 0


def test_each_condition_shows_what_its_name_says() -> None:
    def text(condition: Condition, lines: list[str] | None, item: Item = ITEM, turned: int = 0) -> str:
        assert lines is not None
        (message,) = messages(condition, item, turned, lines, ())
        assert isinstance(message["content"], str)
        return message["content"]

    blind = text(Condition.BLIND, told(Condition.BLIND, ITEM, Task()), turned=1)
    assert "Question: Which one?\nA. The red one.\nB. None of them.\nC. The blue one.\n" in blind
    assert "Which one?" not in text(Condition.OPTIONS, [])
    heard = text(Condition.TRANSCRIPT, told(Condition.TRANSCRIPT, ITEM, Task()))
    assert heard.startswith("Said before the question:\nexpert: Good.\nQuestion:")
    assert heard.count("Which one?") == 1
    task = Task("Lamp", ("Take the post", "Put the lid on"), ("Take the post",))
    steps = text(Condition.STEPS, told(Condition.STEPS, ITEM, task))
    assert "Task: Lamp.\nSteps of the task: Take the post; Put the lid on.\nDone before the question: Take" in steps
    assert told(Condition.STEPS, ITEM, Task("Lamp")) is None
    assert told(Condition.TRANSCRIPT, replace(ITEM, turns=ITEM.turns[1:]), Task()) is None


def test_nothing_later_than_the_question_is_shown() -> None:
    late = replace(ITEM.turns[0], interval=Interval(5 * S, 6 * S + 1))
    old = replace(ITEM.turns[0], interval=Interval(0, S))
    asked = replace(ITEM, question=replace(ITEM.question, asked_ns=6 * S))
    assert heard_before(replace(asked, turns=(late,))) == []
    assert heard_before(replace(asked, turns=(old, late))) == ["expert: Good."]


def test_options_turn_all_the_way_round() -> None:
    options = ("a", "b", "c")
    assert {turned_on(options, n)[0] for n in range(3)} == set(options)
    assert turned_on(options, 1) == ("b", "c", "a")


def requests(endpoint: Endpoint, names: str) -> list[Request]:
    bodies = [(name, endpoint.body([{"role": "user", "content": name}], 8)) for name in names]
    return [Request.of(endpoint, body, "blind", name) for name, body in bodies]


def shared(path: Path) -> ExchangeLog:
    return ExchangeLog(path, shared=True)


def ask_all(asked: list[Request], log: ExchangeLog, *limits: int | None) -> Spent:
    """Requests at once, tries, requests and tokens in all."""
    return Asker(CLOCK, Limits(*limits), lambda _: None).ask_all(asked, log)  # type: ignore[arg-type]


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_every_request_is_kept_with_its_raw_reply_and_put_once(tmp_path: Path) -> None:
    path = tmp_path / "models" / "asked.jsonl"
    with model_server(lambda body: body["messages"][0]["content"].upper()) as server:
        endpoint = Endpoint(server.url, "stub", "secret")
        with shared(path) as log:
            spent = ask_all(requests(endpoint, "abc"), log)
        assert (spent.put, spent.answered, spent.kept) == (3, 3, 0)
        with path.open("ab") as file:
            file.write(b'{"key": "broken off')
        with shared(path) as log:
            again = ask_all(requests(endpoint, "abcd"), log)
            assert [log.reply(each.key) for each in requests(endpoint, "abcd")] == ["A", "B", "C", "D"]
        assert (again.put, again.kept, len(server.asked)) == (1, 3, 4)
    kept = [each for each in path.read_text(encoding="utf-8").splitlines() if "broken off" not in each]
    assert {json.loads(each)["id"] for each in kept} == set("abcd")
    assert "choices" in json.loads(kept[0])["raw"]
    assert "secret" not in path.read_text(encoding="utf-8")


def test_what_fails_is_put_again_then_and_later(tmp_path: Path) -> None:
    path = tmp_path / "asked.jsonl"
    with model_server(500, "B", 500, 500, "C") as server, shared(path) as log:
        endpoint = Endpoint(server.url, "stub")
        first = ask_all(requests(endpoint, "ab"), log, 1, 2)
        assert (first.answered, first.failed) == (1, 1)
        assert first.troubles == {"status 500": 1}
        later = ask_all(requests(endpoint, "ab"), log, 1, 2)
        assert (later.kept, later.answered) == (1, 1)
    assert [each["reply"] for each in lines(path)] == ["B", None, "C"]


def test_a_server_that_dies_leaves_what_it_answered(tmp_path: Path) -> None:
    with model_server("A", "B", 503) as server, shared(tmp_path / "asked.jsonl") as log:
        endpoint = Endpoint(server.url, "stub")
        with pytest.raises(WozError, match=r"not answered 3 times in a row \(status 503\)"):
            ask_all(requests(endpoint, "abcdefgh"), log, 1, 2)
        assert [log.reply(each.key) for each in requests(endpoint, "abc")] == ["A", "B", None]


def test_a_refusal_s_own_words_are_told(tmp_path: Path) -> None:
    said = json.dumps({"error": {"message": "image input is not\nsupported"}})
    with model_server(lambda _: 500) as server, shared(tmp_path / "asked.jsonl") as log:
        server.refusal = said.encode()
        spent = ask_all(requests(Endpoint(server.url, "stub"), "a"), log, 1, 2)
    assert spent.troubles == {"status 500: image input is not supported": 1}


def test_a_budget_is_kept(tmp_path: Path) -> None:
    usage = {"prompt_tokens": 30, "completion_tokens": 2}
    body = json.dumps({"choices": [{"message": {"content": "A"}}], "usage": usage}).encode()
    with model_server(body) as server, shared(tmp_path / "asked.jsonl") as log:
        endpoint = Endpoint(server.url, "stub")
        few = ask_all(requests(endpoint, "abcde"), log, 1, 2, 2)
        assert (few.put, few.left, few.tokens) == (2, 3, 64)
        tokens = ask_all(requests(endpoint, "abcdefghij"), log, 1, 2, None, 64)
        assert tokens.kept == 2
        assert 2 <= tokens.put <= 4
        assert tokens.put + tokens.left == 8


def test_requests_go_side_by_side_but_no_more_than_told(tmp_path: Path) -> None:
    with model_server("A") as server, shared(tmp_path / "asked.jsonl") as log:
        server.hold.set()
        endpoint = Endpoint(server.url, "stub", timeout_s=30)
        ended = list[WozError]()

        def go() -> None:
            try:
                ask_all(requests(endpoint, "abcdefgh"), log, 3)
            except WozError as error:
                ended.append(error)

        thread = threading.Thread(target=go)
        thread.start()
        while len(server.asked) < 3:
            time.sleep(0.01)
        server.closed.set()
        thread.join()
        assert len(ended) == 1


def test_a_picture_is_kept_by_its_hash(tmp_path: Path) -> None:
    with model_server("A") as server, shared(tmp_path / "asked.jsonl") as log:
        endpoint = Endpoint(server.url, "stub")
        said = messages(Condition.FIRST_FRAME, ITEM, 0, [], [b"\xff\xd8one"])
        ask_all([Request.of(endpoint, endpoint.body(said, 8), "first-frame", "a")], log)
        (body,) = server.asked
    assert body["messages"][0]["content"][0] == picture_part(b"\xff\xd8one")
    (line,) = lines(tmp_path / "asked.jsonl")
    assert set(line["request"]["messages"][0]["content"][0]) == {"type", "sha256"}


def test_a_log_that_can_t_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "models").write_text("a file", encoding="utf-8")
    with pytest.raises(WozError, match="can't be written"), shared(tmp_path / "models" / "asked.jsonl"):
        pass
