"""The one place where the core, the database and the windows are wired together."""

from __future__ import annotations

import logging
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path

from storage import Project
from storage.project import open_or_make
from ui.application.application import application
from ui.application.bridge import Bridge
from ui.application.control import Control, private_stdout
from ui.cli.answers import say
from ui.cli.invitation import JOINED
from ui.console.joining import open_beside
from ui.console.window import ConsoleWindow
from ui.station.afterwards import Afterwards, Follows
from ui.station.seating import Seat, Seating
from ui.station.window import StationWindow
from woz.base.clock import Clock, SystemClock
from woz.base.errors import WozError
from woz.capture.choices import SYSTEMS
from woz.capture.devices import open_microphone, open_speaker
from woz.capture.virtual import VirtualRoom
from woz.lab.consenting import enter_consents
from woz.lab.planning import PlanOptions, plan_anew, save_plan
from woz.lab.taking_in import take_in
from woz.link.connection.reach import Reach
from woz.link.handshake.invitation import Invitation
from woz.live.console.console import Console
from woz.live.seats.station_seat import StationPhase
from woz.live.station.config import Hears
from woz.model.people import ConsentKind
from woz.model.plan import Plan
from woz.model.session import Session
from woz.privacy.consent import lacking, newest_version
from woz.recording.folder.manifest import Manifest

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Devices:
    """How a user names sound devices, nothing where they don't; `script` is a WAV for the virtual room."""

    microphone: str = ""
    speaker: str = ""
    script: Path | None = None


@dataclass(frozen=True, slots=True)
class StationOptions:
    project: Path
    source: str = ""
    """The one chosen last, in the form, or synthetic where it is empty."""
    devices: Devices = Devices()
    address: str = "0.0.0.0"
    host: str = ""
    port: int = 0
    sound: str = "both"
    expert_hears: str = Hears.MICROPHONE
    plan: PlanOptions = field(default_factory=PlanOptions)
    form: bool = False
    """Show the form even where the options are enough."""
    theme: str = "system"
    control: bool = False
    reach: Reach = field(default_factory=Reach)
    entered: Plan | None = None
    """What the form is filled in with, in the place of `plan`."""


@dataclass(frozen=True, slots=True)
class ConsoleOptions:
    link: str
    recordings: Path
    devices: Devices = Devices()
    theme: str = "system"
    control: bool = False
    spare_view: bool = True
    handed: bool = False
    """Another program of ours started it, and shows how the joining goes."""


def run_station(options: StationOptions) -> int:
    """Open a station and its window, and others after it while a new session or another plan is wished; returns
    when the last is closed. Raises WozError where one can't be opened.
    """
    wished: StationOptions | None = options
    while wished:
        wished = _one_session(wished)
    return 0


def _one_session(options: StationOptions) -> StationOptions | None:
    """What shall follow."""
    clock = SystemClock()
    out = private_stdout() if options.control else sys.stdout
    app, bridge = application(options.theme), Bridge()
    with open_or_make(options.project, clock) as project:
        seat = Seating(options, project, clock, bridge, bridge.closed.emit).seat()
        if seat is None:
            return None
        plan, session, station, room = seat.plan, seat.session, seat.station, seat.room
        after: Afterwards | None = None
        try:
            unasked = lacking(plan.participants, ConsentKind.RECORDING)
            offered = newest_version(project.participants.all(), ConsentKind.RECORDING) or "1"
            keeper = _Keeper(project, plan, session, clock)
            window = StationWindow(station, bridge, unasked, agreed=keeper.agree, version=offered)
            bridge.status_changed.connect(keeper.watch)
            bridge.closed.connect(keeper.close)
            after = Afterwards(window, options.project, project.sessions_dir, session.id, not options.control)
            bridge.closed.connect(after.show)
            if options.control:
                verbs = {
                    "record": lambda _: station.record(),
                    "stop": lambda _: station.stop(),
                    "cue": lambda command: room.cue(int(command["utc_ns"])),
                }
                control = Control(window, verbs, out)
                keeper.kept.append(lambda: control.tell(closed=True))
                phases = _Phases(control)
                bridge.status_changed.connect(phases.watch)
                control.tell(invitation=station.invitation, session_id=session.id)
            window.show()
            app.exec()
        finally:
            station.close()
            app.processEvents()
            if after:
                after.end()
        return _following(options, seat, project, after.follows if after else Follows.NOTHING)


def _following(options: StationOptions, seat: Seat, project: Project, follows: Follows) -> StationOptions | None:
    """The form, with the devices and the plan as they were."""
    if follows == Follows.NOTHING:
        return None
    chosen, script = seat.chosen, options.devices.script
    return replace(
        options,
        source=chosen.source,
        devices=Devices(chosen.microphone, chosen.earpiece, script),
        entered=plan_anew(project, seat.plan, another=follows == Follows.ANOTHER),
        form=True,
    )


def run_console(options: ConsoleOptions) -> int:
    """Join a session and show the console; returns when it is closed. Raises WozError where it can't be joined."""
    clock = SystemClock()
    out = private_stdout() if options.control else sys.stdout
    invitation = Invitation.parse(options.link)
    room = VirtualRoom(clock, options.devices.script)
    microphone = open_microphone(options.devices.microphone or SYSTEMS, clock, room)
    speaker = open_speaker(options.devices.speaker or SYSTEMS, clock, room)
    app, bridge = application(options.theme), Bridge()
    console = Console(invitation, options.recordings, microphone, speaker, clock, bridge, options.spare_view)
    window = ConsoleWindow(console, bridge)
    try:
        if not open_beside(console.open, console.close, hidden=options.control or options.handed):
            return 0
    except WozError as fault:
        raise WozError(invitation.expiry(clock.utc_ns()) or str(fault)) from fault
    control = None
    try:
        if options.control:
            verbs = {
                "cue": lambda command: room.cue(int(command["utc_ns"])),
                "note": lambda command: console.note(str(command["text"])),
                "mistake": lambda command: console.mistake(str(command["text"])),
            }
            control = Control(window, verbs, out)
            control.tell(joined=True)
            safety = _Safety(control)
            bridge.status_changed.connect(safety.watch)
        window.show()
        if not options.control:
            say(JOINED)
        app.exec()
    finally:
        console.close()
    if control:
        figures = console.delays
        safe = console.safe_to_close.is_set()
        control.tell(frames=figures.frames, p50_ms=figures.p50_ms, p95_ms=figures.p95_ms, safe=safe)
    return 0


def _agree(project: Project, clock: Clock, names: tuple[str, ...], version: str) -> None:
    """Keep that these people agreed to be recorded here, to a version of the text, now."""
    for name in names:
        enter_consents(project, f"{name},{ConsentKind.RECORDING}={version}", (), None, clock.utc_ns())


class _Keeper:
    """Keeps the database in step with a running station: people and procedure, too, only of what is recorded."""

    def __init__(self, project: Project, plan: Plan, session: Session, clock: Clock) -> None:
        self._project, self._plan, self._clock = project, plan, clock
        self._session = session
        self._known = self._planned = False
        self.kept: list[object] = []

    def agree(self, names: tuple[str, ...], version: str) -> None:
        """These people agreed to be recorded here, and now are."""
        self._keep_plan()
        _agree(self._project, self._clock, names, version)

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


class _Phases:
    """Tells each change of the station's phase and link."""

    def __init__(self, control: Control) -> None:
        self._control = control
        self._last: tuple[str, str] | None = None

    def watch(self, status: object) -> None:
        now = (str(getattr(status, "phase", "")), str(getattr(status, "link", "")))
        if now != self._last:
            self._last = now
            self._control.tell(phase=now[0], link=now[1])


class _Safety:
    """Tells once when the station holds all of the expert's own recording."""

    def __init__(self, control: Control) -> None:
        self._control = control
        self._told = False

    def watch(self, status: object) -> None:
        if getattr(status, "upload", None) == 1 and not self._told:
            self._told = True
            self._control.tell(safe_to_close=True)
