"""Opens the station of a session, with or without the form before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings

from storage import Project
from ui.application.background import waited
from ui.station.device_card import DeviceCard
from ui.station.form import PlanForm
from ui.station.remembered import RememberedDevices
from woz.base.clock import Clock
from woz.base.errors import WozError
from woz.base.settings import VideoSettings
from woz.capture.bench import DeviceBench
from woz.capture.choices import USUAL, Chosen
from woz.capture.devices import NONE, open_microphone, open_speaker
from woz.capture.source import Source
from woz.capture.specs import open_source
from woz.capture.virtual import VirtualRoom
from woz.lab.planning import draft, own_protocols, planned_session
from woz.live.seats.station_seat import StationListener
from woz.live.station.config import Hears, StationConfig
from woz.live.station.station import Station
from woz.model.plan import Plan, problems
from woz.model.session import Session
from woz.recording.folder.manifest import Manifest
from woz.recording.live.encoders import choose_encoder

if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.station.options import StationOptions


@dataclass(frozen=True, slots=True)
class Seat:
    """A station that is open, for a session of which nothing is stored yet."""

    plan: Plan
    chosen: Chosen
    session: Session
    station: Station
    room: VirtualRoom


@dataclass(frozen=True, slots=True)
class Seating:
    """`seat` asks the operator where the options aren't enough."""

    options: StationOptions
    project: Project
    clock: Clock
    listener: StationListener
    on_closed: Callable[[Manifest], None]

    def seat(self) -> Seat | None:
        """None where the form was closed. Raises WozError where something lacks, or can't be opened."""
        options = self.options
        asked = options.form or not (options.control or options.plan.enough)
        given = Chosen(options.source, options.devices.microphone, options.devices.speaker)
        if asked:
            return self._ask(given)
        chosen = given.over(USUAL)
        plan = waited(lambda: draft(self.project, options.plan, chosen.source, self.clock.utc_ns()))
        if faults := problems(plan, waited(self.project.participants.all)):
            raise WozError(" ".join(faults))
        return self.open(plan, chosen)

    def open(self, plan: Plan, chosen: Chosen) -> Seat:
        """On any thread; may take seconds. Raises WozError, with all closed again, where a device can't be had."""
        source = open_source(chosen.source, self.clock)
        try:
            seat = self._made(plan, chosen, source)
        except BaseException:
            source.stop()
            raise
        seat.station.open()
        return seat

    def _ask(self, given: Chosen) -> Seat | None:
        project, found = self.project, list[Seat]()
        remembered = RememberedDevices(QSettings("woz", "woz"), project.path)
        chosen = given.over(remembered.recall()).over(USUAL)
        plan = self.options.entered or waited(
            lambda: draft(project, self.options.plan, chosen.source, self.clock.utc_ns())
        )
        form = PlanForm(
            plan,
            waited(project.procedures.all),
            waited(project.participants.all),
            waited(lambda: own_protocols(project)),
            self.clock.utc_ns(),
            DeviceCard(chosen, DeviceBench(self.clock, self.options.devices.script)),
            lambda plan, chosen: found.append(self.open(plan, chosen)),
            entered=self.options.entered is not None,
        )
        if not form.exec():
            return None
        remembered.keep(form.devices_chosen)
        return found[0]

    def _made(self, plan: Plan, chosen: Chosen, source: Source) -> Seat:
        options, clock = self.options, self.clock
        session = planned_session(plan, clock)
        info = source.info
        config = StationConfig(
            session.id,
            self.project.sessions_dir,
            plan.procedure,
            options.address,
            options.port,
            options.host,
            use_microphone=options.sound != "source" and chosen.microphone != NONE,
            use_earpiece=chosen.earpiece != NONE,
            use_source_sound=options.sound != "microphone",
            expert_hears=Hears(options.expert_hears),
            video=choose_encoder(VideoSettings(), info.width, info.height, info.fps),
            protocol=plan.protocol,
            reach=options.reach,
        )
        room = VirtualRoom(clock, options.devices.script)
        microphone = open_microphone(chosen.microphone, clock, room)
        speaker = open_speaker(chosen.earpiece, clock, room, source)
        station = Station(config, source, microphone, speaker, clock, self.listener, self.on_closed)
        return Seat(plan, chosen, session, station, room)
