"""Sound that a session lacks: holes too short to be heard as such, and what its devices said that they lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from woz.base.interval import NS_PER_MS, NS_PER_S, Interval
from woz.model.events import Event, EventKind
from woz.model.people import Role
from woz.model.stream import StreamKind
from woz.recording.folder.manifest import Manifest

SHORT_NS = 40 * NS_PER_MS
"""A hole of less than this is told and counted; of more, it is a gap that makes a session doubtful."""
MUCH = 1e-3
"""Short holes that are together longer than this part of the session make it doubtful."""
WHOSE = {Role.EXPERT: "the expert's", "station": "the station's"}


@dataclass(frozen=True, slots=True)
class SoundLosses:
    """`holes` shorter than 40 ms are `holes_ms` long together; `by_device` is how often each device lost sound."""

    holes: int = 0
    holes_ms: float = 0.0
    by_device: tuple[tuple[str, int], ...] = ()


def voice_holes(manifest: Manifest) -> list[Interval]:
    """Of all voices, but for those while the devices begin."""
    voices = (entry for entry in manifest.streams if entry.kind != StreamKind.VIEW)
    return [gap for entry in voices for gap in entry.gaps if gap.end_ns > NS_PER_S]


def losses_of(manifest: Manifest, events: Iterable[Event]) -> SoundLosses:
    short = [hole for hole in voice_holes(manifest) if hole.duration_ns < SHORT_NS]
    total_ns = sum(hole.duration_ns for hole in short)
    return SoundLosses(len(short), round(total_ns / NS_PER_MS, 1), _by_device(events))


def _by_device(events: Iterable[Event]) -> tuple[tuple[str, int], ...]:
    found: Counter[str] = Counter()
    for event in events:
        name, lost, items = event.data.get("name"), event.data.get("lost"), event.data.get("items", 1)
        if event.kind == EventKind.SOURCE and isinstance(name, str) and isinstance(lost, int):
            found[f"{WHOSE.get(event.by, event.by)} {name}"] += lost
        elif event.kind == EventKind.DROP and event.data.get("what") == "sound" and isinstance(items, int):
            found["the recorder"] += items
    return tuple(sorted(found.items()))


def loss_doubts(losses: SoundLosses, duration_ns: int) -> Sequence[str]:
    if losses.holes_ms * NS_PER_MS <= MUCH * duration_ns:
        return []
    return [f"{losses.holes} short holes, {losses.holes_ms:.0f} ms together, are in the voices"]


def loss_words(losses: SoundLosses) -> list[str]:
    """A line each for a person; none where nothing was lost."""
    told = [f"{losses.holes} holes under 40 ms in the voices, {losses.holes_ms:.0f} ms together"] * bool(
        losses.holes
    )
    return told + [f"{device} lost sound {_times(times)}" for device, times in losses.by_device]


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"
