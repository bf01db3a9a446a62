"""The work as a table: sorted by what it means, narrowed by person, state and words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSortFilterProxyModel, Qt

from ui.widgets.headed_table import ROOT, HeadedTable, Index
from woz.annotation.windows import window_words
from woz.lab.workload import WorkLine
from woz.model.tier import TierState

SORTED_BY = Qt.ItemDataRole.UserRole
ANYBODY, ANY_STATE = "Everybody", "Any state"
_ORDER = [str(state) for state in TierState]


def _where(line: WorkLine) -> str:
    return window_words(line.assignment.windows)


def _length(line: WorkLine) -> int:
    """In ns; the whole session is longer than any part."""
    return sum(window.duration_ns for window in line.assignment.windows) or 1 << 62


@dataclass(frozen=True, slots=True)
class _Column:
    header: str
    text: Callable[[WorkLine], str]
    value: Callable[[WorkLine], str | int]


COLUMNS = (
    _Column("Session", lambda line: line.session, lambda line: line.session.casefold()),
    _Column("Tier type", lambda line: line.assignment.tier_type, lambda line: line.assignment.tier_type),
    _Column("Annotator", lambda line: line.whose, lambda line: line.whose.casefold()),
    _Column("As", lambda line: str(line.assignment.part), lambda line: str(line.assignment.part)),
    _Column(
        "State",
        lambda line: line.state,
        lambda line: _ORDER.index(line.state) if line.state in _ORDER else len(_ORDER),
    ),
    _Column("Where", _where, _length),
    _Column(
        "Drawn",
        lambda line: line.assignment.drawn or ("by hand" if line.assignment.windows else ""),
        lambda line: line.assignment.drawn,
    ),
    _Column("Who is in it", lambda line: line.where, lambda line: line.where),
)


class WorkTable(HeadedTable):
    def __init__(self) -> None:
        super().__init__([column.header for column in COLUMNS])
        self._lines: tuple[WorkLine, ...] = ()

    def show(self, lines: Sequence[WorkLine]) -> None:
        self.beginResetModel()
        self._lines = tuple(lines)
        self.endResetModel()

    def line(self, number: int) -> WorkLine:
        return self._lines[number]

    def numbers_of(self, ids: set[str]) -> list[int]:
        return [at for at, line in enumerate(self._lines) if line.assignment.id in ids]

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | int | None:
        if not index.isValid():
            return None
        line, column = self._lines[index.row()], COLUMNS[index.column()]
        if role == SORTED_BY:
            return column.value(line)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return column.text(line)
        return None


class WorkFilter(QSortFilterProxyModel):
    def __init__(self, model: WorkTable) -> None:
        super().__init__()
        self._model, self._whose, self._state = model, ANYBODY, ANY_STATE
        self.setSourceModel(model)
        self.setSortRole(SORTED_BY)
        self.setFilterKeyColumn(-1)
        self.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)

    def narrow(self, whose: str, state: str) -> None:
        self._whose, self._state = whose, state
        self.invalidate()

    def filterAcceptsRow(self, row: int, parent: Index) -> bool:
        line = self._model.line(row)
        fits = self._whose in (ANYBODY, line.whose) and self._state in (ANY_STATE, line.state)
        return fits and super().filterAcceptsRow(row, parent)
