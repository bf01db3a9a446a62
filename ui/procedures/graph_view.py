"""The task graph, drawn: from left to right what has to be done before what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QFrame, QScrollArea, QToolTip, QWidget

from ui.theme import GRID, colours
from woz.model.ids import ProcedureId, StepId
from woz.model.procedure import Procedure, Step
from woz.procedures.layout import Edge, Layout, Place, layout_of
from woz.procedures.task_graph import TaskGraph

BOX_WIDTH, BOX_HEIGHT = 168, 44
GAP_X, GAP_Y = 44, 14
ARROW = 7.0
CORNER = 6.0


class GraphView(QScrollArea):
    """`chosen` carries the identifier of a step that was clicked."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Task graph")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("role", "inside")
        self._drawn = _Drawn()
        self._drawn.clicked.connect(self.chosen)
        self.setWidget(self._drawn)

    def show_procedure(self, procedure: Procedure, chosen: StepId | None) -> None:
        self._drawn.show_procedure(procedure, chosen)
        box = self._drawn.box_of_chosen()
        if box is not None:
            centre = box.center().toPoint()
            self.ensureVisible(centre.x(), centre.y(), BOX_WIDTH, BOX_HEIGHT)


class _Drawn(QWidget):
    clicked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._shape: tuple[Step, ...] = ()
        self._graph = TaskGraph(Procedure(ProcedureId(""), ""))
        self._layout = Layout({}, ())
        self._names: Mapping[StepId, str] = {}
        self._optional: frozenset[StepId] = frozenset()
        self._chosen: frozenset[StepId] = frozenset()
        self._before: frozenset[StepId] = frozenset()

    def show_procedure(self, procedure: Procedure, chosen: StepId | None) -> None:
        shape = tuple(replace(step, name="", description="", tools=()) for step in procedure.steps)
        if shape != self._shape:
            self._shape, self._graph = shape, TaskGraph(procedure)
            self._layout = layout_of(self._graph)
        graph = self._graph
        self._names = {step.id: step.name for step in procedure.steps}
        self._optional = graph.optional
        self._chosen = frozenset(graph.within(chosen)) if chosen else frozenset()
        self._before = graph.before(chosen) if chosen else frozenset()
        columns, rows = self._layout.size
        self.setFixedSize(QSize(2 * GRID + columns * (BOX_WIDTH + GAP_X), 2 * GRID + rows * (BOX_HEIGHT + GAP_Y)))
        self.update()

    def box_of_chosen(self) -> QRectF | None:
        return next((self._box(step_id) for step_id in self._layout.places if step_id in self._chosen), None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if step_id := self._at(event.position()):
            self.clicked.emit(step_id)

    def event(self, event: QEvent) -> bool:
        """A name that was cut is told in full."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            step_id = self._at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), self._names[step_id] if step_id else "", self)
            return True
        return super().event(event)

    def _at(self, point: QPointF) -> StepId | None:
        return next((each for each in self._layout.places if self._box(each).contains(point)), None)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for edge in self._layout.edges:
            self._paint_edge(painter, edge)
        for step_id in self._layout.places:
            self._paint_box(painter, step_id)
        painter.end()

    def _box(self, step_id: StepId) -> QRectF:
        return _box_at(self._layout.places[step_id])

    def _paint_edge(self, painter: QPainter, edge: Edge) -> None:
        before, after = edge.before, edge.after
        strong = after in self._chosen or (after in self._before and before in self._before)
        colour = colours().of("accent" if strong else "muted")
        start, end = self._box(before), self._box(after)
        path = QPainterPath(QPointF(start.right(), start.center().y()))
        for place in edge.through:
            passed = _box_at(place)
            _curve(path, QPointF(passed.left(), passed.center().y()))
            path.lineTo(QPointF(passed.right(), passed.center().y()))
        tip = QPointF(end.left() - ARROW, end.center().y())
        _curve(path, tip)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colour, 2 if strong else 1.2))
        painter.drawPath(path)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        wing = ARROW / 2
        point = tip + QPointF(ARROW, 0)
        painter.drawPolygon(QPolygonF([point, tip + QPointF(0, wing), tip - QPointF(0, wing)]))

    def _paint_box(self, painter: QPainter, step_id: StepId) -> None:
        box, chosen = self._box(step_id), step_id in self._chosen
        edge = colours().of("accent" if chosen or step_id in self._before else "border")
        pen = QPen(edge, 2 if chosen or step_id in self._before else 1)
        if step_id in self._optional:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(colours().of("accent" if chosen else "surface"))
        painter.drawRoundedRect(box, CORNER, CORNER)
        painter.setPen(colours().of("on_accent" if chosen else "text"))
        inside = box.adjusted(GRID, 2, -GRID, -2)
        painter.drawText(inside, int(_MIDDLE), _fitting(painter, self._names[step_id], inside))


def _box_at(place: Place) -> QRectF:
    column, row = place
    left, top = GRID + column * (BOX_WIDTH + GAP_X), GRID + row * (BOX_HEIGHT + GAP_Y)
    return QRectF(left, top, BOX_WIDTH, BOX_HEIGHT)


def _curve(path: QPainterPath, to: QPointF) -> None:
    half = QPointF((to.x() - path.currentPosition().x()) / 2, 0)
    path.cubicTo(path.currentPosition() + half, to - half, to)


_MIDDLE = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap


def _fitting(painter: QPainter, name: str, box: QRectF) -> str:
    """As many words of a name as its box takes."""
    words = name.split()
    for count in range(len(words), 0, -1):
        text = " ".join(words[:count]) + ("" if count == len(words) else " …")
        needed = painter.boundingRect(box, int(_MIDDLE), text)
        if needed.height() <= box.height() and needed.width() <= box.width():
            return text
    return painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, round(box.width()))
