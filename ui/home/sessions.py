"""The sessions of a project as a table, sorted by what they are and not by how they are written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSortFilterProxyModel, Qt

from ui.widgets.parts import clock_text
from woz.model.ids import SessionId
from woz.model.session import SessionState

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
SORTED_BY = Qt.ItemDataRole.UserRole

STATE_WORDS = {
    SessionState.RECORDING: "not closed",
    SessionState.CLOSED: "recorded",
    SessionState.RECOVERED: "recovered",
}


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One line of the table; `running` is whether a station records it at this moment."""

    id: SessionId
    title: str
    state: SessionState
    start_utc_ns: int
    duration_ns: int | None
    participants: str
    running: bool = False

    @property
    def state_words(self) -> str:
        return "● recording now" if self.running else STATE_WORDS[self.state]


class SessionTable(QAbstractTableModel):
    HEADERS = ("Session", "Started", "Length", "Participants", "State")

    def __init__(self, lines: Sequence[SessionLine] = ()) -> None:
        super().__init__()
        self._lines = list(lines)

    def show(self, lines: Sequence[SessionLine]) -> None:
        self.beginResetModel()
        self._lines = list(lines)
        self.endResetModel()

    def line(self, number: int) -> SessionLine:
        return self._lines[number]

    def number_of(self, session_id: SessionId | None) -> int | None:
        return next((n for n, line in enumerate(self._lines) if line.id == session_id), None)

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.HEADERS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | int | None:
        if not index.isValid():
            return None
        line, column = self._lines[index.row()], index.column()
        if role == SORTED_BY:
            return _values(line)[column]
        return _texts(line)[column] if role == Qt.ItemDataRole.DisplayRole else None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        wanted = orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        return self.HEADERS[section] if wanted else None


def sorted_and_searched(model: SessionTable) -> QSortFilterProxyModel:
    """The table as it is shown: sorted by times and lengths, searched in all that is written."""
    made = QSortFilterProxyModel()
    made.setSourceModel(model)
    made.setSortRole(SORTED_BY)
    made.setFilterKeyColumn(-1)
    made.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    return made


def _texts(line: SessionLine) -> tuple[str, ...]:
    started = datetime.fromtimestamp(line.start_utc_ns / 1e9).astimezone()
    return (
        line.title,
        started.strftime("%d %b %Y, %H:%M"),
        clock_text(line.duration_ns) if line.duration_ns is not None else "–",
        line.participants or "–",
        line.state_words,
    )


def _values(line: SessionLine) -> tuple[str | int, ...]:
    length = -1 if line.duration_ns is None else line.duration_ns
    return line.title.casefold(), line.start_utc_ns, length, line.participants.casefold(), line.state_words
