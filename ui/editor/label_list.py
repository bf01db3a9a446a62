"""A list of labels that is narrowed by typing: for those without a key, and those of an open tier."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QIcon, QKeyEvent, QPixmap
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidgetItem, QVBoxLayout, QWidget

from ui.theme import GRID
from ui.widgets.parts import label as text_label
from ui.widgets.wrapping import wrapping_list
from woz.model.ids import LabelId
from woz.model.scheme import Label

SIGN = 12
ROLE = Qt.ItemDataRole.UserRole


def found_labels(labels: Sequence[Label], typed: str, recent: Sequence[LabelId] = ()) -> list[Label]:
    """Those with all typed parts in name or key: where words begin so first, and of these those used lately."""
    parts = typed.lower().split()
    known = {each: place for place, each in enumerate(recent)}

    def rank(label: Label) -> tuple[int, int]:
        words = label.name().lower().split()
        begins = all(any(word.startswith(part) for word in words) for part in parts)
        return (0 if begins else 1, known.get(label.id, len(known)))

    fitting = [each for each in labels if all(part in f"{each.name()} {each.key}".lower() for part in parts)]
    return sorted(fitting, key=rank)


def sign_of(colour: str) -> QIcon:
    """A square of a label's colour."""
    sign = QPixmap(SIGN, SIGN)
    sign.fill(QColor(colour))
    return QIcon(sign)


class LabelList(QDialog):
    """`ask` gives a label, the name of a new one where the tier is open, or None."""

    def __init__(
        self,
        parent: QWidget,
        labels: Sequence[Label],
        recent: Sequence[LabelId],
        new_ones: bool,
        title: str = "Label",
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self._labels, self._recent, self._new_ones = labels, recent, new_ones
        self.field = QLineEdit()
        self.field.setPlaceholderText("Type some letters; Enter takes the first")
        self.field.setAccessibleName(f"{title}: name")
        self.list = wrapping_list(title, by_keys=True)
        self._rule = text_label("", "muted", wrap=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID * 2, GRID * 2, GRID * 2, GRID * 2)
        layout.setSpacing(GRID)
        for widget in (self.field, self.list, self._rule):
            layout.addWidget(widget)
        self.resize(380, 420)
        self.field.textChanged.connect(self._fill)
        self.list.itemActivated.connect(lambda: self.accept())
        self.list.itemDoubleClicked.connect(lambda: self.accept())
        self.list.currentItemChanged.connect(self._show_rule)
        self._fill()
        self.field.setFocus()

    @classmethod
    def ask(
        cls,
        parent: QWidget,
        labels: Sequence[Label],
        recent: Sequence[LabelId],
        new_ones: bool,
        title: str = "Label",
    ) -> Label | str | None:
        dialog = cls(parent, labels, recent, new_ones, title)
        accepted = dialog.exec() == QDialog.DialogCode.Accepted
        answer = dialog.answer
        dialog.deleteLater()
        return answer if accepted else None

    @property
    def answer(self) -> Label | str | None:
        item = self.list.currentItem()
        found: Label | str | None = item.data(ROLE) if item else None
        return found

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            by = 1 if event.key() == Qt.Key.Key_Down else -1
            self.list.setCurrentRow(min(max(0, self.list.currentRow() + by), self.list.count() - 1))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.list.currentItem():
                self.accept()
        else:
            super().keyPressEvent(event)

    def _fill(self) -> None:
        typed = self.field.text().strip()
        self.list.clear()
        for each in found_labels(self._labels, typed, self._recent):
            name = f"{each.name()}   ({each.shortcut})" if each.shortcut else each.name()
            self._add(name, each, each.colour)
        if self._new_ones and typed and all(each.name().lower() != typed.lower() for each in self._labels):
            self._add(f"New label “{typed}”", typed, "")
        self.list.setCurrentRow(0)

    def _add(self, text: str, answer: Label | str, colour: str) -> None:
        item = QListWidgetItem(text, self.list)
        item.setData(ROLE, answer)
        if colour:
            item.setIcon(sign_of(colour))

    def _show_rule(self) -> None:
        answer = self.answer
        self._rule.setText(answer.start_rule if isinstance(answer, Label) else "")
