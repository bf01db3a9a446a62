"""How a turn's text falls into lines: word-wrapped layouts of the rows in sight, heights of all rows."""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from dataclasses import dataclass

from PySide6.QtCore import QPointF
from PySide6.QtGui import QFont, QFontMetricsF, QTextLayout, QTextOption

from woz.annotation.word_times import timed_words
from woz.annotation.words import spans_of
from woz.model.ids import TurnId
from woz.model.transcript import Turn, Word

KEPT = 200
"""Layouts in memory: several screens full."""


@dataclass(slots=True)
class LaidOut:
    """A turn's text in lines; `spans` are the words' letters, first and after the last."""

    turn: Turn
    layout: QTextLayout
    words: tuple[Word, ...]
    spans: list[tuple[int, int]]

    def word_at(self, point: QPointF) -> int | None:
        """The number of the word nearest to a point of the layout; None in a turn without words."""
        if not self.spans:
            return None
        lines = [self.layout.lineAt(i) for i in range(self.layout.lineCount())]
        line = next((line for line in lines if point.y() < line.y() + line.height()), lines[-1])
        return self.word_of(int(line.xToCursor(point.x())))

    def word_of(self, letter: int) -> int:
        """The number of the word that holds a letter, or stands before it."""
        return max(0, bisect_right(self.spans, letter, key=lambda span: span[0]) - 1)

    def spoken_at(self, t_ns: int) -> int | None:
        """The number of the word that is said at a time; None outside the turn or before its first word."""
        if t_ns not in self.turn.interval:
            return None
        number = bisect_right(self.words, t_ns, key=lambda word: word.interval.start_ns) - 1
        return number if number >= 0 else None


class TurnLayouts:
    """Layouts for one width and font; another width or font forgets them."""

    def __init__(self) -> None:
        self._made: OrderedDict[TurnId, LaidOut] = OrderedDict()
        self._heights: dict[str, int] = {}
        self._for: tuple[int, str] = (0, "")
        self._font = QFont()
        self._metrics = QFontMetricsF(self._font)
        self._line_height = 0

    def fit(self, width: int, font: QFont) -> None:
        wanted = (width, font.key())
        if wanted != self._for:
            self._for, self._font = wanted, QFont(font)
            self._metrics = QFontMetricsF(self._font)
            self._line_height = self._height_of(self._laid("x"))
            self._made.clear()
            self._heights.clear()

    def of(self, turn: Turn) -> LaidOut:
        found = self._made.get(turn.id)
        if found is None or found.turn is not turn:
            found = self._made[turn.id] = LaidOut(
                turn, self._laid(turn.text), timed_words(turn), spans_of(turn.text)
            )
            while len(self._made) > KEPT:
                self._made.popitem(last=False)
        self._made.move_to_end(turn.id)
        return found

    def height(self, text: str) -> int:
        """Height in pixels of a text in lines."""
        if text not in self._heights:
            one = self._is_one_line(text)
            self._heights[text] = self._line_height if one else self._height_of(self._laid(text))
        return self._heights[text]

    def _is_one_line(self, text: str) -> bool:
        """Whether it surely is, found without lines being broken; letters of other fonts may be higher."""
        plain = text.isascii() and text.isprintable()
        return plain and self._metrics.horizontalAdvance(text) < self._for[0]

    @staticmethod
    def _height_of(layout: QTextLayout) -> int:
        return -int(-layout.boundingRect().height() // 1)

    def _laid(self, text: str) -> QTextLayout:
        layout = QTextLayout(text, self._font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.setCacheEnabled(True)
        layout.beginLayout()
        top = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(self._for[0])
            line.setPosition(QPointF(0, top))
            top += line.height()
        layout.endLayout()
        return layout
