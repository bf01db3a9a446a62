"""What a project's releases settled is kept by the next: splits of groups, wherever the releases lie now."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from storage import Project
from tests.core.release_room import S
from tests.ui.answers import answer_of, refusal_of
from tests.ui.people_room import CLOCK, HALVES, add_people, make_lab
from ui.cli import main
from woz.dataset.release.checking import frozen


@pytest.fixture
def lab(tmp_path: Path) -> Path:
    return make_lab(tmp_path / "lab")


Build = Callable[..., dict[str, Any]]


@pytest.fixture
def build(lab: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Build:
    """Builds a version into a folder of its name, each a day after the one before."""
    days = iter(range(1, 99))

    def built(name: str, version: str, *more: str | Path, out: str = "") -> dict[str, Any]:
        day = next(days)
        monkeypatch.setattr("time.time_ns", lambda: CLOCK.utc_ns() + day * 86_400 * S)
        place = ("--out", tmp_path / (out or f"{name}-{version}"), "--release-version", version)
        told: dict[str, Any] = answer_of(capsys, "release", "build", lab, name, *place, *HALVES, *more)
        return told

    return built


def _query(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["query"]
    return found


def test_the_next_version_keeps_the_splits_and_deals_what_is_new(lab: Path, tmp_path: Path, build: Build) -> None:
    assert build("lamps", "1.0.0")["splits"] == ""
    add_people(lab, "P05", "P06")
    told = build("lamps", "1.1.0", "--seed", "5")
    said = "4 groups keep their split of lamps 1.0.0; 2 that stood in none are dealt by the seed."
    assert (told["splits"], told["not_kept"]) == (said, [])
    first, second = (frozen(tmp_path / f"lamps-{version}").groups for version in ("1.0.0", "1.1.0"))
    assert {group: second[group] for group in first} == first
    query = _query(tmp_path / "lamps-1.1.0")
    assert (query["locked"], query["locked_by"], query["new_splits"]) == (first, ["lamps 1.0.0"], False)
    assert query["earlier"]["version"] == "1.0.0"
    card = (tmp_path / "lamps-1.1.0" / "README.md").read_text(encoding="utf-8")
    assert "4 groups keep their split of lamps 1.0.0; 2 that" in card.replace("\\", "")
    assert "## What changed since lamps 1.0.0" in card.replace("\\", "")


def test_they_are_remembered_where_the_release_is_gone_and_for_a_release_of_another_name(
    tmp_path: Path, build: Build
) -> None:
    build("lamps", "1.0.0")
    first = frozen(tmp_path / "lamps-1.0.0").groups
    shutil.rmtree(tmp_path / "lamps-1.0.0")
    told = build("lamps", "1.1.0", "--seed", "9")
    (why,) = told["not_kept"]
    assert why.startswith(f"lamps 1.0.0 isn't whole at {tmp_path / 'lamps-1.0.0'} any more, so what changed")
    assert "changes" not in told
    assert build("others", "1.0.0", "--seed", "7")["splits"] == "4 groups keep their split of lamps 1.1.0."
    for name in ("lamps-1.1.0", "others-1.0.0"):
        assert frozen(tmp_path / name).groups == first
    assert _query(tmp_path / "others-1.0.0")["earlier"] is None


def test_new_splits_are_dealt_where_they_are_asked_for_and_that_is_told(
    tmp_path: Path, build: Build, capsys: pytest.CaptureFixture[str]
) -> None:
    build("lamps", "1.0.0")
    first = frozen(tmp_path / "lamps-1.0.0").groups
    seed = next(n for n in range(1, 40) if _dealt(build, tmp_path, n) != first)
    anew = frozen(tmp_path / f"seed-{seed}").groups
    moved = sum(anew[group] != first[group] for group in first)
    card = (tmp_path / f"seed-{seed}" / "README.md").read_text(encoding="utf-8").replace("\\", "")
    told = f"Splits are dealt anew: of 4 groups that stood in lamps 1.0.0, {moved} went to another split."
    assert told in card
    query = _query(tmp_path / f"seed-{seed}")
    assert (query["new_splits"], query["locked"], query["earlier"]["version"]) == (True, {}, "1.0.0")
    found = answer_of(capsys, "release", "diff", tmp_path / "lamps-1.0.0", tmp_path / f"seed-{seed}")
    assert (found["new_splits"], len(found["moved"])) == (True, moved)
    assert main(["release", "diff", str(tmp_path / "lamps-1.0.0"), str(tmp_path / f"seed-{seed}")]) == 0
    assert "The later one's splits were dealt anew." in capsys.readouterr().out
    build("lamps", "3.0.0")
    assert frozen(tmp_path / "lamps-3.0.0").groups == anew, "the newest version counts"


def _dealt(build: Build, tmp_path: Path, seed: int) -> dict[str, str]:
    out = f"seed-{seed}"
    build("lamps", f"2.0.{seed}", "--new-splits", "--seed", str(seed), out=out)
    return frozen(tmp_path / out).groups


def test_a_release_is_the_same_again_whatever_was_released_since(tmp_path: Path, build: Build) -> None:
    build("lamps", "1.0.0")
    build("lamps", "1.1.0")
    build("lamps", "1.0.0", out="again")
    build("lamps", "1.1.0", out="again too")
    for first, again in (("lamps-1.0.0", "again"), ("lamps-1.1.0", "again too")):
        one, other = (tmp_path / name / "manifest.json" for name in (first, again))
        assert one.read_bytes() == other.read_bytes()


def test_what_it_is_split_by_is_kept_too_and_another_is_refused(
    lab: Path, tmp_path: Path, build: Build, capsys: pytest.CaptureFixture[str]
) -> None:
    build("lamps", "1.0.0", "--split-by", "session")
    build("lamps", "1.1.0", "--seed", "3")
    groups = [frozen(tmp_path / f"lamps-{version}").groups for version in ("1.0.0", "1.1.0")]
    assert groups[0] == groups[1]
    assert set(groups[0]) == {"sP01", "sP02", "sP03", "sP04"}
    command = ("release", "build", lab, "lamps", "--out", tmp_path / "out", "--release-version", "1.2.0", *HALVES)
    why = refusal_of(capsys, *command, "--split-by", "participant")
    assert "lamps 1.1.0 was split by session, so its splits can't be kept by participant; give --split-by" in why
    told = build("others", "1.0.0", "--split-by", "participant")["not_kept"]
    assert "lamps 1.1.0 was split by session; its splits can't be kept by participant." in told


def test_a_split_that_is_not_there_any_more_is_refused(
    lab: Path, tmp_path: Path, build: Build, capsys: pytest.CaptureFixture[str]
) -> None:
    build("lamps", "1.0.0")
    command = ("release", "build", lab, "lamps", "--out", tmp_path / "out", "--release-version", "1.1.0")
    why = refusal_of(capsys, *command, "--without-clips", "--shares", "train=1")
    assert "lamps 1.0.0 put what goes into this release into test, which --shares doesn't name" in why
    assert not (tmp_path / "out").exists()


def test_what_an_older_woz_built_is_read_where_it_lies(lab: Path, tmp_path: Path, build: Build) -> None:
    build("lamps", "1.0.0")
    with Project.open(lab, CLOCK) as project:
        (made,) = project.releases.all()
        assert made.groups == frozen(tmp_path / "lamps-1.0.0").groups
        project.releases.add(replace(made, split_by="", groups={}))
    assert build("lamps", "1.1.0", "--seed", "4")["splits"] == "4 groups keep their split of lamps 1.0.0."
    with Project.open(lab, CLOCK) as project:
        project.releases.add(replace(made, name="lost", path=str(tmp_path / "lost"), split_by="", groups={}))
    told = build("lamps", "1.2.0")["not_kept"]
    assert told == [f"The splits of lost 1.0.0 aren't known any more: {tmp_path / 'lost'} is no release."]


def test_gates_see_the_splits_that_releases_settled(
    lab: Path, tmp_path: Path, build: Build, capsys: pytest.CaptureFixture[str]
) -> None:
    """All question sets here are alike, two a session, so that each pair in two splits is told."""
    build("lamps", "1.0.0")
    groups = frozen(tmp_path / "lamps-1.0.0").groups
    across = 2 * 2 * sum(one < other and groups[one] != groups[other] for one in groups for other in groups)
    for seed in map(str, range(6)):
        gates = answer_of(capsys, "questions", "gate", lab, "--only-tell", "--seed", seed)["gates"]
        (told,) = next(each["whole"] for each in gates if each["gate"] == "near duplicates")
        assert told.endswith(f" {across} of them across splits.")
