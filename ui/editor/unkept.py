"""Half-typed text of turns and notes outlives a killed program, and is offered again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication

from ui.editor.inspector import Inspector
from ui.editor.keys import ANYWHERE, Keys
from ui.editor.transcript import TranscriptPanel
from ui.editor.turn_field import TurnField
from woz.annotation.document import Document
from woz.annotation.typed import TypedFile
from woz.model.annotation import Annotation
from woz.model.item import ItemRef
from woz.model.transcript import Turn

REST_MS = 300
"""So long nobody types before it is written."""
TURN, NOTE = "turn", "note"
SHOWN = 60


class Unkept(QObject):
    """Watches the fields of a window. Without a path it keeps nothing; `go_to` chooses an item."""

    def __init__(
        self,
        path: Path | None,
        document: Document,
        panel: TranscriptPanel,
        inspector: Inspector,
        go_to: Callable[[ItemRef], bool],
        tell: Callable[[str], object],
    ) -> None:
        super().__init__(panel)
        self._document, self._panel, self._inspector = document, panel, inspector
        self._go_to, self._tell = go_to, tell
        self._file = TypedFile(path) if path else None
        self.left = self._file.read() if self._file else {}
        """What was typed before the program ended, and wasn't taken up yet."""
        self._typing: dict[str, str] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REST_MS)
        self._timer.timeout.connect(self.write)
        panel.delegate.field_opened.connect(self._watch)
        panel.delegate.closeEditor.connect(lambda: self._drop(TURN))
        inspector.note_typed.connect(self._note)

    def add_keys(self, keys: Keys) -> None:
        keys.add("Take up text that was typed and not kept", "Ctrl+Shift+T", self.take_up, *ANYWHERE)

    @property
    def offered(self) -> str:
        """What there is to be taken up, in words; empty where there is nothing."""
        if not self.left:
            return ""
        text = next(iter(self.left.values()))
        short = text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
        more = f" and {len(self.left) - 1} more" if len(self.left) > 1 else ""
        return f"What you typed last wasn't kept: “{short}”{more}. Ctrl+Shift+T takes it up again."

    def take_up(self) -> None:
        """Go where it was typed, with the text in its field; the next time the next."""
        if not self.left:
            self._tell("There is no typed text that wasn't kept.")
            return
        key, text = next(iter(self.left.items()))
        del self.left[key]
        kind, _, item_id = key.partition(" ")
        ref = ItemRef("turn" if kind == TURN else "annotation", item_id)
        self._tell("")
        if not self._go_to(ref):
            QGuiApplication.clipboard().setText(text)
            self._tell("What it was typed for isn't here any more; the text is in the clipboard.")
        elif kind == TURN:
            self._panel.edit_here()
            if self._panel.field:
                self._panel.field.begin(text, len(text))
        else:
            self._inspector.note.setFocus()
            self._inspector.note.setText(text)
            self._note(item_id, text)
        self.write()

    def write(self) -> None:
        self._timer.stop()
        if self._file:
            self._file.write({**self.left, **self._typing})

    def close(self) -> None:
        """All that was typed is kept by now."""
        self._typing = {}
        self.write()

    def _watch(self, field: TurnField) -> None:
        turn = self._panel.turn
        if turn is not None:
            field.textChanged.connect(lambda: self._keep(TURN, turn.id, field.toPlainText()))

    def _note(self, item_id: str, text: str) -> None:
        self._drop(NOTE)
        self._keep(NOTE, item_id, text)

    def _keep(self, kind: str, item_id: str, text: str) -> None:
        """Unless it is what is stored already."""
        key = f"{kind} {item_id}"
        self._typing.pop(key, None)
        self.left.pop(key, None)
        if text != self._stored(kind, item_id):
            self._typing[key] = text
        if self._file:
            self._timer.start()

    def _drop(self, kind: str) -> None:
        self._typing = {key: text for key, text in self._typing.items() if not key.startswith(f"{kind} ")}
        if self._file:
            self._timer.start()

    def _stored(self, kind: str, item_id: str) -> str:
        item = self._document.item(ItemRef("turn" if kind == TURN else "annotation", item_id))
        return item.text if isinstance(item, Turn) else item.note if isinstance(item, Annotation) else ""
