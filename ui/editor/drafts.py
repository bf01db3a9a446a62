"""What is decided by key on a machine's proposals: taken, mended, refused, and on to the next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from ui.editor.keys import Keys, Place
from ui.editor.player import Player
from ui.editor.take_all_dialog import TakeAllDialog
from woz.annotation.document import Document
from woz.annotation.edits import Edit
from woz.annotation.proposals import deciding
from woz.annotation.proposals.drafts import after, drafts_for, is_draft, new_own_tier, own_tier
from woz.base.counts import counted
from woz.base.errors import WozError
from woz.base.interval import NS_PER_MS
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId, AnnotatorId, TierId, new_id
from woz.model.tier import Tier

if TYPE_CHECKING:
    from ui.editor.marking import Marking

NEAR_NS = 200 * NS_PER_MS
NONE = "There are no proposals here: Ctrl+P has a machine make some."
CHOOSE_FIRST = "Choose a proposal first: F6 goes to the next one."


class Drafts(QObject):
    """Decides on the chosen proposal of a `Marking`; what is taken goes into a tier of the annotator's own."""

    def __init__(
        self, document: Document, marking: Marking, player: Player, window: QWidget, annotator: AnnotatorId | None
    ) -> None:
        super().__init__(marking)
        self._document, self._marking, self._player, self._window = document, marking, player, window
        self._annotator = annotator

    @property
    def here(self) -> bool:
        """Whether the chosen tier holds proposals."""
        return self._marking.tier is not None and is_draft(self._marking.tier)

    @property
    def reached(self) -> bool:
        """Whether the play head is at the chosen proposal; the frame before it counts, too."""
        chosen = self._marking.chosen
        if chosen is None or chosen.start_ns is None:
            return chosen is not None
        span = chosen.interval
        return span.start_ns - NEAR_NS <= self._marking.here_ns <= span.end_ns + NEAR_NS

    def add_keys(self, keys: Keys) -> None:
        place = Place.TIME_LINE
        keys.add("Next proposal", "F6", lambda: self.go(1), place)
        keys.add("Previous proposal", "Shift+F6", lambda: self.go(-1), place)
        keys.mention("Take the proposal; next one", "Return", place)
        keys.mention("Refuse the proposal; next one", "Delete", place)
        keys.add("Take the proposal, and stay on it", "Ctrl+Return", self.take_and_stay, place)
        keys.add("Take all proposals that are sure enough", "Shift+Return", self.ask_all, place)

    # moving

    def go(self, direction: int) -> None:
        """To the next proposal, or the one before, of those for the chosen tier."""
        marking = self._marking
        draft = drafts_for(self._document, marking.tier)
        if draft is None:
            marking.said.emit(NONE)
            return
        chosen = marking.chosen if self.here else None
        t_ns = marking.here_ns if chosen is None or chosen.start_ns is None else chosen.start_ns
        edge = t_ns - 1 if chosen is None and direction > 0 else t_ns
        found = after(self._document.timed(draft.id), edge, direction)
        if found is None:
            count = len(self._document.annotations(draft.id))
            way = "after" if direction > 0 else "before"
            left = f"{count} of {draft.name} {'is' if count == 1 else 'are'} left in all"
            marking.said.emit(f"There is no proposal {way} this; {left}.")
        else:
            marking.said.emit("")
            self._stand(found)

    def _stand(self, proposal: Annotation) -> None:
        self._marking.choose(proposal.tier_id, proposal.id)
        if proposal.start_ns is not None:
            self._player.seek(proposal.start_ns)
        left = len(self._document.annotations(proposal.tier_id))
        self._marking.hinted.emit(f"Enter: take   Delete: refuse   {left} left")

    # deciding

    def take(self) -> None:
        """Take the chosen one as it is, and go to the next."""
        proposal = self._chosen()
        if proposal and self._decide(proposal, deciding.TAKE, proposal):
            self._go_on(proposal)

    def take_and_stay(self) -> None:
        """Take it, and choose what came of it, to be edited in its own tier."""
        if not self.here:
            self._marking.said.emit(CHOOSE_FIRST if drafts_for(self._document, None) else NONE)
            return
        proposal = self._chosen()
        if proposal:
            self._decide(proposal, deciding.TAKE, proposal, stay=True)

    def refuse(self) -> None:
        proposal = self._chosen()
        if proposal and self._marking.apply(lambda: deciding.refuse(proposal)):
            self._go_on(proposal)

    def mend(self, make: Callable[[Annotation], Edit]) -> bool:
        """Take the chosen one as an edit changes it, and stand on what came of it."""
        proposal = self._chosen()
        if proposal is None:
            return False
        try:
            edit = make(proposal)
        except WozError as error:
            self._marking.said.emit(str(error))
            return False
        changed = [each for each in edit.after if isinstance(each, Annotation)]
        if len(changed) != 1 or len(edit.before) > 1:
            self._marking.said.emit("Take the proposal first (Enter), then split or merge what came of it.")
            return False
        return self._decide(proposal, deciding.MEND, changed[0], stay=True)

    def move_edge(self, at_start: bool, t_ns: int) -> bool:
        def moved(proposal: Annotation) -> Edit:
            if proposal.start_ns is None or proposal.end_ns is None:
                return Edit(deciding.MEND, (proposal,), (replace(proposal, start_ns=t_ns),))
            start, end = (t_ns, proposal.end_ns) if at_start else (proposal.start_ns, t_ns)
            if start >= end:
                raise WozError("A segment can't end before it starts; refuse the proposal instead (Delete).")
            return Edit(deciding.MEND, (proposal,), (replace(proposal, start_ns=start, end_ns=end),))

        return self.mend(moved)

    def ask_all(self) -> None:
        """Ask how sure they must be, say how many that takes, and take them as one edit."""
        draft = drafts_for(self._document, self._marking.tier)
        if draft is None:
            self._marking.said.emit(NONE)
            return
        own = own_tier(self._document, draft, self._annotator)
        existing = self._document.timed(own.id) if own else ()
        proposals, overlap = self._document.annotations(draft.id), self._document.tier_type(draft).overlap
        least = TakeAllDialog.ask(
            self._window, draft.name, lambda low: deciding.takable(proposals, existing, overlap, low)
        )
        if least is not None:
            self.take_all(draft, least)

    def take_all(self, draft: Tier, least: float) -> None:
        own = self._own_for(draft)
        if own is None:
            return
        overlap = self._document.tier_type(own).overlap
        proposals, existing = self._document.annotations(draft.id), self._document.timed(own.id)
        if self._marking.apply(
            lambda: deciding.take_all(proposals, own, existing, overlap, least, lambda: AnnotationId(new_id()))
        ):
            taken = len(proposals) - len(self._document.annotations(draft.id))
            self._marking.choose(own.id, None)
            self._marking.hinted.emit(
                f"{taken} of {counted(len(proposals), 'proposal')} taken; Ctrl+Z takes all back"
            )

    # one decision

    def _chosen(self) -> Annotation | None:
        """The proposal that is chosen; the one at the play head where none is."""
        chosen = self._marking.chosen
        if chosen is None:
            self._marking.said.emit(CHOOSE_FIRST)
        return chosen

    def _decide(self, proposal: Annotation, name: str, mended: Annotation, stay: bool = False) -> bool:
        draft = self._marking.tier
        own = self._own_for(draft) if draft else None
        if own is None:
            return False
        new, overlap = AnnotationId(new_id()), self._document.tier_type(own).overlap
        existing = self._document.timed(own.id)

        def edit() -> Edit:
            if name == deciding.TAKE:
                return deciding.take(proposal, own, existing, overlap, new)
            return deciding.mend(proposal, mended, own, existing, overlap, new)

        if not self._marking.apply(edit):
            return False
        if stay:
            self._marking.choose(own.id, new)
            self._marking.hinted.emit(f"Taken into {own.name}; F6: next proposal")
        return True

    def _own_for(self, draft: Tier) -> Tier | None:
        """The annotator's tier for what is taken; made where there is none. None where that can't be."""
        own = own_tier(self._document, draft, self._annotator)
        if own is not None:
            return own
        made, name = self._document.made(), self._free_name(draft)
        new = new_own_tier(draft, name, TierId(new_id()), made, self._annotator)
        if not self._marking.apply(lambda: Edit("New tier", (), (new,))):
            return None
        return own_tier(self._document, draft, self._annotator)

    def _free_name(self, draft: Tier) -> str:
        taken = {tier.name for tier in self._document.tiers}
        first = name = self._document.tier_type(draft).name()
        number = 2
        while name in taken:
            name, number = f"{first} {number}", number + 1
        return name

    def _go_on(self, decided: Annotation) -> None:
        """To the next proposal; where there is none after this, to the first that is left."""
        left = self._document.timed(decided.tier_id)
        found = after(left, (decided.start_ns or 0) - 1) or next(iter(left), None)
        if found is not None:
            self._stand(found)
            return
        draft = next((tier for tier in self._document.tiers if tier.id == decided.tier_id), None)
        own = own_tier(self._document, draft, self._annotator) if draft else None
        self._marking.choose(own.id if own else None, None)
        self._marking.hinted.emit("All proposals are decided on")
