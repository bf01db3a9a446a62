"""The transcript beside the time line: follows playback, shows and chooses words, opens turns to type in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractItemDelegate, QComboBox, QToolButton, QVBoxLayout, QWidget

from ui.editor.find_bar import FindBar
from ui.editor.turn_field import TurnField
from ui.editor.turn_list import TurnList
from ui.editor.turns import TurnDelegate, TurnModel
from ui.theme import GRID
from ui.widgets.parts import label, row
from woz.annotation.document import Document
from woz.annotation.edits import Edit
from woz.annotation.linking import with_links
from woz.annotation.transcript_edits import set_text
from woz.annotation.word_times import corrections, timed_words
from woz.annotation.words import words_in
from woz.base.errors import WozError
from woz.base.interval import NS_PER_MS
from woz.model.ids import TranscriptId, TurnId
from woz.model.origin import Origin
from woz.model.transcript import Transcript, Turn

SLACK_NS = 120 * NS_PER_MS
"""A word may begin this long after the picture that is shown at its time."""
LEAST_LIST, EMPTY_LIST, ANY_HEIGHT = 56, 16, 2**24 - 1
"""Where there are no turns the list is there for its keys alone, so that the rest has its room."""
FIRST_HINT = "Ctrl+T: here   Enter: type   D: next doubtful word   F1: all keys"
KEYS_HERE = "The keys are here.   Enter: type   N: new turn   Esc: time line"
NO_TURNS = (
    "No turns yet. Ctrl+T, then N: you type one at the play head. Or have the session transcribed, from the"
    " project's window."
)
ORIGIN_WORDS = {
    Origin.SCRIPT: "From a script",
    Origin.RECOGNISED: "Recognised",
    Origin.MANUAL: "Written by hand",
    Origin.IMPORTED: "Imported",
}


class TranscriptPanel(QWidget):
    """Shows one transcript of a document, the newest first; whatever it changes is an edit of the document.

    `sought` asks for a time, `told` is a sentence about what can't be done, `turn_chosen`, `transcript_changed` and
    `corrected` (pairs of wrong and right words) say what happened.
    """

    sought = Signal(object)
    told = Signal(str)
    turn_chosen = Signal()
    corrected = Signal(object)
    transcript_changed = Signal()

    def __init__(
        self, document: Document, transcripts: Sequence[Transcript], names: Mapping[str, str] | None = None
    ) -> None:
        """`names` has annotators' pseudonyms by id."""
        super().__init__()
        self._document = document
        self._transcripts = list(reversed(transcripts))
        self._following = False
        self.field: TurnField | None = None
        self.trouble = ""
        self.model = TurnModel(document, self.transcript_id, names)
        self.list = TurnList()
        self.list.setModel(self.model)
        self.delegate = TurnDelegate(self.list, self.model, lambda: [term.text for term in document.terms])
        self.list.setItemDelegate(self.delegate)
        self.find_bar = FindBar()
        self._build()
        self._connect()
        self._show_progress()

    def _build(self) -> None:
        self._title = label(self._origin(0), "heading")
        self._which = QComboBox()
        self._which.setAccessibleName("Which transcript")
        self._which.addItems([self._origin(i) for i in range(len(self._transcripts))])
        self._which.setVisible(len(self._transcripts) > 1)
        self._title.setVisible(len(self._transcripts) < 2)
        self._progress = label("", "muted")
        self.loop_button, self.doubts_button = (
            _toggle("Loop", "Play the turn again and again (Ctrl+L)"),
            _toggle("Doubts", "Colour doubtful words (H)"),
        )
        self.doubts_button.setChecked(True)
        self._strip = label("", "muted", wrap=True)
        self._strip.setAccessibleName("Hint")
        self._strip.setText(FIRST_HINT)
        self._empty = label(NO_TURNS, "muted", wrap=True)
        self._empty.setMinimumHeight(2 * self._empty.fontMetrics().lineSpacing())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        head = row(self._title, self._which, self._progress, self.doubts_button, self.loop_button)
        head.layout().setStretch(2, 1)  # type: ignore[union-attr]
        for widget in (head, self.find_bar, self._empty, self.list, self._strip):
            layout.addWidget(widget)
        layout.setStretch(3, 1)

    def _connect(self) -> None:
        self.list.word_clicked.connect(self._click)
        self.list.opened.connect(self._open)
        self.list.focused.connect(self._show_where_keys_are)
        self.list.selectionModel().currentChanged.connect(self._current_changed)
        self.delegate.field_opened.connect(self._field_opened)
        self.delegate.closeEditor.connect(self._field_closed)
        self.model.typed.connect(self._typed)
        self.doubts_button.toggled.connect(self._colour_doubts)
        self._which.activated.connect(self._show_transcript)

    def add_transcript(self, made: Transcript) -> None:
        """A new one, shown from now on."""
        self._transcripts.insert(0, made)
        self._which.insertItem(0, self._origin(0))
        self._which.setCurrentIndex(0)
        self._which.setVisible(len(self._transcripts) > 1)
        self._title.setText(self._origin(0))
        self._title.setVisible(len(self._transcripts) < 2)
        self._show_transcript()

    @property
    def below(self) -> float:
        """The confidence below which a word is doubtful."""
        return self.delegate.below

    def doubt_below(self, confidence: float) -> None:
        self.delegate.below = self.model.below = confidence
        self.doubts_button.setText(f"Doubts < {confidence:.0%}")
        self.list.viewport().update()

    # what is chosen

    @property
    def transcript_id(self) -> TranscriptId | None:
        number = self._which.currentIndex() if hasattr(self, "_which") else 0
        return self._transcripts[number].id if self._transcripts else None

    @property
    def language(self) -> str:
        """Of the transcript, as ISO 639 has it; empty where it isn't known."""
        return next((made.language for made in self._transcripts if made.id == self.transcript_id), "")

    @property
    def turns(self) -> tuple[Turn, ...]:
        return self.model.turns

    @property
    def row(self) -> int:
        """The number of the chosen turn; -1 where there is none."""
        return self.list.currentIndex().row()

    @property
    def turn(self) -> Turn | None:
        return self.turns[self.row] if 0 <= self.row < len(self.turns) else None

    @property
    def word(self) -> int:
        """The number of the chosen word in its turn."""
        return self.delegate.place[1] if self.delegate.place else 0

    def choose(self, number: int, word: int = 0, seek: bool = True) -> None:
        """Choose a turn and a word of it, scroll there, and ask for its time."""
        if not 0 <= number < len(self.turns):
            return
        turn = self.turns[number]
        self._following = True
        self.delegate.place = (turn.id, word)
        self.list.setCurrentIndex(self.model.index(number))
        self._following = False
        self.list.viewport().update()
        self.turn_chosen.emit()
        if seek:
            words = timed_words(turn)
            span = words[word].interval if 0 <= word < len(words) else turn.interval
            self.sought.emit(span.start_ns)

    def choose_turn(self, turn_id: TurnId, word: int = 0, seek: bool = True) -> None:
        number = self.model.row_of(turn_id)
        if number is not None:
            self.choose(number, word, seek)

    # typing

    def edit_here(self) -> None:
        """Open the chosen turn's text with the caret at the chosen word."""
        turn = self.turn
        if turn is None:
            self.told.emit("There is no turn yet: N starts one at the play head, to be typed.")
            return
        spans = self.delegate.laid(self.list.currentIndex()).spans
        self.delegate.caret = spans[self.word][0] if self.word < len(spans) else len(turn.text)
        self.list.edit(self.list.currentIndex())

    def finish_typing(self) -> None:
        """Keep what is typed, and go back to the list."""
        if self.field is not None:
            field = self.field
            self.delegate.commitData.emit(field)
            self.delegate.closeEditor.emit(field, QAbstractItemDelegate.EndEditHint.NoHint)

    def apply(self, make: Callable[[], Edit]) -> bool:
        """Do an edit; the answer says whether anything changed. What can't be done is told."""
        self.trouble = ""
        changed = False
        try:
            edit = with_links(make(), self._document.links)
            self._document.apply(edit, self)
            changed = bool(edit)
        except WozError as error:
            self.trouble = str(error)
        self.told.emit(self.trouble)
        return changed

    def undo(self) -> None:
        """Take back the last edit of the document."""
        try:
            self._document.undo(self)
        except WozError as error:
            self.told.emit(str(error))

    def _typed(self, turn_id: TurnId, text: str) -> None:
        number = self.model.row_of(turn_id)
        if number is None:
            return
        turn = self.turns[number]
        pairs = corrections(timed_words(turn), words_in(text))
        if " ".join(text.split()) != turn.text and self.apply(lambda: set_text(turn, text)):
            self.corrected.emit(pairs)

    def _field_opened(self, field: TurnField) -> None:
        self.field = field
        field.finished.connect(self.finish_typing)

    def _field_closed(self) -> None:
        self.field = None

    # following

    def show_time(self, t_ns: int) -> None:
        """Follow the playhead, but leave a turn that is being typed in where it is."""
        before = self._marks()
        self.delegate.t_ns = t_ns
        if self.field is None:
            self._follow(t_ns)
        if self._marks() != before:
            self.list.viewport().update()

    def _follow(self, t_ns: int) -> None:
        turn = self.turn
        if turn is None or not turn.interval.start_ns - SLACK_NS <= t_ns < turn.interval.end_ns:
            number = self.model.at(t_ns)
            if number is None or number == self.row:
                return
            self.choose(number, seek=False)
            turn = self.turns[number]
        words = timed_words(turn)
        here = words[self.word].interval if self.word < len(words) else turn.interval
        if not here.start_ns - SLACK_NS <= t_ns < here.end_ns:
            said = self.delegate.laid(self.list.currentIndex()).spoken_at(t_ns)
            self.delegate.place = (turn.id, self.word if said is None else said)

    def _marks(self) -> list[tuple[TurnId, int | None]]:
        """The marked word of each row in sight."""
        first = self.list.indexAt(self.list.viewport().rect().topLeft()).row()
        last = self.list.indexAt(self.list.viewport().rect().bottomLeft()).row()
        rows = range(max(0, first), (last if last >= 0 else len(self.turns) - 1) + 1) if first >= 0 else range(0)
        laid = (self.delegate.laid(self.model.index(number)) for number in rows)
        return [(each.turn.id, self.delegate.marked(each)) for each in laid]

    def _current_changed(self, current: QModelIndex) -> None:
        if not self._following and current.isValid():
            self.choose(current.row())

    def _click(self, number: int, word: int) -> None:
        self.choose(number, max(0, word))

    def _open(self, number: int, word: int) -> None:
        self.choose(number, max(0, word))
        self.edit_here()

    # showing

    def refresh(self) -> None:
        """Show the document's turns as they are now."""
        self._following = True
        self.model.refresh()
        self._following = False
        place, turn = self.delegate.place, self.turn
        if place and turn and place[0] != turn.id:
            self.delegate.place = (turn.id, 0)
        self._show_progress()
        self.list.viewport().update()

    def hint(self, text: str) -> None:
        self._strip.setText(text or (KEYS_HERE if self.list.hasFocus() else FIRST_HINT))

    def _show_where_keys_are(self, here: bool) -> None:
        """What is said otherwise stays."""
        if self._strip.text() == (FIRST_HINT if here else KEYS_HERE):
            self._strip.setText(KEYS_HERE if here else FIRST_HINT)

    def show_hint(self, shown: bool) -> None:
        """Its line may give way to something that says its own keys."""
        self._strip.setVisible(shown)

    @property
    def hint_text(self) -> str:
        return self._strip.text()

    def _origin(self, number: int) -> str:
        if not self._transcripts:
            return "No transcript yet"
        return ORIGIN_WORDS.get(self._transcripts[number].origin, "Transcript")

    def _show_progress(self) -> None:
        checked = sum(turn.checked for turn in self.turns)
        self._progress.setText(f"{checked} of {len(self.turns)} checked" if self.turns else "")
        self._progress.setToolTip(self.model.checkers)
        self._empty.setVisible(not self.turns)
        self.list.setMinimumHeight(LEAST_LIST if self.turns else EMPTY_LIST)
        self.list.setMaximumHeight(ANY_HEIGHT if self.turns else EMPTY_LIST)

    @property
    def progress_text(self) -> str:
        return self._progress.text()

    def _colour_doubts(self, on: bool) -> None:
        self.delegate.colour_doubts = on
        self.list.viewport().update()

    def _show_transcript(self) -> None:
        self.delegate.place = None
        self.model.show_transcript(self.transcript_id)
        self._show_progress()
        self.transcript_changed.emit()


def _toggle(text: str, tip: str) -> QToolButton:
    made = QToolButton()
    made.setText(text)
    made.setToolTip(tip)
    made.setAccessibleName(tip)
    made.setCheckable(True)
    made.setStyleSheet("padding: 2px 8px;")
    made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return made
