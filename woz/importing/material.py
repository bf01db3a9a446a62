"""What a session is made of, when it was recorded elsewhere: a view, and voices that began at other times."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from woz.base.clock import SystemClock
from woz.base.errors import WozError, permitted
from woz.capture.media_file import MediaFileSource
from woz.capture.replay import Item
from woz.capture.source import AudioBlock
from woz.capture.vrs_file import VrsFileSource
from woz.importing.by_sound import Alignment, align
from woz.importing.sound_file import read_sound, sound_blocks
from woz.model.people import Role
from woz.sound.whitening import Samples
from woz.timing.clock_map import ClockMap

ViewSource = MediaFileSource | VrsFileSource
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class ByHand:
    """Where a recording begins, in ns of session time, and how much slower than session time its clock runs."""

    offset_ns: int
    drift_ppm: float = 0.0


@dataclass(frozen=True, slots=True)
class VoiceFile:
    """A voice that was recorded on its own; `by_hand` where its place isn't to be found by its sound."""

    role: Role
    path: Path
    by_hand: ByHand | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """A recording whose place on session time is known, and how: 'sound', 'time code' or 'hand'.

    `clock_map` leads from its own time, which begins with 0, to session time. `strength`, `confidence` and
    `agreeing` are those of the alignment by sound.
    """

    path: Path
    clock_map: ClockMap
    how: str
    strength: float | None = None
    confidence: float | None = None
    agreeing: int | None = None


def require_file(path: Path) -> None:
    """Raises WozError where there is none."""
    with permitted():
        if not path.is_file():
            raise WozError(f"There is no file {path}; check its path.")


def open_view(path: Path) -> ViewSource:
    """A video or an Aria recording. Raises WozError for one that is missing, damaged, or none."""
    source = VrsFileSource if path.suffix.lower() == ".vrs" else MediaFileSource
    return source(path, SystemClock())


def view_items(view: ViewSource) -> Iterator[Item]:
    """All that a view's file holds. Raises WozError where it is damaged, or ends before it says."""
    reach_ns = view.begin_ns
    for item in view.items():
        reach_ns = max(reach_ns, item.device_ns)
        yield item
    if reach_ns - view.begin_ns < 0.98 * view.duration_ns - 1e9:
        at_s, length_s = (reach_ns - view.begin_ns) / 1e9, view.duration_ns / 1e9
        raise WozError(f"{view.info.name} is cut off: {at_s:.1f} of {length_s:.1f} s are there; copy it again.")


def place(view: ViewSource, path: Path, voices: list[VoiceFile], say: Say) -> list[Placed]:
    """Lay each voice on the time of the view's sound. Raises WozError where one has no sound in common with it."""
    sound: Samples | None = None
    placed = []
    for voice in voices:
        known = by_hand(voice.path, voice.by_hand) or _by_time_code(view, voice.path)
        if known is None:
            say(f"Aligning {voice.path.name} by its sound")
            sound = read_sound(_own_sound(view, path)) if sound is None else sound
            known = by_sound(sound, path, voice.path)
        placed.append(known)
    return placed


def demand_sound(view: ViewSource, path: Path, voice: VoiceFile) -> None:
    """Raises WozError where a voice's file holds no sound, or the view has none to place it by."""
    if next(sound_blocks(voice.path), None) is None:
        raise WozError(f"{voice.path.name} holds no sound; choose another file.")
    if not voice.by_hand and not _by_time_code(view, voice.path):
        _own_sound(view, path)


def by_hand(path: Path, wanted: ByHand | None) -> Placed | None:
    if wanted is None:
        return None
    return Placed(path, ClockMap.line(0, wanted.offset_ns, wanted.drift_ppm), "hand")


def by_sound(sound: Samples, against: Path, path: Path) -> Placed:
    """Raises WozError, which names both files, where they have no sound in common."""
    try:
        found: Alignment = align(sound, read_sound(sound_blocks(path)))
    except WozError as error:
        raise WozError(f"{path.name} can't be laid on {against.name}. {error}") from error
    return Placed(path, found.clock_map, "sound", found.strength, found.confidence, found.agreeing)


def _own_sound(view: ViewSource, path: Path) -> Iterator[AudioBlock]:
    if view.info.audio_rate is None:
        raise WozError(f"{path.name} holds no sound to align by; set where each voice begins with --offset.")
    return sound_blocks(path)


def _by_time_code(view: ViewSource, path: Path) -> Placed | None:
    """Two Aria recordings of one time code."""
    if path.suffix.lower() != ".vrs" or not isinstance(view, VrsFileSource) or view.time_code is None:
        return None
    other = VrsFileSource(path, SystemClock())
    if other.time_code is None:
        return None
    own = view.time_code
    ends = (0, max(1_000_000_000, other.duration_ns))
    knots = [(t, own.from_session(other.time_code.to_session(t + other.begin_ns)) - view.begin_ns) for t in ends]
    return Placed(path, ClockMap(tuple(knots)), "time code")
