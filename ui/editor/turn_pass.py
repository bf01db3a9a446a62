"""A pass through the conversation: each turn is heard, gets its label by one key, and the next one comes."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QVBoxLayout

from ui.editor.label_list import LabelList, sign_of
from ui.editor.player import Player
from ui.editor.transcript import TranscriptPanel
from ui.theme import GRID
from ui.widgets.digit_row import DigitRow
from ui.widgets.parts import clock_text, label, row
from woz.annotation.document import Document
from woz.annotation.edits import Edit
from woz.annotation.label_of import label_of
from woz.annotation.linking import with_links
from woz.annotation.proposals.drafts import is_draft
from woz.annotation.turn_labels import by_turn, label_turn, labels_turns, next_lacking, unlabel_turn
from woz.annotation.voices import Voice, voice_of, voices_of
from woz.base.counts import counted
from woz.base.errors import WozError
from woz.model.annotation import Annotation
from woz.model.ids import LabelId, TurnId
from woz.model.scheme import Label
from woz.model.tier import Tier
from woz.model.transcript import Turn

HELP = "Shift: one more   Enter: next without   Space: hear   Tab: whose   Esc: end"
MORE_HELP = "Shift+Space: hear each turn as it comes   Backspace: take the label away   F: a label by its name"
NO_LABEL = "No label yet"
NO_TIER = (
    "Choose a tier whose labels are for turns first (Tab); Ctrl+N makes one: dialogue acts, types of questions,"
    " HoloAssist's purposes."
)
UP, DOWN = Qt.Key.Key_Up, Qt.Key.Key_Down


class TurnPass(QFrame):
    """Takes its keys itself; `told` is why one can't act, `ended` comes with Esc."""

    told = Signal(str)
    ended = Signal()

    def __init__(self, document: Document, panel: TranscriptPanel, player: Player) -> None:
        super().__init__()
        self._document, self._panel, self._player = document, panel, player
        self._tier: Tier | None = None
        self._at: TurnId | None = None
        self._whose: Voice | None = None
        self._hear_each = False
        self._labelled: dict[TurnId, list[Annotation]] = {}
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Labels of turns")
        self.title, self.count, self.has = label("", "heading"), label("", "muted"), label("", wrap=True)
        self.keys = QListWidget()
        self.keys.setAccessibleName("Labels and their keys")
        self.keys.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.keys.itemClicked.connect(lambda item: self._use(item.data(Qt.ItemDataRole.UserRole), False))
        self.keys.setFlow(QListWidget.Flow.LeftToRight)
        self.keys.setWrapping(True)
        self.keys.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.keys.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.keys.setSpacing(1)
        self.keys.setMinimumHeight(72)
        self.keys.setMaximumHeight(150)
        help_line = label(HELP, "muted", wrap=True)
        help_line.setToolTip(MORE_HELP)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, GRID, 0, 0)
        layout.setSpacing(GRID // 2)
        for widget in (row(self.title, self.count), self.has, self.keys, help_line):
            layout.addWidget(widget)
        layout.setStretch(2, 1)
        self._digits = DigitRow(self, lambda digit: self._press(str(digit), False))

    def begin(self, tier: Tier | None) -> bool:
        """Into a tier whose type labels turns; from the chosen turn on, or the first without a label.

        False, with the reason told, where that can't be.
        """
        if tier is None or is_draft(tier) or not labels_turns(self._document.tier_type(tier)):
            self.told.emit(NO_TIER)
            return False
        if not self._panel.turns:
            self.told.emit("There is no turn to label: N in the transcript (Ctrl+T) types one.")
            return False
        self._tier = tier
        self.keys.clear()
        for each in self._document.tier_type(tier).offered:
            item = QListWidgetItem(f"{each.shortcut or 'F'}   {each.name()}", self.keys)
            item.setIcon(sign_of(each.colour))
            item.setToolTip(each.start_rule or each.name())
            item.setData(Qt.ItemDataRole.UserRole, each)
        self._at = self._panel.turn.id if self._panel.turn else None
        self.refresh()
        self.show()
        self.setFocus()
        if self.turn is None:
            self.lacking()
        self._panel.show_hint(False)
        return True

    @property
    def turn(self) -> Turn | None:
        """The one that is labelled now, wherever the play head is."""
        return next((each for each in self._panel.turns if each.id == self._at), None)

    @property
    def turns(self) -> tuple[Turn, ...]:
        """Those of the pass."""
        return tuple(t for t in self._panel.turns if self._whose is None or voice_of(t) == self._whose)

    def refresh(self) -> None:
        """After a change of turns or labels."""
        if self._tier:
            self._labelled = by_turn(self._document.annotations(self._tier.id), self._panel.turns)
            self._show()

    def close_pass(self) -> None:
        self._tier = None
        self._panel.show_hint(True)
        self.hide()
        self.ended.emit()

    # keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        held = event.modifiers()
        shift = bool(held & Qt.KeyboardModifier.ShiftModifier)
        do: dict[int, Callable[[], object]] = {
            Qt.Key.Key_Escape: self.close_pass,
            Qt.Key.Key_Space: self._toggle_hearing if shift else self.hear,
            Qt.Key.Key_Return: lambda: self.lacking(-1 if shift else 1),
            Qt.Key.Key_Enter: lambda: self.lacking(-1 if shift else 1),
            Qt.Key.Key_Backspace: self._take_away,
            Qt.Key.Key_Delete: self._take_away,
            UP: lambda: self.step(-1),
            DOWN: lambda: self.step(1),
            Qt.Key.Key_F: self._find,
        }
        found = do.get(event.key()) if not held & Qt.KeyboardModifier.ControlModifier else None
        if found:
            found()
        elif event.text().strip() and not held & Qt.KeyboardModifier.ControlModifier:
            self._press(QKeySequence(event.key()).toString(), shift)
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, onward: bool) -> bool:
        """Tab chooses whose turns."""
        whose = [None, *voices_of(self._panel.turns)]
        at = whose.index(self._whose) if self._whose in whose else 0
        self._whose = whose[(at + (1 if onward else -1)) % len(whose)]
        self._show()
        return True

    def _press(self, key: str, more: bool) -> None:
        offered = self._document.tier_type(self._tier).offered if self._tier else ()
        found = next((each for each in offered if each.shortcut.upper() == key.upper()), None)
        if found is None:
            self.told.emit(f"No label here has the key {key}; F finds one by its name.")
        else:
            self._use(found, more)

    def _find(self) -> None:
        if self._tier:
            found = LabelList.ask(self, self._document.tier_type(self._tier).offered, (), False)
            if isinstance(found, Label):
                self._use(found, False)

    # doing

    def _use(self, chosen: Label, more: bool) -> None:
        turn, tier = self._turn(), self._tier
        if turn and tier and self._apply(lambda: label_turn(self._document, tier, turn, LabelId(chosen.id), more)):
            self.step(1) if not more else self._show()

    def _take_away(self) -> None:
        turn = self._turn()
        labels = self._labelled.get(turn.id, []) if turn else []
        if turn and not labels:
            self.told.emit("This turn has no label.")
        elif turn:
            self._apply(lambda: unlabel_turn(labels))

    def _apply(self, make: Callable[[], Edit]) -> bool:
        try:
            self._document.apply(with_links(make(), self._document.links), self)
        except WozError as error:
            self.told.emit(str(error))
            return False
        self.told.emit("")
        return True

    def step(self, by: int) -> None:
        """To the next turn of the pass, or the one before."""
        turns, turn = self.turns, self.turn
        here = turns.index(turn) if turn in turns else -1
        if turn is not None and turn not in turns:
            later = [n for n, each in enumerate(turns) if each.interval > turn.interval]
            here = (later[0] if later else len(turns)) - (1 if by > 0 else 0)
        if 0 <= here + by < len(turns):
            self._go(turns[here + by])
        elif by > 0:
            self._say_end()
        else:
            self.told.emit("This is the first turn.")

    def lacking(self, direction: int = 1) -> None:
        """To the next turn without a label."""
        turns, turn = self.turns, self.turn
        here = turns.index(turn) if turn in turns else -1
        number = next_lacking(turns, self._labelled, here, direction)
        if number is None:
            self._say_end()
        else:
            self._go(turns[number])

    def _say_end(self) -> None:
        left = self._left()
        some = f"{counted(left, 'turn')} without a label: Enter goes there." if left else ""
        self.told.emit(f"This was the last turn. {some or 'Every turn has a label; Esc ends the pass.'}")

    def _go(self, turn: Turn) -> None:
        self.told.emit("")
        self._at = turn.id
        self._panel.choose_turn(turn.id)
        self._show()
        if self._hear_each:
            self.hear()

    def hear(self) -> None:
        turn = self._turn()
        if turn:
            self._player.play_once(turn.interval)

    def _toggle_hearing(self) -> None:
        self._hear_each = not self._hear_each
        self._show()
        if self._hear_each:
            self.hear()

    def _turn(self) -> Turn | None:
        if self.turn is None:
            self.told.emit("This turn is gone: Down goes to the next one.")
        return self.turn

    # showing

    def _left(self) -> int:
        return sum(not self._labelled.get(turn.id) for turn in self.turns)

    def _show(self) -> None:
        if self._tier is None:
            return
        turn, tier_type = self.turn, self._document.tier_type(self._tier)
        whose = f"{self._whose.label}’s turns" if self._whose else "all turns"
        hear = ", each is played" if self._hear_each else ""
        self.title.setText(f"{self._tier.name}: {whose}{hear}")
        count, left = len(self.turns), self._left()
        self.count.setText(f"{count - left} of {count} labelled, {left} lack one")
        names = [label_of(tier_type, each).name() for each in self._labelled.get(turn.id, ())] if turn else []
        self.has.setText(" + ".join(names) or NO_LABEL)
        said = f"{clock_text(turn.interval.start_ns)} {voice_of(turn).label}: {turn.text}" if turn else ""
        self.setAccessibleDescription(f"{said}. {self.has.text()}. {self.count.text()}")
