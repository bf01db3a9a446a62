"""Steps, states and frames that question sets rest on: in a release's lines, its card, and the tools' forms."""

from __future__ import annotations

import json
import tarfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.core.release_room import S, build, bundle, film
from tests.core.test_windows_asked import with_states
from woz.dataset.harness.released import Released
from woz.dataset.harness.writing import write_for
from woz.dataset.release.changes import Earlier
from woz.dataset.release.comparing import difference
from woz.dataset.release.fields import FIELDS, MORE_FIELDS
from woz.dataset.release.recipe import Recipe
from woz.formats.bundle import SessionBundle
from woz.model.ids import AnnotationId
from woz.model.own_schemes import CONVERSATION
from woz.model.question import Evidence
from woz.model.tier import TierState

PLAIN = Recipe("lamps", clips=False, shares={"test": 1.0})
FIRST, SECOND = (label.name() for label in CONVERSATION.tier_types[0].labels[:2])


def resting(made: SessionBundle, **rests: Any) -> SessionBundle:
    """Its first question set, asked at 6 s, rests on this besides its turns; one state ends then, one begins."""
    with_them = with_states(made)
    first, *others = with_them.questions
    evidence = Evidence(first.evidence.turns, **rests)
    return replace(with_them, questions=(replace(first, evidence=evidence), *others))


def both(session: str = "s1") -> dict[str, Any]:
    """Two segments, one that isn't there any more, and a frame before the question and one behind."""
    segments = (f"a1-{session}", "gone", f"a0-{session}")
    return {"annotations": tuple(map(AnnotationId, segments)), "frames_ns": (7 * S, 5 * S)}


def lines(folder: Path) -> dict[str, dict[str, Any]]:
    text = (folder / "data" / "test.jsonl").read_text(encoding="utf-8")
    return {line["id"]: line for line in map(json.loads, text.splitlines())}


def test_a_line_names_segments_and_frames_until_the_question(tmp_path: Path) -> None:
    build(tmp_path / "out", PLAIN, [resting(bundle("s1", "P1"), **both())])
    found = lines(tmp_path / "out")
    assert found["s1-a"]["evidence_segments"] == [f"states: {FIRST}", f"states: {SECOND}"]
    assert found["s1-a"]["evidence_segment_starts_s"] == [0, 6]
    assert found["s1-a"]["evidence_segment_ends_s"] == [6, 6]
    assert found["s1-a"]["evidence_frames_s"] == [5]
    assert found["s1-a"]["evidence_turns"] == ["s1-1", "s1-2"]
    assert list(found["s1-b"]) == list(FIELDS)


def test_a_segment_that_begins_behind_the_question_is_not_in_a_line(tmp_path: Path) -> None:
    made = resting(bundle("s1", "P1"), annotations=(AnnotationId("a1-s1"),))
    later = tuple(replace(each, start_ns=each.start_ns + 1) if each.start_ns else each for each in made.annotations)
    build(tmp_path / "out", PLAIN, [replace(made, annotations=later)])
    assert not MORE_FIELDS.keys() & lines(tmp_path / "out")["s1-a"].keys()


def test_segments_of_tiers_that_are_not_released_are_not_named(tmp_path: Path) -> None:
    made = resting(bundle("s1", "P1"), **both())
    open_ = replace(made, tiers=tuple(replace(each, state=TierState.IN_WORK) for each in made.tiers))
    build(tmp_path / "out", PLAIN, [open_])
    line = lines(tmp_path / "out")["s1-a"]
    assert [name for name in MORE_FIELDS if name in line] == ["evidence_frames_s"]


def test_card_and_croissant_declare_what_lines_have(tmp_path: Path) -> None:
    build(tmp_path / "with", PLAIN, [resting(bundle("s1", "P1"), **both())])
    build(tmp_path / "without", PLAIN, [bundle("s1", "P1")])
    for folder, there in (("with", True), ("without", False)):
        croissant = json.loads((tmp_path / folder / "croissant.json").read_text(encoding="utf-8"))
        (records,) = croissant["recordSet"]
        names = [each["name"] for each in records["field"]]
        assert names == [*FIELDS, *(MORE_FIELDS if there else ())]
        card = (tmp_path / folder / "README.md").read_text(encoding="utf-8")
        assert ("evidence_segments" in card) is there


def _as_by_schema_1(folder: Path) -> None:
    """The manifest as the first schema's programs wrote it."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    assert manifest["schema"] == 2
    path.write_text(json.dumps({**manifest, "schema": 1}), encoding="utf-8")


def test_what_an_earlier_schema_had_not_is_no_change(tmp_path: Path) -> None:
    """The same lines as of a release before these fields, which had nothing of what a question set rests on."""
    build(tmp_path / "1", PLAIN, [with_states(bundle("s1", "P1"))])
    _as_by_schema_1(tmp_path / "1")
    later = replace(PLAIN, version="1.1.0", earlier=Earlier.at(tmp_path / "1"))
    build(tmp_path / "2", later, [resting(bundle("s1", "P1"), **both())])
    told = json.loads((tmp_path / "2" / "manifest.json").read_text(encoding="utf-8"))["changes"]
    assert (told["changed"], told["fields"], told["fields_new"]) == (0, {}, sorted(MORE_FIELDS))
    card = (tmp_path / "2" / "README.md").read_text(encoding="utf-8")
    assert "hadn't in lamps 1.0.0 (schema 1, now 2), which are no change" in card
    apart = difference(tmp_path / "1", tmp_path / "2")
    assert (apart.changed, apart.fields, apart.fields_new) == ([], {}, sorted(MORE_FIELDS))


def test_within_a_schema_it_is_a_change(tmp_path: Path) -> None:
    build(tmp_path / "1", PLAIN, [with_states(bundle("s1", "P1"))])
    later = replace(PLAIN, version="1.1.0", earlier=Earlier.at(tmp_path / "1"))
    build(tmp_path / "2", later, [resting(bundle("s1", "P1"), frames_ns=(5 * S,))])
    told = json.loads((tmp_path / "2" / "manifest.json").read_text(encoding="utf-8"))["changes"]
    assert (told["changed"], told["fields"]) == (1, {"evidence_frames_s": 1})
    assert "fields_new" not in told
    assert difference(tmp_path / "1", tmp_path / "2").changed == ["s1-a"]


def test_inspect_and_webdataset_are_told(tmp_path: Path) -> None:
    whole = replace(PLAIN, clips=True, frames=1)
    build(tmp_path / "out", whole, [resting(bundle("s1", "P1"), **both())], film(tmp_path))
    (path,) = write_for("inspect", Released.open(tmp_path / "out"), tmp_path / "inspect")
    samples = {each["id"]: each["metadata"] for each in map(json.loads, path.read_text("utf-8").splitlines())}
    (shard,) = write_for("webdataset", Released.open(tmp_path / "out"), tmp_path / "shards")
    with tarfile.open(shard) as tar:
        sharded = {
            name.removesuffix(".json"): json.loads(tar.extractfile(name).read())  # type: ignore[union-attr]
            for name in tar.getnames()
            if name.endswith(".json")
        }
    for found in (samples, sharded):
        assert found["s1-a"]["evidence_segments"] == [f"states: {FIRST}", f"states: {SECOND}"]
        assert found["s1-a"]["evidence_frames_s"] == [5]
        assert found["s1-b"]["evidence_segments"] == []
        assert found["s1-b"]["evidence_turns"] == ["s1-1", "s1-2"]
