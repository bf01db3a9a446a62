"""The labels of a tier type as a tree, each with its colour and its key; new ones are typed below it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QSignalBlocker, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from ui.schemes.draft import Draft
from ui.schemes.fields import Entry
from ui.theme import GRID
from ui.widgets.parts import action, button, row
from woz.model.ids import LabelId
from woz.model.scheme import Label
from woz.schemes import drafting

SWATCH = 14
KEY_WIDTH = 64
COLOUR = Qt.ItemDataRole.UserRole + 1


def swatch(colour: str, size: int = SWATCH) -> QIcon:
    picture = QPixmap(size, size)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(QColor(colour))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawRoundedRect(0, 0, size, size, 3, 3)
    painter.end()
    made = QIcon(picture)
    made.addPixmap(picture, QIcon.Mode.Selected)
    return made


class LabelTree(QWidget):
    def __init__(self, draft: Draft) -> None:
        super().__init__()
        self._draft = draft
        self._shape_shown: list[tuple[LabelId, LabelId | None]] = []
        self._items: dict[str, QTreeWidgetItem] = {}
        self.tree = QTreeWidget()
        self.tree.setAccessibleName("Labels")
        self.tree.setHeaderLabels(["Label", "Key"])
        self.tree.setIconSize(QSize(SWATCH, SWATCH))
        self.tree.header().setStretchLastSection(False)
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.Fixed)
        self.tree.header().resizeSection(1, KEY_WIDTH)
        self.tree.currentItemChanged.connect(self._chosen)
        self.entry = Entry("New label", "New label: its name, then Enter", self._add)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addWidget(self.tree, 1)
        layout.addWidget(self.entry)
        layout.addWidget(self._buttons())
        draft.changed.connect(self.show_labels)
        self.show_labels()

    def _buttons(self) -> QWidget:
        made = []
        for name, image, keys, what, do in (
            ("Indent", "forward", "Alt+Right", "below the one before", self._indent),
            ("Outdent", "back", "Alt+Left", "out of the one above", self._outdent),
            ("Delete", "delete", "Delete", "with all below it", self._remove),
        ):
            one = button(name, image)
            one.setToolTip(f"{name}, {what} ({keys})")
            one.clicked.connect(do)
            made.append(one)
            action(self.tree, f"Label: {name.lower()}", keys, do).setShortcutContext(
                Qt.ShortcutContext.WidgetWithChildrenShortcut
            )
        for name, keys, by in (("Label: up", "Alt+Up", -1), ("Label: down", "Alt+Down", 1)):
            action(self.tree, name, keys, lambda by=by: self._move(by)).setShortcutContext(  # type: ignore[misc]
                Qt.ShortcutContext.WidgetWithChildrenShortcut
            )
        return row(*made)

    def show_labels(self) -> None:
        """The tree is made anew only where labels came, went or moved."""
        tier_type = self._draft.tier_type
        self.setEnabled(tier_type is not None)
        labels = tier_type.labels if tier_type else ()
        shape = [(label.id, label.parent) for label in labels]
        with QSignalBlocker(self.tree):
            if shape != self._shape_shown:
                self._shape_shown, self._items = shape, self._make(labels)
                self.tree.expandAll()
            for label in labels:
                _fill(self._items[str(label.id)], label)
            chosen = self._items.get(self._draft.label_id)
            if chosen:
                self.tree.setCurrentItem(chosen)
            else:
                self.tree.setCurrentIndex(QModelIndex())

    def _make(self, labels: Sequence[Label]) -> dict[str, QTreeWidgetItem]:
        self.tree.clear()
        items: dict[str, QTreeWidgetItem] = {}
        for label in labels:
            item = items[str(label.id)] = QTreeWidgetItem()
            parent = items.get(str(label.parent))
            if parent:
                parent.addChild(item)
            else:
                self.tree.addTopLevelItem(item)
        return items

    def _chosen(self, item: QTreeWidgetItem | None, _: object) -> None:
        if item is not None:
            self._draft.choose(self._draft.type_key, str(item.data(0, Qt.ItemDataRole.UserRole)))

    def _add(self, name: str) -> None:
        """Below the same parent as the chosen one."""
        tier_type = self._draft.tier_type
        if tier_type is None:
            return
        chosen = self._draft.label_id
        parent = tier_type.label(chosen).parent if chosen else None
        scheme = drafting.add_label(self._draft.scheme, tier_type.key, name, parent)
        self._draft.apply(scheme)

    def _indent(self) -> None:
        self._shape(drafting.indent_label)

    def _outdent(self) -> None:
        self._shape(drafting.outdent_label)

    def _remove(self) -> None:
        self._shape(drafting.remove_label)

    def _shape(self, change: drafting.LabelChange) -> None:
        if self._draft.label_id:
            self._draft.apply(change(self._draft.scheme, self._draft.type_key, self._draft.label_id))

    def _move(self, by: int) -> None:
        if self._draft.label_id:
            scheme = drafting.move_label(self._draft.scheme, self._draft.type_key, self._draft.label_id, by)
            self._draft.apply(scheme)


def _fill(item: QTreeWidgetItem, label: Label) -> None:
    words = (label.name() if not label.retired else f"{label.name()} (no longer used)", label.shortcut.upper())
    for column, text in enumerate(words):
        if item.text(column) != text:
            item.setText(column, text)
    if item.data(0, COLOUR) != label.colour:
        item.setData(0, COLOUR, label.colour)
        item.setIcon(0, swatch(label.colour))
    item.setData(0, Qt.ItemDataRole.UserRole, str(label.id))
    item.setDisabled(label.retired)
