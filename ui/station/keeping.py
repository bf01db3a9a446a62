"""Keeps the project in step with a running station."""

from __future__ import annotations

import logging

from storage import Project
from woz.base.clock import Clock
from woz.base.errors import WozError
from woz.lab.consenting import enter_consents
from woz.lab.planning import save_plan
from woz.lab.taking_in import take_in
from woz.live.seats.station_seat import StationPhase
from woz.model.people import ConsentKind
from woz.model.plan import Plan
from woz.model.session import Session
from woz.recording.folder.manifest import Manifest

log = logging.getLogger(__name__)


def agree(project: Project, clock: Clock, names: tuple[str, ...], version: str) -> None:
    """Keep that these people agreed to be recorded here, to a version of the text, now."""
    for name in names:
        enter_consents(project, f"{name},{ConsentKind.RECORDING}={version}", (), None, clock.utc_ns())


class Keeper:
    """Keeps the database in step with a running station: people and procedure, too, only of what is recorded."""

    def __init__(self, project: Project, plan: Plan, session: Session, clock: Clock) -> None:
        self._project, self._plan, self._clock = project, plan, clock
        self._session = session
        self._known = self._planned = False
        self.kept: list[object] = []

    def agree(self, names: tuple[str, ...], version: str) -> None:
        """These people agreed to be recorded here, and now are."""
        self._keep_plan()
        agree(self._project, self._clock, names, version)

    def watch(self, status: object) -> None:
        if getattr(status, "phase", None) == StationPhase.RECORDING and not self._known:
            self._known = True
            self._keep_plan()
            self._project.sessions.save(self._session)

    def _keep_plan(self) -> None:
        if not self._planned:
            self._planned = True
            save_plan(self._project, self._plan)

    def close(self, manifest: Manifest) -> None:
        """A session was closed, or more of it, or of an earlier one, has come since."""
        try:
            if manifest.session_id == self._session.id:
                self._keep_plan()
                self._project.sessions.save(self._session)
            take_in(self._project, manifest)
        except (WozError, OSError) as error:
            log.error("the project does not know of the session's end yet, woz recover tells it: %s", error)
        for tell in self.kept:
            if callable(tell):
                tell()
