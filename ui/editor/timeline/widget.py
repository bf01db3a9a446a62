"""The time line as a widget: a picture of what stands still, and what moves drawn over it."""

from __future__ import annotations

import html
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QScrollBar, QSizePolicy, QToolTip, QWidget

from ui.editor.timeline.boxes import draw_boxes
from ui.editor.timeline.drawing import Pen
from ui.editor.timeline.flags import Flags
from ui.editor.timeline.layout import BADGE, BAR, HEAD, SNAP_PX, STRIP, TOP, Layout
from ui.editor.timeline.rows import Row, Rows
from ui.editor.timeline.spans import View
from ui.editor.timeline.still import Still
from ui.editor.timeline.talk_signs import Said, TalkSigns
from ui.theme import colours
from woz.annotation.document import Document
from woz.annotation.label_of import label_of
from woz.base.interval import NS_PER_S, Interval
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId, TierId, TranscriptId
from woz.model.item import ItemRef
from woz.model.people import Role
from woz.sound.waveform import Waveform

SHORTEST_VIEW_NS = NS_PER_S // 2
LEAST = 200


class Timeline(QWidget):
    """Paints only what is visible. Says what its user wants; changes nothing itself.

    `sought` and, while the pointer drags, `scrubbed` carry a time (ns); `released` ends it. `segment_chosen` has a
    tier's and an annotation's id or None; `added` (Ctrl) an annotation to be chosen as well, or no longer, `ranged`
    (Shift) one up to which all are to be. `edge_moved` has an annotation's id, whether it is its start, the new
    time, and whether it is to part from the one that it touches (Alt). `laid_out` comes when items may have
    moved.
    """

    sought = Signal(object)
    scrubbed = Signal(object)
    released = Signal()
    segment_chosen = Signal(object, object)
    added = Signal(object)
    ranged = Signal(object)
    edge_moved = Signal(object, bool, object, bool)
    laid_out = Signal()

    def __init__(self, document: Document, duration_ns: int) -> None:
        super().__init__()
        self._document = document
        self._duration_ns = max(duration_ns, NS_PER_S)
        self._layout = Layout(Rows(document), View(0, self._duration_ns, HEAD, 1))
        self._still = Still(self._layout, document, self._duration_ns, Pen(self.fontMetrics()))
        self._picture: QPixmap | None = None
        self._position_ns = 0
        self._selected: AnnotationId | None = None
        self._selected_place: tuple[Row, int] | None = None
        self._many: frozenset[AnnotationId] = frozenset()
        self._many_places: NDArray[np.intp] = np.zeros(0, np.intp)
        self._running: tuple[Annotation, ...] = ()
        self._tier: TierId | None = None
        self._drag: tuple[Annotation, bool] | None = None
        self._ghost: Interval | None = None
        self._pan: tuple[float, int] | None = None
        self._in_strip = False
        self._worn = colours()
        self._bar = QScrollBar(Qt.Orientation.Vertical, self)
        self._bar.valueChanged.connect(self._scroll)
        self.setMinimumHeight(LEAST)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.setAccessibleName("Time line")
        self._still.bows = None

    # what it shows

    @property
    def duration_ns(self) -> int:
        return self._duration_ns

    @property
    def span(self) -> Interval:
        """The part of the session that is in view."""
        return Interval(self._layout.view.start_ns, self._layout.view.end_ns)

    @property
    def wanted_height(self) -> int:
        """For all rows to be seen at once."""
        return TOP + self._layout.rows.height + 4

    @property
    def voices_shown(self) -> int:
        """How many voices have their waveform."""
        return len(self._still.waves)

    def place_of(self, ref: ItemRef) -> QRectF | None:
        """Where an item lies on this widget; None where it has no box."""
        found = self._layout.rows.place_of(ref)
        return self._layout.place(*found) if found else None

    def set_wave(self, role: Role, wave: Waveform) -> None:
        self._still.waves[role] = wave
        self._renew()

    def set_wave_progress(self, part: float | None) -> None:
        """How much of the waveforms is made (0..1); None where nothing is being made any more."""
        self._still.wave_progress = part
        self._renew()

    def show_inside(self, inside: Mapping[TierId, str]) -> None:
        """Who else is in which tier, by pseudonym."""
        if inside != self._still.inside:
            self._still.inside = dict(inside)
            self._renew()

    def show_flags(self, flags: Flags) -> None:
        """What is missing, wrong or doubtful gets its sign."""
        self._still.flags = flags
        self._renew()

    def show_talks(self, said: Said) -> None:
        """What has open comments gets its sign; `said` by what they are on, as `TalkSigns` has it."""
        if said != self._still.talks.said:
            self._still.talks = TalkSigns(said)
            self._renew()

    def set_running(self, running: tuple[Annotation, ...]) -> None:
        """What was begun and not ended is shown up to the play head."""
        self._running = running
        self.update()

    def set_position(self, t_ns: int) -> None:
        """Move the play head; nothing else is painted, unless it leaves the view."""
        before, self._position_ns = self._position_ns, t_ns
        view = self._layout.view
        if not view.start_ns <= t_ns < view.end_ns:
            self._show_from(t_ns - (view.end_ns - view.start_ns) // 10)
        if self._running:
            self.update()
        for t in (before, t_ns):
            self.update(int(self._layout.view.x(t)) - 3, 0, 7, self.height())
            self.update(int(self._whole_x(t)) - 2, 0, 5, STRIP)

    def select(
        self, tier: TierId | None, segment: AnnotationId | None, many: frozenset[AnnotationId] = frozenset()
    ) -> None:
        """`many` are all that are chosen, where these are more than one."""
        if tier != self._tier:
            self._tier = self._still.tier = tier
            self._renew()
            self._show_row(tier)
        self._selected, self._many = segment, many
        self._find_selected()
        self.update()

    def show_transcript(self, transcript_id: TranscriptId | None) -> None:
        """The turns of one transcript; of all where it is None."""
        self._layout.rows.show_transcript(transcript_id)
        self._still.bows = None
        self._renew()

    def show_span(self, start_ns: int, end_ns: int) -> None:
        """Have a part of the session fill the view."""
        span = max(SHORTEST_VIEW_NS, min(end_ns - start_ns, self._duration_ns))
        start = min(max(0, start_ns), max(0, self._duration_ns - span))
        self._layout.view = View(start, start + span, HEAD, max(1, self.width() - HEAD - BAR))
        self._renew()

    def zoom(self, factor: float, about_ns: int | None = None) -> None:
        """Show `factor` times as much, keeping a time in its place."""
        view = self._layout.view
        about = self._position_ns if about_ns is None else about_ns
        span = view.end_ns - view.start_ns
        new = round(min(max(span * factor, SHORTEST_VIEW_NS), self._duration_ns))
        start = about - round((about - view.start_ns) * new / span)
        self.show_span(start, start + new)

    def refresh(self) -> None:
        """Show the document as it is now."""
        self._layout.rows.refresh()
        self._find_selected()
        self._still.bows = None
        self._fit()
        self._renew()

    def _find_selected(self) -> None:
        row = self._layout.rows.row_of(self._tier)
        number = row.number_of(self._selected) if row else None
        self._selected_place = (row, number) if row and number is not None else None
        chosen = [item.id in self._many for item in row.items] if row and self._many else []
        self._many_places = np.flatnonzero(chosen)

    def _show_from(self, start_ns: int) -> None:
        view = self._layout.view
        self.show_span(start_ns, start_ns + view.end_ns - view.start_ns)

    def _show_row(self, tier: TierId | None) -> None:
        row = self._layout.rows.row_of(tier)
        if row:
            low = row.top + row.height - (self.height() - TOP)
            self._bar.setValue(min(max(self._bar.value(), low), row.top))

    def _renew(self) -> None:
        self._picture = None
        self.update()
        self.laid_out.emit()

    # size and theme

    def _fit(self) -> None:
        room = self.height() - TOP
        self._bar.setGeometry(self.width() - BAR, TOP, BAR, room)
        self._bar.setRange(0, max(0, self._layout.rows.height + 4 - room))
        self._bar.setPageStep(room)
        self._bar.setSingleStep(24)

    def _scroll(self, value: int) -> None:
        self._layout.scrolled = value
        self._renew()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        self._show_row(self._tier)
        view = self._layout.view
        self.show_span(view.start_ns, view.end_ns)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self._still.pen = Pen(self.fontMetrics())
            if self._worn is not colours():
                self._worn = colours()
                self._layout.rows.recolour()
                self._still.bows = None
                self._find_selected()
            self._renew()
        super().changeEvent(event)

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        ratio = self.devicePixelRatioF()
        if self._picture is None or self._picture.size() != self.size() * ratio:
            self._picture = self._still.paint(self.size(), ratio, self.font(), self._picture)
        painter = QPainter(self)
        part = event.rect()
        source = QRectF(part.x() * ratio, part.y() * ratio, part.width() * ratio, part.height() * ratio)
        painter.drawPixmap(QRectF(part), self._picture, source)
        self._paint_bows(painter)
        self._paint_many(painter)
        self._paint_selection(painter)
        for running in self._running:
            self._paint_running(painter, running)
        self._paint_playhead(painter)
        painter.end()

    def _paint_bows(self, painter: QPainter) -> None:
        if self._still.bows and self._selected_place:
            painter.save()
            painter.setClipRect(QRect(HEAD, TOP, self.width(), self.height()), Qt.ClipOperation.IntersectClip)
            self._still.bows.draw_of(painter, self._layout, self._selected_place)
            painter.restore()

    def _paint_many(self, painter: QPainter) -> None:
        """An outline round each in view."""
        row = self._layout.rows.row_of(self._tier) if len(self._many_places) else None
        if row is None:
            return
        painter.save()
        painter.setClipRect(QRect(HEAD, TOP, self.width(), self.height()))
        edge = QPen(colours().of("text"), 1.5)
        draw_boxes(painter, self._layout.places(row, self._many_places), Qt.BrushStyle.NoBrush, edge)
        painter.restore()

    def _paint_selection(self, painter: QPainter) -> None:
        if self._selected_place is None:
            return
        painter.save()
        painter.setClipRect(QRect(HEAD, TOP, self.width(), self.height()))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colours().of("text"), 2.5))
        place = self._layout.place(*self._selected_place)
        painter.drawRect(place.adjusted(1, 1, -1, -1))
        if self._ghost:
            left, right = (self._layout.view.x(t) for t in (self._ghost.start_ns, self._ghost.end_ns))
            painter.setPen(QPen(colours().of("accent"), 2, Qt.PenStyle.DashLine))
            painter.drawRect(QRectF(left, place.top(), right - left, place.height()))
        painter.restore()

    def _paint_running(self, painter: QPainter, running: Annotation) -> None:
        row = self._layout.rows.row_of(running.tier_id)
        if running.start_ns is None or row is None or row.tier_type is None:
            return
        view = self._layout.view
        left = max(HEAD, view.x(running.start_ns))
        right = min(view.x(self._position_ns), HEAD + view.width)
        if right > left:
            label = label_of(row.tier_type, running)
            box = QRectF(left, self._layout.top_of(row) + 2, right - left, row.height - 4)
            painter.fillRect(box, QBrush(QColor(label.colour), Qt.BrushStyle.Dense3Pattern))
            painter.setPen(QPen(QColor(label.colour), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(box)

    def _paint_playhead(self, painter: QPainter) -> None:
        painter.setPen(QPen(colours().of("accent"), 2))
        x = round(self._layout.view.x(self._position_ns))
        if HEAD <= x <= HEAD + self._layout.view.width:
            painter.drawLine(x, STRIP, x, self.height())
        whole = round(self._whole_x(self._position_ns))
        painter.drawLine(whole, 0, whole, STRIP - 2)

    def _whole_x(self, t_ns: int) -> float:
        return HEAD + t_ns * self._layout.view.width / self._duration_ns

    # pointer

    def mousePressEvent(self, event: QMouseEvent) -> None:
        x, y = event.position().x(), event.position().y()
        if event.button() == Qt.MouseButton.MiddleButton:
            self._pan = (x, self._layout.view.start_ns)
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if y < STRIP and x >= HEAD:
            self._in_strip = True
            self._centre(x)
            return
        grip = self._layout.grip(x, y)
        row, segment = grip[:2] if grip else self._layout.hit(x, y)
        if segment and self._pick_more(row, segment, event.modifiers()):
            return
        self._drag = grip[1:] if grip else None
        if row and row.tier:
            self.segment_chosen.emit(row.tier.id, segment.id if segment else None)
        if not self._drag and x >= HEAD:
            self.sought.emit(self._time_at(x))

    def _pick_more(self, row: Row | None, segment: Annotation, held: Qt.KeyboardModifier) -> bool:
        """With Ctrl or Shift, in the chosen tier."""
        if row is None or row.tier is None or row.tier.id != self._tier:
            return False
        if held & Qt.KeyboardModifier.ControlModifier:
            self.added.emit(segment)
        elif held & Qt.KeyboardModifier.ShiftModifier:
            self.ranged.emit(segment.id)
        else:
            return False
        return True

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x, y = event.position().x(), event.position().y()
        view = self._layout.view
        if self._pan:
            self._show_from(self._pan[1] - round((x - self._pan[0]) / view.per_ns))
        elif self._in_strip:
            self._centre(x)
        elif self._drag:
            self._ghost = self._dragged(x, event.modifiers())
            self.update()
            self.scrubbed.emit(self._time_at(x))
        elif event.buttons() & Qt.MouseButton.LeftButton:
            self.scrubbed.emit(self._time_at(x))
        else:
            on_edge = self._layout.grip(x, y) is not None
            self.setCursor(Qt.CursorShape.SplitHCursor if on_edge else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._drag:
            segment, span = self._drag[0], self._dragged(event.position().x(), event.modifiers())
            if span:
                apart = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
                at_start = self._drag[1]
                self.edge_moved.emit(segment.id, at_start, span.start_ns if at_start else span.end_ns, apart)
        self._drag = self._ghost = self._pan = None
        self._in_strip = False
        self.update()
        self.released.emit()

    def _dragged(self, x: float, held: Qt.KeyboardModifier) -> Interval | None:
        """Of the segment whose edge is dragged; with Shift onto an edge, or the play head, that is near. None where
        it would be empty.
        """
        assert self._drag
        span, t_ns = self._drag[0].interval, self._time_at(x)
        if held & Qt.KeyboardModifier.ShiftModifier:
            head = abs(self._layout.view.x(self._position_ns) - x) <= SNAP_PX
            near = self._position_ns if head else self._layout.edge_near(t_ns, self._drag[0].id)
            t_ns = t_ns if near is None else near
        start, end = (t_ns, span.end_ns) if self._drag[1] else (span.start_ns, t_ns)
        return Interval(start, end) if start < end else None

    def _time_at(self, x: float) -> int:
        return min(max(0, self._layout.view.t(x)), self._duration_ns)

    def _centre(self, x: float) -> None:
        view = self._layout.view
        t_ns = round((x - HEAD) * self._duration_ns / view.width)
        self._show_from(t_ns - (view.end_ns - view.start_ns) // 2)

    def wheelEvent(self, event: QWheelEvent) -> None:
        steps = (event.angleDelta().y() or event.angleDelta().x()) / 120
        view = self._layout.view
        if event.position().x() < HEAD or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._bar.setValue(self._bar.value() - round(steps * 48))
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._show_from(view.start_ns - round(steps * (view.end_ns - view.start_ns) / 8))
        else:
            self.zoom(0.8**steps, self._time_at(event.position().x()))

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), as_tip(self._told_at(event.pos())), self)
        return super().event(event)

    def _told_at(self, place: QPoint) -> str:
        """What has no time is named where its sign is; what is missing, wrong or doubtful, and what is said, where
        it is.
        """
        row, item = self._layout.item_at(place.x(), place.y())
        if place.x() >= HEAD:
            return self._signs_of(str(item.id)) if item else ""
        if row is None or row.tier is None:
            return ""
        said = [self._signs_of(each) for each in (str(row.tier.id), *(str(item.id) for item in row.untimed))]
        if row.untimed and place.x() >= HEAD - BADGE - 4:
            said.insert(0, "For the whole session:\n" + "\n".join(row.untimed_texts))
        return "\n".join(filter(None, said))

    def _signs_of(self, about: str) -> str:
        return "\n".join(filter(None, (self._still.flags.words(about), self._still.talks.words(about))))


def as_tip(text: str) -> str:
    """A text for a tooltip, letter by letter: Qt takes what looks like HTML for such."""
    return f"<qt>{html.escape(text, quote=False).replace(chr(10), '<br>')}</qt>" if text else ""
