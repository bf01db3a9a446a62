"""A gate by label against gold or a person's coding; what fails is told with its rules and examples."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from storage import Project
from tests.storage.examples import CLOCK
from tests.ui.adjudication_room import SID, STEPS, doubled_project
from ui.cli import main
from woz.annotation.adjudication.rulings import agreed_edit
from woz.annotation.edits import Edit
from woz.base.errors import WozError
from woz.lab.adjudicating import Table, table
from woz.lab.agreeing import agreement
from woz.lab.annotators import add_annotator
from woz.lab.assigning import Order, assign
from woz.lab.calibrating import Gate, calibrate, honeypot, unfinished
from woz.lab.tiers import move_tier
from woz.model.annotation import Annotation
from woz.model.annotator import AnnotatorRole
from woz.model.assignment import Part
from woz.model.ids import AnnotationId, SchemeId, TierId
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.tier import Tier, TierState

RULE, EXAMPLE = "When the gear touches the axle", "0:12 of the first session"


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Project]:
    """A02 and A03 agree on 20 marks, and differ in one place of each kind twice."""
    with doubled_project(tmp_path / "lab", 8, 20) as project:
        (type_,) = STEPS.tier_types
        ruled = tuple(replace(each, start_rule=RULE, examples=(EXAMPLE,)) for each in type_.labels)
        project.schemes.add(replace(STEPS, version=2, tier_types=(replace(type_, labels=ruled),)))
        yield project


def test_each_label_is_judged_and_counts_add_up(lab: Project) -> None:
    found = calibrate(lab, "A03", "steps", reference="A02")
    assert found.sessions == (SID,)
    segments = [item for item in lab.annotations.load(SID) if getattr(item, "id", "").startswith(f"{SID}-A02")]
    assert sum(each.marks for each in found.labels) == len(segments)
    assert sum(count for each in found.labels for _, count in each.called) == 2
    easy = calibrate(lab, "A03", "steps", reference="A02", gate=Gate(f1=0.1))
    assert easy.passed
    hard = calibrate(lab, "A03", "steps", reference="A02", gate=Gate(f1=1.01))
    assert {each.label for each in hard.failing} == {each.label for each in hard.labels if each.marks >= 3}
    strict = calibrate(lab, "A03", "steps", reference="A02", gate=Gate(f1=0, boundary_ns=0))
    assert all("s apart in the median" in each.why for each in strict.failing)
    assert strict.failing


def test_what_hardly_fails_is_told_apart_from_the_gate(lab: Project) -> None:
    """0.899 s are more than 0.898 s, and not "0.90 s more than 0.90 s"."""
    found = next(
        each for each in calibrate(lab, "A03", "steps", reference="A02").labels if each.boundary_ns and each.f1
    )
    assert found.f1 is not None
    assert found.boundary_ns is not None
    near = Gate(f1=found.f1 + 0.0004, boundary_ns=round(found.boundary_ns) - 400_000)
    failing = calibrate(lab, "A03", "steps", reference="A02", gate=near).failing
    why = next(each.why for each in failing if each.label == found.label)
    reached, f1, apart, most = map(float, re.findall(r"\d+\.\d+", why))
    assert reached < f1
    assert apart > most


def test_few_marks_judge_nobody(lab: Project) -> None:
    found = calibrate(lab, "A03", "steps", reference="A02", gate=Gate(least=1000))
    assert (found.failing, found.passed) == ((), False)


def test_without_a_reference_it_says_so(lab: Project) -> None:
    with pytest.raises(WozError, match="No two annotators"):
        calibrate(lab, "A03", "steps")
    with pytest.raises(WozError, match="against themselves"):
        calibrate(lab, "A03", "steps", reference="A03")


def _gold(lab: Project) -> Table:
    return table(lab, SID, "steps", lab.annotators.named("A01"), CLOCK)


def _take_agreed(lab: Project, found: Table) -> None:
    state = found.state(lab.annotations.load(SID))
    boss = lab.annotators.named("A01")
    lab.annotations.record(SID, agreed_edit(state, boss.id, CLOCK.utc_ns()), boss.id)


def test_gold_that_isnt_finished_is_told_with_what_to_do(lab: Project, capsys: pytest.CaptureFixture[str]) -> None:
    found = _gold(lab)
    with pytest.raises(WozError, match=f"which isn't finished in {SID}: have it adjudicated to the end"):
        calibrate(lab, "A03", "steps")
    _take_agreed(lab, found)
    judged = calibrate(lab, "A03", "gearbox/steps", SID)
    assert judged.unfinished == (SID,)
    assert main(["calibrate", str(lab.path), "A03", "--tier-type", "steps", "--f1", "0.1"]) in (0, 1)
    told = capsys.readouterr().out.splitlines()[1].strip()
    assert told.startswith(f"The gold of steps isn't finished in {SID}, so these figures may change:")
    assert f"woz adjudicate {lab.path} --session {SID} --tier-type steps" in told
    main(["calibrate", str(lab.path), "A03", "--tier-type", "steps", "--json"])
    assert f"(woz adjudicate {lab.path} --session {SID} " in json.loads(capsys.readouterr().out)["caveat"]
    move_tier(lab, SID, found.gold, TierState.SUBMITTED, lab.annotators.named("A01"), "")
    done = calibrate(lab, "A03", "steps")
    assert (done.unfinished, done.caveat) == ((), "")


def test_a_reference_who_took_their_work_back_is_told(lab: Project) -> None:
    ben = lab.annotators.named("A02")
    assert calibrate(lab, "A03", "steps", reference="A02").caveat == ""
    tier = next(
        each for each in lab.annotations.load(SID) if isinstance(each, Tier) and each.annotator_id == ben.id
    )
    move_tier(lab, SID, tier.id, TierState.IN_WORK, ben, "")
    assert calibrate(lab, "A03", "steps", reference="A02").caveat.startswith("A02 hasn't submitted steps of")


def test_of_several_golds_one_counts(lab: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """None that is still made beside one that is submitted, else the newest."""
    found, boss = _gold(lab), lab.annotators.named("A01")
    _take_agreed(lab, found)
    move_tier(lab, SID, found.gold, TierState.SUBMITTED, boss, "")
    other = add_annotator(lab, "A04", list(AnnotatorRole))
    second = assign(lab, SID, Order("steps", other, boss, Part.ADJUDICATOR), CLOCK).tier_id

    def counted() -> set[TierId]:
        (pair,) = agreement(lab, "steps", annotators=["gold", "A03"]).pairs
        return {mark.tier_id for mark in pair.sessions[0].annotations[0]}

    marks = [m for m in lab.annotations.load(SID) if isinstance(m, Annotation) and m.tier_id == found.gold]
    made = Made(Origin.MANUAL, other.id)
    copies = tuple(replace(m, id=AnnotationId(f"{m.id}-2"), tier_id=second, made=made) for m in marks[:3])
    lab.annotations.record(SID, Edit("Decide otherwise", (), copies), other.id)
    assert (counted(), unfinished(lab, "steps")) == ({found.gold}, ())
    move_tier(lab, SID, second, TierState.SUBMITTED, other, "")
    assert counted() == {second}
    assert main(["agree", str(lab.path), "--tier-type", "steps", "--annotators", "gold", "A03"]) == 0
    assert "Several golds of this session are submitted; the newest counts." in capsys.readouterr().out
    move_tier(lab, SID, second, TierState.IN_WORK, other, "")
    move_tier(lab, SID, found.gold, TierState.IN_WORK, boss, "")
    assert (counted(), unfinished(lab, "steps")) == ({second}, (SID,))
    assert main(["agree", str(lab.path), "--tier-type", "steps", "--annotators", "gold", "A03"]) == 0
    told = capsys.readouterr().out
    assert "The gold of this session isn't submitted yet, so these figures may change." in told
    assert "Several golds" not in told


def test_a_gold_of_another_scheme_whose_type_has_the_same_key_is_not_the_one_that_isnt_finished(
    lab: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    found, boss = _gold(lab), lab.annotators.named("A01")
    _take_agreed(lab, found)
    move_tier(lab, SID, found.gold, TierState.SUBMITTED, boss, "")
    (type_,) = STEPS.tier_types
    ruled = tuple(replace(each, start_rule="Another's rule") for each in type_.labels)
    other = replace(STEPS, id=SchemeId("other"), name="Other", version=3)
    lab.schemes.add(replace(other, tier_types=(replace(type_, labels=ruled),)))
    gold = assign(lab, SID, Order("other/steps", boss, boss, Part.ADJUDICATOR), CLOCK)
    for wanted in ("steps", "gearbox/steps"):
        judged = calibrate(lab, "A03", wanted)
        assert (judged.unfinished, {each.start_rule for each in judged.labels}) == ((), {RULE})
    assert (unfinished(lab, "gearbox/steps"), unfinished(lab, "Other/steps")) == ((), (SID,))
    with pytest.raises(WozError, match=r"against the gold of Other/steps yet.*--tier-type Other/steps"):
        calibrate(lab, "A03", "Other/steps")
    move_tier(lab, SID, gold.tier_id, TierState.IN_WORK, boss, "")
    with pytest.raises(WozError, match="several schemes were begun; name one: gearbox/steps, other/steps"):
        calibrate(lab, "A03", "steps")
    assert main(["calibrate", str(lab.path), "A03", "--tier-type", "gearbox/steps", "--f1", "0.1"]) in (0, 1)
    assert "isn't finished" not in capsys.readouterr().out


def test_honeypots_are_of_the_scheme_that_has_gold_not_of_another_with_the_same_key(lab: Project) -> None:
    found, boss = _gold(lab), lab.annotators.named("A01")
    lab.schemes.add(replace(STEPS, id=SchemeId("other"), name="Other"))
    people = (add_annotator(lab, "A04"), boss)
    with pytest.raises(WozError, match="has no gold of Other/steps; adjudicate it first"):
        honeypot(lab, SID, "Other/steps", people, (0.5, 1), CLOCK)
    with pytest.raises(
        WozError, match=rf"isn't finished in {SID}: .*--tier-type Gearbox/steps\), then give windows"
    ):
        honeypot(lab, SID, "Gearbox/steps", people, (0.5, 1), CLOCK)
    assert {each.annotator_id for each in lab.assignments.all(SID)}.isdisjoint({people[0].id})
    _take_agreed(lab, found)
    move_tier(lab, SID, found.gold, TierState.SUBMITTED, boss, "")
    made = honeypot(lab, SID, "Gearbox/steps", people, (0.5, 1), CLOCK)
    (tier,) = (each for each in lab.annotations.load(SID) if isinstance(each, Tier) and each.id == made.tier_id)
    assert (tier.scheme_id, tier.annotator_id) == (STEPS.id, people[0].id)


def test_the_command_shows_rules_and_examples_of_what_fails(
    lab: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["calibrate", str(lab.path), "A03", "--tier-type", "steps", "--reference", "A02"]
    assert main([*command, "--f1", "1.01"]) == 1
    told = capsys.readouterr().out
    assert told.startswith("A03 against A02, steps, 1 session: doesn't pass.")
    assert f"begins: {RULE}" in told
    assert f"example: {EXAMPLE}" in told
    assert main([*command, "--f1", "0.1", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["passed"] is True
