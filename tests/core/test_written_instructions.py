"""Instructions by a model for each kind of sample; who wrote them, in each row; LLaVA's form of the train split."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.core.model_server import model_server
from tests.core.task_room import all_rows, published, release, rows
from woz.base.clock import SystemClock
from woz.dataset.models.asking import Limits
from woz.dataset.models.asking_json import JsonAsker
from woz.dataset.models.endpoint import Endpoint
from woz.dataset.models.exchanges import ExchangeLog
from woz.dataset.synthesis.instructing import Instructions, write_instructions
from woz.dataset.synthesis.keeping import EXCHANGES, generated, keep_instructions
from woz.dataset.tasks.instructions import CAPTIONING, FIXED, INSTRUCTIONS, RECOGNITION, WHAT, kinds_in
from woz.formats.bundle import SessionBundle

TEN = [f"Watch closely, way {n}, and tell." for n in range(10)]


@pytest.fixture(scope="module")
def helped(shared_data: Path) -> list[SessionBundle]:
    return published("holoassist", sorted((shared_data / "annotations" / "holoassist").glob("*.json"))[:4])


def written(folder: Path, *answers: str) -> tuple[Instructions, JsonAsker]:
    kinds = {kind: WHAT[kind] for kind in (CAPTIONING, RECOGNITION)}
    with model_server(*answers) as server, ExchangeLog(folder / EXCHANGES) as log:
        asker = JsonAsker(Endpoint(server.url, "stub"), log, SystemClock(), Limits(1, 1))
        return write_instructions(kinds, ["Change the belt"], asker), asker


def test_a_models_ten_are_taken_and_each_row_says_who_wrote_it(helped: list[SessionBundle], tmp_path: Path) -> None:
    assert kinds_in(helped[0]) == {CAPTIONING, RECOGNITION}
    same = json.dumps({"instructions": ["Look."] * 10})
    found, asker = written(tmp_path, json.dumps({"instructions": TEN}), same, same)
    assert (list(found.ten), asker.unfit) == ([CAPTIONING], 1), "ten that are one are no ten, nor the second time"
    keep_instructions(tmp_path, found)
    out = release(tmp_path / "r", helped, "instructions", settings={"generated": generated(tmp_path)})
    for row in all_rows(out / "tasks" / "instructions"):
        own = row["task"] == CAPTIONING
        assert row["instruction"] in (TEN if own else INSTRUCTIONS[row["task"]])
        assert row["instruction_by"] == (f"stub: {found.prompt}" if own else FIXED)
    facts = json.loads((out / "manifest.json").read_text(encoding="utf-8"))["tasks"]["instructions"]
    assert facts["written_by"] == [f"stub: {found.prompt}"]
    assert any(f"written by stub: {found.prompt}" in note for note in facts["notes"])


def test_the_train_split_comes_as_llava_reads_it_and_no_other(helped: list[SessionBundle], tmp_path: Path) -> None:
    folder = release(tmp_path / "r", helped, "instructions") / "tasks" / "instructions"
    assert [path.name for path in folder.glob("*.llava.json")] == ["train.llava.json"]
    taught = json.loads((folder / "train.llava.json").read_text(encoding="utf-8"))
    for sample, row in zip(taught, rows(folder / "train.jsonl"), strict=True):
        human, gpt = sample["conversations"]
        assert (human["from"], gpt["from"], gpt["value"]) == ("human", "gpt", row["answer"])
        assert human["value"] == f"<video>\n{row['instruction']}\n{row['question']}"
        assert (sample["id"], sample["start_time"]) == (row["id"], row["start_s"])
