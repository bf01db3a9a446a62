"""The sessions of a project as a table, sorted by what they are and not by how they are written."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSortFilterProxyModel, Qt
from PySide6.QtGui import QColor

from ui.home.columns import COLUMNS, SessionLine
from ui.home.facets import FACETS, Chosen
from ui.theme import colours
from ui.widgets.headed_table import ROOT, HeadedTable, Index
from woz.model.ids import SessionId

SORTED_BY = Qt.ItemDataRole.UserRole
_CONSENTS = next(at for at, column in enumerate(COLUMNS) if column.key == "consents")


class SessionTable(HeadedTable):
    """Asked for what is on the screen only."""

    def __init__(self, lines: Sequence[SessionLine] = ()) -> None:
        super().__init__([column.header for column in COLUMNS])
        self._lines: list[SessionLine] = []
        self._numbers: dict[SessionId, int] = {}
        self._set(lines)

    def show(self, lines: Sequence[SessionLine]) -> None:
        self.beginResetModel()
        self._set(lines)
        self.endResetModel()

    def line(self, number: int) -> SessionLine:
        return self._lines[number]

    def number_of(self, session_id: SessionId | None) -> int | None:
        return self._numbers.get(session_id) if session_id is not None else None

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | float | QColor | None:
        if not index.isValid():
            return None
        line, column = self._lines[index.row()], COLUMNS[index.column()]
        if role == SORTED_BY:
            return column.value(line)
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(line)
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.hint(line) or None
        if role == Qt.ItemDataRole.ForegroundRole and index.column() == _CONSENTS:
            return colours().of("danger") if line.lacks_consent or line.ended else None
        return None

    def _set(self, lines: Sequence[SessionLine]) -> None:
        self._lines = list(lines)
        self._numbers = {line.id: number for number, line in enumerate(self._lines)}


class SessionFilter(QSortFilterProxyModel):
    """The table as it is shown: sorted by what things are, searched in all that is written, narrowed by facets."""

    def __init__(self, model: SessionTable) -> None:
        super().__init__()
        self._model, self._chosen = model, Chosen()
        self.setSourceModel(model)
        self.setSortRole(SORTED_BY)
        self.setFilterKeyColumn(-1)
        self.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)

    def narrow(self, chosen: Chosen) -> None:
        self._chosen = chosen
        self.invalidate()

    def filterAcceptsRow(self, row: int, parent: Index) -> bool:
        line = self._model.line(row)
        fits = all(set(FACETS[name](line)) & values for name, values in self._chosen.items() if values)
        return fits and super().filterAcceptsRow(row, parent)


def sorted_and_searched(model: SessionTable) -> SessionFilter:
    return SessionFilter(model)


__all__ = ["SORTED_BY", "SessionFilter", "SessionLine", "SessionTable", "sorted_and_searched"]
