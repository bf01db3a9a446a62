"""Edits: applied whole or not at all, refused where they are stale, logged so that they can be taken back."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import URL, text

from storage import Project
from tests.rig.hypothesis_profile import scaled
from tests.storage.examples import CLOCK, LOOSE, SESSION, SID, TIER, TRANSCRIPT, TURN, moved, question, segment
from woz.annotation.document import Document
from woz.annotation.edits import Edit
from woz.base.errors import WozError
from woz.base.interval import Interval
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId, ProcedureId, QuestionId, TermId, TierId, TurnId
from woz.model.own_schemes import MISTAKE
from woz.model.procedure import Procedure
from woz.model.question import Distractor, ReviewStatus
from woz.model.transcript import Term, Word


def test_tiers_keep_their_order_whatever_becomes_of_them(project: Project) -> None:
    tiers = [replace(TIER, id=TierId(name)) for name in ("steps", "states", "a note")]
    for tier in tiers:
        project.annotations.record(SID, Edit("tier", (), (tier,)), "ada")
    untimed = [replace(segment(name), start_ns=None, end_ns=None, tier_id=tiers[0].id) for name in ("b", "a")]
    timed = [replace(segment(name, at, at + 1), tier_id=tiers[0].id) for name, at in (("z", 1), ("y", 2))]
    project.annotations.record(SID, Edit("all", (), (*reversed(timed), *untimed)), "ada")
    done = replace(tiers[0], name="Others")
    project.annotations.record(SID, Edit("finish", (tiers[0],), (done,)), "ada")
    assert [item.id for item in project.annotations.load(SID)] == ["steps", "states", "a note", "a", "b", "z", "y"]


def test_a_stale_edit_is_refused_whole(project: Project) -> None:
    first = segment("s")
    project.annotations.record(SID, Edit("new", (), (TIER, first)), "ada")
    later = replace(first, start_ns=1)
    with Project.open(project.path, CLOCK) as other:
        other.annotations.record(SID, Edit("move", (first,), (later,)), "bob")
    for edit in (
        Edit("move", (first,), (replace(first, start_ns=2),)),
        Edit("delete", (first,)),
        Edit("add", (), (segment("new"), replace(first, label="both"))),
        Edit("add", (), (segment("new"), replace(segment("other"), tier_id=TierId("gone")))),
    ):
        with pytest.raises(WozError, match=r"Somebody else|by somebody else"):
            project.annotations.record(SID, edit, "ada")
    assert project.annotations.load(SID) == (TIER, later)
    assert [(e.edit.name, e.by, e.made_utc_ns) for e in project.annotations.history(SID)] == [
        ("new", "ada", CLOCK.utc_ns()),
        ("move", "bob", CLOCK.utc_ns()),
    ]


def test_a_tier_changes_without_losing_its_segments(project: Project) -> None:
    project.annotations.record(SID, Edit("new", (), (TIER, segment("s"))), "ada")
    done = replace(TIER, name="Others")
    project.annotations.record(SID, Edit("finish", (TIER,), (done,)), "ada")
    assert project.annotations.load(SID) == (done, segment("s"))


def test_a_tier_goes_only_with_all_its_segments(project: Project) -> None:
    segments = (segment("a"), segment("b", 5, 9))
    new = Edit("new", (), (TIER, *segments))
    project.annotations.record(SID, new, "ada")
    with pytest.raises(WozError, match="Somebody else"):
        project.annotations.record(SID, Edit("delete tier", (TIER, segments[0])), "ada")
    assert project.annotations.load(SID) == (TIER, *segments)
    project.annotations.record(SID, new.inverse(), "ada")
    assert project.annotations.load(SID) == ()


def test_a_review_keeps_who_judged_and_when(project: Project) -> None:
    asked = question("q")
    judged = replace(asked, status=ReviewStatus.ACCEPTED, distractors=(Distractor("Never."),))
    project.annotations.record(SID, Edit("propose", (), (asked,)), "woz")
    project.annotations.record(SID, Edit("accept", (asked,), (judged,)), "ada")
    assert project.annotations.load(SID) == (judged,)
    with project.database.snapshot() as rows:
        reviews = rows.execute(text("SELECT question_id, by, made_utc_ns, status FROM review")).all()
    assert reviews == [("q", "ada", CLOCK.utc_ns(), "accepted")]


def test_a_corrected_turn_is_kept_and_so_is_the_first(project: Project) -> None:
    project.transcripts.add(TRANSCRIPT, [TURN])
    words = (replace(TURN.words[0], doubt=True), replace(TURN.words[1], doubt=False))
    new = replace(TURN, words=words, voice="other 1", checked=True, origins=(TurnId("a"), TurnId("b c")))
    edit = Edit("correct", (TURN,), (new,))
    project.annotations.record(SID, edit, "ada")
    assert project.annotations.load(SID) == (new,)
    assert project.annotations.history(SID)[0].edit == edit
    project.annotations.record(SID, Edit("delete", (new,)), "ada")
    assert project.transcripts.originals(TRANSCRIPT.id) == [TURN]


def test_a_glossary_belongs_to_the_procedure(project: Project) -> None:
    cake, tea = (Procedure(ProcedureId(name), name) for name in ("cake", "tea"))
    for procedure in (cake, tea):
        project.procedures.save(procedure)
    project.sessions.save(replace(SESSION, procedure_id=cake.id))
    term, other = Term(TermId("1"), cake.id, "whisk"), Term(TermId("2"), tea.id, "kettle")
    edit = Edit("new term", (), (term, other))
    project.annotations.record(SID, edit, "ada")
    project.procedures.save(cake)
    assert project.annotations.load(SID) == (term,)
    assert project.annotations.history(SID)[0].edit == edit
    project.annotations.record(SID, Edit("other word", (term,), (replace(term, text="beater"),)), "ada")
    assert project.annotations.load(SID) == (replace(term, text="beater"),)


def test_a_change_of_all_turns_is_stored_whole(project: Project) -> None:
    turns = [replace(TURN, id=TurnId(str(i)), interval=Interval(i, i + 1), words=()) for i in range(1203)]
    project.transcripts.add(TRANSCRIPT, turns)
    new = tuple(replace(turn, text=f"{turn.text} {turn.id}") for turn in turns)
    project.annotations.record(SID, Edit("replace all", tuple(turns), new), "ada")
    assert set(project.annotations.load(SID)) == set(new)


class Annotating(RuleBasedStateMachine):
    """Whatever an annotator does, undoes and redoes: what is stored is what the document shows."""

    def __init__(self, database: str = "") -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.project = Project.create(Path(self.folder.name) / "p", "x", CLOCK, database)
        self.project.sessions.save(SESSION)
        self.project.schemes.add(LOOSE)
        self.project.transcripts.add(TRANSCRIPT, [TURN])
        self.document = Document(SID, self.project.annotations.open(SID, "ada"), self.project.annotations, "ada")
        self.count = 0

    def new_id(self) -> str:
        self.count += 1
        return str(self.count)

    @property
    def segments(self) -> list[Annotation]:
        return [s for tier in self.document.tiers for s in self.document.annotations(tier.id)]

    @rule()
    def add_tier(self) -> None:
        self.document.apply(Edit("add tier", (), (replace(TIER, id=TierId(self.new_id())),)))

    @precondition(lambda self: self.document.tiers)
    @rule(data=st.data(), start_ns=st.integers(0, 2**61), length_ns=st.integers(0, 10**6))
    def add_segment(self, data: st.DataObject, start_ns: int, length_ns: int) -> None:
        tier = data.draw(st.sampled_from(self.document.tiers))
        new = replace(segment(self.new_id(), start_ns, start_ns + length_ns), tier_id=tier.id, note="é")
        self.document.apply(Edit("add", (), (new.with_value(MISTAKE, True),)))

    @precondition(lambda self: self.segments)
    @rule(data=st.data(), label=st.sampled_from(["both", "none"]), by_ns=st.integers(0, 99))
    def change_segment(self, data: st.DataObject, label: str, by_ns: int) -> None:
        old = data.draw(st.sampled_from(self.segments))
        self.document.apply(
            Edit("change", (old,), (replace(moved(old, old.interval.shifted(by_ns)), label=label),))
        )

    @precondition(lambda self: self.segments)
    @rule(data=st.data())
    def split_segment(self, data: st.DataObject) -> None:
        old = data.draw(st.sampled_from(self.segments))
        if old.interval.duration_ns > 1:
            left, right = old.interval.split(old.interval.middle_ns)
            second = replace(moved(old, right), id=AnnotationId(self.new_id()))
            self.document.apply(Edit("split", (old,), (moved(old, left), second)))

    @precondition(lambda self: self.document.tiers)
    @rule(data=st.data())
    def finish_tier(self, data: st.DataObject) -> None:
        old = data.draw(st.sampled_from(self.document.tiers))
        self.document.apply(Edit("finish", (old,), (replace(old, name=f"{old.name}!"),)))

    @precondition(lambda self: self.document.tiers)
    @rule(data=st.data())
    def delete_tier(self, data: st.DataObject) -> None:
        old = data.draw(st.sampled_from(self.document.tiers))
        self.document.apply(Edit("delete", (old, *self.document.annotations(old.id))))

    @precondition(lambda self: self.document.turns)
    @rule(text=st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=5))
    def rewrite_turn(self, text: str) -> None:
        old = self.document.turns[0]
        words = (Word(text, old.interval), *old.words[: len(text)])
        self.document.apply(Edit("rewrite", (old,), (replace(old, text=text, words=words),)))

    @rule()
    def replace_turns(self) -> None:
        self.document.apply(Edit("turns", self.document.turns, (replace(TURN, id=TurnId(self.new_id())),)))

    @rule()
    def ask(self) -> None:
        self.document.apply(Edit("ask", (), (replace(question("q"), id=QuestionId(self.new_id())),)))

    @precondition(lambda self: self.document.questions)
    @rule(status=st.sampled_from(ReviewStatus), wrong=st.integers(0, 3))
    def review(self, status: ReviewStatus, wrong: int) -> None:
        old = self.document.questions[0]
        self.document.apply(
            Edit("review", (old,), (replace(old, status=status, distractors=old.distractors[:wrong]),))
        )

    @rule()
    def undo(self) -> None:
        self.document.undo()

    @rule()
    def redo(self) -> None:
        self.document.redo()

    @invariant()
    def stored_as_shown(self) -> None:
        shown = {*self.document.tiers, *self.segments, *self.document.turns, *self.document.questions}
        stored = self.project.annotations.load(SID)
        assert len(stored) == len(shown)
        assert set(stored) == shown

    def teardown(self) -> None:
        before = self.project.annotations.load(SID)
        self.project.close()
        with Project.open(self.project.path, CLOCK) as again:
            assert again.annotations.load(SID) == before
            for logged in reversed(again.annotations.history(SID)):
                again.annotations.record(SID, logged.edit.inverse(), "ada")
            assert again.annotations.load(SID) == (TURN,)
        self.folder.cleanup()


HOW_LONG = settings(
    max_examples=scaled(12), stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)


def test_what_is_stored_in_a_file_is_what_is_shown() -> None:
    run_state_machine_as_test(Annotating, settings=HOW_LONG)


def test_what_is_stored_on_a_server_is_what_is_shown(new_database: Callable[[], URL]) -> None:
    class OnServer(Annotating):
        def __init__(self) -> None:
            super().__init__(new_database().render_as_string())

    run_state_machine_as_test(OnServer, settings=HOW_LONG)
