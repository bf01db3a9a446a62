"""The sessions of all open projects in one table; what is chosen is opened in its own project."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QEvent, QSettings, Qt, Signal
from PySide6.QtWidgets import QHeaderView, QLineEdit, QMainWindow, QTableView, QVBoxLayout, QWidget

from storage import Project
from ui.application.background import Background
from ui.home.columns import COLUMNS as EVERY
from ui.home.columns import SessionLine
from ui.home.facets import FacetTree
from ui.home.session_lines import session_lines
from ui.home.sessions import SessionTable, sorted_and_searched
from ui.home.table_view import ColumnChoice
from ui.theme import GRID
from ui.widgets.fitting import fit
from ui.widgets.parts import Banner, action, help_action, row
from woz.base.clock import Clock
from woz.base.counts import counted
from woz.base.errors import WozError
from woz.lab.on_disk import on_disk

PROJECT = next(at for at, column in enumerate(EVERY) if column.key == "project")
SHOWN = ("project", "title", "started", "length", "state", "consents", "transcript", "tiers")
"""Shown at first: no participants, since a pseudonym is a project's own."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The lines of all projects, and a sentence for each project that can't be read now."""

    lines: tuple[SessionLine, ...]
    faults: tuple[str, ...] = ()


def look_at(paths: Sequence[str], clock: Clock, disk: bool) -> Seen:
    """With what `disk` takes, which has to be looked for in the folders."""
    lines, faults = list[SessionLine](), list[str]()
    for path in paths:
        try:
            with Project.open(Path(path), clock) as project:
                found, name = session_lines(project), project.name
                sizes = on_disk(project.sessions_dir, [each.id for each in found]) if disk else {}
        except WozError as error:
            faults.append(str(error))
            continue
        lines += [replace(each, project=name, folder=path, disk=sizes.get(each.id)) for each in found]
    return Seen(tuple(lines), tuple(faults))


class AllSessionsWindow(QMainWindow):
    """Reads the projects anew with F5, and whenever one comes back to it.

    `annotated` and `shown_there` carry a project's folder and a session's id.
    """

    annotated = Signal(str, str)
    shown_there = Signal(str, str)

    def __init__(
        self, paths: Callable[[], Sequence[str]], clock: Clock, settings: QSettings | None, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("woz: all open projects")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        fit(self, 1300, 700)
        self._paths, self._clock = paths, clock
        self._model = SessionTable()
        self._filter = sorted_and_searched(self._model)
        self._banner = Banner()
        self._search = QLineEdit()
        self._search.setPlaceholderText("Search sessions")
        self._search.setAccessibleName("Search sessions")
        self._search.textChanged.connect(self._filter.setFilterFixedString)
        self._facets = FacetTree()
        self._facets.changed.connect(self._filter.narrow)
        self._table = self._made_table()
        self._columns = ColumnChoice(self._table, settings, self, "all_", SHOWN)
        self._lay_out()
        self._actions()
        self._seen = Seen(())
        self._work, self._busy, self._again, self._disk = Background(), False, False, False
        self._work.done.connect(self._show)
        self._work.failed.connect(self._failed)
        self.look()

    @property
    def chosen(self) -> SessionLine | None:
        at = self._table.currentIndex()
        return self._model.line(self._filter.mapToSource(at).row()) if at.isValid() else None

    def look(self) -> None:
        """Read all projects, beside the window."""
        if self._busy:
            self._again = True
            return
        self._begin(disk=False)

    def _begin(self, disk: bool) -> None:
        paths, clock = list(self._paths()), self._clock
        self._busy, self._again, self._disk = True, False, disk
        self._work.begin("look at all sessions", lambda: look_at(paths, clock, disk))

    def _show(self, seen: Seen) -> None:
        self._busy = False
        if not self._disk:
            sizes = {(each.folder, each.id): each.disk for each in self._seen.lines}
            lines = (replace(each, disk=sizes.get((each.folder, each.id))) for each in seen.lines)
            seen = replace(seen, lines=tuple(lines))
        if seen != self._seen:
            self._seen = seen
            self._show_lines()
        if self._again or not self._disk:
            self._begin(disk=not self._again)

    def _failed(self, why: str) -> None:
        self._busy = False
        self._banner.tell(why)

    def _show_lines(self) -> None:
        was = self.chosen
        self._banner.tell(" ".join(self._seen.faults))
        self._model.show(self._seen.lines)
        self._facets.show_lines(self._seen.lines)
        same = [n for n, line in enumerate(self._seen.lines) if was and _key(line) == _key(was)]
        at = self._filter.mapFromSource(self._model.index(same[0], 0)) if same else self._filter.index(0, 0)
        self._table.setCurrentIndex(at if at.isValid() else self._filter.index(0, 0))
        hours = sum((line.duration_ns or 0) / 3.6e12 for line in self._seen.lines)
        projects = len({line.folder for line in self._seen.lines})
        keys = "Enter annotates, Ctrl+Enter shows the session in its project."
        sessions = f"{counted(len(self._seen.lines), 'session')} of {counted(projects, 'project')}"
        self.statusBar().showMessage(f"{sessions}, {hours:.1f} hours. {keys}")

    def _made_table(self) -> QTableView:
        table = QTableView()
        table.setModel(self._filter)
        table.setAccessibleName("Sessions of all open projects")
        table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        table.setShowGrid(False)
        table.setAlternatingRowColors(True)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        table.horizontalHeader().setStretchLastSection(True)
        table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        table.horizontalHeader().moveSection(PROJECT, 0)
        table.setSortingEnabled(True)
        table.sortByColumn(1, Qt.SortOrder.DescendingOrder)
        table.doubleClicked.connect(lambda _: self._annotate())
        return table

    def _lay_out(self) -> None:
        layout = QVBoxLayout()
        layout.setContentsMargins(GRID * 2, GRID * 2, GRID * 2, GRID * 2)
        layout.setSpacing(GRID)
        layout.addWidget(self._search)
        layout.addWidget(self._banner)
        layout.addWidget(row(self._facets, self._table), 1)
        centre = QWidget()
        centre.setLayout(layout)
        self.setCentralWidget(centre)
        self._table.setFocus()

    def _actions(self) -> None:
        session = [
            action(self, "Annotate the session", ["Return", "Enter"], self._annotate),
            action(self, "Show it in its project", ["Ctrl+Return", "Ctrl+Enter"], self._show_there),
            action(self, "Narrow the table by what is written in it", "Ctrl+F", self._search.setFocus),
            action(self, "Read the projects anew", "F5", self.look),
            action(self, "Close", "Ctrl+Q", self.close),
        ]
        view = [action(self, "Untick all facets", "Ctrl+Shift+D", self._facets.clear_choice)]
        self.menuBar().addMenu("&Session").addActions(session)
        self._columns.fill(self.menuBar().addMenu("&View"), view)
        self.menuBar().addMenu("&Help").addAction(help_action(self))

    def _annotate(self) -> None:
        if self._search.hasFocus():
            self._table.setFocus()
        elif self.chosen:
            self.annotated.emit(self.chosen.folder, self.chosen.id)

    def _show_there(self) -> None:
        if self.chosen:
            self.shown_there.emit(self.chosen.folder, self.chosen.id)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.WindowActivate:
            self.look()
        return super().event(event)


def _key(line: SessionLine) -> tuple[str, str]:
    return line.folder, line.id
