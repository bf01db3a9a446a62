"""What differs between two releases, and what of them a withdrawal reaches."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.core.release_room import amiss, build, bundle, film
from tests.core.test_windows_asked import with_states
from woz.base.errors import WozError
from woz.dataset.release.changes import Earlier
from woz.dataset.release.comparing import difference, reached
from woz.dataset.release.recipe import Recipe
from woz.formats.bundle import SessionBundle
from woz.model.question import Distractor

RECIPE = Recipe("lamp", frames=2)


def _sessions() -> tuple[list[SessionBundle], list[SessionBundle]]:
    """Of two releases: a session went, one came, and a question of the one that stays was mended."""
    one, two, three = bundle("s1", "P01"), bundle("s2", "P02"), bundle("s3", "P03")
    first, *rest = two.questions
    return [one, two], [replace(two, questions=(replace(first, text="Which of them?"), *rest)), three]


def test_what_became_of_question_sets_is_said(tmp_path: Path) -> None:
    before, after = _sessions()
    recipe = replace(RECIPE, clips=False)
    build(tmp_path / "1", recipe, before)
    build(tmp_path / "2", recipe, after)
    found = difference(tmp_path / "1", tmp_path / "2")
    assert (found.gone, found.new) == (["s1-a", "s1-b"], ["s3-a", "s3-b"])
    assert found.sessions_gone == ["s1"]
    assert found.sessions_new == ["s3"]
    assert "s2-a" in found.changed
    assert found.fields["question"] == 1
    same = difference(tmp_path / "1", tmp_path / "1")
    assert (same.changed, same.moved, same.files_changed) == ([], [], 0)


def test_a_version_says_itself_what_changed_since_the_one_before(tmp_path: Path) -> None:
    before, after = _sessions()
    recipe = replace(RECIPE, clips=False)
    build(tmp_path / "1", recipe, before)
    later = replace(recipe, version="1.1.0", earlier=Earlier.at(tmp_path / "1"))
    built = build(tmp_path / "2", later, after)
    told = json.loads((tmp_path / "2" / "manifest.json").read_text(encoding="utf-8"))["changes"]
    apart = difference(tmp_path / "1", tmp_path / "2")
    assert [told[each] for each in ("new", "gone", "changed", "moved")] == [2, 2, 1, 0]
    assert told["changed"] == len(apart.changed)
    assert told["fields"] == apart.fields
    assert (told["sessions_new"], told["sessions_gone"]) == (["s3"], 1)
    assert (told["since"]["name"], told["since"]["version"]) == ("lamp", "1.0.0")
    card = (tmp_path / "2" / "README.md").read_text(encoding="utf-8")
    assert "## What changed since lamp 1.0.0" in card
    assert "Sessions that are gone: 1." in card
    assert built.changes is not None
    assert amiss(tmp_path / "2") == []
    build(tmp_path / "3", replace(later, version="1.2.0"), before)
    assert "0 new, 0 gone, 0 changed" in (tmp_path / "3" / "README.md").read_text(encoding="utf-8")


def test_a_version_is_not_the_one_that_it_follows_nor_follows_changed_data(tmp_path: Path) -> None:
    recipe = replace(RECIPE, clips=False)
    build(tmp_path / "1", recipe, [bundle("s1", "P01")])
    with pytest.raises(WozError, match="give the next one another version"):
        replace(recipe, earlier=Earlier.at(tmp_path / "1"))
    later = replace(recipe, version="1.1.0", earlier=Earlier.at(tmp_path / "1"))
    (data,) = (path for path in (tmp_path / "1" / "data").iterdir() if path.stat().st_size)
    data.write_text("{}\n", encoding="utf-8")
    with pytest.raises(WozError, match="has changed since it was frozen"):
        build(tmp_path / "2", later, [bundle("s1", "P01")])
    assert not (tmp_path / "2").exists()


def test_every_file_that_holds_a_person_is_named(tmp_path: Path) -> None:
    build(tmp_path / "r", RECIPE, [bundle("s1", "P01"), bundle("s2", "P02")], film(tmp_path))
    found = reached(tmp_path / "r", "P01")
    assert {"clips/s1-a.mp4", "clips/s1-b.mp4", "frames/s1-a/0.jpg", "manifest.json", "README.md"} <= found.keys()
    assert not any("s2" in name for name in found)
    every = {path.relative_to(tmp_path / "r").as_posix() for path in (tmp_path / "r").rglob("*") if path.is_file()}
    assert {name for name in every if "s1" in name} <= found.keys()
    assert reached(tmp_path / "r", "P09") == {}


def test_a_wrong_answer_that_was_said_in_their_session_is_reached_too(tmp_path: Path) -> None:
    first, second = (bundle(f"s{n}", f"P0{n}") for n in (1, 2))
    said = tuple(replace(each, answer="Behind the old barn.") for each in first.questions)
    wrong = (Distractor("Behind the old barn.", source=said[0].id),)
    others = tuple(replace(each, distractors=wrong) for each in second.questions)
    sessions = [replace(first, questions=said), replace(second, questions=others)]
    build(tmp_path / "r", replace(RECIPE, clips=False, shares={"train": 0.5, "test": 0.5}), sessions)
    found = {name: why for name, why in reached(tmp_path / "r", "P01").items() if name.startswith("data/")}
    assert sorted(found.values()) == [
        "question sets of theirs stand in it, beside others'",
        "what was said in their session stands in it as a wrong answer",
    ]


def test_who_is_in_tasks_alone_is_reached_too(tmp_path: Path) -> None:
    sessions = [with_states(bundle(f"s{n}", f"P0{n}", questions=())) for n in (1, 2)]
    build(tmp_path / "r", replace(RECIPE, clips=False, tasks=("states", "when-to-speak")), sessions)
    found = reached(tmp_path / "r", "P01")
    assert {
        "tasks/states/groundTruth/s1.txt",
        "tasks/states/frames.json",
        "annotations/s1.states.csv",
    } <= found.keys()
    every = {path for path in (tmp_path / "r").rglob("*") if path.is_file()}
    naming = {path.relative_to(tmp_path / "r").as_posix() for path in every if "s1" in path.read_text("utf-8")}
    assert naming <= found.keys()
    assert "tasks/states/groundTruth/s2.txt" not in found


def test_what_is_no_release_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WozError, match="is no release"):
        difference(tmp_path, tmp_path)
    with pytest.raises(WozError, match="is no release"):
        reached(tmp_path, "P01")


def test_a_release_whose_data_was_changed_is_not_compared_nor_said_to_hold_nothing(tmp_path: Path) -> None:
    build(tmp_path / "r", replace(RECIPE, clips=False), [bundle("s1", "P01")])
    (data,) = (path for path in (tmp_path / "r" / "data").iterdir() if path.stat().st_size)
    for changed in ('{"id": "s1-a"}\n', "{}\n", ""):
        data.write_text(changed, encoding="utf-8")
        with pytest.raises(WozError, match="has changed since it was frozen"):
            difference(tmp_path / "r", tmp_path / "r")
        with pytest.raises(WozError, match="Get a whole copy of it"):
            reached(tmp_path / "r", "P01")
