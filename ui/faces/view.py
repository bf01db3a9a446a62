"""A frame with the boxes of its faces; one draws a box by dragging, or by keys."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from ui.theme import colours
from ui.widgets.video_view import VideoView
from woz.deidentifying.blurring import CELLS
from woz.deidentifying.faces import Box, whole

LEAST_SIDE = 6
"""Of a box that is drawn, in pixels of the film; less is a click."""
STEP = 0.01
"""How far a key moves or grows a box, as a part of the picture's width."""
_WAYS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A box over the picture: its colour in the theme, what stands at it, whether it is the chosen one."""

    box: Box
    colour: str
    text: str
    chosen: bool = False


class FaceView(VideoView):
    """`drawn` carries a box in the film's pixels, `left` comes where drawing by keys was given up."""

    drawn = Signal(object)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setAccessibleName("The film, with the boxes of faces")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._size = (1, 1)
        self._boxes: tuple[Shown, ...] = ()
        self._hidden: tuple[Box, ...] | None = None
        self._draft: QRectF | None = None
        self._from: QPointF | None = None
        self._area = QRectF()

    def set_size(self, width: int, height: int) -> None:
        """Of the film, in whose pixels all boxes are."""
        self._size = (max(1, width), max(1, height))

    def show_boxes(self, boxes: tuple[Shown, ...], hidden: tuple[Box, ...] | None) -> None:
        """`hidden` are made unrecognisable, as in the copy; None where one looks at the film as it is."""
        self._boxes, self._hidden = boxes, hidden
        self.update()

    @property
    def drawing(self) -> bool:
        """Whether a box is drawn by keys."""
        return self._draft is not None and self._from is None

    def begin_drawing(self) -> None:
        """A box in the middle, to be moved by keys."""
        width, height = self._size
        side = min(width, height) / 6
        self._draft = QRectF((width - side) / 2, (height - side) / 2, side, side)
        self.setFocus()
        self.update()

    # painting

    def paint_over(self, painter: QPainter, place: QRectF) -> None:
        self._area = place
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for hidden in self._hidden or ():
            self._hide(painter, hidden)
        for each in self._boxes:
            self._paint(painter, each)
        if self._draft is not None:
            painter.setPen(QPen(colours().of("danger"), 3, Qt.PenStyle.DashLine))
            painter.drawRect(self._on_screen(self._draft))

    def _paint(self, painter: QPainter, each: Shown) -> None:
        at, colour = self._on_screen(QRectF(*each.box)), colours().of(each.colour)
        if each.chosen:
            painter.setPen(QPen(QColor(0, 0, 0, 160), 7))
            painter.drawRect(at)
        painter.setPen(QPen(colour, 4 if each.chosen else 2))
        painter.drawRect(at)
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        room = painter.boundingRect(QRectF(0, 0, 400, 40), flags, each.text).adjusted(-6, -3, 6, 3)
        room.moveTo(max(self._area.left(), at.left()), max(self._area.top(), at.top() - room.height() - 4))
        painter.fillRect(room, QColor(0, 0, 0, 170))
        painter.setPen(Qt.GlobalColor.white)
        painter.drawText(room.adjusted(6, 0, 0, 0), flags, each.text)

    def _hide(self, painter: QPainter, box: Box) -> None:
        """A look at what burning makes of a box."""
        image = self.image
        if image is None:
            return
        scale = image.width() / self._size[0]
        part = QRect(*(round(side * scale) for side in box)).intersected(image.rect())
        if part.isEmpty():
            return
        smooth, ratio = Qt.TransformationMode.SmoothTransformation, Qt.AspectRatioMode.IgnoreAspectRatio
        few: QImage = image.copy(part).scaled(QSize(CELLS, CELLS), ratio, smooth)
        painter.drawImage(self._on_screen(QRectF(*box)), few.scaled(part.size(), ratio, smooth))

    def _on_screen(self, box: QRectF) -> QRectF:
        scale = self._area.width() / self._size[0]
        corner = QPointF(box.x() * scale, box.y() * scale) + self._area.topLeft()
        return QRectF(corner.x(), corner.y(), box.width() * scale, box.height() * scale)

    # drawing

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and not self._area.isEmpty():
            self._from = event.position()
            self._draft = None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._from is not None:
            self._draft = self._in_film(QRectF(self._from, event.position()).normalized())
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._from is not None:
            self._from = None
            self._finish()

    def event(self, event: QEvent) -> bool:
        """While a box is drawn by keys, they are not the window's shortcuts."""
        if event.type() == QEvent.Type.ShortcutOverride and self.drawing:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.drawing:
            super().keyPressEvent(event)
        elif event.key() in _WAYS:
            grow = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._nudge(*_WAYS[Qt.Key(event.key())], grow)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._finish()
        elif event.key() == Qt.Key.Key_Escape:
            self._draft = None
            self.left.emit()
            self.update()

    def _nudge(self, x: int, y: int, grow: bool) -> None:
        assert self._draft is not None
        step, (width, height) = STEP * self._size[0], self._size
        if grow:
            self._draft.setWidth(max(LEAST_SIDE, self._draft.width() + x * step))
            self._draft.setHeight(max(LEAST_SIDE, self._draft.height() + y * step))
        else:
            self._draft.translate(x * step, y * step)
        self._draft.moveLeft(min(max(0.0, self._draft.left()), max(0.0, width - self._draft.width())))
        self._draft.moveTop(min(max(0.0, self._draft.top()), max(0.0, height - self._draft.height())))
        self.update()

    def _finish(self) -> None:
        draft, self._draft = self._draft, None
        self.update()
        if draft is not None and min(draft.width(), draft.height()) >= LEAST_SIDE:
            self.drawn.emit(whole((draft.x(), draft.y(), draft.width(), draft.height()), self._size))

    def _in_film(self, at: QRectF) -> QRectF:
        scale = self._size[0] / self._area.width()
        corner = (at.topLeft() - self._area.topLeft()) * scale
        found = QRectF(corner.x(), corner.y(), at.width() * scale, at.height() * scale)
        return found.intersected(QRectF(0, 0, *self._size))
