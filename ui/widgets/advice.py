"""A banner that copies the command it advises, which lines break where it is long."""

from __future__ import annotations

from ui.widgets.copying import copy_text
from ui.widgets.own_project import named_here
from ui.widgets.parts import Banner, button


class Advice(Banner):
    def __init__(self) -> None:
        super().__init__()
        self._command = ""
        self.copying = button("Copy the command", "copy")
        self.copying.setAutoDefault(False)
        self.copying.clicked.connect(lambda _=False: copy_text(self._command, self.copying))
        layout = self.layout()
        assert layout
        layout.addWidget(self.copying)

    def advise(self, text: str, command: str) -> None:
        """`command` is to be typed, empty for none; it names the project of the window, as the sentence does."""
        self.tell(text)
        self._command = named_here(self, command)
        self.copying.setVisible(bool(command))
