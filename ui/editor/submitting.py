"""Submits the chosen tier by key, or takes it back; what blocks it is listed, to be led to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from ui.editor.keys import Keys, Place
from ui.editor.marking import NO_TIER, Marking
from woz.annotation.document import Document
from woz.annotation.proposals.drafts import is_draft
from woz.annotation.tier_states import moved
from woz.base.counts import counted
from woz.base.errors import WozError
from woz.model.annotator import Annotator
from woz.model.tier import Tier, TierState
from woz.schemes.finding import Finding, blocking


@dataclass(frozen=True, slots=True)
class Submission:
    """Who submits, and what a tier lacks as it is stored; `check` is called beside the window."""

    mover: Annotator
    check: Callable[[Tier], Sequence[Finding]]


class Submitting(QObject):
    """`blocked` has the errors that are to be mended first, `told` what became of it, or why nothing did."""

    blocked = Signal(object)
    told = Signal(str)

    def __init__(self, document: Document, marking: Marking, submission: Submission | None) -> None:
        super().__init__(marking)
        self._document, self._marking, self._submission = document, marking, submission

    def add_keys(self, keys: Keys) -> None:
        keys.add("Submit the tier; again: take it back into work", "Ctrl+Shift+S", self.submit, Place.TIME_LINE)

    def submit(self) -> None:
        tier, submission = self._marking.tier, self._submission
        if tier is None:
            self.told.emit(NO_TIER)
        elif is_draft(tier):
            self.told.emit("These are a machine's proposals; what is submitted is your own tier (Tab).")
        elif submission is None:
            self.told.emit("Nobody of this project's annotators works here; open it with --annotator to submit.")
        elif tier.state == TierState.SUBMITTED:
            self._move(tier, TierState.IN_WORK, submission.mover)
        else:
            self._ask(tier, submission)

    def _ask(self, tier: Tier, submission: Submission) -> None:
        """First whether they may, then, once all is stored, whether anything blocks it."""
        try:
            moved(tier, TierState.SUBMITTED, submission.mover)
        except WozError as error:
            self.told.emit(str(error))
            return
        self._marking.passes.end()
        self._document.read(lambda: submission.check(tier), lambda found: self._checked(tier, found, submission))

    def _checked(self, tier: Tier, found: Sequence[Finding], submission: Submission) -> None:
        wrong = blocking(found)
        if unbegun := next((each.sentence for each in wrong if each.unbegun), ""):
            self.told.emit(f"{tier.name} can't be submitted yet: {unbegun[0].lower()}{unbegun[1:]}")
            return
        if wrong:
            count = counted(len(wrong), "error blocks", "errors block")
            self.told.emit(f"{count} the submission of {tier.name}; the list leads to each.")
            self.blocked.emit(wrong)
            return
        now = next((each for each in self._document.tiers if each.id == tier.id), None)
        if now is not None:
            self._move(now, TierState.SUBMITTED, submission.mover)

    def _move(self, tier: Tier, to: TierState, mover: Annotator) -> None:
        try:
            self._document.apply(moved(tier, to, mover), self)
        except WozError as error:
            self.told.emit(str(error))
            return
        self.told.emit("")
        submitted = to == TierState.SUBMITTED
        self._marking.hinted.emit(f"{tier.name} is {'submitted' if submitted else 'in work again'}")
