"""The page after stopping: what was saved, how its check turned out, and what to do next."""

from __future__ import annotations

import time

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QProgressBar, QScrollArea, QVBoxLayout, QWidget

from ui.application.bytes_text import bytes_text
from ui.station.checking import Finding
from ui.station.saved import Saved
from ui.theme import GRID, colours, icon
from ui.widgets.parts import Banner, button, label, panel, row

SAVING, SAVED = "Saving the session …", "The session is saved"
WRITTEN = "The last frames and the expert's own recording are being written."
UNCHECKED = "Could not be checked"
VERDICTS = {
    "good": ("check", "success", "Good: nothing amiss was found"),
    "doubtful": ("help", "warning", "Doubtful: it can be used, with these things in mind"),
    "bad": ("mistake", "danger", "Bad: don't use it before these things are settled"),
    "": ("help", "warning", UNCHECKED),
}
LOOK_MS = 1_000


class SavedPage(QWidget):
    """Begins as a page that says that the session is being saved."""

    annotate = Signal()
    another = Signal()
    leave = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._image, self._heading = QLabel(), label(SAVING, "title")
        self._facts, self._files, self._faults = QGridLayout(), QGridLayout(), label("", wrap=True)
        self._check_image, self._verdict = QLabel(), label("", "heading", wrap=True)
        self._reasons = label("", wrap=True)
        self._bar = QProgressBar()
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("Saving or checking")
        self._annotate, self._another = button("Annotate", "annotate", "primary"), button("New session", "new")
        self._leave = button("Close", "stop")
        self.problem = Banner()
        self._clock = QTimer(self)
        self._clock.setInterval(LOOK_MS)
        self._clock.timeout.connect(self._tell_elapsed)
        self._began_s = 0.0
        self._build()
        self.show_saving()

    @property
    def words(self) -> str:
        """All that the page says."""
        shown = [made for made in self.findChildren(QLabel) if made.isVisibleTo(self)]
        return "\n".join(made.text() for made in shown if made.text())

    def show_saving(self) -> None:
        self._show_head(SAVING, "export", "warning")
        self._panels(False)
        self._saving = True
        self.show_awaited("")
        self._bar.show()
        for made in (self._annotate, self._another):
            made.setEnabled(False)

    def show_awaited(self, words: str) -> None:
        """What the saving waits for; nothing in particular where it is empty."""
        if self._saving:
            self._verdict.setText(words or WRITTEN)

    def show_saved(self, saved: Saved, checked: bool) -> None:
        """`checked`: a check has begun, whose finding follows."""
        self._saving = False
        self._show_head(SAVED, "step", "success")
        _fill(self._facts, saved.facts)
        _fill(self._files, [(name, bytes_text(size)) for name, size in saved.files])
        told = ([saved.fault] if saved.fault else []) + list(saved.faults)
        self._faults.setText("\n".join(told) or "Nothing was amiss while it was recorded.")
        self._panels(True)
        self._reasons.setText("")
        self._check_image.clear()
        self._check_panel.setVisible(checked)
        if checked:
            self._began_s = time.monotonic()
            self._bar.setRange(0, 0)
            self._tell_elapsed()
            self._clock.start()
        for made in (self._annotate, self._another):
            made.setEnabled(True)
        self._annotate.setFocus()

    def show_finding(self, finding: Finding) -> None:
        self._clock.stop()
        self._bar.hide()
        image, colour, words = VERDICTS.get(finding.verdict, VERDICTS[""])
        self._check_image.setPixmap(icon(image, getattr(colours(), colour)).pixmap(20, 20))
        self._verdict.setText(words)
        self._reasons.setText("\n".join(f"• {reason}" for reason in finding.reasons))
        self._reasons.setVisible(bool(finding.reasons))

    def show_far(self, percent: int, what: str) -> None:
        """How far the check is."""
        self._bar.setRange(0, 100)
        self._bar.setValue(percent)
        self._reasons.setText(what)
        self._reasons.show()

    def _tell_elapsed(self) -> None:
        self._verdict.setText(f"The files are being checked … {time.monotonic() - self._began_s:.0f} s")
        self._bar.show()

    def _show_head(self, words: str, image: str, colour: str) -> None:
        self._heading.setText(words)
        self._image.setPixmap(icon(image, getattr(colours(), colour)).pixmap(28, 28))

    def _panels(self, shown: bool) -> None:
        for each in (self._facts_panel, self._files_panel, self._faults_panel):
            each.setVisible(shown)
        self._check_panel.show()
        self._reasons.setVisible(False)

    def _build(self) -> None:
        self._image.setFixedSize(32, 32)
        self._check_image.setFixedSize(24, 24)
        head = row(self._image, self._heading)
        head.layout().setStretch(1, 1)  # type: ignore[union-attr]
        self._facts_panel = panel(_holder(self._facts))
        verdict = row(self._check_image, self._verdict)
        verdict.layout().setStretch(1, 1)  # type: ignore[union-attr]
        self._check_panel = panel(label("Check", "muted"), verdict, self._bar, self._reasons)
        self._faults_panel = panel(label("While it was recorded", "muted"), self._faults)
        self._files_panel = panel(label("Files", "muted"), _holder(self._files))
        parts = (self._facts_panel, self._check_panel, self._faults_panel, self._files_panel)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID * 2)
        layout.addWidget(head)
        layout.addWidget(self.problem)
        layout.addWidget(_scrolled(parts), 1)
        layout.addWidget(self._buttons())

    def _buttons(self) -> QWidget:
        for made, signal in (
            (self._annotate, self.annotate),
            (self._another, self.another),
            (self._leave, self.leave),
        ):
            made.setMinimumHeight(GRID * 5)
            made.clicked.connect(lambda _=False, signal=signal: signal.emit())
        return row(self._annotate, self._another, self._leave)


def _holder(grid: QGridLayout) -> QWidget:
    holder = QWidget()
    holder.setLayout(grid)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(GRID * 2)
    grid.setVerticalSpacing(GRID // 2)
    grid.setColumnStretch(1, 1)
    return holder


def _fill(grid: QGridLayout, lines: list[tuple[str, str]] | tuple[tuple[str, str], ...]) -> None:
    while item := grid.takeAt(0):
        if worn := item.widget():
            worn.deleteLater()
    for at, (name, text) in enumerate(lines):
        value = label(text, wrap=True)
        value.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        value.setAccessibleName(f"{name}: {text}")
        grid.addWidget(label(name, "muted"), at, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(value, at, 1)


def _scrolled(parts: tuple[QWidget, ...]) -> QScrollArea:
    holder, area = QWidget(), QScrollArea()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, GRID, 0)
    column.setSpacing(GRID)
    for part in parts:
        column.addWidget(part)
    column.addStretch(1)
    area.setWidget(holder)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setAccessibleName("The saved session")
    return area
