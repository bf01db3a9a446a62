"""Keeps the project in step with a running station, beside its window."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from storage import Project
from ui.application.background import waited
from woz.base.clock import Clock
from woz.base.commands import quoted
from woz.base.errors import InDoubtError, UnreachableError, WozError
from woz.lab.planning import save_plan, with_recording
from woz.lab.taking_in import take_in
from woz.live.seats.station_seat import StationPhase
from woz.model.ids import SessionId
from woz.model.people import ConsentKind
from woz.model.plan import Plan
from woz.model.session import Session
from woz.privacy.consent import newest_version
from woz.recording.folder.manifest import Manifest

log = logging.getLogger(__name__)

AGAIN_MS = 10_000
AWAY = (UnreachableError, InDoubtError)
"""Faults after which the same may be tried again: what is kept twice is there once."""


def offered_version(project: Project, plan: Plan) -> str:
    """Of the text on recording: to which somebody of the project, or of the session to come, agreed last; of the
    session alone where the project doesn't answer.
    """
    try:
        known = project.participants.all()
    except UnreachableError:
        known = []
    return newest_version([*known, *plan.participants], ConsentKind.RECORDING) or "1"


class Keeper(QObject):
    """Keeps the database in step with a running station: people and procedure, too, only of what is recorded.

    What is to be kept is kept in its order, on a thread of its own; where the database can't be reached it is tried
    again until `end`. `kept` tells of each manifest of a closed session, with what of it could not be kept beside
    its own fault, and once more when it is; `awaits` tells what a yes waits for, and "" when it is kept.
    """

    kept = Signal(object)
    awaits = Signal(str)

    def __init__(
        self,
        project: Project,
        plan: Plan,
        session: Session,
        clock: Clock,
        journal: Callable[[str, str, int], object] = lambda name, version, given_utc_ns: None,
        again_ms: int = AGAIN_MS,
    ) -> None:
        """`journal` puts a yes that the project doesn't have yet into the session's."""
        super().__init__()
        self._project, self._plan, self._clock = project, plan, clock
        self._session, self._journal = session, journal
        self._known = self._planned = self._there = False
        self._yeses: list[tuple[str, str, int]] = []
        self._late: dict[SessionId, Manifest | None] = {}
        """What is tried again; None stands for the session as it was planned."""
        self._trying: Future[None] | None = None
        self._work = ThreadPoolExecutor(1, "keeping of the session")
        self._again = QTimer(self)
        self._again.timeout.connect(self._try_again)
        self._again.start(again_ms)

    @property
    def plan(self) -> Plan:
        """As it was entered, with who agreed since; once it is kept, with its people as they were kept."""
        return self._plan

    def agree(self, names: tuple[str, ...], version: str) -> None:
        """These people agreed to be recorded here, and now are. Where the database can't be reached, they did so on
        the plan, which is kept with the session. Raises WozError where it can't be kept for another reason.
        """
        if why := waited(self._work.submit(self._agree, names, version).result):
            self.awaits.emit(f"{' and '.join(names)} agreed: that is kept once the project answers. {why}")

    def away(self) -> str:
        """Why the project can't be reached at this moment; empty where it can."""
        try:
            waited(self._work.submit(self._project.participants.all).result)
        except WozError as fault:
            return str(fault)
        return ""

    def watch(self, status: object) -> None:
        begun = getattr(status, "phase", None) in (StationPhase.RECORDING, StationPhase.CLOSING)
        if begun and not self._known:
            self._known = True
            for yes in self._yeses:
                self._journal(*yes)
            self._work.submit(self._begin)

    def close(self, manifest: Manifest) -> None:
        """A session was closed, or more of it, or of an earlier one, has come since."""
        self._work.submit(self._close, manifest)

    def end(self) -> None:
        """When all is kept that can be."""
        self._again.stop()
        self._work.shutdown()

    def tell_late(self) -> None:
        """After `end`, on any thread: what the project could not be told yet. Raises UnreachableError, or
        InDoubtError, where it still can't be reached.
        """
        for session_id, manifest in [*self._late.items()]:
            keep: Callable[[], object] = partial(self._take, manifest) if manifest else self._keep_session
            error = self._tried(keep, session_id, manifest)
            if isinstance(error, AWAY):
                raise error
            if error:
                self._fault(error, session_id)

    def _try_again(self) -> None:
        if self._late and (self._trying is None or self._trying.done()):
            self._trying = self._work.submit(self._catch_up)

    # on the thread of its own

    def _agree(self, names: tuple[str, ...], version: str) -> str:
        """Why it isn't kept yet."""
        before, given_utc_ns = (self._plan, self._planned), self._clock.utc_ns()
        self._plan, self._planned = with_recording(self._plan, names, version, given_utc_ns), False
        try:
            self._keep_plan()
        except AWAY as fault:
            self._yeses += [(name, version, given_utc_ns) for name in names]
            return str(fault)
        except BaseException:
            self._plan, self._planned = before
            raise
        return ""

    def _begin(self, again: bool = False) -> None:
        error = self._tried(self._keep_session, self._session.id, None)
        if error and not (again and isinstance(error, AWAY)):
            self._fault(error, self._session.id)

    def _close(self, manifest: Manifest, again: bool = False) -> None:
        error = self._tried(lambda: self._take(manifest), manifest.session_id, manifest)
        if error and again and isinstance(error, AWAY):
            return
        fault = self._fault(error, manifest.session_id) if error else ""
        self.kept.emit(replace(manifest, fault="; ".join(filter(None, (manifest.fault, fault)))))

    def _catch_up(self) -> None:
        """One at a time: a database that is away is asked once."""
        for manifest in [*self._late.values()][:1]:
            if manifest is None:
                self._begin(again=True)
            else:
                self._close(manifest, again=True)

    def _tried(
        self, keep: Callable[[], object], session_id: SessionId, manifest: Manifest | None
    ) -> Exception | None:
        """What kept it from being kept."""
        try:
            keep()
        except AWAY as error:
            self._late[session_id] = manifest
            return error
        except Exception as error:
            self._late.pop(session_id, None)
            return error
        self._late.pop(session_id, None)
        return None

    def _take(self, manifest: Manifest) -> None:
        if manifest.session_id == self._session.id:
            self._keep_session()
        take_in(self._project, manifest)

    def _keep_session(self) -> None:
        """As it was planned, once: what was entered of it since stays. One that was taken in from its folder alone
        gets who was there.
        """
        self._keep_plan()
        if self._there:
            return
        planned = self._session
        known = next((each for each in self._project.sessions.all() if each.id == planned.id), None)
        if known is None:
            self._project.sessions.save(planned)
        elif not known.participants:
            self._project.sessions.save(_with_plan_of(known, planned))
        self._there = True

    def _keep_plan(self) -> None:
        if not self._planned:
            self._plan = save_plan(self._project, self._plan)
            self._planned = True
            if self._yeses:
                self.awaits.emit("")

    def _fault(self, error: Exception, session_id: SessionId) -> str:
        """Why the project wasn't told, in a sentence, which is logged."""
        fault = (
            f"The project does not know of all of this session yet ({str(error).rstrip('.')});"
            f" {self._advice(session_id, isinstance(error, AWAY))}"
        )
        log.error("%s", fault, exc_info=None if isinstance(error, WozError | OSError) else error)
        return fault

    def _advice(self, session_id: SessionId, away: bool) -> str:
        project = quoted(self._project.path)
        recover = f"woz recover {project} --session {session_id}"
        if session_id == self._session.id and not self._there:
            recover += f", and enter who was there: woz consent {project} PERSON --role ROLE --session {session_id}"
        until = "it is told once it answers, while the station is open; later, " if away else ""
        return f"{until}run: {recover}"


def _with_plan_of(known: Session, planned: Session) -> Session:
    return replace(
        known,
        procedure_id=planned.procedure_id,
        participants=planned.participants,
        scenario=planned.scenario,
        protocol=planned.protocol,
        attendance=planned.attendance,
    )
