"""A document beside its store: what is edited is stored on another thread, and what others do is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal

from storage import Project
from storage.backends.port import Change
from woz.annotation.document import Document
from woz.annotation.patience import BACK, Patience
from woz.annotation.writing import Background
from woz.base.errors import UnreachableError, WozError
from woz.base.supervision import Supervisor

EDITS = ("", "edit")
"""The tables of which a commit may have changed what is shown; one edit is told of several."""
SAID = (*EDITS, "comment")


KEPT = (
    "What you do is kept on this computer and stored when it answers again, or, where you close this window before,"
    " when you next open the session here."
)


class News(Enum):
    """What the store has to say: it doesn't answer, it does again, or it refuses something."""

    AWAY = auto()
    BACK = auto()
    FAULT = auto()


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence for whoever sits at the window."""

    news: News
    text: str


def _away(fault: UnreachableError) -> Told:
    return Told(News.AWAY, f"{fault} {KEPT}")


class Sharing(QObject):
    """`told` gets a `Told`, `away` whether the store is, `settled` comes after each answer of it; all on the
    window's thread."""

    told = Signal(object)
    away = Signal(bool)
    settled = Signal()
    _called = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._called.connect(self._call, Qt.ConnectionType.QueuedConnection)
        self._supervisor = Supervisor(lambda fault: self._post(lambda: self._trouble(fault)))
        self._waiting = self._troubled = False
        self.executor = Background(self._supervisor, self._post)
        self.patience = Patience(lambda fault: self._post(lambda: self._waits(fault)))

    def tell(self, fault: WozError) -> None:
        self.told.emit(Told(News.FAULT, str(fault)))

    def close(self) -> None:
        """When all is stored, or can't be; what the store answered last is heard."""
        self.patience.close()
        self.executor.close()
        QCoreApplication.sendPostedEvents(self)

    def _waits(self, fault: UnreachableError | None) -> None:
        self._waiting = self._troubled = fault is not None
        self.away.emit(self._waiting)
        self.told.emit(_away(fault) if fault else Told(News.BACK, BACK))

    def _trouble(self, fault: WozError) -> None:
        """What is said of edits that wait stays."""
        self._troubled = True
        if self._waiting:
            return
        if isinstance(fault, UnreachableError):
            self.told.emit(_away(fault))
        else:
            self.tell(fault)

    def _heard_again(self) -> None:
        if self._troubled and not self._waiting:
            self._troubled = False
            self.told.emit(Told(News.BACK, BACK))

    def follow(
        self, project: Project, document: Document, said: Callable[[], None] = lambda: None
    ) -> Callable[[], None]:
        """Show what others commit, from now on; the answer ends it. `said` is called where they may have said
        something, too.
        """

        def heard(change: Change) -> None:
            if change == Change():
                self._post(self._heard_again)
            if change.table in EDITS:
                self._post(document.follow)
            if change.table in SAID:
                self._post(said)

        following = project.database.follow(heard, self._supervisor)
        return following.close

    def _post(self, call: Callable[[], None]) -> None:
        self._called.emit(call)

    def _call(self, call: Callable[[], None]) -> None:
        call()
        self.settled.emit()
