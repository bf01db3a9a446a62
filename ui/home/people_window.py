"""People: who is on record and what they agreed to, releases, annotators with their logins, calibration."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSettings, Signal
from PySide6.QtWidgets import QMainWindow, QTabWidget, QVBoxLayout, QWidget

from storage import Project
from ui.home.annotators_page import AnnotatorsPage
from ui.home.calibration_page import CalibrationPage
from ui.home.record_page import RecordPage
from ui.home.released_page import ReleasedPage
from ui.theme import GRID, icon
from ui.widgets.fitting import fit
from ui.widgets.own_project import set_project
from ui.widgets.parts import Banner, action, help_action, label
from woz.base.clock import Clock
from woz.base.errors import WozError

TABS = ("On record", "Releases", "Annotators and logins", "Calibration")


class PeopleWindow(QMainWindow):
    """`wanted` carries a command of woz that somebody allowed here, to be run and shown: its title, its words."""

    wanted = Signal(str, list)

    def __init__(
        self, project: Project, clock: Clock, settings: QSettings | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        set_project(self, project.path)
        self.setWindowTitle(f"woz people – {project.path.name}")
        self.setWindowIcon(icon("woz"))
        fit(self, 1180, 720)
        self.banner = Banner()
        self.record = RecordPage(project, clock, self.banner.tell)
        self.released = ReleasedPage(project, clock)
        self.annotators = AnnotatorsPage(project, self.banner.tell)
        self.calibration = CalibrationPage(project, clock, settings, self.banner.tell)
        self.record.wanted.connect(self.wanted)
        self._tabs = QTabWidget()
        pages = (self.record, self.released, self.annotators, self.calibration)
        for name, page in zip(TABS, pages, strict=True):
            self._tabs.addTab(page, name)
        self._tabs.currentChanged.connect(lambda _: self.look())
        layout = QVBoxLayout()
        layout.setContentsMargins(GRID * 2, GRID * 2, GRID * 2, GRID * 2)
        layout.setSpacing(GRID)
        for widget in (label("People", "title"), self.banner):
            layout.addWidget(widget)
        layout.addWidget(self._tabs, 1)
        centre = QWidget()
        centre.setLayout(layout)
        self.setCentralWidget(centre)
        turning = [
            action(self, name, f"Ctrl+{nr}", partial(self._tabs.setCurrentIndex, nr - 1))
            for nr, name in enumerate(TABS, 1)
        ]
        more = [action(self, "Look again", "F5", self.look), action(self, "Close", "Ctrl+Q", self.close)]
        self.menuBar().addMenu("&People").addActions([*turning, *more, help_action(self)])
        self.record.look()

    def show_tab(self, at: int) -> None:
        """By its place in `TABS`."""
        self._tabs.setCurrentIndex(at)

    def look(self) -> None:
        """Read the page that is shown anew."""
        self.banner.tell("")
        for page in (self.record, self.released, self.annotators, self.calibration):
            if page is self._tabs.currentWidget():
                try:
                    page.look()
                except WozError as error:
                    self.banner.tell(str(error))
