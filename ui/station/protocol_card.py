"""The protocol of the form: how freely the expert speaks, and what the expert may see and do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPlainTextEdit, QSpinBox, QVBoxLayout, QWidget

from ui.widgets.entering import steady
from ui.widgets.parts import label, panel, row
from woz.model.protocol import ON_DEMAND, PROACTIVE, Protocol, ProtocolKind

NEW = "Our own …"
_EMPTY = Protocol("", "", "1")


class ProtocolCard(QWidget):
    """One of the two that are known, one of an earlier session, or a new text of the lab's own."""

    changed = Signal()

    def __init__(self, chosen: Protocol, earlier: Sequence[Protocol]) -> None:
        super().__init__()
        self._choices = _each_once((PROACTIVE, ON_DEMAND, chosen, *earlier))
        self._pick = QComboBox()
        self._pick.addItems([*(_title(protocol) for protocol in self._choices), NEW])
        self._name, self._version, self._text = QLineEdit(), QLineEdit(), QPlainTextEdit()
        self._gaze = QCheckBox("The expert sees the trainee's gaze")
        self._pointing = QCheckBox("The expert may draw on the view")
        self._delay = QSpinBox()
        self._build()
        steady(self)
        self._pick.currentIndexChanged.connect(self._show_text)
        for signal in (self._name.textChanged, self._version.textChanged, self._text.textChanged):
            signal.connect(lambda *_: self.changed.emit())
        self._pick.setCurrentIndex([_key(p) for p in self._choices].index(_key(chosen)))
        self._show_text()
        self._show_options(chosen)

    @property
    def protocol(self) -> Protocol:
        return Protocol(
            self._name.text().strip(),
            self._text.toPlainText().strip(),
            self._version.text().strip(),
            self._chosen.kind,
            self._gaze.isChecked(),
            self._pointing.isChecked(),
            self._delay.value(),
        )

    @property
    def _chosen(self) -> Protocol:
        at = self._pick.currentIndex()
        return self._choices[at] if at < len(self._choices) else _EMPTY

    def _show_text(self) -> None:
        chosen, own = self._chosen, self._chosen.kind == ProtocolKind.CUSTOM
        for field, text in ((self._name, chosen.name), (self._version, chosen.version)):
            field.setText(text)
            field.setVisible(own)
        self._text.setPlainText(chosen.text)
        self._text.setReadOnly(not own)
        self.changed.emit()

    def _show_options(self, protocol: Protocol) -> None:
        self._gaze.setChecked(protocol.gaze_shown)
        self._pointing.setChecked(protocol.pointing_allowed)
        self._delay.setValue(protocol.cue_delay_ms)

    def _build(self) -> None:
        self._name.setPlaceholderText("Name")
        self._version.setPlaceholderText("Version")
        self._text.setPlaceholderText("What the expert may say, and when")
        self._text.setTabChangesFocus(True)
        self._text.setMinimumHeight(56)
        self._delay.setRange(0, 60_000)
        self._delay.setSingleStep(100)
        self._delay.setSuffix(" ms")
        for widget, name in (
            (self._pick, "Protocol"),
            (self._name, "Name of the protocol"),
            (self._version, "Version of the protocol"),
            (self._text, "Text of the protocol"),
            (self._gaze, self._gaze.text()),
            (self._pointing, self._pointing.text()),
            (self._delay, "How long a cue waits"),
        ):
            widget.setAccessibleName(name)
        naming = row(self._name, self._version)
        options = (self._gaze, self._pointing, row(label("A cue of the expert waits", "muted"), self._delay))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(panel(label("Protocol", "heading"), self._pick, naming, self._text, *options))


def _key(protocol: Protocol) -> Protocol:
    """The same without what may differ from session to session."""
    return replace(protocol, gaze_shown=False, pointing_allowed=False, cue_delay_ms=0)


def _each_once(protocols: Sequence[Protocol]) -> list[Protocol]:
    return list({_key(protocol): protocol for protocol in reversed(protocols)}.values())[::-1]


def _title(protocol: Protocol) -> str:
    words = {
        ProtocolKind.PROACTIVE: "Proactive: the expert speaks freely",
        ProtocolKind.ON_DEMAND: "On demand: the expert answers, and prevents mistakes and danger",
    }
    return words.get(protocol.kind) or f"{protocol.name}, version {protocol.version}"
