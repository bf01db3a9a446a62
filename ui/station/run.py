"""Opens a station and its window on a project: the core, the database and the windows wired together."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from storage import Project
from storage.project import open_or_make
from ui.application.background import waited
from ui.application.bridge import Bridge
from ui.application.control import Control, private_stdout
from ui.application.devices import Devices
from ui.application.projects import project_application
from ui.station.afterwards import Afterwards, Follows
from ui.station.keeping import Keeper, offered_version
from ui.station.options import StationOptions
from ui.station.seating import Seating
from ui.station.window import StationWindow
from ui.widgets.closing_window import close_beside
from ui.widgets.questions import sure
from woz.base.clock import SystemClock
from woz.base.errors import WozError
from woz.capture.choices import Chosen
from woz.lab.planning import plan_anew
from woz.model.people import ConsentKind
from woz.model.plan import Plan
from woz.privacy.consent import lacking

T = TypeVar("T")
WAITS = "What was entered in the form is still here, and is lost if you give up."


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
    with (
        project_application(options.theme) as app,
        _made(options, lambda: waited(lambda: open_or_make(options.project, clock))) as project,
    ):
        bridge = Bridge()
        seat = _made(options, Seating(options, project, clock, bridge, bridge.closed.emit).seat)
        if seat is None:
            return None
        plan, session, station, room = seat.plan, seat.session, seat.station, seat.room
        after: Afterwards | None = None
        keeper = Keeper(project, plan, session, clock, station.agreed)
        try:
            unasked = lacking(plan.participants, ConsentKind.RECORDING)
            offered = waited(lambda: offered_version(project, plan))
            window = StationWindow(station, bridge, unasked, agreed=keeper.agree, version=offered, away=keeper.away)
            keeper.awaits.connect(window.show_awaited)
            bridge.status_changed.connect(keeper.watch)
            bridge.closed.connect(keeper.close)
            after = Afterwards(window, options.project, project.sessions_dir, session.id, not options.control)
            keeper.kept.connect(after.show)
            if options.control:
                verbs = {
                    "record": lambda _: station.record(),
                    "stop": lambda _: station.stop(),
                    "cue": lambda command: room.cue(int(command["utc_ns"])),
                }
                control = Control(window, verbs, out)
                keeper.kept.connect(lambda _: control.tell(closed=True))
                phases = _Phases(control)
                bridge.status_changed.connect(phases.watch)
                control.tell(invitation=station.invitation, session_id=session.id)
            window.show()
            app.exec()
        finally:
            close_beside(station.close, bridge.status_changed, "Closing the session …")
            app.processEvents()
            keeper.end()
            app.processEvents()
            if after:
                after.end()
        follows = after.follows if after else Follows.NOTHING
        return _following(options, seat.chosen, project, keeper, follows)


def _following(
    options: StationOptions, chosen: Chosen, project: Project, keeper: Keeper, follows: Follows
) -> StationOptions | None:
    """The form, with the devices and the plan as they were, once the project knows of this session."""
    if follows == Follows.NOTHING:
        return None
    script = options.devices.script
    return replace(
        options,
        source=chosen.source,
        devices=Devices(chosen.microphone, chosen.earpiece, script),
        entered=insisted(lambda: waited(lambda: plan_after(project, keeper, another=follows == Follows.ANOTHER))),
        form=True,
    )


def plan_after(project: Project, keeper: Keeper, another: bool) -> Plan:
    """The plan of the next form, once the project was told all of this session. Raises WozError where it can't be
    reached.
    """
    keeper.tell_late()
    return plan_anew(project, keeper.plan, another)


def insisted(call: Callable[[], T]) -> T:
    """What a call answers; where the project can't be read it is called again, until the operator gives up what was
    entered in the form. Raises the WozError then.
    """
    while True:
        try:
            return call()
        except WozError as fault:
            if sure(None, str(fault), "Give up", "Try again", WAITS):
                raise


def _made(options: StationOptions, call: Callable[[], T]) -> T:
    """Insisted on where a form was filled in before."""
    return insisted(call) if options.entered else call()


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
