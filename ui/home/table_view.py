"""Which columns of the library are shown, chosen by their names, and kept as views under names."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, QSettings, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QInputDialog, QMenu, QTableView, QWidget

from ui.home.columns import COLUMNS, USUAL

SHOWN, VIEWS = "library_columns", "library_views"
WIDTHS = {
    "project": 120,
    "title": 150,
    "started": 160,
    "length": 72,
    "people": 112,
    "state": 132,
    "consents": 124,
    "transcript": 98,
    "tiers": 220,
}
"""As wide as what usually stands in them."""
_OTHER_WIDTH, _LEAST_WIDTH = 130, 100


class ColumnChoice(QObject):
    def __init__(
        self,
        table: QTableView,
        settings: QSettings | None,
        window: QWidget,
        prefix: str = "",
        usual: Sequence[str] = USUAL,
        without: Sequence[str] = (),
    ) -> None:
        """`prefix` parts what is kept of one window from another's, `usual` is shown as long as nobody chose
        others, and those `without` which a table is never are offered."""
        super().__init__(window)
        self._prefix = prefix
        self._table, self._settings, self._window = table, settings, window
        self._boxes: dict[str, QAction] = {}
        self._views = QMenu("Views", window)
        for at in range(len(COLUMNS)):
            table.setColumnWidth(at, _usual_width(at))
        self._last = 0
        self._columns = QMenu("Columns", window)
        for column in (each for each in COLUMNS if each.key not in without):
            box = self._columns.addAction(column.header)
            box.setCheckable(True)
            box.toggled.connect(lambda _: self._choose())
            self._boxes[column.key] = box
        header = table.horizontalHeader()
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(lambda at: self._columns.popup(header.mapToGlobal(at)))
        kept = self._kept(SHOWN, None)
        self.show_columns([str(key) for key in kept] if isinstance(kept, list) else usual)

    @property
    def shown(self) -> list[str]:
        return [key for key, box in self._boxes.items() if box.isChecked()]

    def fill(self, menu: QMenu, more: Sequence[QAction]) -> None:
        menu.addMenu(self._columns)
        menu.addMenu(self._views)
        menu.addActions(list(more))
        self._list_views()

    def show_columns(self, keys: Sequence[str]) -> None:
        """Those that there are; the session's title always."""
        for key, box in self._boxes.items():
            box.blockSignals(True)
            box.setChecked(key in keys or key == "title")
            box.blockSignals(False)
        self._choose()

    def save_view(self, name: str) -> None:
        """The columns, and what they are sorted by."""
        header = self._table.horizontalHeader()
        order = [COLUMNS[header.sortIndicatorSection()].key, header.sortIndicatorOrder().value]
        self._keep(VIEWS, {**self._saved_views(), name: {"columns": self.shown, "order": order}})
        self._list_views()

    def show_view(self, name: str) -> None:
        view = self._saved_views().get(name)
        if view:
            key, order = view["order"]
            self.show_columns(view["columns"])
            at = next((at for at, column in enumerate(COLUMNS) if column.key == key), 1)
            self._table.sortByColumn(at, Qt.SortOrder(order))

    def _show_view(self, name: str, _: bool = False) -> None:
        self.show_view(name)

    def _choose(self) -> None:
        shown = self.shown
        for at, column in enumerate(COLUMNS):
            self._table.setColumnHidden(at, column.key not in shown and column.key != "title")
        self._narrow_last()
        self._keep(SHOWN, shown)

    def _narrow_last(self) -> None:
        """The last one that is shown takes what is left, as long as its own width is no more than that."""
        there = (at for at in range(len(COLUMNS)) if not self._table.isColumnHidden(at))
        last = max(there, key=self._table.horizontalHeader().visualIndex)
        if last != self._last:
            self._table.setColumnWidth(self._last, _usual_width(self._last))
            self._table.setColumnWidth(last, _LEAST_WIDTH)
            self._last = last

    def _list_views(self) -> None:
        self._views.clear()
        for name in sorted(self._saved_views()):
            self._views.addAction(name).triggered.connect(partial(self._show_view, name))
        if not self._views.isEmpty():
            self._views.addSeparator()
        self._views.addAction("Save these columns as a view …", self._ask_name)

    def _ask_name(self) -> None:
        name, given = QInputDialog.getText(self._window, "Save as a view", "Its name:")
        if given and name.strip():
            self.save_view(name.strip())

    def _saved_views(self) -> dict[str, dict[str, list]]:  # type: ignore[type-arg]
        found = self._kept(VIEWS, {})
        return found if isinstance(found, dict) else {}

    def _kept(self, name: str, otherwise: object) -> object:
        text = str(self._settings.value(self._prefix + name, "")) if self._settings is not None else ""
        try:
            return json.loads(text) if text else otherwise
        except ValueError:
            return otherwise

    def _keep(self, name: str, value: object) -> None:
        if self._settings is not None:
            self._settings.setValue(self._prefix + name, json.dumps(value))


def _usual_width(at: int) -> int:
    return WIDTHS.get(COLUMNS[at].key, _OTHER_WIDTH)
