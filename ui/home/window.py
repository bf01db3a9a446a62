"""The first window: the sessions of a project, and what can be done with them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QItemSelectionModel, QSettings, Qt, Signal, SignalInstance
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QMainWindow,
    QPushButton,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from ui.home.columns import SessionLine
from ui.home.facets import FacetTree
from ui.home.new_project import NewProjectDialog
from ui.home.open_projects import OpenProjects
from ui.home.sessions import SessionTable, sorted_and_searched
from ui.home.table_view import ColumnChoice
from ui.home.tiles import Choice, StartPage, Tile
from ui.theme import GRID, icon
from ui.widgets.fitting import fit
from ui.widgets.parts import Banner, action, button, help_action, label, row
from woz.lab.comparable import comparable_by_name
from woz.model.ids import SessionId

_FLAG = QItemSelectionModel.SelectionFlag
SELECT_ONE = _FLAG.ClearAndSelect | _FLAG.Rows
SELECT_MORE = _FLAG.Select | _FLAG.Rows
AGREEMENT, ADJUDICATION = "Agreement of annotators", "Adjudicate where they differ"
NOT_TWICE, NOT_SUBMITTED = "no two have annotated the same yet", "no two have submitted the same yet"
EMPTY_PROGRAM, EMPTY_PROJECT, SESSIONS = range(3)
FIRST_SIZE = (1360, 720)
"""The usual columns stand beside the facets, those of annotation whole; on a screen of 1280 all are seen."""
NO_PROJECT = "No project is open yet: Ctrl+O opens one, Ctrl+Shift+N makes one."
ONE_PROJECT = "One project alone is open: Ctrl+O opens another beside it."
NO_SESSION = "This project has no session yet: Ctrl+N begins one, Ctrl+I imports what was made elsewhere."
NOT_LISTED = "The sessions of this project have not been read yet; try again in a moment."
NOT_ONE = "Choose a session in the table first, one alone unless it is for an export."
OF_ALL = ("project",)
"""Columns of the table of all projects, where one project's would say the same in each line."""


class HomeWindow(QMainWindow):
    """Knows no storage: it shows lines, and says what its user wants."""

    new_session = Signal()
    join = Signal()
    annotate = Signal(str)
    transcribe = Signal(str)
    export = Signal(list)
    consents = Signal(str)
    open_project = Signal(str)
    import_media = Signal()
    check = Signal(str)
    check_all = Signal()
    recover = Signal()
    schemes = Signal()
    back_up = Signal()
    parts = Signal()
    procedures = Signal()
    search_all = Signal()
    progress = Signal()
    questions = Signal()
    compare = Signal()
    adjudicate = Signal()
    faces = Signal(str)
    assignments = Signal()
    comments = Signal()
    room = Signal()
    batch = Signal()
    people = Signal()
    worklists = Signal()
    all_sessions = Signal()

    def __init__(self, settings: QSettings | None = None) -> None:
        """With `settings`, the columns that somebody chose are remembered."""
        super().__init__()
        self._settings = settings
        self.setWindowTitle("woz")
        self.setWindowIcon(icon("woz"))
        fit(self, *FIRST_SIZE)
        self._model = SessionTable()
        self._filter = sorted_and_searched(self._model)
        self._banner, self._drift, self._told = Banner(), Banner(), ""
        self._build()
        self._actions()
        self.show_project(None, ())

    def show_project(self, name: str | None, lines: Sequence[SessionLine]) -> None:
        """The project's name and sessions; None where no project is open. What is selected stays so."""
        chosen, at = self.selection, self._table.verticalScrollBar().value()
        self._model.show(lines)
        self._facets.show_lines(lines)
        self._project.setText(name or "Welcome to woz")
        self._show_page(SESSIONS if lines else EMPTY_PROGRAM if name is None else EMPTY_PROJECT)
        self._new.setEnabled(name is not None)
        self._search.setVisible(bool(lines))
        if lines:
            self._select(chosen)
            self._table.verticalScrollBar().setValue(at)
        self._for_project.setVisible(name is not None)
        self._show_comparing(lines)
        self._show_choices()

    def _show_page(self, page: int) -> None:
        """What is shown anew has the focus: the table, or the first thing to begin with."""
        if page == self._pages.currentIndex():
            return
        self._pages.setCurrentIndex(page)
        shown = self._pages.currentWidget()
        first = shown.findChild(Tile) if shown and page != SESSIONS else self._table
        if first:
            first.setFocus()

    def show_recent(self, paths: Sequence[str]) -> None:
        """Offer these projects, the newest first."""
        self._first_page.show_recent(paths)

    def tell(self, text: str) -> None:
        """A sentence about something that went wrong; hidden where it is empty."""
        self._told = text
        self._hint("")

    def _hint(self, text: str) -> None:
        """What a key needs that was pressed in vain, in the place of what is told, until something is chosen."""
        self._banner.tell(text or self._told)

    def tell_drift(self, text: str) -> None:
        """Whose coding lies beyond what is agreed; hidden where it is empty."""
        self._drift.tell(text)

    @property
    def told_of_drift(self) -> str:
        return self._drift.text

    def tell_news(self, text: str) -> None:
        """A sentence that asks for nothing, at the window's foot; empty for none."""
        if text:
            self.statusBar().addWidget(label(text, "muted", wrap=True), 1)

    @property
    def selected(self) -> SessionId | None:
        """The only session that is selected; None also where several are."""
        chosen = self.selection
        return chosen[0] if len(chosen) == 1 else None

    @property
    def selection(self) -> list[SessionId]:
        """All sessions that are selected, in the order of the table."""
        rows = sorted(index.row() for index in self._table.selectionModel().selectedRows())
        return [self._model.line(self._filter.mapToSource(self._filter.index(at, 0)).row()).id for at in rows]

    def _select(self, chosen: Sequence[SessionId]) -> None:
        """These of the sessions that are there; the first where none is."""
        numbers = [number for one in chosen if (number := self._model.number_of(one)) is not None]
        rows = [at for n in numbers if (at := self._filter.mapFromSource(self._model.index(n, 0))).isValid()]
        model = self._table.selectionModel()
        model.setCurrentIndex(rows[0] if rows else self._filter.index(0, 0), SELECT_ONE)
        for index in rows[1:]:
            model.select(index, SELECT_MORE)

    def _build(self) -> None:
        self._project = label("", "title")
        self._search = QLineEdit()
        self._search.setPlaceholderText("Search sessions")
        self._search.setAccessibleName("Search sessions")
        self._search.setMaximumWidth(280)
        self._search.textChanged.connect(self._filter.setFilterFixedString)
        self._search.returnPressed.connect(lambda: self._table.setFocus())
        top = QHBoxLayout()
        top.addWidget(self._project, 1)
        top.addWidget(self._search)
        layout = QVBoxLayout()
        layout.setContentsMargins(GRID * 3, GRID * 3, GRID * 3, GRID * 3)
        layout.setSpacing(GRID * 2)
        self.open_projects = OpenProjects()
        self.open_projects.chosen.connect(self.open_project)
        layout.addWidget(self.open_projects)
        layout.addLayout(top)
        layout.addWidget(self._banner)
        layout.addWidget(self._drift)
        layout.addWidget(self._body(), 1)
        layout.addWidget(self._buttons())
        centre = QWidget()
        centre.setLayout(layout)
        self.setCentralWidget(centre)

    def _body(self) -> QWidget:
        self._table = QTableView()
        self._table.setModel(self._filter)
        self._table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self._table.setSelectionMode(QTableView.SelectionMode.ExtendedSelection)
        self._table.setShowGrid(False)
        self._table.setAlternatingRowColors(True)
        self._table.setTabKeyNavigation(False)
        self._table.verticalHeader().hide()
        self._table.verticalHeader().setDefaultSectionSize(40)
        self._table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        self._table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self._table.horizontalHeader().setStretchLastSection(True)
        self._table.setSortingEnabled(True)
        self._table.sortByColumn(1, Qt.SortOrder.DescendingOrder)
        self._table.setAccessibleName("Sessions")
        self._table.doubleClicked.connect(lambda _: self._emit_selected(self.annotate))
        self._table.selectionModel().selectionChanged.connect(lambda *_: self._show_choices())
        self._columns = ColumnChoice(self._table, self._settings, self, without=OF_ALL)
        self._facets = FacetTree()
        self._facets.changed.connect(self._filter.narrow)
        self._library = row(self._facets, self._table)
        self._pages = QStackedWidget()
        self._first_page = StartPage(
            "woz records and annotates guided tasks seen through smart glasses. All is kept in a project.",
            (
                Choice("new", "New project", "A name and a place; the folder is made.", self._ask_new, first=True),
                Choice("open", "Open project", "A folder that was made before.", self._ask_project),
                Choice(
                    "import", "Import", "A video or an Aria recording, into a new project.", self._ask_new_import
                ),
                Choice("join", "Join as expert", "By the invitation that the station sent you.", self.join.emit),
            ),
            self.open_project.emit,
        )
        empty = StartPage(
            "This project has no session yet.",
            (
                Choice(
                    "new", "New session", "The form, the checks, then recording.", self.new_session.emit, first=True
                ),
                Choice("import", "Import", "A video or an Aria recording made elsewhere.", self.import_media.emit),
            ),
            self.open_project.emit,
        )
        for page in (self._first_page, empty, self._library):
            self._pages.addWidget(page)
        return self._pages

    def _buttons(self) -> QWidget:
        self._new = button("New session", "new", "primary")
        self._new.clicked.connect(self.new_session)
        self._annotate, self._consents = button("Annotate", "annotate"), button("Consents", "person")
        self._transcribe, self._check = button("Transcribe", "play"), button("Check", "check")
        self._export = button("Export", "export")
        self._export.clicked.connect(self._emit_selection)
        for made, signal in self._of_session():
            made.clicked.connect(lambda _=False, signal=signal: self._emit_selected(signal))
        layout = QHBoxLayout()
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addWidget(self._new)
        layout.addStretch(1)
        for made in (*(made for made, _ in self._of_session()), self._export):
            layout.addWidget(made)
        self._for_project = QWidget()
        self._for_project.setLayout(layout)
        return self._for_project

    def _of_session(self) -> list[tuple[QPushButton, SignalInstance]]:
        return [
            (self._consents, self.consents),
            (self._check, self.check),
            (self._transcribe, self.transcribe),
            (self._annotate, self.annotate),
        ]

    def _actions(self) -> None:
        there, of_one = self._with_project, self._of_one
        project = [
            action(self, "New project", "Ctrl+Shift+N", self._ask_new),
            action(self, "Open a project", "Ctrl+O", self._ask_project),
            action(self, "Next open project", "Ctrl+Tab", self._with_several(lambda: self.open_projects.step(1))),
            action(self, "All open projects in one table", "Ctrl+Shift+L", self._ask_all),
            action(self, "Procedures", "Ctrl+Shift+P", there(self.procedures.emit)),
            action(self, "Questions to judge", "Ctrl+Shift+Q", there(self.questions.emit)),
            action(self, "Room on the disk", "Ctrl+Shift+U", there(self.room.emit)),
            action(self, "Work: who does what", "Ctrl+Shift+W", there(self.assignments.emit)),
            action(self, "Comments that concern me, in all sessions", "Ctrl+Shift+M", there(self.comments.emit)),
            *self._comparing(),
            action(
                self, "Work over all sessions: clips, faces, transcripts", "Ctrl+Shift+E", there(self.batch.emit)
            ),
            action(self, "Check all sessions", "Ctrl+Shift+K", there(self.check_all.emit)),
            action(self, "Recover what a crash left open", "Ctrl+R", there(self.recover.emit)),
            action(self, "Schemes: what may be annotated", "Ctrl+L", there(self.schemes.emit)),
            action(self, "Back up the project", "Ctrl+B", there(self.back_up.emit)),
            action(self, "Progress: hours, months, people", "Ctrl+G", there(self.progress.emit)),
            action(
                self, "People: consents, releases, logins, calibration", "Ctrl+Shift+O", there(self.people.emit)
            ),
            action(self, "Close", "Ctrl+Q", self.close),
        ]
        session = [
            action(self, "New session", "Ctrl+N", there(self.new_session.emit)),
            action(self, "Import what was made elsewhere", "Ctrl+I", there(self.import_media.emit)),
            action(self, "Join a session as the expert", "Ctrl+J", self.join.emit),
            action(self, "Check the session", "Ctrl+K", of_one(self.check)),
            action(self, "Transcribe the session", "Ctrl+T", of_one(self.transcribe)),
            action(self, "Consents of the session", "Ctrl+P", of_one(self.consents)),
            action(self, "Faces of the session", "Ctrl+Shift+B", of_one(self.faces)),
            self._enter_annotates(),
            action(self, "Export what is selected", "Ctrl+E", self._with_sessions(self._emit_selection)),
            action(
                self,
                "Narrow the table by what is written in it",
                "Ctrl+F",
                self._with_sessions(self._search.setFocus),
            ),
            action(self, "Search the words of all sessions", "Ctrl+Shift+F", there(self.search_all.emit)),
            action(self, "Work lists: go through what was found", "Ctrl+Shift+T", there(self.worklists.emit)),
        ]
        view = [
            action(
                self,
                "Facets: what sessions have in common",
                "Ctrl+D",
                self._with_sessions(lambda: self._facets.setVisible(self._facets.isHidden())),
            ),
            action(self, "Untick all facets", "Ctrl+Shift+D", self._with_sessions(self._facets.clear_choice)),
        ]
        self.menuBar().addMenu("&Project").addActions(project)
        self.menuBar().addMenu("&Session").addActions(session)
        self._columns.fill(self.menuBar().addMenu("&View"), view)
        self.menuBar().addMenu("&Help").addActions(
            [action(self, "Heavy parts: speech, blur, names", "Ctrl+Shift+H", self.parts.emit), help_action(self)]
        )

    def _comparing(self) -> tuple[QAction, QAction]:
        self._comparable = self._decidable = False
        compare = self._where(lambda: self._comparable, self.compare.emit, f"{AGREEMENT}: {NOT_TWICE}.")
        decide = self._where(lambda: self._decidable, self.adjudicate.emit, f"{ADJUDICATION}: {NOT_SUBMITTED}.")
        self._compare = action(self, AGREEMENT, "Ctrl+Shift+A", self._with_sessions(compare))
        self._adjudicate = action(self, ADJUDICATION, "Ctrl+Shift+J", self._with_sessions(decide))
        return self._compare, self._adjudicate

    def _show_comparing(self, lines: Sequence[SessionLine]) -> None:
        """What can't be yet says why not in its own words."""
        found = comparable_by_name(line.facts for line in lines if line.facts)
        self._comparable, self._decidable = bool(found), any(each.decidable for each in found)
        self._compare.setText(AGREEMENT if self._comparable else f"{AGREEMENT} ({NOT_TWICE})")
        self._adjudicate.setText(ADJUDICATION if self._decidable else f"{ADJUDICATION} ({NOT_SUBMITTED})")

    # what keys need before they can do anything

    @property
    def _has_project(self) -> bool:
        """Also while its sessions are still read, and where they can't be."""
        return self._is_listed or self.open_projects.count() > 0

    @property
    def _is_listed(self) -> bool:
        return self._for_project.isVisibleTo(self)

    def _where(self, can: Callable[[], bool], do: Callable[[], object], lacking: str) -> Callable[[], None]:
        def asked() -> None:
            if can():
                do()
            else:
                self._hint(lacking)

        return asked

    def _with_project(self, do: Callable[[], object]) -> Callable[[], None]:
        return self._where(lambda: self._has_project, do, NO_PROJECT)

    def _with_several(self, do: Callable[[], object]) -> Callable[[], None]:
        return self._with_project(self._where(lambda: self.open_projects.count() > 1, do, ONE_PROJECT))

    def _with_sessions(self, do: Callable[[], object]) -> Callable[[], None]:
        listed = self._where(lambda: self._pages.currentIndex() == SESSIONS, do, NO_SESSION)
        return self._with_project(self._where(lambda: self._is_listed, listed, NOT_LISTED))

    def _of_one(self, signal: SignalInstance) -> Callable[[], None]:
        return self._with_sessions(lambda: self._emit_selected(signal))

    def _ask_all(self) -> None:
        self._with_several(self.all_sessions.emit)()

    def show_session(self, session_id: SessionId) -> None:
        """It alone is selected, once its project is shown; what hid it is cleared."""
        self._search.clear()
        self._facets.clear_choice()
        self._select([session_id])
        self._table.scrollTo(self._table.currentIndex())

    def _enter_annotates(self) -> QAction:
        """In the table alone: elsewhere Enter presses the button that has the focus."""
        made = action(self, "Annotate the session", ["Return", "Enter"], self._of_one(self.annotate))
        made.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self._table.addAction(made)
        return made

    def _show_choices(self) -> None:
        shown = self._pages.currentIndex() == SESSIONS
        for made, _ in self._of_session():
            made.setEnabled(shown and self.selected is not None)
        self._export.setEnabled(shown and bool(self.selection))
        self._hint("")

    def _emit_selected(self, signal: SignalInstance) -> None:
        if self.selected is not None:
            signal.emit(self.selected)
        else:
            self._hint(NOT_ONE)

    def _emit_selection(self) -> None:
        if self.selection:
            self.export.emit([str(one) for one in self.selection])
        else:
            self._hint(NOT_ONE)

    def _ask_project(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "Open a project")
        if folder:
            self.open_project.emit(str(Path(folder)))

    def _ask_new(self) -> bool:
        asked = NewProjectDialog(Path.home(), self)
        if asked.exec():
            self.open_project.emit(str(asked.path))
        return bool(asked.result())

    def _ask_new_import(self) -> None:
        if self._ask_new():
            self.import_media.emit()
