"""A project's recordings on its store: sent, fetched, let go of here, and how far they are."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import av
import cv2

from woz.base.errors import WozError
from woz.base.interval import NS_PER_S, Interval
from woz.dataset.release.clips import Film, frames_in
from woz.lab.ports import Project
from woz.model.ids import SessionId
from woz.playback.stand_in import film_at_hand
from woz.recording.folder.session_folder import SessionFolder
from woz.store.comparing import compared
from woz.store.fetching import Fetched, fetch
from woz.store.listing import file_key, folder_key, listing_of, stored_sessions, wanted_listing
from woz.store.place import StorePlace, checked_place, has_store, place_of, set_place
from woz.store.remote import PATIENCE_S, Remote
from woz.store.session_files import LocalSessions, forget_agreed
from woz.store.trimming import Trimmed, trim

GB = 10**9
BEFORE_NS = 10 * NS_PER_S
"""So long before a moment its picture is looked for."""
FILM_SUFFIXES = (".mkv", ".mp4", ".mov", ".vrs")
SMALL_SUFFIXES = (".small.mkv", ".proxy.mkv")
"""Of films that stand in for others."""


@dataclass(frozen=True, slots=True)
class SessionStatus:
    """Bytes here and in the store; files that are to be sent, to be fetched, or were changed in both places."""

    session: str
    here: int
    there: int
    to_send: int
    to_fetch: int
    both: int


class Media:
    """The store of one project. Raises WozError in all methods where there is none, or it refuses."""

    def __init__(
        self, project: Project, tell: Callable[[str], object] = lambda _: None, patience_s: float = PATIENCE_S
    ) -> None:
        self.place = place_of(project.path)
        self.remote = Remote(self.place, tell, patience_s)
        self.local = LocalSessions(project.sessions_dir, project.path / "cache")
        self._project = project

    def status(self) -> list[SessionStatus]:
        """Of all sessions of the project, the newest first."""
        return [self._status(session.id) for session in self._project.sessions.all()]

    def fetch(
        self, session: SessionId, films: bool, theirs: bool, tell: Callable[[str], object] = lambda _: None
    ) -> Fetched:
        """Without `films`, all but what is large."""
        return fetch(self.local, self.remote, session, lambda name: films or not _is_large(name), theirs, tell)

    def make_room(self, limit_gb: float | None, spare: Sequence[str] = ()) -> Trimmed | None:
        """To the limit that is given or else set; None where there is none."""
        limit = self.place.keep_gb if limit_gb is None else limit_gb
        if limit is None:
            return None
        sessions = [session.id for session in self._project.sessions.all()]
        return trim(self.local, self.remote, sessions, round(limit * GB), spare)

    def forget(self, session: SessionId) -> None:
        """Deletes it from the store; what is here stays. Raises WozError where it isn't there."""
        wanted_listing(self.remote, session)
        self.remote.delete(folder_key(session))
        self.local.forget(session)

    def strays(self) -> list[str]:
        """Sessions of the store that the project hasn't."""
        known = {session.id for session in self._project.sessions.all()}
        return [one for one in stored_sessions(self.remote) if one not in known]

    def still(self, session: SessionId, at_ns: int, picture: Path) -> int:
        """The picture of the view at a session time, read from the store without the rest of the film.

        The answer is its own time (ns). Raises WozError where the film has none there.
        """
        ego = SessionFolder(self._project.session_dir(session)).ego.name
        stored = wanted_listing(self.remote, session).files.get(ego)
        if stored is None:
            raise WozError(f"The store has no {ego} of {session}; send it first (woz media push).")
        span = Interval(max(0, at_ns - BEFORE_NS), at_ns + 1)
        with self.remote.open(file_key(session, ego, stored)) as file, _opened(file, session) as container:
            shown = next(iter(deque(frames_in(container, Film(Path(ego)), span), maxlen=1)), None)
        if shown is None:
            raise WozError(f"{session} has no picture at {at_ns / NS_PER_S:.3f} s; give a time within its film.")
        if not cv2.imwrite(str(picture), shown[1].to_ndarray(format="bgr24")):
            raise WozError(f"{picture} can't be written; check its folder.")
        return shown[0]

    def _status(self, session: str) -> SessionStatus:
        here, listing = self.local.files(session), listing_of(self.remote, session)
        there = listing.files if listing else {}
        found = compared(here, there, self.local.agreed(session).files)
        sizes = [sum(one.size for one in files.values()) for files in (here, there)]
        return SessionStatus(session, sizes[0], sizes[1], len(found.send), len(found.fetch), len(found.both))


def use_store(project: Path, place: StorePlace | None) -> None:
    """Says where the store is. What was agreed on with another one is forgotten: it says nothing of this one.

    Raises WozError for what is no address of a store, and where it can't be written.
    """
    if place is None or not _is_used(project, checked_place(place)):
        forget_agreed(project / "cache")
    set_place(project, place)


def _is_used(project: Path, place: StorePlace) -> bool:
    try:
        before = place_of(project)
    except WozError:
        return False
    return (before.url, before.endpoint) == (place.url, place.endpoint)


class Whereabouts:
    """Where the recordings of a project with a store are, by what it last agreed on with this computer: nothing is
    asked over the network.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        local = LocalSessions(project.sessions_dir, project.path / "cache")
        self._local = local if has_store(project.path) else None

    def words(self, session: SessionId) -> str:
        """Empty where the project has no store."""
        if self._local is None:
            return ""
        film = SessionFolder(self._project.session_dir(session)).ego
        here = film_at_hand(film)
        if here.exists():
            return "here" if here == film else "in the store; a small copy here"
        return "in the store" if film.name in self._local.agreed(session).files else "not here"


def fetch_film(project: Project, session: SessionId) -> bool:
    """Brings a session's film and all else of it; False where the project has no store, or that hasn't its film.

    Raises WozError where the store refuses or is away, and where the disk is full.
    """
    if not has_store(project.path):
        return False
    media, ego = Media(project), SessionFolder(project.session_dir(session)).ego
    listing = listing_of(media.remote, session)
    if listing is None or ego.name not in listing.files:
        return False
    media.fetch(session, films=True, theirs=False)
    return ego.is_file()


def _is_large(name: str) -> bool:
    return name.endswith(FILM_SUFFIXES) and not name.endswith(SMALL_SUFFIXES)


def _opened(file: object, session: str) -> av.container.InputContainer:
    try:
        return av.open(file, "r", buffer_size=1 << 20)
    except (OSError, av.FFmpegError) as error:
        raise WozError(
            f"The film of {session} can't be read from the store ({error.strerror or error}); woz media check says"
            " whether it is whole there."
        ) from error
