"""Annotators, tiers, history and derivation on the command line: what each verb answers, and what it refuses."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from storage import Project
from tests.storage.examples import CLOCK, SESSION, SID, TRANSCRIPT, TURN
from tests.ui.adjudication_room import doubled_project
from tests.ui.answers import answer_of, refusal_of
from ui.cli import main
from woz.annotation.edits import Edit
from woz.lab.taking_in import take_in_turns
from woz.model.tier import Tier
from woz.model.transcript import Turn


@pytest.fixture
def lab(tmp_path: Path) -> Path:
    with Project.create(tmp_path / "lab", "Kitchen", CLOCK) as project:
        project.sessions.save(SESSION)
        take_in_turns(project, TRANSCRIPT, [TURN])
    return tmp_path / "lab"


def test_words_are_searched(lab: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = answer_of(capsys, "search", str(lab), "MIX")
    assert [(hit["item_id"], hit["text"], hit["start_ns"]) for hit in told["hits"]] == [("turn", "Mix well.", 20)]
    assert (told["query"], told["more"]) == ("MIX", False)
    assert main(["search", str(lab), "nowhere"]) == 0
    assert capsys.readouterr().out == "Nothing was found.\n"
    assert "Say what is searched" in refusal_of(capsys, "search", str(lab), "…")


def test_annotators_are_added_renamed_retired_and_blinded(lab: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(lab)
    assert answer_of(capsys, "annotators", path, "add", "A01")["annotators"][0]["roles"] == [
        "annotator",
        "adjudicator",
        "curator",
        "manager",
    ]
    answer_of(capsys, "annotators", path, "add", "A02")
    assert "can't be a pseudonym" in refusal_of(capsys, "annotators", path, "add", "Ada")
    assert "A02 already" in refusal_of(capsys, "annotators", "add", path, "A02")
    assert answer_of(capsys, "annotators", "list", path) == answer_of(capsys, "annotators", path)
    assert "A02 already" in refusal_of(capsys, "annotators", path, "add", "A02")
    assert "only manager" in refusal_of(capsys, "annotators", path, "role", "A01", "annotator")
    answer_of(capsys, "annotators", path, "rename", "A02", "B07")
    answer_of(capsys, "annotators", path, "role", "B07", "annotator,adjudicator")
    told = answer_of(capsys, "annotators", path, "blind", "B07", "--session", SID, "--tier-type", "states")
    assert [scope["tier_type"] for scope in told["blind"]] == ["states"]
    told = answer_of(capsys, "annotators", path, "blind", "B07", "--lift", told["blind"][0]["id"])
    assert told["blind"] == []
    told = answer_of(capsys, "annotators", path, "retire", "B07")
    assert [(p["pseudonym"], p["retired"]) for p in told["annotators"]] == [("A01", False), ("B07", True)]


def test_somebody_is_blind_in_one_scheme_or_in_every_one(lab: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(lab)
    for name in ("A01", "A02"):
        answer_of(capsys, "annotators", path, "add", name)
    hide = ("annotators", path, "blind", "A02", "--session", SID, "--tier-type")
    told = answer_of(capsys, *hide, "conversation-states/states")
    assert [(each["scheme_id"], each["tier_type"]) for each in told["blind"]] == [("conversation-states", "states")]
    told = answer_of(capsys, *hide, "states")
    assert {(each["scheme_id"], each["tier_type"]) for each in told["blind"]} == {
        ("conversation-states", "states"),
        ("", "states"),
    }
    assert main(["annotators", path]) == 0
    assert {line.split("  ", 1)[1] for line in capsys.readouterr().out.splitlines()[2:]} == {
        f"A02 does not see all others' conversation-states/states tiers of {SID}",
        f"A02 does not see all others' states tiers of {SID}",
    }
    refused = refusal_of(capsys, *hide, "nowhere/states")
    assert "no tier type nowhere/states; it has: " in refused
    assert "conversation-states/states" in refused


def test_a_tier_is_moved_and_its_history_says_by_whom_and_why(
    lab: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(lab)
    answer_of(capsys, "annotators", path, "add", "A01")
    move = ("tiers", path, "--tier", "Conversation", "--annotator", "A01", "--move")
    [tier] = answer_of(capsys, *move, "submitted")["tiers"]
    assert (tier["state"], "accepted" in tier["moves"]) == ("submitted", True)
    assert "Say why" in refusal_of(capsys, *move, "returned")
    answer_of(capsys, *move, "returned", "--why", "Ends are late")
    edits = answer_of(capsys, "history", path, "--item", tier["id"])["edits"]
    last = edits[-1]
    assert (last["by"], last["why"], last["items"][0]["fields"]) == (
        "A01",
        "Ends are late",
        {"state": {"before": "submitted", "after": "returned"}},
    )
    back = ("history", path, "--item", tier["id"], "--annotator", "A01", "--take-back", str(last["version"]))
    edits = answer_of(capsys, *back)["edits"]
    assert (edits[-2]["taken_back"], edits[-1]["takes_back"]) == (True, last["version"])
    assert "taken back already" in refusal_of(capsys, *back)


def test_a_tier_is_assigned_by_whom_it_may_be(lab: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(lab)
    for name in ("A01", "A02", "A03"):
        answer_of(capsys, "annotators", path, "add", name)
    answer_of(capsys, "annotators", path, "role", "A02", "annotator")
    give = ("tiers", path, "--assign", "A02", "--annotator")
    assert "--type KEY" in refusal_of(capsys, *give, "A01")
    assert "no tier type dance" in refusal_of(capsys, *give, "A01", "--type", "dance")
    assert "A02 is not" in refusal_of(capsys, *give, "A02", "--type", "states")
    tiers = answer_of(capsys, *give, "A01", "--type", "states")["tiers"]
    [mine] = [tier for tier in tiers if tier["annotator"] == "A02"]
    assert (mine["tier_type"], mine["state"], mine["items"]) == ("states", "assigned", 0)
    assert mine["name"] not in {tier["name"] for tier in tiers if tier is not mine}
    assert "already" in refusal_of(capsys, *give, "A01", "--type", f"{mine['scheme']}/states")
    (edit,) = answer_of(capsys, "history", path, "--item", mine["id"])["edits"]
    assert (edit["by"], edit["items"][0]["what"]) == ("A01", "made")
    moved = ("tiers", path, "--tier", mine["id"], "--annotator", "A02", "--move", "in work")
    [told] = answer_of(capsys, *moved)["tiers"]
    assert (told["id"], told["state"]) == (mine["id"], "in work")
    assert main([*moved[:-1], "submitted"]) == 0
    [line] = capsys.readouterr().out.splitlines()
    assert line.startswith(f"{mine['id']}  {mine['name']}  submitted  A02")
    assert len(answer_of(capsys, "tiers", path)["tiers"]) > 1
    answer_of(capsys, "annotators", path, "blind", "A03", "--session", SID)
    assert main([*moved[:4], "--annotator", "A01", "--move", "accepted", "--as", "A03"]) == 0
    assert capsys.readouterr().out == "It was moved; A03 does not see it.\n"
    answer_of(capsys, "annotators", path, "retire", "A03")
    assert "retired" in refusal_of(
        capsys, "tiers", path, "--assign", "A03", "--annotator", "A01", "--type", "states"
    )


def test_states_are_derived_anew_once_a_turn_has_changed(lab: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert answer_of(capsys, "derive", str(lab)) == {"session": SID, "made": 0, "gone": 0}
    with Project.open(lab, CLOCK) as project:
        turn = next(item for item in project.annotations.load(SID) if isinstance(item, Turn))
        project.annotations.record(SID, Edit("Delete turn", (turn,)), "woz")
        tiers = [item for item in project.annotations.load(SID) if isinstance(item, Tier)]
    answer_of(capsys, "derive", str(lab))
    assert answer_of(capsys, "derive", str(lab)) == {"session": SID, "made": 0, "gone": 0}
    assert len(tiers) == 1


def test_differences_are_counted_as_they_are_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    doubled_project(tmp_path / "doubled", 8, 8, links=4).close()
    ask = ["agree", str(tmp_path / "doubled"), "--tier-type", "steps"]
    (pair,) = answer_of(capsys, *ask)["pairs"]
    listed = Counter(each["kind"] for each in pair["differences"])
    assert {"label", "boundary", "attribute", "link"} <= listed.keys()
    assert main(ask) == 0
    (line,) = (each for each in capsys.readouterr().out.splitlines() if "Differences:" in each)
    assert {kind: int(count) for count, kind in re.findall(r"(\d+) (\w+)", line)} == listed
