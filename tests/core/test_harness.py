"""A release in the tools' forms: what they ask for, and no more than may be shown."""

from __future__ import annotations

import csv
import io
import json
import shutil
import tarfile
from ast import literal_eval
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.core.release_room import build, bundle, film, question
from tests.core.test_replies import NAMED, NAMES_NONE, NAMES_SEVERAL
from tests.core.test_replies import OPTIONS as ASKED
from woz.base.errors import WozError
from woz.dataset.harness.lmms_utils import _there_in_english, _translated
from woz.dataset.harness.released import Released
from woz.dataset.harness.shards import write_shards
from woz.dataset.harness.writing import HARNESSES, how_to_use, write_for
from woz.dataset.models.replies import read_choice
from woz.dataset.release.recipe import Recipe
from woz.model.question import Distractor, English, Question

SESSIONS = [bundle(f"s{n}", f"P{n}") for n in range(3)]


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("release")
    build(folder / "out", Recipe("lamps", frames=2), SESSIONS, film(folder))
    return folder / "out"


def _installed(folder: Path) -> dict[str, Any]:
    """lmms-eval's functions as they lie in the task's folder."""
    module: dict[str, Any] = {"__file__": str(folder / "lmms_utils.py"), "__name__": "lmms_utils"}
    exec((folder / "lmms_utils.py").read_text(encoding="utf-8"), module)
    return module


def test_lmms_eval_reads_replies_as_woz_does(release: Path, tmp_path: Path) -> None:
    write_for("lmms-eval", Released.open(release), tmp_path)
    chosen = _installed(tmp_path)["chosen"]
    replies = [*(reply for reply, _ in NAMED), *NAMES_NONE, *NAMES_SEVERAL, "", "F", "<think>The answer is B"]
    letters = [chosen(reply, ASKED) for reply in replies]
    ours = [read_choice(reply, ASKED).option for reply in replies]
    assert letters == [None if option is None else "ABCDE"[option] for option in ours]
    assert letters[: len(NAMED)] == [letter for _, letter in NAMED]


def test_a_request_that_failed_is_told_apart_in_lmms_eval(release: Path, tmp_path: Path) -> None:
    write_for("lmms-eval", Released.open(release), tmp_path)
    module = _installed(tmp_path)
    doc = {"options": ["a post", "a lid"], "answer_index": 1, "group": "P0", "type": ""}
    for reply, told in (
        ("B", ("accuracy",)),
        ("A", ()),
        ("?", ("unparsed",)),
        ("[LMMS_EVAL_REQUEST_FAILED after 3 retries] B", ("failed",)),
    ):
        found = module["process_results"](doc, [reply])
        assert {name for name, each in found.items() if each["score"]} == set(told)
        assert {each["group"] for each in found.values()} == {"P0"}


def test_lmms_eval_finds_data_and_functions_beside_its_task(release: Path, tmp_path: Path) -> None:
    write_for("lmms-eval", Released.open(release), tmp_path)

    class Loader(yaml.SafeLoader):
        pass

    Loader.add_constructor("!function", lambda loader, node: f"! {node.value}")
    task = yaml.load((tmp_path / "lamps.yaml").read_text(encoding="utf-8"), Loader)
    (data,) = task["dataset_kwargs"]["data_files"].values()
    assert Path(data).is_absolute()
    assert Path(data).is_file()
    module = _installed(tmp_path)
    named = [value for value in task.values() if isinstance(value, str) and value.startswith("! ")]
    assert len(named) == 5
    assert all(callable(module[value.removeprefix("! lmms_utils.")]) for value in named)
    doc = json.loads(Path(data).read_text(encoding="utf-8").splitlines()[0])
    message = module["doc_to_messages"](doc)[0]["content"]
    assert Path(message[0]["url"]).is_file()
    assert module["process_results"](doc, ["?"])["unparsed"]["score"] == 1
    right = module["process_results"](doc, [module["doc_to_target"](doc)])
    assert (right["accuracy"]["score"], right["accuracy"]["group"]) == (1, doc["group"])


def _table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8")), delimiter="\t"))


def test_vlmevalkit_has_a_blind_table_and_every_rotation(release: Path, tmp_path: Path) -> None:
    write_for("vlmevalkit", Released.open(release), tmp_path)
    frames, text, options, circular = (
        _table(tmp_path / f"lamps{part}.tsv") for part in ("", "_text", "_options", "_circular")
    )
    paths = literal_eval(frames[0]["image_path"])
    assert [Path(path).is_file() for path in paths] == [True, True]
    assert frames[0]["hint"] == "expert: Good."
    assert not {"image_path", "hint"} & (text[0].keys() | options[0].keys())
    assert {row["question"] for row in options} == {"Which of these is the right answer?"}
    assert len(circular) == 4 * len(frames)
    for row in circular:
        assert row[row["answer"]] == "The red one."
    first = [row for row in circular if int(row["index"]) % 1_000_000 == 0]
    assert sorted(row["answer"] for row in first) == ["A", "B", "C", "D"]


def test_eleven_options_have_a_letter_each_in_every_tool(tmp_path: Path) -> None:
    wrong = tuple(Distractor(f"The {n}th one.") for n in range(4, 14))
    sets = tuple(question("s", f"q{n}", distractors=wrong) for n in range(6))
    one = replace(bundle("s", "P"), questions=sets)
    build(tmp_path / "out", Recipe("lamps", frames=2, shares={"test": 1.0}), [one], film(tmp_path))
    release = Released.open(tmp_path / "out")
    rights = {line.answer_index for line in release.lines("test")}
    assert max(rights) > 3, "past D"
    write_for("vlmevalkit", release, tmp_path / "vlm")
    frames, circular = (_table(tmp_path / "vlm" / f"lamps{part}.tsv") for part in ("", "_circular"))
    assert [key for key in frames[0] if len(key) == 1] == list("ABCDEFGHIJK")
    assert len(circular) == 11 * len(frames)
    assert {row[row["answer"]] for row in (*frames, *circular)} == {"The red one."}
    first = sorted(row["answer"] for row in circular if int(row["index"]) % 1_000_000 == 0)
    assert first == list("ABCDEFGHIJK")
    (inspect,) = write_for("inspect", release, tmp_path / "inspect")
    for sample in map(json.loads, inspect.read_text(encoding="utf-8").splitlines()):
        assert sample["choices"]["ABCDEFGHIJK".index(sample["target"])] == "The red one."
    write_for("lmms-eval", release, tmp_path / "lmms")
    module = _installed(tmp_path / "lmms")
    for line in (tmp_path / "out" / "data" / "test.jsonl").read_text(encoding="utf-8").splitlines():
        doc = json.loads(line)
        assert "\nK. " in module["doc_to_text"](doc)
        right = module["doc_to_target"](doc)
        for reply in (right, f"({right})", f"The answer is {right}."):
            assert module["process_results"](doc, [reply])["accuracy"]["score"] == 1
        assert module["process_results"](doc, ["I think so."])["unparsed"]["score"] == 1


@pytest.mark.parametrize("text", ["None", "NA", "n/a", "null", "nan"])
def test_vlmevalkit_keeps_an_option_that_its_reader_takes_for_nothing(tmp_path: Path, text: str) -> None:
    """pandas reads these words of a table as missing values, and the tool leaves out options that miss."""
    sets = (question("s", "a", answer=text, distractors=(Distractor("The red one."), Distractor("None of these"))),)
    build(tmp_path / "out", Recipe("lamps", frames=2), [replace(bundle("s", "P"), questions=sets)], film(tmp_path))
    write_for("vlmevalkit", Released.open(tmp_path / "out"), tmp_path / "to")
    for name in ("lamps", "lamps_text", "lamps_options", "lamps_circular"):
        for row in _table(tmp_path / "to" / f"{name}.tsv"):
            assert row[row["answer"]] == f"{text}."
            assert {row[letter] for letter in "ABC"} == {f"{text}.", "The red one.", "None of these"}


def test_only_the_train_split_is_trained_on(release: Path, tmp_path: Path) -> None:
    (path,) = write_for("llava", Released.open(release), tmp_path)
    trained = {item["id"] for item in json.loads(path.read_text(encoding="utf-8"))}
    assert trained == {line.id for line in Released.open(release).lines("train")}
    build(tmp_path / "out", Recipe("x", clips=False, shares={"test": 1.0}), SESSIONS)
    for form, why in (("llava", "no split named train"), ("lmms-eval", "no clips"), ("webdataset", "no clips")):
        with pytest.raises(WozError, match=why):
            write_for(form, Released.open(tmp_path / "out"), tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_inspect_s_target_is_the_letter_of_the_answer(release: Path, tmp_path: Path) -> None:
    for path in write_for("inspect", Released.open(release), tmp_path):
        for line in path.read_text(encoding="utf-8").splitlines():
            sample = json.loads(line)
            assert sample["choices"]["ABCD".index(sample["target"])] == "The red one."


def test_shards_are_the_same_bytes_and_as_large_as_allowed(release: Path, tmp_path: Path) -> None:
    one = write_shards(Released.open(release), tmp_path / "one", 1)
    two = write_shards(Released.open(release), tmp_path / "two", 1)
    assert [path.name for path in one] == [path.name for path in two]
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in two]
    assert len(one) == 6
    with tarfile.open(one[0]) as tar:
        assert [(Path(each.name).suffix, each.mtime) for each in tar] == [(".json", 0), (".mp4", 0)]


def test_a_release_that_was_changed_or_named_like_another_is_refused(release: Path, tmp_path: Path) -> None:
    build(tmp_path / "out", Recipe("my-circular", clips=False), SESSIONS)
    with pytest.raises(WozError, match="under another name"):
        write_for("vlmevalkit", Released.open(tmp_path / "out"), tmp_path / "to")
    for path in (tmp_path / "out" / "data").iterdir():
        path.write_text('{"id": 3}\n')
    with pytest.raises(
        WozError, match=r"has changed since it was frozen: data/\w+.jsonl is not as it was released"
    ):
        write_for("inspect", Released.open(tmp_path / "out"), tmp_path / "to")


@pytest.mark.parametrize("tool", list(HARNESSES))
def test_what_a_tool_would_show_is_as_it_was_frozen(release: Path, tmp_path: Path, tool: str) -> None:
    """Nothing is written from a release of which a clip is missing or a picture is another one."""
    copy = tmp_path / "copy"
    shutil.copytree(release, copy)
    part = "frames" if tool == "vlmevalkit" else "clips"
    spoilt = next(path for path in sorted((copy / part).rglob("*")) if path.is_file())
    spoilt.unlink()
    with pytest.raises(WozError, match=rf"has changed since it was frozen: {part}/.* is missing"):
        write_for(tool, Released.open(copy), tmp_path / "to")
    spoilt.write_bytes(b"another")
    with pytest.raises(WozError, match="Get a whole copy of it"):
        write_for(tool, Released.open(copy), tmp_path / "to")
    assert not (tmp_path / "to").exists()


def test_the_use_that_is_told_names_a_split_that_there_is(tmp_path: Path) -> None:
    build(tmp_path / "out", Recipe("lamps", clips=False, shares={"dev": 1.0}), SESSIONS)
    told = {tool: how_to_use(tool, Released.open(tmp_path / "out"), tmp_path) for tool in HARNESSES}
    assert "lamps_dev.jsonl" in told["inspect"]
    assert "lamps-dev-000000.tar" in told["webdataset"]


def test_the_english_texts_are_written_where_a_person_has_checked_them(tmp_path: Path) -> None:
    def italian(checked: bool, name: str) -> Question:
        asked = question("s0", name, text="Quale?", answer="Quello rosso.", language="it")
        wrong = (Distractor("Quello blu.", english="The blue one."), Distractor("Nessuno.", english="None."))
        return replace(asked, distractors=wrong, english=English("Which one?", "The red one.", checked))

    sets = (italian(True, "a"), italian(False, "b"), question("s0", "c"))
    made = replace(bundle("s0", "P0"), questions=sets)
    built = build(tmp_path / "all", Recipe("lamps", frames=1, shares={"test": 1.0}), [made], film(tmp_path))
    assert built.counts == {"test": 3}
    assert "1 of 2 question sets that are not known to be English" in (tmp_path / "all/README.md").read_text(
        encoding="utf-8"
    )
    release = Released.open(tmp_path / "all", english=True)
    assert (release.without_english(), release.name) == (1, "lamps-english")
    (path,) = write_for("inspect", release, tmp_path / "inspect")
    samples = {each["id"]: each for each in map(json.loads, path.read_text(encoding="utf-8").splitlines())}
    assert samples.keys() == {"s0-a", "s0-c"}
    asked = samples["s0-a"]
    assert (asked["input"], asked["metadata"]["language"]) == ("Which one?", "en")
    assert asked["choices"][ord(asked["target"]) - ord("A")] == "The red one."
    assert sorted(asked["choices"]) == ["None.", "The blue one.", "The red one."]
    lines = [json.loads(line) for line in (tmp_path / "all/data/test.jsonl").read_text("utf-8").splitlines()]
    told = {line["id"]: _translated(line) for line in lines if _there_in_english(line)}
    assert told["s0-a"]["options"] == asked["choices"], "lmms-eval and Inspect are asked the same"
    assert told["s0-c"]["question"] == "Which one?"
    strict = Recipe("lamps", clips=False, english=True, shares={"test": 1.0})
    built = build(tmp_path / "strict", strict, [made])
    assert (built.counts, list(built.left_out.questions.values())) == ({"test": 2}, [1])
    build(tmp_path / "none", Recipe("lamps", clips=False), [replace(made, questions=sets[1:2])])
    with pytest.raises(WozError, match="nothing in English"):
        Released.open(tmp_path / "none", english=True)


def test_a_release_in_english_holds_what_its_installing_in_english_takes(tmp_path: Path) -> None:
    """Of any language, also one that nobody named: one rule."""

    def asked(language: str, checked: bool) -> Question:
        wrong = (Distractor("Blue.", english="Blue."),)
        made = question("s0", f"{language or 'unknown'}-{checked}", language=language, distractors=wrong)
        return replace(made, english=English("Which one?", "Red.", checked))

    sets = [asked(language, checked) for language in ("", "en", "en-GB", "EN", "it") for checked in (True, False)]
    made = replace(bundle("s0", "P0"), questions=tuple(sets))
    build(tmp_path / "all", Recipe("lamps", clips=False, shares={"test": 1.0}), [made])
    build(tmp_path / "strict", Recipe("lamps", clips=False, english=True, shares={"test": 1.0}), [made])
    installed = {line.id for line in Released.open(tmp_path / "all", english=True).lines("test")}
    released = {line.id for line in Released.open(tmp_path / "strict").lines("test")}
    raw = [json.loads(line) for line in (tmp_path / "all/data/test.jsonl").read_text("utf-8").splitlines()]
    assert installed == released == {line["id"] for line in raw if _there_in_english(line)}
    assert {each.id for each in sets} - released == {"s0-unknown-False", "s0-it-False"}
