"""A list of those who can be compared, to choose two or more of: people, the gold, machines, single tiers."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem

HEIGHT = 150
_NAME = Qt.ItemDataRole.UserRole


class CoderList(QListWidget):
    """`chosen` are the names that `woz agree --annotators` takes, in the order in which they stand."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Who is compared: two or more of these")
        self.setFixedHeight(HEIGHT)
        self.itemChanged.connect(lambda _: self.changed.emit())

    @property
    def chosen(self) -> list[str]:
        every = [self.item(at) for at in range(self.count())]
        return [each.data(_NAME) for each in every if each.checkState() == Qt.CheckState.Checked]

    def offer(self, names: Mapping[str, str]) -> None:
        """What they are called, by their names; what was chosen stays so where it is there still."""
        was = self.chosen
        self.blockSignals(True)
        self.clear()
        for name, told in names.items():
            item = QListWidgetItem(told)
            item.setData(_NAME, name)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if name in was else Qt.CheckState.Unchecked)
            self.addItem(item)
        self.setCurrentRow(0)
        self.blockSignals(False)
        self.changed.emit()
