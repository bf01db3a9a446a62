"""The menu of packages for annotators elsewhere, in the home window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from storage import Project
from ui.application.background import waited
from ui.home.package_dialogs import MakePackageDialog, OpenPackageDialog, ReturnPackageDialog, TakePackageDialog
from ui.home.window import HomeWindow
from ui.widgets.parts import action
from ui.widgets.who import logged_in
from woz.annotation.tier_states import KEEPERS, MANAGERS
from woz.base.errors import WozError
from woz.lab.packages import facts_words
from woz.model.annotator import Annotator, AnnotatorRole
from woz.remote.facts import package_in

Current = Callable[[], Project | None]


class PackageMenu(QObject):
    """`project` gives the open one, `open_project` opens the project in a folder."""

    def __init__(self, window: HomeWindow, project: Current, open_project: Callable[[str], None]) -> None:
        super().__init__(window)
        self._window, self._project, self._open = window, project, open_project
        self.actions: tuple[QAction, ...] = (
            action(window, "Make a package for an annotator elsewhere", "Ctrl+Alt+M", self._make),
            action(window, "Open a package that the lab sent", "Ctrl+Alt+O", self._unpack),
            action(window, "Return what I did in this package", "Ctrl+Alt+R", self._return),
            action(window, "Take a returned package", "Ctrl+Alt+T", self._take),
        )
        bar = window.menuBar()
        menu = bar.addMenu("Pac&kages")
        menu.addActions(self.actions)
        bar.insertMenu(bar.actions()[-2], menu)

    def _make(self) -> None:
        project, chosen = self._project(), [str(one) for one in self._window.selection]
        if project is None or not chosen:
            self._window.tell("Select the sessions that go in a package first, in an open project.")
            return
        people, here = self._people(project)
        names = [each.pseudonym for each in people if AnnotatorRole.ANNOTATOR in each.roles]
        makers = [each.pseudonym for each in here if KEEPERS & set(each.roles)]
        MakePackageDialog(str(project.path), chosen, names, makers, self._window).show()

    def _unpack(self) -> None:
        shown = OpenPackageDialog(self._window)
        shown.opened.connect(self._open)
        shown.show()

    def _return(self) -> None:
        project = self._project()
        try:
            facts = package_in(project.path) if project else None
        except WozError as error:
            self._window.tell(str(error))
            return
        if project is None or facts is None:
            self._window.tell("This project is no package; open the one that the lab sent (Ctrl+Alt+O).")
            return
        name = f"{facts.pseudonym}-{facts.id}"
        ReturnPackageDialog(str(project.path), name, self._window).show()

    def _take(self) -> None:
        project = self._project()
        if project is None:
            self._window.tell("Open the project that made the package first.")
            return
        _, here = self._people(project)
        takers = [each.pseudonym for each in here if MANAGERS & set(each.roles)]
        TakePackageDialog(str(project.path), takers, self._window).show()

    def _people(self, project: Project) -> tuple[list[Annotator], list[Annotator]]:
        """Who is there, and who may sit here: on a server whoever logs in. Nobody where the project can't be
        reached, which is told.
        """
        try:
            every, login = waited(lambda: (project.annotators.all(), logged_in(project)))
        except WozError as error:
            self._window.tell(str(error))
            return [], []
        people = [each for each in every if not each.retired]
        return people, [login] if login else people


def package_warnings(project: Project) -> list[str]:
    """For whom an opened package is, and until when, or why its facts can't be read; nothing for other projects."""
    try:
        facts = package_in(project.path)
    except WozError as error:
        return [str(error)]
    if facts is None:
        return []
    return [f"{facts_words(facts)} Annotate (Enter), then return what you did (Ctrl+Alt+R)."]
