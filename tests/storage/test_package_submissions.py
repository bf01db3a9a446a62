"""A returned package that submits a tier with errors: all else is taken, and the tier is in work."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage import Project
from storage.repositories.comments import Comments
from tests.storage.package_room import Lab
from woz.annotation.tier_states import moved
from woz.base.errors import UnreachableError, WozError
from woz.base.interval import NS_PER_S, Interval
from woz.lab.commenting import talks
from woz.lab.package_taking import ALL, Choice, Fate
from woz.lab.packages import taken_facts, taken_words
from woz.lab.tiers import move_tier
from woz.model.item import ref_to
from woz.model.tier import TierState


@pytest.fixture
def lab(project: Project, tmp_path: Path) -> Lab:
    return Lab(project, tmp_path)


def _told(lab: Lab) -> list[str]:
    """What its annotator is told."""
    return [each.first.text for each in talks(lab.project, lab.ben, mine=True)]


def test_a_submission_with_errors_comes_back_as_in_work_with_the_reasons(lab: Lab) -> None:
    """The tier must be filled, and half of it is."""
    with lab.opened(lab.send()) as package:
        lab.mark(package, lab.ben, "one", 0, 500)
        lab.move(package, lab.ben, TierState.SUBMITTED)
        back = lab.returned(package)
    done = lab.take(back)
    assert [each.fate for each in done.edits] == [Fate.TAKEN, Fate.BACK]
    why = done.edits[1].why
    assert "can't be submitted yet; mend this first" in why
    assert "Nothing is marked from" in why
    tier = lab.tier(lab.project, lab.ben)
    assert (tier.state, lab.marks(lab.project, tier.id)) == (TierState.IN_WORK, {"one"})
    last = lab.project.annotations.versions(ref_to(tier))[0]
    assert (last.by, last.name, last.why) == (lab.ben.id, "Mark one", "")
    assert _told(lab) == [why]
    assert (taken_facts(done)["counts"]["back in work"], done.open) == (1, 0)
    assert any("back in work" in line and why in line for line in taken_words(done))
    assert [each.fate for each in lab.take(back).edits] == [Fate.BEFORE, Fate.PASSED]
    assert _told(lab) == [why]


def test_its_annotator_is_told_though_the_server_goes_away_meanwhile(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The package is taken again once it is back."""
    with lab.opened(lab.send()) as package:
        lab.mark(package, lab.ben, "one", 0, 500)
        lab.move(package, lab.ben, TierState.SUBMITTED)
        back = lab.returned(package)

    def away(*_: object) -> None:
        raise UnreachableError("lab doesn't answer.")

    with monkeypatch.context() as patched:
        patched.setattr(Comments, "add", away)
        with pytest.raises(UnreachableError):
            lab.take(back)
    lab.take(back)
    assert lab.tier(lab.project, lab.ben).state == TierState.IN_WORK
    assert ["can't be submitted yet" in each for each in _told(lab)] == [True]


def test_a_submission_of_what_nothing_was_marked_in_leaves_it_in_work_and_the_history_says_why(lab: Lab) -> None:
    with lab.opened(lab.send()) as package:
        lab.move(package, lab.ben, TierState.SUBMITTED)
        done = lab.take(lab.returned(package))
    tier = lab.tier(lab.project, lab.ben)
    last = lab.project.annotations.versions(ref_to(tier))[0]
    assert [each.fate for each in done.edits] == [Fate.BACK]
    assert (tier.state, last.by) == (TierState.IN_WORK, lab.ben.id)
    assert (last.name, last.why) == (f"Move {tier.name} to in work", done.edits[0].why)


def test_a_tier_that_was_in_work_stays_so_and_is_submitted_once_it_is_mended(lab: Lab) -> None:
    file = lab.send()
    with lab.opened(file) as package:
        lab.move(package, lab.ben, TierState.IN_WORK)
        lab.mark(package, lab.ben, "one", 0, 500)
        lab.move(package, lab.ben, TierState.SUBMITTED)
        back = lab.returned(package)
    assert [each.fate for each in lab.take(back).edits] == [Fate.TAKEN, Fate.TAKEN, Fate.BACK]
    assert lab.tier(lab.project, lab.ben).state == TierState.IN_WORK
    with lab.opened(file) as package:
        lab.move(package, lab.ben, TierState.IN_WORK)
        lab.mark(package, lab.ben, "rest", 500, lab.length_ms)
        lab.move(package, lab.ben, TierState.SUBMITTED)
        later = lab.take(lab.returned(package))
    assert [each.fate for each in later.edits[3:]] == [Fate.TAKEN] * 3
    assert lab.tier(lab.project, lab.ben).state == TierState.SUBMITTED
    assert len(_told(lab)) == 1


def test_of_a_submission_that_its_annotator_took_back_nobody_is_told(lab: Lab) -> None:
    """By undo, or by a move that came in the same return."""
    with lab.opened(lab.send()) as package:
        lab.mark(package, lab.ben, "one", 0, 500)
        lab.move(package, lab.ben, TierState.SUBMITTED)
        package.annotations.undo(lab.session_id, lab.ben.id)
        lab.move(package, lab.ben, TierState.SUBMITTED, TierState.IN_WORK)
        done = lab.take(lab.returned(package))
    passed = [Fate.PASSED, Fate.PASSED]
    assert [each.fate for each in done.edits] == [Fate.TAKEN, *passed, Fate.BACK, Fate.TAKEN]
    assert (lab.tier(lab.project, lab.ben).state, _told(lab)) == (TierState.IN_WORK, [])


def test_what_was_decided_in_the_lab_is_looked_at_too(lab: Lab) -> None:
    """Whole where it was submitted; the lab took a mark away meanwhile."""
    with lab.opened(lab.send()) as package:
        lab.mark(package, lab.ben, "one", 0, 500)
        lab.mark(package, lab.ben, "rest", 500, lab.length_ms)
        taking = lab.take(lab.returned(package))
        assert [each.fate for each in taking.edits] == [Fate.TAKEN] * 2
        lab.project.annotations.take_back(lab.session_id, lab.boss.id, _edit(lab, "Mark rest"))
        lab.move(package, lab.ben, TierState.SUBMITTED)
        done = lab.take(lab.returned(package))
    assert [each.fate for each in done.edits[2:]] == [Fate.BACK]
    assert lab.tier(lab.project, lab.ben).state == TierState.IN_WORK


def test_a_submission_that_a_manager_decides_for_is_checked_as_well(lab: Lab) -> None:
    """It asks since the tier was moved here, too."""
    with lab.opened(lab.send()) as package:
        lab.mark(package, lab.ben, "one", 0, 500)
        lab.move(package, lab.ben, TierState.SUBMITTED)
        back = lab.returned(package)
    for state in (TierState.IN_WORK, TierState.RETURNED):
        edit = moved(lab.tier(lab.project, lab.ben), state, lab.ben, "Later")
        lab.project.annotations.record(lab.session_id, edit, lab.ben.id)
    assert [each.fate for each in lab.take(back).edits] == [Fate.TAKEN, Fate.ASKS]
    done = lab.take(back, Choice(returned=frozenset({ALL})))
    assert [each.fate for each in done.edits] == [Fate.BEFORE, Fate.BACK]
    assert lab.tier(lab.project, lab.ben).state == TierState.IN_WORK


def test_of_work_in_windows_these_are_looked_at(project: Project, tmp_path: Path) -> None:
    """In the package, where it is submitted as everywhere, and in the lab."""
    lab = Lab(project, tmp_path, windows=(Interval(NS_PER_S, round(1.5 * NS_PER_S)),))
    with lab.opened(lab.send()) as package:
        lab.mark(package, lab.ben, "one", 900, 1200)
        with pytest.raises(WozError, match=r"Nothing is marked from 0:01.20 to 0:01.50"):
            move_tier(package, lab.session_id, lab.tiers[lab.ben], TierState.SUBMITTED, lab.ben, "")
        lab.mark(package, lab.ben, "two", 1200, 1600)
        move_tier(package, lab.session_id, lab.tiers[lab.ben], TierState.SUBMITTED, lab.ben, "")
        done = lab.take(lab.returned(package))
    assert [each.fate for each in done.edits] == [Fate.TAKEN] * 3
    assert lab.tier(lab.project, lab.ben).state == TierState.SUBMITTED


def _edit(lab: Lab, name: str) -> int:
    return next(each.id for each in lab.project.annotations.history(lab.session_id) if each.name == name)
