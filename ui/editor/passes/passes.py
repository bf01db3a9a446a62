"""The passes in which segments begin and end by keys while the recording plays: tapped, or held."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ui.editor.passes.holding import Holding
from ui.editor.passes.late_press import LatePress
from ui.editor.passes.tapping import Tapping
from ui.editor.player import Player
from woz.annotation import commands
from woz.annotation.document import Document
from woz.annotation.edits import Edit
from woz.annotation.placing import Way, placed
from woz.annotation.running import Running
from woz.base.errors import WozError
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId, new_id
from woz.model.scheme import Label, Overlap, Shape
from woz.model.tier import Tier

if TYPE_CHECKING:
    from ui.editor.marking import Marking

TAKEN = "There is a segment here already: play on to its end, or take it away first."
TAP_WORDS = "Tap: a label's key ends what runs and begins the next"
HOLD_WORDS = "Hold: a label's key begins as it goes down, and ends as it comes up"

ONLY_STANDING = "; while it plays, it finds room"


class Passes(QObject):
    """`changed` after each begin, end and change of the way; times are those that were pressed for."""

    changed = Signal()

    def __init__(self, document: Document, player: Player, late: LatePress, marking: Marking) -> None:
        super().__init__(marking)
        self._document, self._player, self._marking = document, player, marking
        self.late = late
        self.tapping = Tapping(self._finish, self._undo, self)
        self.tapping.changed.connect(self.changed)
        self.holding: Holding | None = None
        self.holds = False
        """Whether a label's key is held while it plays, rather than tapped."""

    def hold_on(self, watched: QObject) -> None:
        """Keys are held where this widget has the focus."""
        self.holding = Holding(watched, self._held, self._begin_held, self._end_held, self._here)
        self.holding.changed.connect(self.changed)

    def switch(self) -> None:
        """From tapping to holding, or back."""
        self.end()
        self.holds = not self.holds
        self.changed.emit()

    @property
    def words(self) -> str:
        running = ", ".join(self._name(each) for each in self.running)
        if self.tapping.running:
            return f"{running} runs; Backspace takes it back"
        return f"{running} {'run' if len(self.running) > 1 else 'runs'}" if running else self._way

    @property
    def _way(self) -> str:
        words = HOLD_WORDS if self.holds else TAP_WORDS
        way = self._marking.way
        if way is Way.ROOM:
            return words
        here = "" if way is Way.REPLACE else ONLY_STANDING
        return f"A new segment {way.value}{here}. {words}"

    @property
    def running(self) -> tuple[Annotation, ...]:
        tapped_one = (self.tapping.running,) if self.tapping.running else ()
        return (*tapped_one, *(self.holding.running if self.holding else ()))

    def end(self) -> None:
        """End all that runs at the play head."""
        ended, at_ns = self.tapping.running, self._pressed_ns
        self.tapping.end(at_ns)
        self._say_if_backwards(ended, at_ns)
        if self.holding:
            self.holding.let_go()

    def drop(self) -> None:
        """Nothing is made of what runs."""
        self.tapping.drop()
        if self.holding:
            self.holding.drop()

    def tap(self, label: Label, at_ns: int) -> None:
        """A press of a label's key with the play head at a time."""
        marking, ended = self._marking, self.tapping.running
        marking.said.emit("")
        new = self._begun(label, at_ns, running=ended is not None)
        if new is None or new.start_ns is None:
            marking.said.emit(TAKEN)
            return
        if ended and ended.start_ns is not None and new.start_ns <= ended.start_ns < at_ns:
            new = replace(new, start_ns=at_ns)
        self.tapping.tap(new, new.start_ns or at_ns)
        self._say_if_backwards(ended, at_ns)
        if self.tapping.running:
            self.late.pressed(new.id, True, at_ns)
        elif ended:
            self.late.pressed(ended.id, False, at_ns)
        marking.chosen_changed.emit()

    def _say_if_backwards(self, ended: Annotation | None, at_ns: int) -> None:
        if ended and ended.start_ns is not None and at_ns <= ended.start_ns:
            self._marking.said.emit(f"{self._name(ended)} would end before it begins, so it isn't made.")

    def recover(self, running: Running) -> str:
        """Make what ran when the program was killed; the answer says so, or why not."""
        begun, document = running.begun, self._document
        tier = next((each for each in document.tiers if each.id == begun.tier_id), None)
        if tier is None or any(each.id == begun.id for each in document.annotations(tier.id)):
            return ""
        name = self._name(begun)
        try:
            document.apply(self._recovered(running, tier), self)
        except WozError as error:
            return f"{name} ran when the editor was ended from outside, and can't be kept: {error}"
        return f"{name} ran when the editor was ended from outside: it is kept as far as it had come."

    def _recovered(self, running: Running, tier: Tier) -> Edit:
        """What begins inside another segment was begun to replace it."""
        begun, there = running.begun, self._document.timed(tier.id)
        inside = begun.start_ns is not None and there.at(begun.start_ns) is not None
        way, overlap = Way.REPLACE if inside else Way.ROOM, self._document.tier_type(tier).overlap
        return placed(there, begun, running.end_ns, way, lambda: AnnotationId(new_id()), overlap)

    # at the play head

    def _here(self) -> int:
        return self._marking.here_ns

    @property
    def _pressed_ns(self) -> int:
        return self._pressed_for(self._marking.here_ns)

    def _pressed_for(self, at_ns: int) -> int:
        """The frame that is pressed for with the play head at a time."""
        return self._marking.snapped(self.late.corrected_ns(at_ns))

    def _begun(self, label: Label, at_ns: int, running: bool) -> Annotation | None:
        """A segment from when it was pressed for; None inside another. Just behind one it begins at its end."""
        start = self._pressed_for(at_ns)
        replaces = self._marking.way is Way.REPLACE
        if self._marking.overlap == Overlap.NONE and not running and not replaces:
            timed = self._document.timed(self._marking.tier.id) if self._marking.tier else None
            inside = timed.at(start) if timed else None
            if inside and inside.interval.end_ns > at_ns:
                return None
            start = inside.interval.end_ns if inside else start
        return self._marking.new(label, start)

    def _finish(self, begun: Annotation, end_ns: int) -> bool:
        marking = self._marking
        way = Way.REPLACE if marking.way is Way.REPLACE else Way.ROOM
        return marking.apply(lambda: marking.placed(begun, end_ns, way))

    def _undo(self, new: Annotation) -> None:
        made = next((each for each in self._marking.segments if each.id == new.id), None)
        if made:
            self._marking.apply(lambda: commands.delete(made))
        self._marking.chosen_changed.emit()

    # held keys

    def _label_of(self, key: str) -> Label | None:
        tier_type = self._marking.tier_type
        offered = tier_type.offered if tier_type and key else ()
        return next((each for each in offered if each.shortcut.upper() == key), None)

    def _held(self, key: str) -> bool:
        tier_type = self._marking.tier_type
        intervals = tier_type is not None and tier_type.shape in (Shape.INTERVAL, Shape.ANY)
        plays = self._player.playing and not self._marking.deciding and not self._marking.refines
        return self.holds and plays and intervals and self._label_of(key) is not None

    def _begin_held(self, key: str) -> Annotation | None:
        label, here_ns, marking = self._label_of(key), self._marking.here_ns, self._marking
        assert label
        assert self.holding
        marking.said.emit("")
        if marking.overlap == Overlap.NONE:
            for each in self.holding.running:
                self.holding.end(each)
        new = self._begun(label, here_ns, running=False)
        if new is None:
            marking.said.emit(TAKEN)
            return None
        marking.used(label)
        self.late.pressed(new.id, True, here_ns)
        return new

    def _end_held(self, begun: Annotation, here_ns: int) -> None:
        end_ns = self._pressed_for(here_ns)
        if begun.start_ns is None or end_ns <= begun.start_ns:
            self._marking.said.emit(f"{self._name(begun)} was held for less than a frame: nothing was made.")
        elif self._finish(begun, end_ns):
            self.late.pressed(begun.id, False, here_ns)
            self._marking.chosen_changed.emit()

    def _name(self, each: Annotation) -> str:
        tier = next((tier for tier in self._document.tiers if tier.id == each.tier_id), None)
        return self._marking.name_of(tier, each) if tier else each.label
