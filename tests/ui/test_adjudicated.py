"""What adjudication changed of somebody's is told to whom it concerns, in the editor too, and to nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from storage import Project
from tests.storage.examples import CLOCK
from tests.ui.adjudication_room import SID, SLOT_S, doubled_project, sided_project, step
from tests.ui.at_once import editor_at_once
from tests.ui.desk_room import Hand
from ui.cli import main
from woz.annotation.adjudication.rulings import agreed_edit, ruling, taken
from woz.annotation.edits import Edit
from woz.annotation.tier_states import moved
from woz.base.interval import NS_PER_S, Interval
from woz.lab.adjudicated import changes_of, place_of
from woz.lab.adjudicating import table
from woz.lab.annotators import add_annotator
from woz.lab.assigning import Order, assign
from woz.lab.tiers import move_tier
from woz.model.annotation import Annotation
from woz.model.annotator import Annotator
from woz.model.assignment import Part
from woz.model.ids import AnnotationId, TierId
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.tier import Tier, TierState


def _decided(project: Project, side: int) -> None:
    """All as one of the annotators has it; the gold is submitted."""
    boss, now_ns = project.annotators.named("A01"), CLOCK.utc_ns()
    found = table(project, SID, "steps", boss, CLOCK)
    state = found.state(project.annotations.load(SID))
    project.annotations.record(SID, agreed_edit(state, boss.id, now_ns), boss.id)
    while (state := found.state(project.annotations.load(SID))).open:
        decided = ruling(state, state.open[0], taken(side), boss.id, now_ns)
        project.annotations.record(SID, decided, boss.id)
    move_tier(project, SID, found.gold, TierState.SUBMITTED, boss, "")


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Project]:
    """What A02 and A03 don't agree on was decided as A03 has it."""
    with doubled_project(tmp_path / "lab", 8, 4) as project:
        _decided(project, 1)
        yield project


def _tier(project: Project, who: Annotator) -> Tier:
    tiers = (each for each in project.annotations.load(SID) if isinstance(each, Tier))
    return next(each for each in tiers if each.annotator_id == who.id)


def _coded(project: Project, name: str, windows: tuple[Interval, ...]) -> Annotator:
    """Somebody who did windows of the session, and marked their first second alone."""
    boss, who = project.annotators.named("A01"), add_annotator(project, name)
    tier_id = assign(project, SID, Order("steps", who, boss, Part.SECOND, windows), CLOCK).tier_id
    at_ns = windows[0].start_ns
    mark = Annotation(
        AnnotationId(f"{name}-1"), TierId(tier_id), at_ns, at_ns + NS_PER_S, "l0", Made(Origin.MANUAL, who.id)
    )
    project.annotations.record(SID, Edit("Annotate", (), (mark,)), who.id)
    project.annotations.record(SID, moved(_tier(project, who), TierState.SUBMITTED, who), who.id)
    return who


def test_an_annotator_is_told_and_only_once_their_own_tier_is_closed(lab: Project) -> None:
    ada = lab.annotators.named("A02")
    (line,) = changes_of(lab, ada)
    assert line.changes
    move_tier(lab, SID, _tier(lab, ada).id, TierState.IN_WORK, ada, "")
    assert changes_of(lab, ada) == []


def test_what_agreed_was_not_changed_though_the_gold_lies_in_the_middle(
    lab: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    """Boundaries of four agree within half a second; eight matters were decided as A03 has them."""
    ada, ben = (lab.annotators.named(name) for name in ("A02", "A03"))
    (line,) = changes_of(lab, ada)
    assert len(line.changes) == 8
    assert changes_of(lab, ben) == []
    (exact,) = changes_of(lab, ben, 0)
    assert len(exact.changes) == 4
    command = ["adjudicate", str(lab.path), "--annotator", "A03", "--changes"]
    for more, told in (([], "Nothing of yours was changed."), (["--tolerance", "0"], "4 of yours were changed")):
        assert main([*command, *more]) == 0
        assert told in capsys.readouterr().out


def test_who_coded_after_the_gold_learns_nothing_of_it(lab: Project) -> None:
    late = _coded(lab, "A04", (Interval(0, 3 * SLOT_S * NS_PER_S),))
    assert changes_of(lab, late) == []


def test_outside_of_ones_windows_nothing_was_missed(tmp_path: Path) -> None:
    with doubled_project(tmp_path / "lab", 0, 12) as project:
        window = Interval(0, 3 * SLOT_S * NS_PER_S)
        early = _coded(project, "A04", (window,))
        _decided(project, 0)
        lines = changes_of(project, early)
        missed = [each.gold for line in lines for each in line.changes if each.mark is None and each.gold]
        assert missed
        assert all(window.start_ns <= (each.start_ns or 0) < window.end_ns for each in missed)


def test_what_was_changed_of_each_of_two_tiers_of_somebody_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What one of the two has was not missed; what neither has is told once."""
    every = [step(0, 5), step(10, 15, "l2"), step(20, 25, "l3"), step(30, 35)]
    with sided_project(tmp_path / "lab", [[step(0, 5), step(10, 15, "l1")], every]) as project:
        ada = project.annotators.named("A02")
        again = replace(_tier(project, ada), id=TierId("again"), name="Again")
        marks = [step(0, 5, "l1"), step(20, 25, "l3")]
        own = [
            replace(each, id=AnnotationId(f"again {i}"), tier_id=again.id, made=again.made)
            for i, each in enumerate(marks)
        ]
        project.annotations.record(SID, Edit("Code again", (), (again, *own)), ada.id)
        _decided(project, 2)
        told = [
            [(place_of(each).start_ns, each.mark is not None, each.what) for each in line.changes]
            for line in sorted(changes_of(project, ada), key=lambda line: line.tier == "A02 (again)")
        ]
        assert sorted(chain(*told)) == [
            (0, True, ("label",)),
            (10 * NS_PER_S, True, ("label",)),
            (30 * NS_PER_S, False, ("it was missed",)),
        ]
        assert (0, True, ("label",)) in told[1]
        assert main(["adjudicate", str(project.path), "--annotator", "A02", "--changes"]) == 0
        assert "steps, A02 (again): 1 of yours was changed" in capsys.readouterr().out


def test_the_editor_leads_to_what_was_changed(lab: Project, qtbot: QtBot) -> None:
    ada = lab.annotators.named("A02")
    (line,) = changes_of(lab, ada)
    yours = [each for each in line.changes if each.mark]
    missed = len(line.changes) - len(yours)
    window = editor_at_once(lab, SID, ada.id)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    window.feedback.read()
    hand, bar = Hand(qtbot, window), window.feedback.bar
    assert f"{len(yours)} of yours were changed since" in bar.text
    assert f"{missed} that the gold has " in bar.text or not missed
    for each in line.changes:
        hand.press("Alt+N")
        assert "Adjudicated. " in bar.text
        if each.mark:
            assert window._marking.chosen_id == each.mark.id
    window.close()
