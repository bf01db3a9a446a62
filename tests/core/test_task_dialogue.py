"""When to speak: real dialogues on frames, windows and silence, read back and scored."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.core.format_room import bundles_of, parts_of
from tests.core.release_room import S, bundle
from tests.core.task_room import all_rows, published, release
from tests.core.test_windows_asked import MADE
from woz.dataset.evaluation.dialogue_scores import score_dialogues
from woz.dataset.evaluation.dialogues import paired_dialogues
from woz.formats.bundle import SessionBundle
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId, TierId
from woz.model.people import Role
from woz.model.tier import Tier, TierState
from woz.schemes.checking import check
from woz.schemes.shipped import shipped

NAME = "when-to-speak"


@pytest.fixture(scope="module")
def talks(shared_data: Path) -> list[SessionBundle]:
    return published("holoassist", sorted((shared_data / "annotations" / "holoassist").glob("*.json"))[:6])


@pytest.fixture(scope="module")
def folder(talks: list[SessionBundle], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return release(tmp_path_factory.mktemp("out") / "r", talks, NAME) / "tasks" / NAME


def test_the_experts_turns_are_the_assistants(folder: Path, talks: list[SessionBundle]) -> None:
    rows = {row["video"]: row for row in all_rows(folder)}
    for each in talks:
        said = [t for t in each.turns if t.speaker == Role.EXPERT and t.text.strip()]
        assert [u["text"] for u in rows[each.session.id]["utterances"]] == [t.text for t in said]
    kinds = {u["initiative"] for row in rows.values() for u in row["utterances"]}
    assert kinds == {"initiative", "responsive"}


def test_a_perfect_assistant_is_perfect_and_a_silent_one_misses_all(folder: Path, tmp_path: Path) -> None:
    found = score_dialogues(paired_dialogues(folder / "train.jsonl", folder / "train.jsonl"))
    assert (found.mended.f1, found.mended.redundant_rate) == (1, 0)
    lines = [json.loads(line) for line in (folder / "train.jsonl").read_text(encoding="utf-8").splitlines()]
    one_missing = [{"video": each["video"], "utterances": each["utterances"][1:]} for each in lines]
    (tmp_path / "p.jsonl").write_text("\n".join(map(json.dumps, one_missing)), encoding="utf-8")
    found = score_dialogues(paired_dialogues(folder / "train.jsonl", tmp_path / "p.jsonl"), (-0.5, 0.5))
    count = sum(len(each["utterances"]) for each in lines)
    assert found.mended.recall == pytest.approx(1 - len(lines) / count)
    assert found.mended.precision == 1


def test_every_frame_is_shown_once_and_a_turn_follows_its_frame(folder: Path) -> None:
    for row in all_rows(folder / "prepared"):
        frames = [turn for turn in row["conversation"] if turn["role"] == "frames"]
        assert [turn["start"] for turn in frames] == [0, *(turn["end"] for turn in frames[:-1])]
        assert frames[-1]["end"] == row["end_frame_idx"]
        spoken = [n for n, turn in enumerate(row["conversation"]) if turn["role"] == "assistant"]
        ends = [row["conversation"][n - 1]["end"] - 1 for n in spoken]
        assert ends == row["talk_frames"]
        times = [row["conversation"][n]["time"] for n in spoken]
        assert all(frame + 1 >= int(2 * time) for frame, time in zip(ends, times, strict=True))


def test_proassists_reader_reads_the_dialogues(folder: Path, talks: list[SessionBundle]) -> None:
    back = bundles_of(parts_of("proassist", folder / "train_filtered.json"))
    names = json.loads((folder / "train_filtered.json").read_text(encoding="utf-8"))
    known = {each.session.id: each for each in talks}
    for one, video in zip(back, names, strict=True):
        assert [turn.text for turn in one.turns] == [
            turn.text for turn in known[video["video_uid"]].turns if turn.text.strip()
        ]


def with_windows(made: SessionBundle) -> SessionBundle:
    """The expert's first turn, at 1 s, is of use from 0.5 to 3 s; from 8 to 10 s nothing should be said."""
    scheme = shipped(NAME)
    tiers = tuple(
        Tier(TierId(f"{kind}-{made.session.id}"), made.session.id, scheme.id, scheme.version, kind, kind, MADE,
             state=TierState.ACCEPTED)
        for kind in ("useful", "silence")
    )  # fmt: skip
    spans = ((0, 500_000_000, 3 * S, "useful"), (1, 8 * S, 10 * S, "silence"))
    marks = tuple(
        Annotation(AnnotationId(f"{label}-{made.session.id}"), tiers[n].id, start, end, label, MADE)
        for n, start, end, label in spans
    )
    return replace(made, tiers=tiers, annotations=marks, schemes={(scheme.id, scheme.version): scheme})


def test_useful_times_and_silence_are_scored(tmp_path: Path) -> None:
    assert check(shipped(NAME)) == []
    out = release(tmp_path / "r", [with_windows(bundle("s0", "P0"))], NAME)
    reference = out / "tasks" / NAME / "train.jsonl"
    row = json.loads(reference.read_text(encoding="utf-8"))
    assert row["utterances"][0] == {"time": 1, "text": "Good.", "earliest": 0.5, "latest": 3}
    assert "earliest" not in row["utterances"][1]
    assert row["silence"] == [[8, 10]]
    told = [{"time": 2.5, "text": "Good."}, {"time": 9, "text": "Well."}]
    (tmp_path / "p.jsonl").write_text(json.dumps({"video": "s0", "utterances": told}), encoding="utf-8")
    windows = score_dialogues(paired_dialogues(reference, tmp_path / "p.jsonl"), (-1, 1)).windows
    assert windows is not None
    assert (windows.hit, windows.in_silence, windows.error_s) == (1, 1, 1.5)
