"""What to look at before a recording: one lamp each, and one sentence where something is to be done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from woz.capture.source import Way
from woz.link.ends.link_state import LinkState
from woz.live.seats.station_seat import StationStatus

LEAST_RATE = 0.8
"""Part of the source's frames that has to come."""
RECENT_S = 60.0
"""How long a voice counts as heard."""
SILENT_DB = -80.0
LOW_BATTERY, FLAT_BATTERY = 40.0, 15.0
SCANT_MINUTES, FEW_MINUTES = 60.0, 15.0
SLOW_MS, TOO_SLOW_MS = 250.0, 500.0
LOSSY, TOO_LOSSY = 0.02, 0.08
ROUGH_CLOCK_MS, BAD_CLOCK_MS = 5.0, 20.0
GLASSES = "from glasses"
NO_GLASSES = {Way.CAMERA: "from a camera", Way.FILE: "from a file", Way.DRAWN: "drawn here, no camera"}
_CABLE = "Check the cable of what gives the view; it has to be switched on."
NO_PICTURE = {
    Way.WIFI: "Switch the glasses on, and start them streaming to this machine.",
    Way.CABLE: _CABLE,
    Way.CAMERA: _CABLE,
    Way.FILE: "Go back to the form and choose the view's source again: a file that has ended gives no more.",
    Way.DRAWN: "Go back to the form and choose the view's source again.",
}
_PLUG = "Plug what gives the view straight into this machine, or close other programs."
_BUSY_HERE = "Close other programs: this machine, which makes the pictures itself, has too much to do."
TOO_FEW = {
    Way.WIFI: "Move the glasses nearer to the access point, or close other programs.",
    Way.CABLE: _PLUG,
    Way.CAMERA: _PLUG,
    Way.FILE: _BUSY_HERE,
    Way.DRAWN: _BUSY_HERE,
}
BUSY = "Close other programs: the expert's console runs on this machine, which has too much to do."


class LampState(StrEnum):
    GOOD = "good"
    CHECK = "check"
    """Not known yet, or not as good as it should be; a recording is possible."""
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Lamp:
    """`found` is what there is, in a few words; `advice` what to do, one sentence, empty where all is well."""

    name: str
    state: LampState
    found: str
    advice: str = ""


def lamps(status: StationStatus) -> list[Lamp]:
    """All of them, in the order in which an operator sets things up."""
    return [check(status) for check in _CHECKS]


def consent_lamp(unasked: tuple[str, ...]) -> Lamp:
    """Whether all agreed to be recorded; `unasked` are the pseudonyms of those who did not."""
    if not unasked:
        return Lamp("Consent", LampState.GOOD, "all agreed")
    advice = "Ask them; “Record” asks for their answer, and keeps it."
    return Lamp("Consent", LampState.BAD, f"missing for {', '.join(unasked)}", advice)


def _source(status: StationStatus) -> Lamp:
    name, sends, device = "View", NO_GLASSES.get(status.view_way, GLASSES), status.device
    if device and device.problem:
        return Lamp(name, LampState.BAD, "not well", device.problem)
    if status.view_fps <= 0:
        return Lamp(name, LampState.BAD, "no picture", NO_PICTURE[status.view_way])
    battery = device.battery_percent if device else None
    if battery is None or (device and device.charging):
        return Lamp(name, LampState.GOOD, sends)
    left = f"glasses' battery {battery:.0f} %"
    if battery < FLAT_BATTERY:
        return Lamp(name, LampState.BAD, left, "Charge the glasses before you begin.")
    if battery < LOW_BATTERY:
        return Lamp(name, LampState.CHECK, left, "Connect a power bank for a long session.")
    return Lamp(name, LampState.GOOD, f"{sends}, battery {battery:.0f} %")


def _view_rate(status: StationStatus) -> Lamp:
    name, wanted = "View rate", status.view_fps_wanted
    found = f"{status.view_fps:.0f} of {wanted:.0f} a second"
    if status.view_fps <= 0:
        return Lamp(name, LampState.BAD, "no frames", "See to the picture first.")
    if status.view_fps < wanted * LEAST_RATE:
        return Lamp(name, LampState.BAD, found, TOO_FEW[status.view_way])
    return Lamp(name, LampState.GOOD, found)


def _trainee(status: StationStatus) -> Lamp:
    name = "Trainee's microphone"
    if not status.takes_trainee:
        advice = "The trainee's voice is not recorded; go back to the form to choose a microphone."
        return Lamp(name, LampState.CHECK, "none chosen", advice)
    if status.trainee_clipped:
        return Lamp(
            name, LampState.BAD, "too loud, it clips", "Turn the microphone's level down in the sound settings."
        )
    if _recent(status.trainee_heard_ago_s):
        return Lamp(name, LampState.GOOD, "heard")
    if status.trainee_level_db <= SILENT_DB:
        return Lamp(name, LampState.BAD, "silent", "Check that the microphone is plugged in, chosen and not muted.")
    return Lamp(name, LampState.CHECK, "no speech yet", "Ask the trainee to say a sentence.")


def _expert(status: StationStatus) -> Lamp:
    name = "Expert"
    if status.link == LinkState.WAITING and status.absence:
        return Lamp(name, LampState.BAD, "has left", "Call the expert; the same invitation lets them in again.")
    words = {
        LinkState.WAITING: (LampState.BAD, "not here", "Send the invitation to the expert."),
        LinkState.CONNECTING: (LampState.CHECK, "joining", "Wait until the expert has joined."),
        LinkState.LIVE: (LampState.GOOD, "speaking" if status.expert_speaking else "here", ""),
        LinkState.LOST: (
            LampState.BAD,
            "link lost",
            "Check the network on both sides; the link comes back by itself.",
        ),
        LinkState.ENDED: (LampState.BAD, "link closed", "Close the station, and open a new session."),
    }
    return Lamp(name, *words[status.link])


def _expert_microphone(status: StationStatus) -> Lamp:
    name = "Expert's microphone"
    if status.link != LinkState.LIVE:
        return Lamp(name, LampState.CHECK, "not yet", "It can be tried once the expert is here.")
    if not status.expert_has_microphone:
        advice = "The expert joined without one: only canned sentences are heard. Ask whether that is meant."
        return Lamp(name, LampState.CHECK, "none", advice)
    if status.expert_clipped:
        return Lamp(
            name, LampState.BAD, "too loud, it clips", "Ask the expert to turn the microphone's level down."
        )
    if _recent(status.expert_heard_ago_s):
        return Lamp(name, LampState.GOOD, "heard")
    advice = "Ask the expert to say a sentence, and to unmute if nothing is heard."
    return Lamp(name, LampState.CHECK, "no speech yet", advice)


def _earpiece(status: StationStatus) -> Lamp:
    name = "Earpiece"
    if not status.has_earpiece:
        advice = "The trainee does not hear the expert; go back to the form to choose an earpiece."
        return Lamp(name, LampState.CHECK, "none chosen", advice)
    if status.earpiece_heard:
        return Lamp(name, LampState.GOOD, "the trainee hears it")
    if status.earpiece_heard is None:
        return Lamp(name, LampState.CHECK, "not tried", "Play the chime, and ask the trainee whether it is heard.")
    advice = "Check that the earpiece is connected, chosen and turned up; then play the chime again."
    return Lamp(name, LampState.BAD, "not heard", advice)


def _disk(status: StationStatus) -> Lamp:
    name, minutes = "Disk", status.disk_minutes
    if minutes is None:
        return Lamp(name, LampState.CHECK, "not known yet", "Wait a moment.")
    found = f"room for {_minutes(minutes)}"
    if minutes < FEW_MINUTES:
        return Lamp(name, LampState.BAD, found, "Make room on the disk, or keep the project on another one.")
    if minutes < SCANT_MINUTES:
        return Lamp(name, LampState.CHECK, found, "Make room on the disk if the session may last longer.")
    return Lamp(name, LampState.GOOD, found)


def _minutes(minutes: float) -> str:
    return "more than 10 hours" if minutes > 600 else f"{minutes:.0f} minutes"


def _clocks(status: StationStatus) -> Lamp:
    name, residual = "Clocks", status.clock_residual_ms
    if residual is None or status.link != LinkState.LIVE:
        return Lamp(name, LampState.CHECK, "not compared yet", "They are compared while the expert is here.")
    found = f"agree within {residual:.1f} ms"
    if residual <= ROUGH_CLOCK_MS:
        return Lamp(name, LampState.GOOD, found)
    if status.expert_is_here:
        return Lamp(name, LampState.BAD if residual > BAD_CLOCK_MS else LampState.CHECK, found, BUSY)
    if residual > BAD_CLOCK_MS:
        return Lamp(name, LampState.BAD, found, "Use a cable instead of Wi-Fi: the network is too unsteady.")
    return Lamp(name, LampState.CHECK, found, "Wait half a minute; if it stays so, use a cable instead of Wi-Fi.")


def _link(status: StationStatus) -> Lamp:
    name, delay, loss = "Link", status.delay_ms, status.loss or 0.0
    if delay is None or status.link != LinkState.LIVE:
        return Lamp(name, LampState.CHECK, "not measured yet", "It is measured while the expert is here.")
    found = f"{delay:.0f} ms" + (f", {loss:.0%} lost" if status.loss is not None else "")
    if delay <= SLOW_MS and loss <= LOSSY:
        return Lamp(name, LampState.GOOD, found)
    bad = delay > TOO_SLOW_MS or loss > TOO_LOSSY
    if status.expert_is_here:
        return Lamp(name, LampState.BAD if bad else LampState.CHECK, found, BUSY)
    if bad:
        return Lamp(name, LampState.BAD, found, "Use a cable, or end other traffic on both networks.")
    return Lamp(name, LampState.CHECK, found, "End other traffic on both networks if the expert finds it slow.")


def _recent(ago_s: float | None) -> bool:
    return ago_s is not None and ago_s < RECENT_S


_CHECKS: tuple[Callable[[StationStatus], Lamp], ...] = (
    _source,
    _view_rate,
    _trainee,
    _earpiece,
    _expert,
    _expert_microphone,
    _link,
    _clocks,
    _disk,
)
