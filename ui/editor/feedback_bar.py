"""One thing that others said or changed, above the picture: read, answered, settled, and on to the next."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout

from ui.theme import GRID
from ui.widgets.parts import button, label, row

NEXT_KEY, BACK_KEY, SAY_KEY, DONE_KEY = "Alt+N", "Alt+Shift+N", "Alt+C", "Alt+D"
LEAST_FIELD = 200


class FeedbackBar(QFrame):
    """Hidden while there is nothing. `asked` wants the field for an answer, `said` carries what was typed there."""

    onward = Signal()
    asked = Signal()
    said = Signal(str)
    done = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "banner")
        self._words = label(wrap=True)
        self.field = QLineEdit()
        self.field.setMinimumWidth(LEAST_FIELD)
        self.field.returnPressed.connect(self._send)
        self.next, self.answer = button(f"Next ({NEXT_KEY})", "forward"), button(f"Answer ({SAY_KEY})", "note")
        self.finish, self.leave = button("Seen", "check"), button("Later", "stop")
        self.next.setToolTip(f"The one before: {BACK_KEY}")
        self.leave.setToolTip("Hide this until there is more, or a key asks for it")
        for each, signal in (
            (self.next, self.onward),
            (self.answer, self.asked),
            (self.finish, self.done),
            (self.leave, self.left),
        ):
            each.clicked.connect(lambda _=False, signal=signal: signal.emit())
            each.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._build()
        self.ask("")
        self.tell("")

    def _build(self) -> None:
        buttons = row(self.next, self.answer, self.finish, self.leave)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(GRID * 2, GRID, GRID * 2, GRID)
        layout.setSpacing(GRID)
        texts = QVBoxLayout()
        texts.setSpacing(GRID)
        texts.addWidget(self._words)
        texts.addWidget(self.field)
        layout.addLayout(texts, 1)
        layout.addWidget(buttons)

    @property
    def text(self) -> str:
        """What is shown; empty where nothing is."""
        return "" if self.isHidden() else self._words.text()

    def tell(self, words: str, done: str = "", answered: bool = False) -> None:
        """`done` is what the button for it is called, empty for none; `answered`: whether it can be."""
        self._words.setText(words)
        self._words.setAccessibleName(words)
        self.finish.setText(f"{done} ({DONE_KEY})")
        self.finish.setAccessibleName(done)
        self.finish.setVisible(bool(done))
        self.answer.setVisible(answered and self.field.isHidden())
        self.setVisible(bool(words))

    def ask(self, what: str) -> None:
        """Have something typed; empty: no more. What is typed stays while the same is asked."""
        if what != self.field.placeholderText() or not what:
            self.field.clear()
        self.field.setPlaceholderText(what)
        self.field.setAccessibleName(what or "An answer")
        self.field.setVisible(bool(what))

    def _send(self) -> None:
        if text := self.field.text().strip():
            self.said.emit(text)
