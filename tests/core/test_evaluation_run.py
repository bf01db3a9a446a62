"""A model run on a release: what it is sent, what is kept, what fails, and that a run goes on."""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from tests.core.model_server import Server, completion, model_server
from tests.core.release_room import build, bundle, film
from woz.base.clock import SystemClock
from woz.base.errors import WozError
from woz.dataset.evaluation.conditions import Condition
from woz.dataset.evaluation.items import Items, items_of
from woz.dataset.evaluation.request import Asking
from woz.dataset.evaluation.run_folder import EXCHANGES
from woz.dataset.evaluation.running import Ran, run, settings_of
from woz.dataset.models.asking import Asker, Limits
from woz.dataset.models.endpoint import Endpoint
from woz.dataset.models.exchanges import exchanges
from woz.dataset.release.recipe import Recipe

MODEL = "stub"


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("release")
    sessions = [bundle(f"s{n}", f"P{n}") for n in range(3)]
    build(folder / "out", Recipe("lamps", frames=3, shares={"test": 1.0}), sessions, film(folder))
    return folder / "out"


@pytest.fixture
def items(release: Path) -> Items:
    return items_of(release)


def ran(
    items: Items,
    server: Server,
    folder: Path,
    *conditions: Condition,
    limits: Limits = Limits(1, 1),  # noqa: B008
    sound: bool = False,
    timeout_s: float = 20,
) -> Ran:
    asking = Asking(MODEL)
    endpoint = Endpoint(server.url, MODEL, "secret", timeout_s)
    asker = Asker(SystemClock(), limits, lambda _: None)
    return run(items, settings_of(items, asking, conditions, sound), folder, endpoint, asker, lambda *_: None)


def parts(body: dict[str, Any]) -> list[dict[str, Any]]:
    content = body["messages"][0]["content"]
    return content if isinstance(content, list) else [{"type": "text", "text": content}]


def pictures(body: dict[str, Any]) -> list[bytes]:
    urls = [part["image_url"]["url"] for part in parts(body) if part["type"] == "image_url"]
    assert all(url.startswith("data:image/jpeg;base64,") for url in urls)
    return [base64.b64decode(url.partition(",")[2]) for url in urls]


def text(body: dict[str, Any]) -> str:
    (found,) = [part["text"] for part in parts(body) if part["type"] == "text"]
    return str(found)


def frames(items: Items, names: Sequence[str]) -> list[bytes]:
    return [(items.release.folder / name).read_bytes() for name in names]


def test_each_condition_is_sent_what_it_says_and_no_more(items: Items, tmp_path: Path) -> None:
    with model_server("A") as server:
        done = ran(items, server, tmp_path / "run", *Condition)
    assert not done.stopped
    by_condition = {name: server.asked[6 * i : 6 * (i + 1)] for i, name in enumerate(Condition)}
    for body, line in zip(by_condition[Condition.VIDEO], items.lines.values(), strict=True):
        assert pictures(body) == frames(items, line.frames)
        assert parts(body)[-1]["type"] == "text"
        image = cv2.imdecode(np.frombuffer(pictures(body)[0], np.uint8), cv2.IMREAD_COLOR)
        assert image is not None
        assert text(body) == line.prompt
        assert max(line.frame_times_s) < line.asked_at_s
    for body, line in zip(by_condition[Condition.FIRST_FRAME], items.lines.values(), strict=True):
        assert pictures(body) == frames(items, line.frames[:1])
    for body, line in zip(by_condition[Condition.WRONG_VIDEO], items.lines.values(), strict=True):
        assert len(pictures(body)) == 3
        assert text(body) == line.prompt
    for body, line in zip(by_condition[Condition.OPTIONS], items.lines.values(), strict=True):
        assert line.question not in text(body)
        assert all(option in text(body) for option in line.options)
    for name in (Condition.TRANSCRIPT, Condition.BOTH):
        assert all("expert: Good." in text(body) for body in by_condition[name])
    assert all("Good." not in text(body) for body in by_condition[Condition.BLIND])
    seen = {name for name in Condition if any(pictures(body) for body in by_condition[name])}
    assert seen == {Condition.VIDEO, Condition.BOTH, Condition.FIRST_FRAME, Condition.WRONG_VIDEO}
    assert all(body["temperature"] == 0 and body["max_tokens"] == 16 for body in server.asked)


def test_a_wrong_video_is_of_another_session(items: Items, tmp_path: Path) -> None:
    with model_server("A") as server:
        ran(items, server, tmp_path / "run", Condition.WRONG_VIDEO)
    for (_, key), each in exchanges(tmp_path / "run" / EXCHANGES).items():
        shown = [part["frame"] for part in each.request["messages"][0]["content"] if "frame" in part]
        owner = shown[0].split("/")[1]
        assert items.lines[owner].session != items.lines[key].session


def test_sound_is_sent_as_a_wave_that_is_silent_at_the_answer(items: Items, tmp_path: Path) -> None:
    with model_server("A") as server:
        ran(items, server, tmp_path / "run", Condition.VIDEO, Condition.BLIND, sound=True)
    heard = [[p["input_audio"] for p in parts(body) if p["type"] == "input_audio"] for body in server.asked]
    assert [len(each) for each in heard] == [1] * 6 + [0] * 6
    wave = base64.b64decode(heard[0][0]["data"])
    assert (wave[:4], heard[0][0]["format"]) == (b"RIFF", "wav")
    samples = np.frombuffer(wave[-2 * 16_000 :], np.int16)
    assert np.abs(samples[:4_000]).max() > 1000
    assert np.abs(samples[-6_000:]).max() < 100


def test_every_request_and_raw_reply_is_kept_without_pictures_or_key(items: Items, tmp_path: Path) -> None:
    with model_server(completion("The answer is B.")) as server:
        done = ran(items, server, tmp_path / "run", Condition.VIDEO)
    kept = (tmp_path / "run" / EXCHANGES).read_text()
    assert "secret" not in kept
    assert "base64" not in kept
    line = json.loads(kept.splitlines()[0])
    assert json.loads(line["raw"])["choices"][0]["message"]["content"] == line["reply"] == "The answer is B."
    content = line["request"]["messages"][0]["content"]
    assert [part["sha256"] for part in content if "frame" in part] == [
        items.release.manifest.files[name].sha256 for name in items.lines[line["id"]].frames
    ]
    replies = (tmp_path / "run" / "predictions" / "video.jsonl").read_text().splitlines()
    assert {json.loads(each)["reply"] for each in replies} == {"The answer is B."}
    assert done.score.conditions["video"].answers.scored == 6


def test_a_failed_request_is_no_wrong_answer_and_is_asked_again(items: Items, tmp_path: Path) -> None:
    with model_server("A", 500, "no idea", b"<html>", "", "A") as server:
        first = ran(items, server, tmp_path / "run", Condition.BLIND)
        outcomes = first.score.conditions["blind"].answers.outcomes
        assert (outcomes["failed"], outcomes["unparsed"], outcomes["unanswered"]) == (2, 1, 1)
        assert "rest on 4 of 6 questions (2 requests failed)" in first.score.warnings[0]
        second = ran(items, server, tmp_path / "run", Condition.BLIND)
        assert len(server.asked) == 8
    assert second.score.conditions["blind"].answers.whole
    assert second.score.warnings == []


def test_a_run_that_was_cut_off_goes_on_where_it_was(items: Items, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    with model_server("A") as server:
        first = ran(items, server, folder, Condition.BLIND, limits=Limits(1, 1, requests=4))
        assert "budget is spent (4 requests" in first.stopped
        assert "4 of 6 questions (2 were not asked)" in first.score.warnings[0]
        log = folder / EXCHANGES
        log.write_bytes(log.read_bytes()[:-20])
        second = ran(items, server, folder, Condition.BLIND)
        assert len(server.asked) == 7
        ran(items, server, folder, Condition.BLIND, Condition.OPTIONS)
        assert len(server.asked) == 13
    assert not second.stopped
    assert second.score.conditions["blind"].answers.whole
    assert {each.condition for each in exchanges(folder / EXCHANGES).values()} == {"blind", "options"}


def test_tokens_are_a_budget_too(items: Items, tmp_path: Path) -> None:
    answer = json.loads(completion("A")) | {"usage": {"total_tokens": 60}}
    with model_server(json.dumps(answer).encode()) as server:
        done = ran(items, server, tmp_path / "run", Condition.BLIND, limits=Limits(1, 1, tokens=100))
    assert "(2 requests, 120 tokens)" in done.stopped
    assert done.score.conditions["blind"].tokens == 120


def test_several_at_once_ask_each_question_once(items: Items, tmp_path: Path) -> None:
    with model_server("A") as server:
        done = ran(items, server, tmp_path / "run", Condition.BLIND, Condition.OPTIONS, limits=Limits(5, 1))
        assert len(server.asked) == 12
    assert all(each.answers.whole for each in done.score.conditions.values())
    assert done.score.conditions["options"].against_blind


def test_another_release_or_other_settings_are_another_run(items: Items, release: Path, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    with model_server("A") as server:
        ran(items, server, folder, Condition.BLIND)
        with pytest.raises(WozError, match="other settings"):
            ran(items, server, folder, Condition.BLIND, sound=True)
        changed = tmp_path / "changed"
        shutil.copytree(release, changed)
        manifest = changed / "manifest.json"
        manifest.write_text(manifest.read_text() + "\n")
        with pytest.raises(WozError, match="has changed since"):
            ran(items_of(changed), server, folder, Condition.BLIND)
        with pytest.raises(WozError, match="something else than a run"):
            ran(items, server, changed, Condition.BLIND)
        picture = next(changed.glob("frames/*/1.jpg"))
        picture.write_bytes(picture.read_bytes() + b"x")
        with pytest.raises(WozError, match="is not as it was released"):
            ran(items_of(changed), server, tmp_path / "run2", Condition.VIDEO)


def test_a_server_that_refuses_pictures_or_is_away_or_silent_is_told(items: Items, tmp_path: Path) -> None:
    with model_server(400) as server:
        with pytest.raises(WozError, match="take no pictures: ask with --condition blind"):
            ran(items, server, tmp_path / "refused", Condition.VIDEO)
        assert len(server.asked) == 3
    assert len(exchanges(tmp_path / "refused" / EXCHANGES)) == 3
    with pytest.raises(WozError, match="can't be reached"):
        ran(items, server, tmp_path / "away", Condition.BLIND)
    with model_server(503) as server:
        with pytest.raises(WozError, match="has not answered 3 times in a row"):
            ran(items, server, tmp_path / "busy", Condition.BLIND, limits=Limits(1, 2))
        assert len(server.asked) == 6
    with model_server(404) as server, pytest.raises(WozError, match="model's name"):
        ran(items, server, tmp_path / "unknown", Condition.BLIND)
    with model_server("A") as server:
        server.hold.set()
        with pytest.raises(WozError, match="timed out"):
            ran(items, server, tmp_path / "slow", Condition.BLIND, timeout_s=0.05)


def test_what_can_t_be_shown_is_told(tmp_path: Path) -> None:
    one = bundle("s", "P")
    build(tmp_path / "out", Recipe("x", clips=False, shares={"test": 1.0}), [one])
    with model_server("A") as server:
        done = ran(items_of(tmp_path / "out"), server, tmp_path / "run", Condition.VIDEO, Condition.WRONG_VIDEO)
        assert not server.asked
    assert done.score.conditions["video"].answers.micro.value is None
    assert "0 of 2 questions (2 have nothing of this kind to show)" in done.score.warnings[0]


def test_replies_that_end_within_a_thought_are_told_with_the_way_on(items: Items, tmp_path: Path) -> None:
    silent = {"choices": [{"message": {"content": ""}, "finish_reason": "length"}]}
    answers = ("<think>A lamp has", json.dumps(silent).encode(), "<think>A or B?</think>A", "")
    with model_server(*answers) as server:
        done = ran(items, server, tmp_path / "run", Condition.BLIND)
    (warning,) = done.score.warnings
    assert warning.startswith("2 replies of blind ended before the model had done thinking")
    assert "--reply-tokens" in warning
    assert done.score.conditions["blind"].answers.scored == 6
