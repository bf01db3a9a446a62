"""How far the project is: hours by stage and month as a plot, people in a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate
from pathlib import Path

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QListWidget,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ui.theme import GRID, colours
from ui.widgets.fitting import fit
from ui.widgets.parts import button, label
from woz.base.counts import counted
from woz.lab.drifting import drift_lines
from woz.lab.progress import STAGES, Progress, planned_words, progress_csv, several_lines, tenths

HEADERS = (
    "Who",
    "Assigned",
    "Tiers",
    "In work",
    "Done",
    "Hours done",
    "Accepted",
    "Edits",
    "Changed",
    "Agreement",
    "Work h",
    "s per s",
)
MEASURED = 2
"""So many columns, the last ones, are of measured work."""
TIPS = {
    "Agreement": "F1 with all others who coded the same, at an intersection over union of a half",
    "Changed": "Marks in their tiers that other people changed or took away",
    "Work h": "Hours of work, as the editor measured them",
    "s per s": "Seconds of work for a second of what they call done",
}
LEFT, BELOW, ABOVE, RIGHT = 80, 28, 12, 110
DRIFT_HEIGHT = 110
LABEL = 16
"""How high a line's name is."""


class ProgressDialog(QDialog):
    def __init__(self, progress: Progress, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Progress")
        fit(self, 1120, 680)
        self._progress = progress
        told = "   ".join(f"{tenths(progress.hours[stage])} h {stage}" for stage in STAGES)
        if progress.planned:
            told += f"\n{planned_words(progress.planned, progress.hours['recorded'])}"
        if not progress.measured:
            told += "\nSeconds of work aren't measured in this project."
        self._told = label(f"{counted(progress.sessions, 'session')}:   {told}", wrap=True)
        save, close = button("Save as a table", "export"), button("Close", "stop")
        save.clicked.connect(self._save)
        close.clicked.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID * 2, GRID * 2, GRID * 2, GRID * 2)
        layout.setSpacing(GRID)
        for widget in (label("Progress", "title"), self._told, ProgressPlot(progress), self._people()):
            layout.addWidget(widget, 1 if isinstance(widget, ProgressPlot) else 0)
        if several := several_lines(progress):
            layout.addWidget(label(" ".join(several), "muted", wrap=True))
        if progress.drift:
            layout.addWidget(self._drift())
        bottom = QHBoxLayout()
        bottom.addWidget(save)
        bottom.addStretch(1)
        bottom.addWidget(close)
        layout.addLayout(bottom)
        close.setFocus()

    def _people(self) -> QTableWidget:
        people = self._progress.people
        table = QTableWidget(len(people), len(HEADERS))
        table.setHorizontalHeaderLabels(HEADERS)
        table.setAccessibleName("By person")
        table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        for name, tip in TIPS.items():
            header = table.horizontalHeaderItem(HEADERS.index(name))
            if header:
                header.setToolTip(tip)
        for at, each in enumerate(people):
            figures = (each.assigned, each.tiers, each.in_work, each.done, tenths(each.hours_done))
            rated = "–" if each.work_per_second is None else f"{each.work_per_second:.1f}"
            agreed = "–" if each.agreement is None else f"{each.agreement:.2f}"
            spent = "–" if each.work_hours is None else tenths(each.work_hours)
            worked = each.accepted, each.edits, each.changed_by_others, agreed, spent, rated
            for column, value in enumerate((each.pseudonym, *figures, *worked)):
                table.setItem(at, column, QTableWidgetItem(str(value)))
        for column in range(len(HEADERS) - MEASURED, len(HEADERS)):
            table.setColumnHidden(column, not self._progress.measured)
        table.setMaximumHeight(220)
        return table

    def _drift(self) -> QListWidget:
        shown = QListWidget()
        shown.setAccessibleName("Beyond what is agreed")
        shown.setWordWrap(True)
        shown.addItems([f"⚠ {line}" for line in drift_lines(self._progress.drift)])
        shown.setMaximumHeight(DRIFT_HEIGHT)
        return shown

    def _save(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, "Save the figures", "progress.csv", "Tables (*.csv)")
        if name:
            try:
                Path(name).write_text(progress_csv(self._progress), encoding="utf-8")
            except OSError as error:
                self._told.setText(f"{name} can't be written ({error.strerror}); choose another.")


class ProgressPlot(QWidget):
    """Hours reached up to each month, a line a stage."""

    def __init__(self, progress: Progress) -> None:
        super().__init__()
        self.setMinimumHeight(220)
        until = progress.planned.month if progress.planned and progress.months else ""
        self._months = months_between([*progress.months, *([until] if until else [])])
        last = max(progress.months, default="")
        reached = [progress.months.get(month, {}) for month in self._months if month <= last]
        self._lines = {stage: list(accumulate(hours.get(stage, 0.0) for hours in reached)) for stage in STAGES}
        self._planned = progress.planned
        self._most = max((hours[-1] for hours in self._lines.values() if hours), default=0.0)
        if self._planned and self._most:
            self._most = max(self._most, self._planned.hours)
        told = ", ".join(f"{stage} {tenths(hours[-1])} h" for stage, hours in self._lines.items() if hours)
        self.setAccessibleName(f"Hours by month: {told}")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = QRectF(self.rect()).adjusted(LEFT, ABOVE, -RIGHT, -BELOW)
        if not self._most:
            painter.setPen(colours().of("muted"))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "Nothing has been recorded yet.")
            return
        self._paint_axes(painter, room)
        shades = (colours().none, colours().accent, colours().warning, colours().success, colours().danger)
        self._paint_plan(painter, room)
        taken: list[float] = []
        for colour, (stage, hours) in zip(shades, self._lines.items(), strict=True):
            painter.setPen(QPen(QColor(colour), 2.0))
            points = [self._point(room, at, value) for at, value in enumerate(hours)]
            painter.drawPolyline(
                QPolygonF([QPointF(room.left(), room.bottom()), *points] if len(points) == 1 else points)
            )
            y = free_place(points[-1].y(), taken, room.bottom())
            taken.append(y)
            painter.drawText(QPointF(room.right() + 8, y + 4), stage)

    def _paint_plan(self, painter: QPainter, room: QRectF) -> None:
        """A dashed line at the hours that are planned, to the month in which they are to be there."""
        if self._planned is None:
            return
        last = self._months.index(self._planned.month) if self._planned.month else len(self._months) - 1
        end = self._point(room, last, self._planned.hours)
        painter.setPen(QPen(colours().of("muted"), 1.5, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(room.left(), end.y()), end)
        painter.drawText(QPointF(room.left() + 8, end.y() + 16), f"planned: {self._planned.hours:g} h")

    def _paint_axes(self, painter: QPainter, room: QRectF) -> None:
        for part in range(5):
            y = room.bottom() - room.height() * part / 4
            painter.setPen(colours().of("border"))
            painter.drawLine(QPointF(room.left(), y), QPointF(room.right(), y))
            painter.setPen(colours().of("muted"))
            painter.drawText(
                QRectF(0, y - 9, LEFT - 8, 18), Qt.AlignmentFlag.AlignRight, self._length(self._most * part / 4)
            )
        step = max(1, -(-len(self._months) // max(1, int(room.width() // 80))))
        for at in range(0, len(self._months), step):
            x = self._point(room, at, 0).x()
            painter.drawText(
                QRectF(x - 40, room.bottom() + 6, 80, 18), Qt.AlignmentFlag.AlignCenter, self._months[at]
            )

    def _length(self, hours: float) -> str:
        return f"{hours:.3g} h" if self._most >= 1 else f"{hours * 60:.2g} min"

    def _point(self, room: QRectF, at: int, hours: float) -> QPointF:
        share = at / (len(self._months) - 1) if len(self._months) > 1 else 1.0
        return QPointF(room.left() + room.width() * share, room.bottom() - room.height() * hours / self._most)


def free_place(y: float, taken: Sequence[float], lowest: float) -> float:
    """The nearest place for a line of text that is none of those taken, above where there is room, and never below
    the `lowest`.
    """
    away = sorted(range(0, 2 * LABEL * (len(taken) + 1), 4))
    places = (y + way * by for by in away for way in (-1, 1))
    return next(
        each for each in places if ABOVE <= each <= lowest and all(abs(each - other) >= LABEL for other in taken)
    )


def months_between(known: Iterable[str]) -> list[str]:
    """All months (2026-03) from the first to the last, those without anything too."""
    ends = sorted(known)
    if not ends:
        return []
    first, last = ((int(end[:4]) * 12 + int(end[5:]) - 1) for end in (ends[0], ends[-1]))
    return [f"{month // 12}-{month % 12 + 1:02}" for month in range(first, last + 1)]
