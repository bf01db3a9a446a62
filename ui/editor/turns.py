"""The transcript as a list: a model and a delegate, so that thousands of turns scroll smoothly."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QPainter, QPen, QTextCharFormat, QTextLayout
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ui.editor.turn_field import TurnField
from ui.editor.turn_layouts import LaidOut, TurnLayouts
from ui.theme import colours
from ui.widgets.parts import clock_text
from woz.annotation.document import Document
from woz.annotation.doubts import UNSURE_BELOW, is_doubtful
from woz.annotation.voices import voice_of
from woz.model.ids import TranscriptId, TurnId
from woz.model.people import Role
from woz.model.transcript import CUT, SPREAD, Turn, may_be_invented

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
TURN_ROLE = Qt.ItemDataRole.UserRole
LEFT, RIGHT, TOP, HEAD, PAD = 14, 30, 6, 104, 8


class TurnModel(QAbstractListModel):
    """The turns of one transcript by time. `typed` tells a turn's new text; the model itself changes nothing."""

    typed = Signal(object, str)

    def __init__(
        self, document: Document, transcript_id: TranscriptId | None = None, names: Mapping[str, str] | None = None
    ) -> None:
        """`names` has annotators' pseudonyms by id."""
        super().__init__()
        self._document, self._names = document, names or {}
        self.below = UNSURE_BELOW
        self._transcript_id = transcript_id
        self._turns = self._current()

    @property
    def turns(self) -> tuple[Turn, ...]:
        return self._turns

    def show_transcript(self, transcript_id: TranscriptId | None) -> None:
        self.beginResetModel()
        self._transcript_id = transcript_id
        self._turns = self._current()
        self.endResetModel()

    def refresh(self) -> None:
        """Tell the rows that changed, came or went since the last time; all others stay as they are."""
        old, new = self._turns, self._current()
        first = next(
            (i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a is not b), min(map(len, (old, new)))
        )
        rest = min(len(old), len(new)) - first
        same = next((i for i in range(rest) if old[-1 - i] is not new[-1 - i]), rest)
        last_old, last_new = len(old) - same, len(new) - same
        if last_old == last_new:
            self._turns = new
            if first < last_new:
                self.dataChanged.emit(self.index(first), self.index(last_new - 1))
            return
        self._resize(new, first, last_old, last_new)

    def _resize(self, new: tuple[Turn, ...], first: int, last_old: int, last_new: int) -> None:
        """Rows `first` to `last_old` become `first` to `last_new`; as many as can be stay the same rows."""
        kept = min(last_old, last_new)
        if last_new > last_old:
            self.beginInsertRows(_ROOT, kept, last_new - 1)
            self._turns = new
            self.endInsertRows()
        else:
            self.beginRemoveRows(_ROOT, kept, last_old - 1)
            self._turns = new
            self.endRemoveRows()
        if kept > first:
            self.dataChanged.emit(self.index(first), self.index(kept - 1))

    def _current(self) -> tuple[Turn, ...]:
        if self._transcript_id is None:
            return self._document.turns
        return tuple(turn for turn in self._document.turns if turn.transcript_id == self._transcript_id)

    def turn(self, number: int) -> Turn:
        return self._turns[number]

    def row_of(self, turn_id: TurnId) -> int | None:
        return next((i for i, turn in enumerate(self._turns) if turn.id == turn_id), None)

    def at(self, t_ns: int) -> int | None:
        """The number of the last turn that has begun; None before the first."""
        number = bisect_right(self._turns, t_ns, key=lambda turn: turn.interval.start_ns) - 1
        return number if number >= 0 else None

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._turns)

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEditable
        return flags | Qt.ItemFlag.ItemNeverHasChildren if index.isValid() else Qt.ItemFlag.NoItemFlags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        turn = self._turns[index.row()]
        if role == TURN_ROLE:
            return turn
        if role == Qt.ItemDataRole.EditRole:
            return turn.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return spoken_words(turn, self.below, self._checker(turn))
        if role == Qt.ItemDataRole.ToolTipRole:
            return remarks(turn, self._checker(turn))
        return f"{voice_of(turn).label}: {turn.text}" if role == Qt.ItemDataRole.DisplayRole else None

    @property
    def checkers(self) -> str:
        """How many turns each checked, in a line for each; empty where nobody is known."""
        counts = Counter(filter(None, map(self._checker, self._turns)))
        return "\n".join(f"{name}: {count}" for name, count in sorted(counts.items()))

    def _checker(self, turn: Turn) -> str:
        """The pseudonym of whoever checked a turn; empty where it isn't checked, or nobody knows."""
        return self._names.get(self._document.checked_by.get(turn.id, ""), "") if turn.checked else ""

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or not index.isValid():
            return False
        self.typed.emit(self._turns[index.row()].id, str(value))
        return True


class TurnDelegate(QStyledItemDelegate):
    """Paints turns with their words, and opens the field to type in.

    `colour_doubts` colours doubtful words; `searched` marks what is searched for; `place` is the chosen word of the
    chosen turn, `t_ns` the playhead.
    """

    field_opened = Signal(object)

    def __init__(self, view: QListView, model: TurnModel, terms: Callable[[], Sequence[str]] = tuple) -> None:
        super().__init__(view)
        self._view, self._turns = view, model
        self._terms = terms
        self.layouts = TurnLayouts()
        self.colour_doubts = True
        self.below = UNSURE_BELOW
        self.searched: re.Pattern[str] | None = None
        self.place: tuple[TurnId, int] | None = None
        self.t_ns = -1
        self.caret = 0

    # painting

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        turn: Turn = index.data(TURN_ROLE)
        area: QRect = option.rect
        laid = self._laid(turn, option)
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, colours().of("raised"))
            if option.state & QStyle.StateFlag.State_HasFocus:
                painter.setPen(QPen(colours().of("accent"), 1))
                painter.drawRect(area.adjusted(0, 0, -1, -1))
        self._paint_head(painter, option, turn)
        painter.setPen(colours().of("text"))
        laid.layout.draw(painter, QPointF(area.left() + LEFT + HEAD, area.top() + TOP), self._marks(laid))
        painter.restore()

    def _paint_head(self, painter: QPainter, option: QStyleOptionViewItem, turn: Turn) -> None:
        area: QRect = option.rect
        painter.fillRect(area.left() + 2, area.top() + 3, 3, area.height() - 6, voice_colour(turn))
        box = QRect(area.left() + LEFT, area.top() + TOP, HEAD - PAD, option.fontMetrics.height())
        flag = "" if turn.doubt is None else "⚑ "
        text = f"{flag}{clock_text(turn.interval.start_ns)}  {voice_of(turn).label}"
        painter.setPen(colours().of("warning" if flag else "muted"))
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        elided = option.fontMetrics.elidedText(text, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, int(flags), elided)
        if turn.checked:
            painter.setPen(colours().of("success"))
            painter.drawText(QRect(area.right() - RIGHT + 6, box.top(), RIGHT, box.height()), int(flags), "✓")

    def _marks(self, laid: LaidOut) -> list[QTextLayout.FormatRange]:
        marks = []
        if self.colour_doubts:
            doubts = (
                span for word, span in zip(laid.words, laid.spans, strict=True) if is_doubtful(word, self.below)
            )
            marks += [_mark(span, _doubt_look()) for span in doubts]
        if self.searched:
            found = (match.span() for match in self.searched.finditer(laid.turn.text) if match.group())
            marks += [_mark(span, _look("warning", 110)) for span in found]
        number = self.marked(laid)
        return marks if number is None else [*marks, _mark(laid.spans[number], _look("accent", 110))]

    def marked(self, laid: LaidOut) -> int | None:
        """The chosen word of the chosen turn; of any other, the word that is said now."""
        if self.place is None or self.place[0] != laid.turn.id:
            return laid.spoken_at(self.t_ns)
        return self.place[1] if self.place[1] < len(laid.spans) else None

    # measures

    def laid(self, index: Index) -> LaidOut:
        """The lines of a row."""
        return self._laid(index.data(TURN_ROLE), _option_of(self._view))

    def word_at(self, index: Index, x: float, y: float) -> int | None:
        """The number of the word at a point of the list; None left of the text, or where there is none."""
        area = self._view.visualRect(index)
        if x < area.left() + LEFT + HEAD - PAD:
            return None
        return self.laid(index).word_at(QPointF(x - area.left() - LEFT - HEAD, y - area.top() - TOP))

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """A line's, as long as nobody sees the list: its width is not known before."""
        if not self._view.isVisible():
            return QSize(LEFT + HEAD + RIGHT, option.fontMetrics.height() + 2 * TOP)
        width = self._fit(option)
        height = self.layouts.height(self._turns.turn(index.row()).text)
        return QSize(width + LEFT + HEAD + RIGHT, max(height, option.fontMetrics.height()) + 2 * TOP)

    def _fit(self, option: QStyleOptionViewItem) -> int:
        width = max(60, self._view.viewport().width() - LEFT - HEAD - RIGHT)
        self.layouts.fit(width, option.font)
        return width

    def _laid(self, turn: Turn, option: QStyleOptionViewItem) -> LaidOut:
        self._fit(option)
        return self.layouts.of(turn)

    # typing

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        self._field = TurnField(parent, self._terms())
        self.field_opened.emit(self._field)
        return self._field

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        assert isinstance(editor, TurnField)
        if editor.toPlainText() or not index.isValid():
            return
        text = index.data(Qt.ItemDataRole.EditRole)
        editor.begin(text, min(self.caret, len(text)))
        self.caret = 0

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        assert isinstance(editor, TurnField)
        model.setData(index, editor.toPlainText(), Qt.ItemDataRole.EditRole)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        area: QRect = option.rect
        editor.setGeometry(area.adjusted(LEFT + HEAD - 6, 0, -4, 0))


def remarks(turn: Turn, checker: str = "") -> str:
    """What the recogniser adds to a turn, its text in English and what speaks against words or their times; and who
    checked it.
    """
    said = [] if turn.doubt is None else [f"Doubtful: {turn.doubt}" if turn.doubt else "Doubtful."]
    said += [turn.translation] if turn.translation else []
    said += [f"“{word.text}” may be invented: {word.flag}" for word in turn.words if may_be_invented(word.flag)]
    said += [
        f"Text may be missing after “{word.text}”: {CUT.removeprefix('cut: ')}"
        for word in turn.words
        if word.flag == CUT
    ]
    if any(word.flag == SPREAD for word in turn.words):
        said.append("The times of words are only spread over the speech here.")
    said += [f"Checked by {checker}."] if checker else []
    return "\n".join(said)


def spoken_words(turn: Turn, below: float = UNSURE_BELOW, checker: str = "") -> str:
    """A row as a screen reader says it."""
    doubts = sum(is_doubtful(word, below) for word in turn.words)
    state = f", checked{f' by {checker}' if checker else ''}" if turn.checked else ""
    state += f", {doubts} doubtful" if doubts else ""
    state += "" if turn.doubt is None else f", flagged as doubtful{f': {turn.doubt}' if turn.doubt else ''}"
    return f"{clock_text(turn.interval.start_ns)} {voice_of(turn).label}{state}: {turn.text}"


def voice_colour(turn: Turn) -> QColor:
    return colours().of({Role.TRAINEE: "trainee", Role.EXPERT: "expert"}.get(turn.speaker, "none"))


def _option_of(view: QListView) -> QStyleOptionViewItem:
    option = QStyleOptionViewItem()
    view.initViewItemOption(option)
    return option


def _mark(span: tuple[int, int], look: QTextCharFormat) -> QTextLayout.FormatRange:
    made = QTextLayout.FormatRange()
    made.start, made.length, made.format = span[0], span[1] - span[0], look
    return made


def _look(name: str, alpha: int) -> QTextCharFormat:
    look, colour = QTextCharFormat(), colours().of(name)
    colour.setAlpha(alpha)
    look.setBackground(colour)
    return look


def _doubt_look() -> QTextCharFormat:
    look = QTextCharFormat()
    look.setForeground(colours().of("warning"))
    look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
    look.setUnderlineColor(colours().of("warning"))
    return look
