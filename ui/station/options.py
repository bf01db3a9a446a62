"""What the command line, or the station before, says of a station to open."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from ui.application.devices import Devices
from woz.lab.planning import PlanOptions
from woz.link.connection.reach import Reach
from woz.live.station.config import Hears
from woz.model.plan import Plan


@dataclass(frozen=True, slots=True)
class StationOptions:
    project: Path
    source: str = ""
    """The one chosen last, in the form, or synthetic where it is empty."""
    devices: Devices = field(default_factory=Devices)
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
