"""The first window: the sessions of a project, and what can be done with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Signal,
    SignalInstance,
)
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QInputDialog,
    QLineEdit,
    QMainWindow,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from ui.theme import GRID, icon
from ui.widgets.parts import Banner, action, button, clock_text, help_action, label
from woz.session import SessionId, SessionState

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()

STATE_WORDS = {
    SessionState.RECORDING: "not closed",
    SessionState.CLOSED: "recorded",
    SessionState.RECOVERED: "recovered",
}


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One line of the table."""

    id: SessionId
    title: str
    state: SessionState
    start_utc_ns: int
    duration_ns: int | None
    participants: str


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

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.HEADERS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        if not index.isValid() or role != Qt.ItemDataRole.DisplayRole:
            return None
        line = self._lines[index.row()]
        started = datetime.fromtimestamp(line.start_utc_ns / 1e9).astimezone()
        return (
            line.title,
            started.strftime("%d %b %Y, %H:%M"),
            clock_text(line.duration_ns) if line.duration_ns is not None else "–",
            line.participants or "–",
            STATE_WORDS[line.state],
        )[index.column()]

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        wanted = orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        return self.HEADERS[section] if wanted else None


class HomeWindow(QMainWindow):
    """Knows no storage: it shows lines, and says what its user wants."""

    new_session = Signal()
    join = Signal(str)
    annotate = Signal(str)
    transcribe = Signal(str)
    export = Signal(str)
    open_project = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle("woz")
        self.setWindowIcon(icon("woz"))
        self.resize(1100, 700)
        self._model = SessionTable()
        self._filter = QSortFilterProxyModel()
        self._filter.setSourceModel(self._model)
        self._filter.setFilterKeyColumn(-1)
        self._filter.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._banner = Banner()
        self._build()
        self._actions()
        self.show_project(None, ())

    def show_project(self, name: str | None, lines: Sequence[SessionLine]) -> None:
        """The project's name and sessions; None where no project is open."""
        self._model.show(lines)
        self._project.setText(name or "No project")
        if name is None:
            self._empty.setText("Open a project, or make one: a folder where sessions are kept.")
        else:
            self._empty.setText("No session yet. Press “New session” to record the first one.")
        self._pages.setCurrentIndex(1 if lines else 0)
        self._new.setEnabled(name is not None)
        self._search.setEnabled(bool(lines))
        if lines:
            self._table.selectRow(0)
        self._show_choices()

    def tell(self, text: str) -> None:
        """A sentence about something that went wrong; hidden where it is empty."""
        self._banner.tell(text)

    @property
    def selected(self) -> SessionId | None:
        rows = self._table.selectionModel().selectedRows()
        return self._model.line(self._filter.mapToSource(rows[0]).row()).id if rows else None

    def _build(self) -> None:
        self._project = label("", "title")
        self._search = QLineEdit()
        self._search.setPlaceholderText("Search sessions")
        self._search.setAccessibleName("Search sessions")
        self._search.setMaximumWidth(280)
        self._search.textChanged.connect(self._filter.setFilterFixedString)
        top = QHBoxLayout()
        top.addWidget(self._project, 1)
        top.addWidget(self._search)
        layout = QVBoxLayout()
        layout.setContentsMargins(GRID * 3, GRID * 3, GRID * 3, GRID * 3)
        layout.setSpacing(GRID * 2)
        layout.addLayout(top)
        layout.addWidget(self._banner)
        layout.addWidget(self._body(), 1)
        layout.addLayout(self._buttons())
        centre = QWidget()
        centre.setLayout(layout)
        self.setCentralWidget(centre)

    def _body(self) -> QWidget:
        self._table = QTableView()
        self._table.setModel(self._filter)
        self._table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self._table.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self._table.setShowGrid(False)
        self._table.setAlternatingRowColors(True)
        self._table.verticalHeader().hide()
        self._table.verticalHeader().setDefaultSectionSize(40)
        self._table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        self._table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self._table.setSortingEnabled(True)
        self._table.sortByColumn(1, Qt.SortOrder.DescendingOrder)
        self._table.setAccessibleName("Sessions")
        self._table.doubleClicked.connect(lambda _: self._emit_selected(self.annotate))
        self._table.selectionModel().selectionChanged.connect(lambda *_: self._show_choices())
        self._empty = label("", "muted", wrap=True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._empty)
        self._pages.addWidget(self._table)
        return self._pages

    def _buttons(self) -> QHBoxLayout:
        self._new = button("New session", "new", "primary")
        self._new.setIcon(icon("new", "#ffffff"))
        self._new.clicked.connect(self.new_session)
        joining = button("Join as expert", "join")
        joining.clicked.connect(self._ask_link)
        self._annotate, self._export = button("Annotate", "annotate"), button("Export", "export")
        self._annotate.clicked.connect(lambda: self._emit_selected(self.annotate))
        self._export.clicked.connect(lambda: self._emit_selected(self.export))
        self._transcribe = button("Transcribe", "play")
        self._transcribe.clicked.connect(lambda: self._emit_selected(self.transcribe))
        opening = button("Open project", "open")
        opening.clicked.connect(self._ask_project)
        layout = QHBoxLayout()
        layout.setSpacing(GRID)
        for widget in (self._new, joining):
            layout.addWidget(widget)
        layout.addStretch(1)
        for widget in (self._transcribe, self._annotate, self._export, opening):
            layout.addWidget(widget)
        return layout

    def _actions(self) -> None:
        action(self, "New session", "Ctrl+N", self._new.click)
        action(self, "Join a session as the expert", "Ctrl+J", self._ask_link)
        action(self, "Annotate the session", ["Return", "Enter"], lambda: self._emit_selected(self.annotate))
        action(self, "Transcribe the session", "Ctrl+T", lambda: self._emit_selected(self.transcribe))
        action(self, "Export the session", "Ctrl+E", lambda: self._emit_selected(self.export))
        action(self, "Open or make a project", "Ctrl+O", self._ask_project)
        action(self, "Search", "Ctrl+F", self._search.setFocus)
        action(self, "Close", "Ctrl+Q", self.close)
        help_action(self)

    def _show_choices(self) -> None:
        chosen = self.selected is not None and self._pages.currentIndex() == 1
        self._transcribe.setEnabled(chosen)
        self._annotate.setEnabled(chosen)
        self._export.setEnabled(chosen)

    def _emit_selected(self, signal: SignalInstance) -> None:
        if self.selected is not None:
            signal.emit(self.selected)

    def _ask_link(self) -> None:
        link, given = QInputDialog.getText(self, "Join as expert", "Invitation link (woz://…):")
        if given and link.strip():
            self.join.emit(link.strip())

    def _ask_project(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "Open a project, or an empty folder for a new one")
        if folder:
            self.open_project.emit(str(Path(folder)))
