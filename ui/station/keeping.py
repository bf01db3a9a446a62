"""Keeps the project in step with a running station, beside its window."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from storage import Project
from ui.application.background import waited
from woz.base.clock import Clock
from woz.base.commands import quoted
from woz.base.errors import WozError
from woz.lab.consenting import enter_consents
from woz.lab.planning import save_plan
from woz.lab.taking_in import take_in
from woz.live.seats.station_seat import StationPhase
from woz.model.people import ConsentKind
from woz.model.plan import Plan
from woz.model.session import Session
from woz.privacy.consent import newest_version
from woz.recording.folder.manifest import Manifest

log = logging.getLogger(__name__)


def agree(project: Project, clock: Clock, names: tuple[str, ...], version: str) -> None:
    """Keep that these people agreed to be recorded here, to a version of the text, now."""
    for name in names:
        enter_consents(project, f"{name},{ConsentKind.RECORDING}={version}", (), None, clock.utc_ns())


def offered_version(project: Project, plan: Plan) -> str:
    """Of the text on recording: to which somebody of the project, or of the session to come, agreed last."""
    people = [*project.participants.all(), *plan.participants]
    return newest_version(people, ConsentKind.RECORDING) or "1"


class Keeper(QObject):
    """Keeps the database in step with a running station: people and procedure, too, only of what is recorded.

    What is to be kept is kept in its order, on a thread of its own; `kept` tells of each manifest of a closed
    session, with what of it could not be kept beside its own fault.
    """

    kept = Signal(object)

    def __init__(self, project: Project, plan: Plan, session: Session, clock: Clock) -> None:
        super().__init__()
        self._project, self._plan, self._clock = project, plan, clock
        self._session = session
        self._known = self._planned = False
        self._work = ThreadPoolExecutor(1, "keeping of the session")

    @property
    def plan(self) -> Plan:
        """As it was entered; once it is kept, with its people as they were kept."""
        return self._plan

    def agree(self, names: tuple[str, ...], version: str) -> None:
        """These people agreed to be recorded here, and now are. Raises WozError where that can't be kept."""
        waited(self._work.submit(self._agree, names, version).result)

    def watch(self, status: object) -> None:
        if getattr(status, "phase", None) == StationPhase.RECORDING and not self._known:
            self._known = True
            self._work.submit(self._tried, self._keep_session)

    def close(self, manifest: Manifest) -> None:
        """A session was closed, or more of it, or of an earlier one, has come since."""
        self._work.submit(self._close, manifest)

    def end(self) -> None:
        """When all is kept."""
        self._work.shutdown()

    # on the thread of its own

    def _agree(self, names: tuple[str, ...], version: str) -> None:
        self._keep_plan()
        agree(self._project, self._clock, names, version)

    def _keep_session(self) -> None:
        """As it was planned, once: what was entered of it since stays."""
        self._keep_plan()
        if all(each.id != self._session.id for each in self._project.sessions.all()):
            self._project.sessions.save(self._session)

    def _keep_plan(self) -> None:
        if not self._planned:
            self._plan = save_plan(self._project, self._plan)
            self._planned = True

    def _close(self, manifest: Manifest) -> None:
        own = manifest.session_id == self._session.id
        faults = (
            manifest.fault,
            self._tried(self._keep_session) if own else "",
            self._tried(lambda: take_in(self._project, manifest)),
        )
        self.kept.emit(replace(manifest, fault="; ".join(filter(None, dict.fromkeys(faults)))))

    def _tried(self, keep: Callable[[], object]) -> str:
        """Why it could not be kept, in a sentence; empty where it was."""
        try:
            keep()
        except Exception as error:
            why, command = str(error).rstrip("."), f"woz recover {quoted(self._project.path)}"
            fault = f"The project does not know of all of this session yet ({why}); run: {command}"
            log.error("%s", fault, exc_info=None if isinstance(error, WozError | OSError) else error)
            return fault
        return ""
