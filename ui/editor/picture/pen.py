"""A pen on the picture: what is drawn with it goes to the chosen annotation, where its scheme has a drawing."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter

from ui.editor.marking import CHOOSE_FIRST, Marking
from ui.editor.picture.view import PictureView
from ui.widgets.strokes import Stroke, Strokes
from woz.annotation.drawing import drawing_of, drawn
from woz.annotation.edits import Edit
from woz.base.clock import SystemClock
from woz.base.errors import WozError
from woz.model.annotation import Annotation
from woz.model.scheme import TierType


class Pen(QObject):
    """Up at first. `changed` as it goes down or up; while it is down, a drag draws and moves no picture."""

    changed = Signal()

    def __init__(self, view: PictureView, marking: Marking) -> None:
        super().__init__(view)
        self._view, self._marking = view, marking
        self._stroke: Stroke | None = None
        self._times_ms: list[int] = []
        self._clock = SystemClock()
        self.down = False
        view.over.append(self._paint)
        view.installEventFilter(self)

    @property
    def words(self) -> str:
        return "Pen: drag over the picture to draw" if self.down else ""

    def toggle(self) -> None:
        """Take the pen, or put it away; where nothing can be drawn it says why."""
        if self.down:
            self.lift()
            return
        try:
            drawn(*self._at_hand(), [])
        except WozError as error:
            self._marking.said.emit(str(error))
            return
        self._set(True)

    def offer(self) -> None:
        """Take the pen where something can be drawn; nothing where it can't."""
        tier_type = self._marking.tier_type
        if tier_type is not None and drawing_of(tier_type) is not None:
            self._set(True)

    def lift(self) -> None:
        self._set(False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not self.down or not isinstance(event, QMouseEvent):
            return False
        point = self._point(event.position())
        if event.type() == QEvent.Type.MouseButtonPress and event.button() == Qt.MouseButton.LeftButton:
            self._stroke, self._times_ms = Stroke(0, [point]), [self._now_ms()]
        elif event.type() == QEvent.Type.MouseMove and self._stroke:
            self._stroke.add(point)
            self._times_ms += [self._now_ms()] * (len(self._stroke.points) - len(self._times_ms))
        elif event.type() == QEvent.Type.MouseButtonRelease and self._stroke:
            self._keep(self._stroke)
        self._view.update()
        return True

    def _keep(self, stroke: Stroke) -> None:
        self._stroke = None
        self._marking.apply(lambda: self._edit(stroke))

    def _edit(self, stroke: Stroke) -> Edit:
        return drawn(*self._at_hand(), stroke.points, self._times_ms)

    def _now_ms(self) -> int:
        return self._clock.utc_ns() // 1_000_000

    def _at_hand(self) -> tuple[TierType, Annotation]:
        tier_type, chosen = self._marking.tier_type, self._marking.chosen
        if tier_type is None or chosen is None:
            raise WozError(CHOOSE_FIRST)
        return tier_type, chosen

    def _point(self, at: QPointF) -> tuple[float, float]:
        """Where it is in the picture, never beyond it."""
        place = self._view.picture_place
        x, y = (at.x() - place.x()) / max(1.0, place.width()), (at.y() - place.y()) / max(1.0, place.height())
        return min(max(0.0, x), 1.0), min(max(0.0, y), 1.0)

    def _set(self, down: bool) -> None:
        self.down, self._stroke = down, None
        if down:
            self._view.setCursor(Qt.CursorShape.CrossCursor)
        else:
            self._view.unsetCursor()
        self.changed.emit()

    def _paint(self, painter: QPainter, place: QRectF) -> None:
        if self._stroke:
            strokes = Strokes()
            strokes.lay(self._stroke, 0)
            strokes.paint(painter, place, 0)
