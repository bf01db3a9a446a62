"""Has a machine propose, from the window: by whom, for which tier, with progress until it is done or cancelled."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QLineEdit,
    QProgressBar,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from ui.application.background import Background
from ui.theme import GRID
from ui.widgets.entering import steady
from ui.widgets.parts import Banner, button, label, row
from ui.widgets.questions import sure
from woz.annotation.document import Document
from woz.annotation.live_scheme import LIVE
from woz.annotation.proposals.known import proposers
from woz.annotation.proposals.quality import stated_of
from woz.annotation.proposals.running import GoOn
from woz.base.errors import WozError
from woz.lab.proposing import MODEL_BY, STATES_BY, STEPS_BY, Drafted, Drafting
from woz.lab.proposing_by_model import BUDGET, ENDPOINT, MODEL, MOST_BUDGET, PER_WINDOW, USUAL_BUDGET, endpoint_of
from woz.model.scheme import Scheme

Propose = Callable[[Drafting, GoOn], tuple[Drafted, Scheme]]
"""Drafts a tier, beside the window; the answer has its scheme as the project keeps it. Raises WozError."""
ABOUT = {
    MODEL_BY: "Steps or states, by a model behind an OpenAI-compatible server that sees pictures of the view.",
    STATES_BY: "Conversation states: who speaks when, by the turns of the newest transcript.",
    STEPS_BY: "Steps: from each live mark to the next, earlier by the time that marks are late.",
}
UNSTATED = "How good it is isn't stated; woz propose --quality tries it on what was submitted in this project."
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
        self.endpoint, self.model, self.pictures = QLineEdit(), QLineEdit(), QSpinBox()
        self._about, self.trouble, self.bar = label("", "muted", wrap=True), Banner(), QProgressBar()
        self.quality = label("", "muted", wrap=True)
        self._work = Background()
        self._work.done.connect(self._came)
        self._work.failed.connect(self._failed)
        self._went.connect(lambda part: self.bar.setValue(round(100 * part)))
        self._build(document.schemes.values())
        steady(self)
        self._show_about()
        self.by.setFocus()

    def _build(self, schemes: Iterable[Scheme]) -> None:
        self.by.addItems(sorted(proposers(), key=lambda name: name == MODEL_BY))
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
        self._add_model_rows()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID * 3, GRID * 3, GRID * 3, GRID * 3)
        layout.setSpacing(GRID * 2)
        layout.addWidget(label("Have a machine propose", "title"))
        layout.addLayout(self._form)
        self.quality.setAccessibleName("How good the proposer is")
        for widget in (self._about, self.quality, self.trouble, self.bar, row(self.leave, self.start)):
            layout.addWidget(widget)
        self.setMinimumWidth(520)
        self.start.setDefault(True)

    def _add_model_rows(self) -> None:
        self.endpoint.setPlaceholderText("http://127.0.0.1:8080/v1")
        self.model.setPlaceholderText("the model's name there")
        self.pictures.setRange(PER_WINDOW, MOST_BUDGET)
        self.pictures.setValue(USUAL_BUDGET)
        for name, field in (("Server", self.endpoint), ("Model", self.model), ("Pictures at most", self.pictures)):
            field.setAccessibleName(name)
            self._form.addRow(name, field)

    @property
    def drafting(self) -> Drafting:
        scheme, tier_type = self.of.currentData()
        return Drafting(self.by.currentText(), scheme, tier_type, self._options(), self._document.by)

    def _options(self) -> dict[str, str]:
        lag = self.lag.text().strip().replace(",", ".")
        if self.by.currentText() == STEPS_BY and lag:
            return {"lag_s": lag}
        if self.by.currentText() != MODEL_BY:
            return {}
        asked = {ENDPOINT: self.endpoint.text().strip(), MODEL: self.model.text().strip()}
        return {**asked, BUDGET: str(self.pictures.value())}

    def _may_send(self) -> bool:
        """Before a picture leaves, its way is named and agreed to."""
        if self.by.currentText() != MODEL_BY:
            return True
        try:
            endpoint = endpoint_of(self._options())
        except WozError as error:
            self.trouble.tell(str(error))
            return False
        what = f"Up to {self.pictures.value()} pictures of this session, with what is said, go to"
        return endpoint.local or sure(self, f"{what} {endpoint.host}. Send them?", "Send them", "Don't send")

    def begin(self) -> None:
        self.trouble.tell("")
        if not self._may_send():
            return
        self._stopped.clear()
        self._run(True)
        drafting = replace(self.drafting, send=True)
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
        for widget in (self.start, self.by, self.of, self.lag, self.endpoint, self.model, self.pictures):
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
        self.quality.setText(_stated(by))
        self._form.setRowVisible(self.lag, by == STEPS_BY)
        for field in (self.endpoint, self.model, self.pictures):
            self._form.setRowVisible(field, by == MODEL_BY)
        self._form.setRowVisible(self.of, by != STATES_BY)
        self._grow()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._grow()

    def _grow(self) -> None:
        """Until all that is said of the proposer is seen."""
        layout = self.layout()
        assert layout
        layout.activate()
        needed = layout.totalHeightForWidth(self.width())
        if self.isVisible() and needed > self.height():
            self.resize(self.width(), needed)


def _stated(by: str) -> str:
    """A line for each of the data that it was tried on."""
    lines = [f"{each.data}: {each.quality.told}. {each.how}" for each in stated_of(by)]
    return "\n".join(["How good it is:", *(f"•  {line}" for line in lines)]) if lines else UNSTATED


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
