"""The window that searches a project: what it finds is opened, played and listed in that project, whichever one the
home window shows meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, QSettings, Qt
from PySide6.QtWidgets import QWidget

from storage import Project
from ui.application.background import waited
from ui.home.search_dialog import SearchDialog
from ui.widgets.place_preview import PlacePreview
from ui.widgets.who import LAST, annotator_of, logged_in
from woz.base.counts import counted
from woz.base.errors import WozError
from woz.base.interval import Interval, seconds
from woz.lab.search import Found, Hit, Query
from woz.lab.searching import search, seekers_of, terms_of
from woz.lab.worklists import WorkLists, places_of
from woz.model.annotator import Annotator
from woz.recording.folder.session_folder import SessionFolder

MOST_PLACES = 10_000
"""So many places a work list has at most."""


class Searching(QObject):
    """Goes with its `dialog`. `start` starts a window of woz by its arguments."""

    def __init__(
        self,
        project: Project,
        seekers: list[Annotator],
        start: Callable[..., None],
        parent: QWidget,
        preview: PlacePreview | None = None,
    ) -> None:
        self._project, self._start, self._preview = project, start, preview
        self._ids = {person.pseudonym: person.id for person in seekers}
        self.dialog = SearchDialog(self._look, list(self._ids), parent, preview)
        super().__init__(self.dialog)
        self.dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.dialog.opened.connect(self._open)
        self.dialog.played.connect(self._play)
        self.dialog.listed.connect(self._make_list)

    def _query(self, text: str, who: str) -> Query:
        return Query(terms_of(text), by=self._ids.get(who, ""))

    def _look(self, text: str, who: str) -> Found:
        return search(self._project, self._query(text, who))

    def _open(self, session_id: str, at_ns: int) -> None:
        at = f"{seconds(at_ns):.3f}"
        self._start("annotate", str(self._project.path), "--session", session_id, "--at", at)

    def _play(self, hit: Hit) -> None:
        if self._preview is None or hit.start_ns is None:
            return
        try:
            session = waited(lambda: self._project.sessions.get(hit.session))
        except WozError as fault:
            self.dialog.tell(str(fault))
            return
        media = SessionFolder(self._project.session_dir(hit.session)).ego
        self._preview.play(session, media, Interval(hit.start_ns, max(hit.start_ns, hit.end_ns or hit.start_ns)))

    def _make_list(self, name: str, text: str, who: str) -> None:
        """Of all that is found, not only of what is shown."""
        query, lists = replace(self._query(text, who), limit=MOST_PLACES), WorkLists(self._project.path)
        try:
            made = waited(lambda: lists.make(name, places_of(search(self._project, query).hits)))
        except WozError as fault:
            self.dialog.tell(str(fault))
            return
        places = counted(len(made.places), "place")
        self.dialog.tell(f"“{made.name}” has {places}: Session, Work lists (Ctrl+Shift+T) goes through them.")


def seekers_here(project: Project, settings: QSettings) -> list[Annotator] | None:
    """As whoever sits here may; None where somebody who has to say who they are doesn't."""
    last = str(settings.value(LAST, ""))
    seekers = waited(lambda: seekers_of(project, logged_in(project), last))
    if seekers is None:
        person = annotator_of(project, "", settings)
        return None if person is None else [person]
    return list(seekers)
