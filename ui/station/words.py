"""What the operator reads of a status."""

from __future__ import annotations

from ui.application.bytes_text import bytes_text
from ui.widgets.parts import clock_text
from woz.base.counts import counted
from woz.capture.source import DeviceStatus
from woz.link.ends.link_state import LinkState
from woz.live.seats.station_seat import Absence, StationPhase, StationStatus
from woz.live.station.preflight import FEW_MINUTES, FLAT_BATTERY, SLOW_MS, TOO_LOSSY

LINK_WORDS = {
    LinkState.WAITING: "○ No expert yet: send the invitation",
    LinkState.CONNECTING: "… The expert is joining",
    LinkState.LIVE: "● The expert is here",
    LinkState.LOST: "⚠ The link to the expert is lost",
    LinkState.ENDED: "○ The link is closed",
}
LEFT_ADVICE = "Recording goes on. The expert can come back by the same invitation."
LOST_ADVICE = "Recording goes on. The link comes back by itself; check the network if it doesn't."


def poor(status: StationStatus) -> bool:
    """Whether the link carries the view or the voices badly."""
    slow = status.delay_ms is not None and status.delay_ms > SLOW_MS
    return status.link == LinkState.LIVE and (slow or (status.loss or 0.0) > TOO_LOSSY)


def link_text(status: StationStatus) -> str:
    if poor(status):
        return "⚠ The link to the expert is poor"
    if status.link == LinkState.LIVE and status.expert_speaking:
        return "● The expert is speaking"
    if status.absence:
        return _absent_text(status.link, status.absence)
    return LINK_WORDS[status.link]


def _absent_text(link: LinkState, absence: Absence) -> str:
    lost = link == LinkState.LOST
    if link not in (LinkState.LOST, LinkState.WAITING):
        return LINK_WORDS[link]
    at = "" if absence.since_ns is None else f" at {clock_text(absence.since_ns)}"
    return f"⚠ The link to the expert was lost{at}" if lost else f"⚠ The expert left{at}"


def away_text(status: StationStatus) -> str:
    """What nobody may overlook while it is recorded: that the expert isn't there any more; else empty."""
    gone = status.link in (LinkState.LOST, LinkState.WAITING) and status.absence
    if not gone or status.phase != StationPhase.RECORDING:
        return ""
    return f"{_absent_text(status.link, gone).removeprefix('⚠ ')}. {path_text(status)}"


def path_text(status: StationStatus) -> str:
    """How the link is doing, in figures."""
    if status.link == LinkState.LOST:
        return LOST_ADVICE
    if status.link == LinkState.WAITING and status.absence:
        return LEFT_ADVICE
    if status.link != LinkState.LIVE:
        return ""
    parts = [
        f"{status.loss:.0%} lost" if status.loss is not None else "",
        f"{status.bit_rate / 1e6:.1f} Mbit/s" if status.bit_rate is not None else "",
        f"clocks within {status.clock_residual_ms:.1f} ms" if status.clock_residual_ms is not None else "",
        f"{status.observers} watching" if status.observers else "",
    ]
    return " · ".join(part for part in parts if part)


def battery_text(device: DeviceStatus | None) -> str:
    if device is None or device.battery_percent is None:
        return "–"
    if device.charging:
        return f"{device.battery_percent:.0f} %, charging"
    low = "⚠ " if device.battery_percent < FLAT_BATTERY else ""
    return f"{low}{device.battery_percent:.0f} %"


def sound_text(status: StationStatus) -> str:
    """How often this machine's sound devices lost sound."""
    times = status.sound_losses
    return "whole" if not times else f"⚠ lost {counted(times, 'time')}"


def minutes_text(status: StationStatus) -> str:
    """Room on the disk, and how long it lasts."""
    free = bytes_text(status.disk_free_bytes)
    if status.disk_minutes is None:
        return free
    scant = "⚠ " if status.disk_minutes < FEW_MINUTES else ""
    hours = status.disk_minutes / 60
    left = "more than 10 h" if hours > 10 else f"{status.disk_minutes:.0f} min"
    return f"{scant}{left} left ({free})"
