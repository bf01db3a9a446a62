"""The adjudication window, by keys."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog, QLabel
from pytestqt.qtbot import QtBot

from storage import Project
from tests.storage.examples import CLOCK, SID
from tests.ui.adjudication_room import LABELS, STEPS, doubled_project
from tests.ui.at_once import AtOnce
from ui.adjudication.handing_in import KeptSubmission
from ui.adjudication.run import adjudication_window
from ui.adjudication.window import NOT_SAID, NOTHING_TO_UNDO, AdjudicationWindow
from ui.cli import main
from woz.annotation.adjudication.clusters import Matter, MatterKind
from woz.annotation.adjudication.ends import End
from woz.annotation.adjudication.origins import origins
from woz.annotation.edits import Edit
from woz.annotation.tier_states import moved
from woz.annotation.unstored import Unstored
from woz.base.errors import UnreachableError
from woz.lab.adjudicated import changes_of, changes_words
from woz.lab.adjudicating import table, table_facts
from woz.lab.annotators import add_annotator, blind, give_roles
from woz.lab.assigning import Order, assign
from woz.lab.commenting import talks
from woz.lab.tiers import move_tier
from woz.model.annotation import Annotation
from woz.model.annotator import AnnotatorRole, BlindTo
from woz.model.assignment import Part
from woz.model.comment import Comment
from woz.model.ids import SchemeId
from woz.model.link import Link
from woz.model.tier import Tier, TierState

R = TypeVar("R")
DISAGREEMENTS, LINKS, LEAST, MOST = 200, 60, 200, 600
CHOICES = {
    MatterKind.PRESENCE: (Qt.Key.Key_1, Qt.Key.Key_2),
    MatterKind.LABEL: (Qt.Key.Key_1, Qt.Key.Key_2),
    MatterKind.BOUNDARY: (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_4, Qt.Key.Key_0),
    MatterKind.ATTRIBUTE: (Qt.Key.Key_2, Qt.Key.Key_1),
    MatterKind.LINK: (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_0),
}


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Project]:
    with doubled_project(tmp_path / "p", 8, 4) as project:
        yield project


def adjudicating(
    project: Project,
    qtbot: QtBot,
    store: AtOnce | None = None,
    kept: KeptSubmission | None = None,
    unstored: Unstored | None = None,
) -> AdjudicationWindow:
    person = project.annotators.named("A01")
    found = table(project, SID, "steps", person, CLOCK)
    window = adjudication_window(project, found, person, store or AtOnce(), unstored=unstored, kept=kept)
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    return window


class Fingers:
    """Presses keys, and counts them."""

    def __init__(self, window: AdjudicationWindow, qtbot: QtBot) -> None:
        self.window, self._qtbot, self.count = window, qtbot, 0

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.count += 1
        assert self.count <= MOST
        self._qtbot.keyClick(self.window, key, modifier)


def _originals(project: Project) -> list[Annotation]:
    owners = {t.id for t in project.annotations.load(SID) if isinstance(t, Tier) and "gold" not in t.name}
    return [a for a in project.annotations.load(SID) if isinstance(a, Annotation) and a.tier_id in owners]


def test_two_hundred_disagreements_take_two_to_six_hundred_keys(tmp_path: Path, qtbot: QtBot) -> None:
    with doubled_project(tmp_path / "p", DISAGREEMENTS) as project:
        before = _originals(project)
        window = adjudicating(project, qtbot)
        assert len(window.state.open) == DISAGREEMENTS
        fingers = Fingers(window, qtbot)
        fingers.press(Qt.Key.Key_A)
        assert window.state.agreed == []
        while (matter := window.matter) is not None:
            choices = CHOICES[matter.kind]
            fingers.press(choices[fingers.count % len(choices)])
            assert not window.told
        fingers.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        assert "submitted" in window.told
        assert LEAST <= fingers.count <= MOST
        assert window.state.open == []
        assert _originals(project) == before
        gold = window.state.marks
        told = [origins(mark, window.state.sides) for mark in gold]
        assert {"A02", "A03", "A02 and A03", "middle"} >= {each.end for each in told}
        assert {"A02", "A03"} <= {each.end for each in told}
        (line,) = changes_of(project, project.annotators.named("A02"))
        assert line.changes
        window.close()


def test_disagreements_on_links_are_decided_by_as_many_keys(tmp_path: Path, qtbot: QtBot) -> None:
    with doubled_project(tmp_path / "p", DISAGREEMENTS - LINKS, 80, links=LINKS) as project:
        before = _originals(project)
        window = adjudicating(project, qtbot)
        assert [len(window.state.open), len(_of_links(window))] == [DISAGREEMENTS, LINKS]
        fingers = Fingers(window, qtbot)
        fingers.press(Qt.Key.Key_A)
        took = []
        while (matter := window.matter) is not None:
            choices = CHOICES[matter.kind]
            took.append((matter, choices[fingers.count % len(choices)]))
            fingers.press(took[-1][1])
            assert not window.told
        fingers.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        assert "submitted" in window.told
        assert LEAST <= fingers.count <= MOST
        assert (_originals(project), window.state.open, window.state.to_take) == (before, [], 0)
        for matter, key in took:
            if matter.kind == MatterKind.LINK:
                assert _ends_of_gold(window, matter) == _ends_taken(window, matter, key)
        alike = [link for link in _gold_links(window) if len(link.made.sources) == 2]
        assert len(alike) >= LINKS // 4
        window.close()


def test_a_link_is_shown_with_who_has_it_and_undone_like_all_else(tmp_path: Path, qtbot: QtBot) -> None:
    with doubled_project(tmp_path / "p", 0, 6, links=3) as project:
        window = adjudicating(project, qtbot)
        fingers = Fingers(window, qtbot)
        fingers.press(Qt.Key.Key_1)
        assert "take what agrees (A)" in window.told
        fingers.press(Qt.Key.Key_A)
        texts = [each.text() for each in window.findChildren(QLabel)]
        assert "“Corrects”: to what?" in texts
        assert len({text for text in texts if text.startswith("→ ")}) == 1
        assert "no link" in texts
        fingers.press(Qt.Key.Key_E)
        assert "A link is taken from one of them" in window.told
        fingers.press(Qt.Key.Key_1)
        assert [(len(window.state.open), len(_gold_links(window)))] == [(2, 1)]
        fingers.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert [(len(window.state.open), len(_gold_links(window)))] == [(3, 0)]
        fingers.press(Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
        fingers.press(Qt.Key.Key_1)
        fingers.press(Qt.Key.Key_0)
        assert (window.matter, len(_gold_links(window))) == (None, 3)
        told = table_facts(project, table(project, SID, "steps", project.annotators.named("A01"), CLOCK))["links"]
        assert sorted(each["from"] for each in told) == ["A02", "A02", "A03"]
        fingers.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        words = changes_words(project, changes_of(project, project.annotators.named("A03")))
        assert sum(line.endswith("other links “Corrects”") for line in words) == 3
        window.close()


def _of_links(window: AdjudicationWindow) -> list[Matter]:
    return [each for each in window.state.matters if each.kind == MatterKind.LINK]


def _gold_links(window: AdjudicationWindow) -> list[Link]:
    state = window.state
    return [link for mark in state.marks for link in state.ends.of(mark).values()]


def _ends_of_gold(window: AdjudicationWindow, matter: Matter) -> set[End]:
    gold = window.state.gold_of(matter.cluster)
    assert gold
    return set(window.state.ends.of(gold))


def _ends_taken(window: AdjudicationWindow, matter: Matter, key: Qt.Key) -> set[End]:
    ends = [set(window.state.ends.of(mark)) for mark in matter.cluster.there]
    return {Qt.Key.Key_1: ends[0], Qt.Key.Key_2: ends[1]}.get(key, ends[0] | ends[1])


def test_undo_leaves_the_gold_where_nothing_was_decided(small: Project, qtbot: QtBot) -> None:
    """Whoever opened it gave it to themselves, and the others their work. Nor is what they did before undone, which
    isn't seen there: they accepted somebody's.
    """
    boss, ada = (small.annotators.named(name) for name in ("A01", "A02"))
    (work,) = small.assignments.all(SID, ada.id)
    move_tier(small, SID, work.tier_id, TierState.ACCEPTED, boss, "")
    window = adjudicating(small, qtbot)
    fingers = Fingers(window, qtbot)

    def tiers() -> dict[str, TierState]:
        return {each.id: each.state for each in small.annotations.load(SID) if isinstance(each, Tier)}

    there = tiers().keys()
    fingers.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert (window.told, len(window.state.open)) == (NOTHING_TO_UNDO, 8)
    fingers.press(Qt.Key.Key_1)
    for told in ("", NOTHING_TO_UNDO):
        fingers.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert (window.told, len(window.state.open)) == (told, 8)
    assert (tiers().keys(), tiers()[work.tier_id]) == (there, TierState.ACCEPTED)
    window.close()


def test_undo_and_redo_go_back_to_what_was_decided(small: Project, qtbot: QtBot) -> None:
    window = adjudicating(small, qtbot)
    fingers = Fingers(window, qtbot)
    first = window.matter
    fingers.press(Qt.Key.Key_1)
    assert (len(window.state.open), window.matter != first) == (7, True)
    fingers.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert (len(window.state.open), window.matter) == (8, first)
    fingers.press(Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert len(window.state.open) == 7
    fingers.press(Qt.Key.Key_N)
    fingers.press(Qt.Key.Key_P)
    fingers.press(Qt.Key.Key_P)
    assert len(window.state.open) == 7
    window.close()


def test_it_begins_at_the_place_that_was_asked_for(small: Project, qtbot: QtBot) -> None:
    window = adjudicating(small, qtbot)
    third = window.state.open[2]
    window.show_from(third.cluster.span.start_ns)
    assert window.matter == third
    window.show_from(10**15)
    assert window.matter == window.state.open[0]
    window.close()


def test_an_attribute_is_asked_for_and_told_in_words(small: Project, qtbot: QtBot) -> None:
    window = adjudicating(small, qtbot)
    asked = next(each for each in window.state.open if each.kind == MatterKind.ATTRIBUTE)
    fingers = Fingers(window, qtbot)
    while window.matter != asked:
        fingers.press(Qt.Key.Key_N)
    shown = [each.text() for each in window.findChildren(QLabel)]
    assert "“hand”: which?" in shown
    assert {"left", "right"} <= set(shown)


def test_what_cant_be_is_said(small: Project, qtbot: QtBot) -> None:
    window = adjudicating(small, qtbot)
    fingers = Fingers(window, qtbot)
    while window.matter and window.matter.kind == MatterKind.BOUNDARY:
        fingers.press(Qt.Key.Key_N)
    fingers.press(Qt.Key.Key_3)
    assert "take" in window.told
    fingers.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert "There are still 8 to decide and 4 agreed items to take (A)" in window.told
    assert window.statusBar().currentMessage() == "0 of 8 decided; 4 agreed items to take (A)"
    window.close()


def test_a_scheme_that_changed_between_the_codings_is_told_and_its_labels_keep_their_names(
    small: Project, qtbot: QtBot
) -> None:
    """A03 codes in a version that lacks the label that A02 has."""
    (type_,) = STEPS.tier_types
    small.schemes.add(replace(STEPS, version=2, tier_types=(replace(type_, labels=type_.labels[1:]),)))
    ben = small.annotators.named("A03")
    own = next(t for t in small.annotations.load(SID) if isinstance(t, Tier) and t.annotator_id == ben.id)
    move_tier(small, SID, own.id, TierState.IN_WORK, ben, "")
    before = next(t for t in small.annotations.load(SID) if isinstance(t, Tier) and t.id == own.id)
    newer = replace(before, scheme_version=2)
    small.annotations.record(SID, Edit("Use version 2", (before,), (newer,)), ben.id)
    small.annotations.record(SID, moved(newer, TierState.SUBMITTED, ben), ben.id)
    window = adjudicating(small, qtbot)
    assert window.state.gold.scheme_version == 2
    assert "(A02 in version 1, A03 in version 2). The gold is in version 2:" in window.told
    assert [window._name(f"l{n}") for n in range(4)] == list(LABELS)
    Fingers(window, qtbot).press(Qt.Key.Key_1)
    assert not window.told
    window.close()


def test_boundaries_are_edited_by_arrows(small: Project, qtbot: QtBot) -> None:
    window = adjudicating(small, qtbot)
    fingers = Fingers(window, qtbot)
    while window.matter and window.matter.kind != MatterKind.BOUNDARY:
        fingers.press(Qt.Key.Key_N)
    assert window.matter
    cluster = window.matter.cluster
    for key in (Qt.Key.Key_E, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Return):
        fingers.press(key)
    gold = window.state.gold_of(cluster)
    assert gold
    assert gold.start_ns == cluster.span.start_ns + 2 * 40_000_000
    assert origins(gold, window.state.sides).start == "adjudicator"
    window.close()


def test_to_discuss_is_to_ask_whoever_marked_it(
    small: Project, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = adjudicating(small, qtbot)
    matter = window.matter
    monkeypatch.setattr(QInputDialog, "getText", lambda *a: ("Why here?", True))
    Fingers(window, qtbot).press(Qt.Key.Key_D)
    assert matter
    said = {talk.first.item.id for talk in talks(small, None) if talk.first.item}
    assert said == {str(mark.id) for mark in matter.cluster.there}
    assert window.matter != matter
    window.close()


@pytest.mark.parametrize("left", [0, 1])
def test_what_is_said_is_of_what_was_shown_though_another_matter_is_come_to_meanwhile(
    small: Project, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, left: int
) -> None:
    """Somebody else may decide on it, or on the last one, while the text is written."""
    window = adjudicating(small, qtbot)
    matter, others = window.matter, window.state.open[1:][:left]

    def write(*_: object) -> tuple[str, bool]:
        window._go_to(others[0] if others else None)
        return "Why here?", True

    monkeypatch.setattr(QInputDialog, "getText", write)
    Fingers(window, qtbot).press(Qt.Key.Key_D)
    assert matter
    said = {talk.first.item.id for talk in talks(small, None) if talk.first.item}
    assert said == {str(mark.id) for mark in matter.cluster.there}
    assert window.matter == (others[0] if others else None)
    window.close()


def test_what_could_not_be_said_is_offered_again_and_said_once(
    small: Project, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server goes after the first of two comments."""
    window = adjudicating(small, qtbot)
    fingers, offered, tried = Fingers(window, qtbot), list[str](), list[Comment]()
    while window.matter and len(window.matter.cluster.there) < 2:
        fingers.press(Qt.Key.Key_N)
    matter, keep = window.matter, small.comments.add
    assert matter

    def ask(*given: object) -> tuple[str, bool]:
        offered.append(str(given[4]))
        return "Why here?", True

    def go(made: Comment) -> Comment:
        tried.append(made)
        if len(tried) > 1:
            raise UnreachableError("The server doesn't answer.")
        return keep(made)

    monkeypatch.setattr(QInputDialog, "getText", ask)
    with monkeypatch.context() as gone:
        gone.setattr(small.comments, "add", go)
        fingers.press(Qt.Key.Key_D)
    assert window.told == f"The server doesn't answer. {NOT_SAID}"
    assert (len(tried), talks(small, None), window.matter) == (2, [], matter)
    fingers.press(Qt.Key.Key_D)
    assert offered == ["", "Why here?"]
    said = [talk.first.item.id for talk in talks(small, None) if talk.first.item]
    assert sorted(said) == sorted(str(mark.id) for mark in matter.cluster.there)
    fingers.press(Qt.Key.Key_D)
    assert offered[-1] == ""
    window.close()


def test_a_type_that_two_schemes_have_is_opened_again_by_its_key_and_by_both_names(
    small: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    small.schemes.add(replace(STEPS, id=SchemeId("other"), name="Other"))
    command = ["--annotator", "A01", "--json", "--tier-type"]
    for tier_type in ("steps", "gearbox/steps", "Gearbox/steps", "steps"):
        assert main(["adjudicate", str(small.path), *command, tier_type]) == 0
        assert json.loads(capsys.readouterr().out)["open"] == 8
        assert main(["agree", str(small.path), "--json", "--tier-type", tier_type]) == 0
        assert json.loads(capsys.readouterr().out)["tier_type"] == "steps"
    assert main(["agree", str(small.path), "--tier-type", "other/steps"]) == 1
    assert "have begun a tier of type 'other/steps'" in capsys.readouterr().err


def test_tiers_of_another_scheme_are_not_adjudicated_with_these_though_the_type_has_the_same_key(
    small: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    small.schemes.add(replace(STEPS, id=SchemeId("other"), name="Other"))
    boss = small.annotators.named("A01")

    def submit(name: str) -> None:
        who = small.annotators.named(name)
        tier_id = assign(small, SID, Order("other/steps", who, boss, Part.FIRST), CLOCK).tier_id
        for state in (TierState.IN_WORK, TierState.SUBMITTED):
            move_tier(small, SID, tier_id, state, who, "")

    submit("A02")
    command = ["adjudicate", str(small.path), "--annotator", "A01", "--json", "--tier-type"]
    assert main([*command, "steps"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["sides"], told["open"]) == (["A02", "A03"], 8)
    assert table(small, SID, "steps", boss, CLOCK).state(small.annotations.load(SID)).gold.scheme_id == STEPS.id
    submit("A03")
    assert main([*command, "steps"]) == 1
    assert "name one: gearbox/steps, other/steps." in capsys.readouterr().err
    for wanted, count in (("gearbox/steps", 8), ("other/steps", 0)):
        assert main([*command, wanted]) == 0
        assert json.loads(capsys.readouterr().out)["open"] == count


def test_who_adjudicates_stays_blind_in_another_scheme_whose_type_has_the_same_key(small: Project) -> None:
    """Also where they are still at their own work there."""
    small.schemes.add(replace(STEPS, id=SchemeId("other"), name="Other"))
    boss = small.annotators.named("A01")
    ben = give_roles(small, "A03", tuple(AnnotatorRole))
    others = assign(small, SID, Order("other/steps", add_annotator(small, "A04"), boss, Part.FIRST), CLOCK)
    assign(small, SID, Order("other/steps", ben, boss, Part.SECOND), CLOCK)
    (adas,) = small.assignments.all(SID, small.annotators.named("A02").id)

    def sees(tier_id: str) -> bool:
        return tier_id in {str(item.id) for item in small.seen_by(ben.id).annotations.load(SID)}

    assert not sees(adas.tier_id)
    assert not sees(others.tier_id)
    assign(small, SID, Order("gearbox/steps", ben, boss, Part.ADJUDICATOR), CLOCK)
    assert sees(adas.tier_id)
    assert not sees(others.tier_id)


def test_a_look_changes_nothing(small: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """No gold is made, and who was blind to others' work stays so."""
    command = ["adjudicate", str(small.path), "--annotator", "A01", "--tier-type", "steps", "--json"]
    before, work = small.annotations.load(SID), small.assignments.all(SID)
    assert main(command) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["open"], told["agreed_to_take"], told["gold"]) == (8, 4, [])
    blind(small, "A01", str(SID), "steps", None, BlindTo.BOTH)
    scopes = small.annotators.scopes(SID)
    assert main(command) == 1
    assert "A01 doesn't see what others did of steps" in capsys.readouterr().err
    assert (small.annotations.load(SID), small.assignments.all(SID)) == (before, work)
    assert small.annotators.scopes(SID) == scopes
    table(small, SID, "steps", small.annotators.named("A01"), CLOCK)
    small.annotators.save(replace(add_annotator(small, "B01"), roles=(AnnotatorRole.CURATOR,)))
    after = small.annotations.load(SID)
    assert main([*command[:3], "B01", *command[4:]]) == 0
    assert small.annotations.load(SID) == after, "it is shown by the gold that somebody has"


def test_the_command_says_how_far_it_is_and_what_was_changed(
    small: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["adjudicate", str(small.path), "--annotator", "A01", "--tier-type", "steps", "--json"]
    assert main(command) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["sides"], told["open"], told["agreed_to_take"], told["gold"]) == (["A02", "A03"], 8, 4, [])
    assert main(["adjudicate", str(small.path), "--annotator", "A02", "--changes"]) == 0
    assert "Nothing of yours was changed." in capsys.readouterr().out
    assert main(["adjudicate", str(small.path), "--annotator", "A02", "--tier-type", "steps", "--json"]) == 1
    assert "A02 is not the adjudicator" in capsys.readouterr().err
    assert main(["adjudicate", str(small.path), "--annotator", "A01"]) == 1
    assert "--tier-type" in capsys.readouterr().err
    for asked in ("--changes", "--json"):
        assert main(["adjudicate", str(small.path), "--tier-type", "steps", asked]) == 1
        assert "--annotator" in capsys.readouterr().err
