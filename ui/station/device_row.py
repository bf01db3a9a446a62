"""One choice of a device, with what is wrong with it beside."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QSizePolicy, QVBoxLayout, QWidget

from ui.theme import GRID
from ui.widgets.entering import steady
from ui.widgets.parts import button, label, row
from woz.capture.choices import Choice


class DeviceRow(QWidget):
    """`chosen` carries the spec. `without` is the choice that is offered where the device can't be had."""

    chosen = Signal(str)

    def __init__(
        self,
        name: str,
        spec: str,
        beside: Sequence[QWidget] = (),
        without: Choice | None = None,
        named: Sequence[Choice] = (),
    ) -> None:
        """`named` are choices that are called so also where they aren't there."""
        super().__init__()
        self._without = without
        self._names = {choice.spec: choice.name for choice in named}
        self._pick = QComboBox()
        self._pick.setAccessibleName(name)
        self._pick.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._fault = label("", "warning", wrap=True)
        self._fault.setAccessibleName(f"What is wrong with the {name.lower()}")
        self._instead = button(f"Record without {name.lower()}", "step")
        self._instead.clicked.connect(self._go_without)
        self._build(name, beside)
        steady(self)
        self.offer((), spec)
        self._pick.currentIndexChanged.connect(self._tell_chosen)

    @property
    def spec(self) -> str:
        return str(self._pick.currentData())

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """Where Tab stops, in order."""
        return self._pick, self._instead

    @property
    def fault(self) -> str:
        return self._fault.text()

    def offer(self, choices: Sequence[Choice], spec: str = "") -> None:
        """List these; what is chosen stays so, or is now `spec`, and is listed also where it isn't there."""
        wanted, name = (spec, self._names.get(spec, spec)) if spec else (self.spec, self._pick.currentText())
        found = [*choices, *([] if wanted in {c.spec for c in choices} else [Choice(wanted, name)])]
        with QSignalBlocker(self._pick):
            self._pick.clear()
            for choice in found:
                self._pick.addItem(choice.name, choice.spec)
            self._pick.setCurrentIndex(self._pick.findData(wanted))
        self._show_whole()

    def choose(self, choice: Choice) -> None:
        """Take this one, and list it where it isn't."""
        if self._pick.findData(choice.spec) < 0:
            with QSignalBlocker(self._pick):
                self._pick.addItem(choice.name, choice.spec)
        self._pick.setCurrentIndex(self._pick.findData(choice.spec))

    def _tell_chosen(self) -> None:
        self._show_whole()
        self.chosen.emit(self.spec)

    def _show_whole(self) -> None:
        """What has no room in the field is read in the open list, and in the tip."""
        self._pick.setToolTip(self._pick.currentText())
        view = self._pick.view()
        view.setMinimumWidth(view.sizeHintForColumn(0) + GRID * 3)

    def tell(self, fault: str) -> None:
        self._fault.setText(fault)
        self._fault.setVisible(bool(fault))
        self._instead.setVisible(bool(fault) and self._without is not None and self.spec != self._without.spec)

    def _go_without(self) -> None:
        if self._without:
            self.choose(self._without)
            self._pick.setFocus()

    def _build(self, name: str, beside: Sequence[QWidget]) -> None:
        named = label(name, "muted")
        named.setBuddy(self._pick)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        layout.addWidget(named)
        layout.addWidget(self._pick)
        for widget in (*beside, self._fault, row(self._instead)):
            layout.addWidget(widget)
        self.tell("")
