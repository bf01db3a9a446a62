"""A release's card tells how far those agree who coded the tiers that it takes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from storage import Project
from storage.repositories.annotations import Annotations
from tests.core.release_room import bundle, question
from tests.storage.examples import CLOCK, LOOSE
from woz.annotation.edits import Edit
from woz.annotation.measures.intervals import estimate_text
from woz.base.interval import NS_PER_S
from woz.dataset.release.coding import TOLD
from woz.dataset.release.recipe import Recipe
from woz.lab.agreeing import agreement
from woz.lab.agreement_report import report
from woz.lab.annotators import add_annotator
from woz.lab.releasing import build_release
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId, SessionId, TierId
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.review import ReviewRule
from woz.model.tier import Tier, TierState

RECIPE = Recipe("lamps", clips=False)
HEAD = "## Agreement of those who coded tiers"


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Project]:
    """Three sessions with a question set each."""
    with Project.create(tmp_path / "lab", "Lab", CLOCK) as project:
        project.schemes.add(LOOSE)
        project.reviews.set_rule(ReviewRule(1, grounding=False))
        for name in ("A01", "A02", "A03"):
            add_annotator(project, name)
        for n in range(3):
            _session(project, n)
        yield project


def _session(project: Project, n: int) -> None:
    made = bundle(f"s{n}", f"P{n}")
    person, key = made.participants[0], SessionId(made.session.id)
    project.participants.save(person)
    project.sessions.save(replace(made.session, participants=(person.id,)))
    project.annotations.record(key, Edit("Ask", (), (question(key, "q"),)), "woz")


def _coded(project: Project, who: str, session: str, ends_s: int, state: TierState = TierState.ACCEPTED) -> None:
    """Two segments, of which the first ends then."""
    by, key = project.annotators.named(who).id, SessionId(session)
    made, name = Made(Origin.MANUAL, by), f"{who} {session}"
    tier = Tier(TierId(name), key, LOOSE.id, 1, "other", "Steps", made, by, state=state)
    spans = ((0, ends_s, "a"), (ends_s, 10, "b"))
    marks = [
        Annotation(AnnotationId(f"{name} {label}"), tier.id, start * NS_PER_S, end * NS_PER_S, label, made)
        for start, end, label in spans
    ]
    project.annotations.record(key, Edit("Code", (), (tier, *marks)), "woz")


def _card(project: Project, out: Path) -> str:
    build_release(project, RECIPE, out, lambda *_: None, CLOCK.utc_ns())
    return (out / "README.md").read_text(encoding="utf-8")


def test_each_pair_is_told_as_woz_agree_tells_it(lab: Project, tmp_path: Path) -> None:
    for session, one, other in (("s0", 4, 5), ("s1", 3, 9), ("s2", 6, 6)):
        _coded(lab, "A01", session, one)
        _coded(lab, "A02", session, other)
    found = agreement(lab, "other")
    (pair,) = found.pairs
    told = {each.name: estimate_text(each.estimate) for each in report(found, pair, 0).figures}
    figures = [told[name] for name in TOLD]
    assert all(" to " in each for each in figures), "with intervals"
    card = _card(lab, tmp_path / "out")
    assert f"| other | A01 and A02 | 3 | {' | '.join(figures)} |" in card.split(HEAD)[1].split("##")[0]
    page = (tmp_path / "out" / "card.html").read_text(encoding="utf-8")
    assert f"<td>A01 and A02</td><td>3</td><td>{figures[0]}</td>" in page
    croissant = json.loads((tmp_path / "out" / "croissant.json").read_text(encoding="utf-8"))
    said = ", ".join(f"{name} ({TOLD[name]}) {each}" for name, each in zip(TOLD, figures, strict=True))
    assert croissant["rai:dataAnnotationAnalysis"] == [f"other, A01 and A02, 3 sessions: {said}."]


def test_three_and_more_are_told_together_as_woz_agree_tells_them(lab: Project, tmp_path: Path) -> None:
    for session, ends in (("s0", (4, 5, 7)), ("s1", (3, 9, 3))):
        for who, end in zip(("A01", "A02", "A03"), ends, strict=True):
            _coded(lab, who, session, end)
    _coded(lab, "A01", "s2", 6)
    _coded(lab, "A02", "s2", 6)
    together = agreement(lab, "other").together
    assert together
    assert [each.session for each in together.sessions] == ["s0", "s1"]
    figures = [estimate_text(together.measures[name]) for name in ("fleiss kappa", "ac1")]
    card = _card(lab, tmp_path / "out")
    told = card.split("## Agreement of three and more")[1].split("##")[0]
    assert "| tiers | annotators | sessions | Fleiss' kappa (time) | Gwet's AC1 (time) |" in told
    assert f"| other | A01, A02, A03 | 2 | {' | '.join(figures)} |" in told
    croissant = json.loads((tmp_path / "out" / "croissant.json").read_text(encoding="utf-8"))
    said = f"Fleiss' kappa (time) {figures[0]}, Gwet's AC1 (time) {figures[1]}"
    assert croissant["rai:dataAnnotationAnalysis"][-1] == f"other, A01, A02, A03 together, 2 sessions: {said}."


def test_of_three_of_whom_one_has_not_submitted_nothing_is_told_together(lab: Project, tmp_path: Path) -> None:
    for who, state in (("A01", TierState.ACCEPTED), ("A02", TierState.ACCEPTED), ("A03", TierState.IN_WORK)):
        _coded(lab, who, "s0", 4, state)
    card = _card(lab, tmp_path / "out")
    assert HEAD in card
    assert "three and more" not in card


def test_nothing_is_told_where_nobody_coded_what_another_did_nor_of_what_is_not_taken_or_not_submitted(
    lab: Project, tmp_path: Path
) -> None:
    _coded(lab, "A01", "s0", 4)
    assert HEAD not in _card(lab, tmp_path / "1")
    _coded(lab, "A02", "s0", 5, TierState.IN_WORK)
    assert HEAD not in _card(lab, tmp_path / "2")
    for who in ("A01", "A02"):
        _coded(lab, who, "s1", 5, TierState.SUBMITTED)
    assert HEAD not in _card(lab, tmp_path / "3")
    _coded(lab, "A03", "s0", 4)
    assert "| other | A01 and A03 | 1 | 1.000 | 1.000 | 1.000 | 1.000 |" in _card(lab, tmp_path / "4")


def test_what_is_not_defined_is_said(lab: Project, tmp_path: Path) -> None:
    for who in ("A01", "A02"):
        by, made = lab.annotators.named(who).id, Made(Origin.MANUAL, who)
        key = SessionId("s0")
        tier = Tier(TierId(who), key, LOOSE.id, 1, "other", "Marks", made, by, state=TierState.ACCEPTED)
        mark = Annotation(AnnotationId(who), tier.id, NS_PER_S, None, "a", made)
        lab.annotations.record(key, Edit("Code", (), (tier, mark)), "woz")
    assert "| 1 | 1.000 | not defined | not defined | not defined |" in _card(lab, tmp_path / "out")


def test_sessions_that_nobody_else_coded_are_read_once(
    lab: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, load = list[SessionId](), Annotations.load

    def counted(self: Annotations, session_id: SessionId) -> object:
        read.append(session_id)
        return load(self, session_id)

    for session in ("s0", "s1", "s2"):
        _coded(lab, "A01", session, 4)
    monkeypatch.setattr(Annotations, "load", counted)
    _card(lab, tmp_path / "alone")
    alone = list(read)
    read.clear()
    _coded(lab, "A02", "s1", 4)
    read.clear()
    _card(lab, tmp_path / "doubled")
    more = {key: read.count(SessionId(key)) - alone.count(SessionId(key)) for key in ("s0", "s1", "s2")}
    assert more == {"s0": 0, "s1": 1, "s2": 0}
