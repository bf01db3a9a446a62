"""The home window, wired: sessions of a project, and the other windows in processes of their own."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QSettings, Qt, QTimer
from PySide6.QtWidgets import QWidget

from storage import Project
from storage.backends.following import Following
from storage.backends.port import Change
from storage.project import open_or_make
from ui.application.background import Background, waited
from ui.application.children import Children
from ui.application.newer import newer_words
from ui.application.projects import project_application
from ui.home.all_sessions import AllSessionsWindow
from ui.home.annotations_page import Known
from ui.home.backup_dialog import BackupDialog
from ui.home.batch_dialog import BatchDialog
from ui.home.columns import SessionLine
from ui.home.comments_run import comments_window, listed_for
from ui.home.comments_window import CommentsWindow
from ui.home.comparing_dialog import AdjudicationDialog, AgreementDialog
from ui.home.consent_page import ConsentDialog
from ui.home.disk_look import DiskLook
from ui.home.drift_look import DriftLook
from ui.home.export_dialog import ExportDialog
from ui.home.import_dialog import ImportDialog
from ui.home.join_dialog import JoinDialog
from ui.home.packages import PackageMenu, package_warnings
from ui.home.parts_dialog import PartsDialog, part_offers
from ui.home.people_window import PeopleWindow
from ui.home.progress_dialog import ProgressDialog
from ui.home.searching import Searching, seekers_here
from ui.home.session_lines import session_lines
from ui.home.transcription_window import TranscriptionDialog
from ui.home.window import HomeWindow
from ui.home.work import WorkDialog
from ui.home.worklists_dialog import WorkListsDialog
from ui.widgets.own_project import set_project
from ui.widgets.place_preview import PlacePreview
from ui.widgets.there import no_folder
from ui.widgets.who import LAST, logged_in
from woz.base.clock import Clock, SystemClock
from woz.base.counts import counted
from woz.base.errors import WozError
from woz.lab.comparable import comparable_by_name
from woz.lab.own_figures import counted_of
from woz.lab.readers import progress_here
from woz.lab.worklists import WorkLists
from woz.model.ids import SessionId
from woz.model.session import SessionState

LAST_PROJECT = "last_project"
RECENT = "recent_projects"
MOST_RECENT = 8
REFRESH_MS = 2_000
LEASES = "lease"
"""The table of leases, as its commits are told."""


class Home(QObject):
    """Answers what the home window asks for."""

    def __init__(
        self,
        window: HomeWindow,
        clock: Clock,
        settings: QSettings,
        preview: Callable[[], PlacePreview] | None = None,
    ) -> None:
        """`preview` makes what plays a place inside a window."""
        super().__init__(window)
        self._window = window
        self._preview = preview
        self._clock = clock
        self._settings = settings
        self._project: Project | None = None
        self._warning = ""
        self._shown: list[SessionLine] | None = None
        self._wanted = ""
        """A session to be shown once its project is."""
        self._unsent: defaultdict[tuple[str, str], dict[str, str]] = defaultdict(dict)
        """What was written in windows of comments and not sent, by project and annotator."""
        self._following: Following | None = None
        self._changed = threading.Event()
        self._children = Children()
        self._ended = ""
        """Why a window that was opened ended early; until something else is begun."""
        self._look = Background()
        self._looking = False
        self._disk = DiskLook()
        self._disk.seen.connect(self.refresh)
        self._look.done.connect(self._looked)
        self._look.failed.connect(self._not_looked)
        self._drift = DriftLook(clock, settings)
        self._drift.told.connect(window.tell_drift)
        self._news, self._unasked = Background(), True
        self._news.done.connect(window.tell_news)
        self._news.failed.connect(window.tell_news)
        self._connect(window)
        self._packages = PackageMenu(window, lambda: self._project, self.open)
        window.show_recent(self._recent())
        timer = QTimer(self)
        timer.setInterval(REFRESH_MS)
        timer.timeout.connect(self._tick)
        timer.start()

    def _connect(self, window: HomeWindow) -> None:
        window.open_project.connect(self.open)
        window.new_session.connect(self._new_session)
        window.join.connect(self._join)
        window.annotate.connect(self._annotate)
        window.transcribe.connect(self._transcribe)
        window.export.connect(self._telling(self._export))
        window.consents.connect(self._telling(self._consents))
        window.check.connect(lambda session_id: self._check("--session", session_id))
        window.check_all.connect(lambda: self._check())
        window.recover.connect(self._recover)
        window.schemes.connect(self._schemes)
        window.import_media.connect(self._telling(self._import))
        window.back_up.connect(self._telling(self._back_up))
        window.parts.connect(self._telling(self._parts))
        window.procedures.connect(self._procedures)
        window.search_all.connect(self._telling(self._search))
        window.progress.connect(self._telling(self._progress))
        window.batch.connect(self._batch)
        window.people.connect(self._telling(self._people))
        window.worklists.connect(self._telling(self._worklists))
        window.questions.connect(self._questions)
        window.assignments.connect(self._assignments)
        window.comments.connect(self._telling(self._comments))
        window.room.connect(self._room)
        window.compare.connect(self._telling(self._compare))
        window.adjudicate.connect(self._telling(self._adjudicate))
        window.faces.connect(self._faces)
        window.all_sessions.connect(self._all_sessions)

    def _telling(self, work: Callable[..., None]) -> Callable[..., None]:
        """The same work; where it can't be done, the window says why."""

        def told(*given: Any) -> None:
            try:
                work(*given)
            except WozError as error:
                self._window.tell(str(error))

        return told

    def open(self, path: str) -> None:
        """Open a project, or make one in an empty folder; never where one was open that is gone now."""
        opening = Project.open if path in self._window.open_projects.paths else open_or_make
        try:
            project = waited(lambda: opening(Path(path), self._clock))
        except WozError as error:
            self._window.tell(str(error))
            self._window.open_projects.forget(path)
            if self._project:
                self._window.open_projects.show_project(str(self._path))
            return
        self.close()
        self._project, self._shown, self._ended = project, None, ""
        self._warning = " ".join([*project.warnings, *package_warnings(project)])
        self._following = project.database.follow(self._heard)
        set_project(self._window, project.path)
        self._settings.setValue(LAST_PROJECT, path)
        self._settings.setValue(RECENT, list(dict.fromkeys([path, *self._recent()]))[:MOST_RECENT])
        self._window.tell("")
        self._window.show_recent(self._recent())
        self._window.open_projects.show_project(path)
        self.refresh()

    def _heard(self, change: Change) -> None:
        """On a thread of its own. Leases are renewed all the time, and nothing of them is shown."""
        if change.table != LEASES:
            self._changed.set()

    def _tick(self) -> None:
        """Look again where the project was changed; a recording that ends or breaks off is seen by the lock."""
        recording = any(line.state == SessionState.RECORDING for line in self._shown or ())
        if self._changed.is_set() or recording or self._shown is None:
            self.refresh()
        else:
            self._reap()

    def refresh(self) -> None:
        """Look at the sessions as they are now, beside the window; a faulty child's last words are told."""
        self._reap()
        if self._project is not None and not self._looking:
            project, self._looking = self._project, True
            self._changed.clear()
            known = self._disk.known
            self._look.begin("look at the sessions", lambda: (project, project.name, session_lines(project, known)))

    def _looked(self, seen: tuple[Project, str, list[SessionLine]]) -> None:
        self._looking = False
        project, name, lines = seen
        if self._unasked and not any(line.running for line in lines):
            self._unasked = False
            self._news.begin("look for a newer woz", newer_words)
        if project is not self._project:
            self.refresh()
        elif lines != self._shown:
            self._shown = lines
            self._window.show_project(name, lines)
            self._tell_state()
        if self._wanted and project is self._project:
            self._window.show_session(SessionId(self._wanted))
            self._wanted = ""
        self._disk.look(project.sessions_dir, [line.id for line in lines])
        if project is not self._project:
            return
        if any(line.running for line in lines):
            self._drift.hold()
        else:
            self._drift.look(project)

    def _not_looked(self, why: str) -> None:
        self._looking = False
        self._changed.set()
        if self._project is not None:
            self._window.tell(why)

    def close(self) -> None:
        """Its comments are told no more: their window closes with the project."""
        self._drift.stop()
        for comments in self._window.findChildren(CommentsWindow):
            comments.close()
        if self._following:
            self._following.close()
            self._following = None
        if self._project:
            self._project.close()
            self._project = None

    @staticmethod
    def _unfinished(lines: Sequence[SessionLine]) -> str:
        count = sum(line.state == SessionState.RECORDING and not line.running for line in lines)
        if not count:
            return ""
        left = counted(count, "session was", "sessions were")
        return f"{left} not closed, as by a crash. Press Ctrl+R (Project, Recover) to close what is there."

    @property
    def _path(self) -> Path:
        assert self._project
        return self._project.path

    def _recent(self) -> list[str]:
        kept = self._settings.value(RECENT, [])
        paths = [kept] if isinstance(kept, str) else kept if isinstance(kept, list) else []
        return [str(path) for path in paths if not no_folder(Path(str(path)))]

    # what the window asks for

    def _check(self, *which: str) -> None:
        if self._project:
            self._run("Check", "check", str(self._path), *which, "--progress")

    def _recover(self) -> None:
        if self._project:
            self._run("Recover", "recover", str(self._path))

    def _import(self) -> None:
        if self._project:
            sessions = waited(self._project.sessions.all)
            known = [Known(session.id, session.title) for session in sessions]
            schemes = sorted({str(scheme.id) for scheme in waited(self._project.schemes.all)})
            asked = ImportDialog(str(self._path), known, self._window.selected, self._window, schemes)
            if asked.exec():
                self._run("Import", *asked.arguments)
            asked.deleteLater()

    def _questions(self) -> None:
        if self._project:
            self._start("questions", "review", str(self._path))

    def _faces(self, session_id: str) -> None:
        if self._project:
            self._start("blur", "review", str(self._path), "--session", session_id)

    def _room(self) -> None:
        if self._project:
            self._run("Room on the disk", "project", "storage", str(self._path))

    def _assignments(self) -> None:
        if self._project:
            self._start("assign", str(self._path), "--open")

    def _comments(self) -> None:
        person = listed_for(self._project, "", self._settings) if self._project else None
        if self._project and person:
            drafts = self._unsent[str(self._path), person.id]
            comments_window(self._project, person, self._start, self._window, drafts).show()

    def _compare(self) -> None:
        if self._project:
            self._ask(partial(AgreementDialog, scopes=waited(self._project.annotators.scopes)))

    def _adjudicate(self) -> None:
        self._ask(AdjudicationDialog)

    def _ask(self, asking: Callable[..., AgreementDialog | AdjudicationDialog]) -> None:
        """Curators and managers may decide on what they are blind to, too, and see it from then on."""
        if self._project is None:
            return
        project, last = self._project, str(self._settings.value(LAST, ""))
        found, people, login = waited(
            lambda: (
                comparable_by_name(counted_of(project).library.sessions()),
                project.annotators.all(),
                logged_in(project),
            )
        )
        asked = asking(found, people, self._window.selected, last, self._window, login)
        if asked.exec():
            self._settings.setValue(LAST, asked.person)
            self._start(*asked.arguments(str(self._path)))
        asked.deleteLater()

    def _procedures(self) -> None:
        if self._project:
            self._start("procedure", "edit", str(self._path))

    def _parts(self) -> None:
        asked = PartsDialog(waited(part_offers), self._window)
        if asked.exec():
            self._run(f"Add {asked.wanted}", "add", asked.wanted)
        asked.deleteLater()

    def _back_up(self) -> None:
        if self._project:
            project = self._project
            running = [line.title for line in waited(lambda: session_lines(project)) if line.running]
            asked = BackupDialog(str(self._path), running, self._window)
            if asked.exec():
                self._run("Back up", *asked.arguments)
            asked.deleteLater()

    def _consents(self, session_id: str, over: QWidget | None = None) -> None:
        """`over`: the window that they are shown before; else the home window."""
        if self._project:
            shown = ConsentDialog(self._project, SessionId(session_id), self._clock, over or self._window)
            shown.exec()
            shown.deleteLater()
            if shown.wanted:
                self._run("Withdrawal", *shown.wanted)
            self.refresh()

    def _run(self, title: str, *arguments: str) -> None:
        self._ended = ""
        work = WorkDialog(title, arguments, self._window)
        work.ended.connect(self._look_anew)
        work.begin()

    def _look_anew(self) -> None:
        """A command may have changed files of which the database knows nothing."""
        self._disk.look_anew()
        self.refresh()

    def _new_session(self) -> None:
        if self._project:
            self._start("station", "--project", str(self._path))

    def _join(self) -> None:
        asked = JoinDialog(self._window)
        asked.exec()
        asked.deleteLater()

    def _annotate(self, session_id: str) -> None:
        if self._project:
            self._start("annotate", str(self._path), "--session", session_id)

    def _search(self) -> None:
        if self._project is None:
            return
        seekers = seekers_here(self._project, self._settings)
        if seekers is not None:
            preview = self._preview() if self._preview else None
            Searching(self._project, seekers, self._start, self._window, preview).dialog.show()

    def _all_sessions(self) -> None:
        tabs = self._window.open_projects
        shown = AllSessionsWindow(lambda: tabs.paths, self._clock, self._settings, self._window)
        shown.annotated.connect(lambda path, one: self._start("annotate", path, "--session", one))
        shown.shown_there.connect(self._show_there)
        shown.show()

    def _show_there(self, path: str, session_id: str) -> None:
        if self._project is None or str(self._path) != path:
            self.open(path)
        if self._project is not None and str(self._path) == path:
            self._wanted = session_id
            self._shown = None
            self.refresh()
        self._window.activateWindow()

    def _worklists(self) -> None:
        if self._project:
            lists = WorkLists(self._path)
            asked = WorkListsDialog(waited(lists.all), lists.remove, self._window)
            asked.opened.connect(lambda name: self._start("annotate", str(self._path), "--list", name))
            asked.exec()
            asked.deleteLater()

    def _progress(self) -> None:
        if self._project:
            project, last = self._project, str(self._settings.value(LAST, ""))
            shown = ProgressDialog(waited(lambda: progress_here(project, last)), self._window)
            shown.exec()
            shown.deleteLater()

    def _people(self) -> None:
        if self._project:
            shown = PeopleWindow(self._project, self._clock, self._settings, self._window)
            shown.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            shown.wanted.connect(self._withdrawal)
            shown.show()

    def _withdrawal(self, title: str, arguments: list[str]) -> None:
        """What the window of people shows is read anew when it has ended."""
        done = WorkDialog(title, arguments, self._window)
        for shown in self._window.findChildren(PeopleWindow):
            done.ended.connect(shown.look)
        done.begin()

    def _schemes(self) -> None:
        if self._project:
            self._start("scheme", "edit", str(self._path))

    def _transcribe(self, session_id: str) -> None:
        if self._project:
            target = [str(self._path), "--session", session_id]
            TranscriptionDialog(target, self._settings, self._window).show()

    def _batch(self) -> None:
        if self._project:
            selected = [str(one) for one in self._window.selection]
            BatchDialog(str(self._path), self._settings, self._window, selected).show()

    def _export(self, session_ids: list[str]) -> None:
        if self._project:
            chosen = [SessionId(one) for one in session_ids]
            asked = ExportDialog(self._project, chosen, lambda one: self._consents(one, asked), self._window)
            asked.exec()
            asked.deleteLater()

    def _start(self, *arguments: str) -> None:
        self._ended = ""
        self._window.tell("")
        self._children.start(*arguments)

    def _reap(self) -> None:
        if told := self._children.last_words():
            self._ended = told
            self._tell_state()

    def _tell_state(self) -> None:
        """Why a child ended early, and what the sessions lack, whichever was seen first."""
        lack = self._unfinished(self._shown or ()) or self._warning
        self._window.tell(" ".join(filter(None, (self._ended, lack))))


def run_home(path: Path | None, theme: str, preview: Callable[[], PlacePreview] | None = None) -> int:
    """Show the home window, with the project that was open last; `preview` makes what plays a place in it."""
    settings = QSettings("woz", "woz")
    with project_application(theme) as app:
        window = HomeWindow(settings)
        home = Home(window, SystemClock(), settings, preview)
        last = str(path or settings.value(LAST_PROJECT, "") or "")
        if last and not no_folder(Path(last)):
            home.open(last)
        window.show()
        status = int(app.exec())
    home.close()
    return status
