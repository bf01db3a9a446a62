"""Has a machine propose, from the window: by whom, for which tier, with progress until it is done or cancelled."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QDialog, QFormLayout, QLineEdit, QProgressBar, QVBoxLayout, QWidget

from ui.application.background import Background
from ui.theme import GRID
from ui.widgets.parts import Banner, button, label, row
from woz.annotation.document import Document
from woz.annotation.live_scheme import LIVE
from woz.annotation.proposals.known import proposers
from woz.annotation.proposals.running import GoOn
from woz.lab.proposing import STATES_BY, STEPS_BY, Drafted, Drafting
from woz.model.scheme import Scheme

Propose = Callable[[Drafting, GoOn], tuple[Drafted, Scheme]]
"""Drafts a tier, beside the window; the answer has its scheme as the project keeps it. Raises WozError."""
ABOUT = {
    STATES_BY: "Conversation states: who speaks when, by the turns of the newest transcript.",
    STEPS_BY: "Steps: from each live mark to the next, earlier by the time that marks are late.",
}
OWN = "as the proposer has it"
LAG_HINT = "learnt from corrections where it is empty"


class ProposeDialog(QDialog):
    """`drafted` is what came of it, None where nothing did."""

    _went = Signal(float)

    def __init__(self, parent: QWidget, document: Document, propose: Propose) -> None:
        super().__init__(parent)
        self.setWindowTitle("Propose")
        self._document, self._propose = document, propose
        self._stopped = threading.Event()
        self.drafted: tuple[Drafted, Scheme] | None = None
        self.by, self.of, self.lag = QComboBox(), QComboBox(), QLineEdit()
        self._about, self.trouble, self.bar = label("", "muted", wrap=True), Banner(), QProgressBar()
        self._work = Background()
        self._work.done.connect(self._came)
        self._work.failed.connect(self._failed)
        self._went.connect(lambda part: self.bar.setValue(round(100 * part)))
        self._build(document.schemes.values())
        self._show_about()
        self.by.setFocus()

    def _build(self, schemes: Iterable[Scheme]) -> None:
        self.by.addItems(list(proposers()))
        self.by.setAccessibleName("Who proposes")
        self.by.currentIndexChanged.connect(self._show_about)
        self.of.setAccessibleName("For which tier type")
        self.of.addItem(OWN, ("", ""))
        for scheme in sorted(schemes, key=lambda each: (each.name, -each.version)):
            for each in scheme.tier_types if scheme.id != LIVE.id else ():
                self.of.addItem(f"{each.name()}   {scheme.name}", (str(scheme.id), each.key))
        self.lag.setAccessibleName("How late marks are, in seconds")
        self.lag.setPlaceholderText(LAG_HINT)
        self.bar.setAccessibleName("Part that is done")
        self.bar.setRange(0, 100)
        self.bar.hide()
        self.start, self.leave = button("Propose", "play", "primary"), button("Cancel", "stop")
        self.start.clicked.connect(self.begin)
        self.leave.clicked.connect(self.reject)
        self._form = QFormLayout()
        self._form.addRow("By", self.by)
        self._form.addRow("For", self.of)
        self._form.addRow("Marks are late by (s)", self.lag)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID * 3, GRID * 3, GRID * 3, GRID * 3)
        layout.setSpacing(GRID * 2)
        layout.addWidget(label("Have a machine propose", "title"))
        layout.addLayout(self._form)
        for widget in (self._about, self.trouble, self.bar, row(self.leave, self.start)):
            layout.addWidget(widget)
        self.setMinimumWidth(520)
        self.start.setDefault(True)

    @property
    def drafting(self) -> Drafting:
        scheme, tier_type = self.of.currentData()
        lag = self.lag.text().strip().replace(",", ".")
        options = {"lag_s": lag} if lag and self.by.currentText() == STEPS_BY else {}
        return Drafting(self.by.currentText(), scheme, tier_type, options, self._document.by)

    def begin(self) -> None:
        self.trouble.tell("")
        self._stopped.clear()
        self._run(True)
        drafting = self.drafting
        self._work.begin("proposing", lambda: self._propose(drafting, self._go_on))

    def reject(self) -> None:
        """Cancel what runs; then, or where nothing does, close."""
        if self.bar.isVisible():
            self._stopped.set()
            self.leave.setEnabled(False)
        else:
            super().reject()

    def _go_on(self, part: float) -> bool:
        """On the proposer's thread."""
        self._went.emit(part)
        return not self._stopped.is_set()

    def _run(self, running: bool) -> None:
        self.bar.setVisible(running)
        self.bar.setValue(0)
        self.leave.setEnabled(True)
        for widget in (self.start, self.by, self.of, self.lag):
            widget.setEnabled(not running)

    def _came(self, drafted: tuple[Drafted, Scheme]) -> None:
        self._run(False)
        self.drafted = drafted
        self.accept()

    def _failed(self, why: str) -> None:
        self._run(False)
        self.trouble.tell(why)

    def _show_about(self) -> None:
        by = self.by.currentText()
        self._about.setText(ABOUT.get(by, f"{by} comes from a package that is installed here."))
        self._form.setRowVisible(self.lag, by == STEPS_BY)
        self._form.setRowVisible(self.of, by != STATES_BY)


def ask_proposals(parent: QWidget, document: Document, propose: Propose, then: Callable[[], None]) -> None:
    """Ask, have it done, and show what came of it; `then` is called once it is there."""
    dialog = ProposeDialog(parent, document, propose)
    dialog.exec()
    drafted = dialog.drafted
    dialog.deleteLater()
    if drafted:
        document.know(drafted[1])
        document.follow()
        document.read(lambda: None, lambda _: then())
