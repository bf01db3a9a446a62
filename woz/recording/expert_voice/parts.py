"""The parts of the expert's own recording, as they lie in a session's folder, and their way into its manifest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from woz.base.errors import WozError
from woz.base.interval import NS_PER_S
from woz.base.settings import AUDIO_RATE
from woz.model.stream import StreamKind
from woz.model.voice_copy import VoiceCopy
from woz.recording.expert_voice.comparison import compare_voices
from woz.recording.folder.adoption import adopt_voice
from woz.recording.folder.manifest import Manifest
from woz.recording.folder.media_facts import media_facts, tracks_of
from woz.recording.folder.session_folder import SessionFolder, sha256_of
from woz.recording.folder.voice_place import BESIDE_NS, require_place
from woz.recording.live.writer import VoiceWriter
from woz.sound.reading import sound_blocks
from woz.timing.clock_map import ClockMap

OWN, RECEIVED = "own", "received"
_APART = "The parts of the expert's own recording don't follow each other in time; they are kept as they are."
SILENCE_SAMPLES = 10 * AUDIO_RATE
"""Written at once."""
_TO_WRITER = np.float32(32768 / 32767)
"""Decoders and our writer scale 16-bit samples differently; with this they come out as they went in."""


def known_parts(folder: SessionFolder) -> list[VoiceCopy]:
    """The recordings that a console has offered for this session, in their order; a damaged note is passed over."""
    found = []
    for path in sorted(folder.voice_parts.glob("*.json")):
        try:
            copy = VoiceCopy.load(path)
        except WozError:
            continue
        if copy.session_id == folder.path.name:
            found.append(copy)
    return sorted(found, key=lambda copy: copy.part)


def is_complete(folder: SessionFolder) -> bool:
    """Whether all parts that there are have come whole."""
    parts = known_parts(folder)
    expected = max((copy.parts for copy in parts), default=0)
    return 0 < expected <= sum(copy.sealed and _place(folder, copy).is_file() for copy in parts)


def is_pending(folder: SessionFolder) -> bool:
    """Whether the whole recording is here, but the session was not given it, or it was not compared: a crash came
    between. Raises WozError for a manifest that can't be read."""
    manifest = folder.manifest()
    if manifest.stream(StreamKind.EXPERT_SAID):
        return not manifest.made_of and manifest.comparison is None
    return is_complete(folder) or _misplaced(folder) is not None


def take_in_parts(folder: SessionFolder) -> Manifest:
    """Make the console's recording the session's own, where all of it is here; else mark that it isn't.

    Parts of a console that was started again are laid into one file, with silence between. What a crash broke off
    is done again. Raises WozError where a part can't be read or placed.
    """
    manifest = folder.manifest()
    if manifest.stream(StreamKind.EXPERT_SAID) is None:
        _clear_place(folder)
        if not is_complete(folder):
            return _marked(folder, manifest)
        _adopt(folder)
    elif not is_pending(folder):
        return _marked(folder, manifest)
    return _with_comparison(folder)


def _clear_place(folder: SessionFolder) -> None:
    """A recording that lies in the session's place, but is not in its manifest, goes among the parts."""
    if not folder.expert.exists() or not (back := _misplaced(folder) or _set_aside(folder)):
        return
    try:
        folder.expert.rename(back)
    except OSError as error:
        raise WozError(f"{folder.expert} can't be moved ({error.strerror}); nothing was changed.") from error


def _misplaced(folder: SessionFolder) -> Path | None:
    """Where the part belongs that was moved to the session's place, but not noted in the manifest."""
    missing = [copy for copy in known_parts(folder) if copy.sealed and not _place(folder, copy).exists()]
    if not missing or not folder.expert.exists():
        return None
    sha256 = sha256_of(folder.expert)
    return next((_place(folder, copy) for copy in missing if copy.sha256 == sha256), None)


def _set_aside(folder: SessionFolder) -> Path | None:
    """For one that would be in the way of all the parts: these, joined before, or a stranger."""
    return folder.voice_parts / f"found-{sha256_of(folder.expert)[:16]}.mka" if is_complete(folder) else None


def _adopt(folder: SessionFolder) -> None:
    parts = [(copy, _place(folder, copy)) for copy in known_parts(folder)]
    maps = [(path, _map(copy)) for copy, path in parts]
    manifest = folder.manifest()
    for path, clock_map in maps:
        require_place(manifest, clock_map, length_ns(path))
    if len(parts) == 1:
        adopt_voice(folder, parts[0][1], maps[0][1], parts[0][0].sha256)
    else:
        joined = folder.voice_parts / "joined.mka"
        joined.unlink(missing_ok=True)
        clock_map = join_voices(maps, joined, (manifest.duration_ns or 0) + 2 * BESIDE_NS)
        adopt_voice(folder, joined, clock_map, sha256_of(joined))


def _with_comparison(folder: SessionFolder) -> Manifest:
    """Compare the expert's own recording with what was heard, and keep that in the manifest. Raises WozError."""
    manifest = replace(folder.manifest(), expert_voice=OWN, comparison=compare_voices(folder))
    manifest.save(folder.manifest_path)
    return manifest


def join_voices(parts: Sequence[tuple[Path, ClockMap]], target: Path, most_silence_ns: int) -> ClockMap:
    """Lay recordings that follow one another into a new file, bit for bit; the answer maps it to session time.

    Each is placed by its own clock map, on the clock of the first. Raises WozError for a file that can't be read,
    or where there would be more silence in all than `most_silence_ns`.
    """
    ordered = sorted(parts, key=lambda part: part[1].to_session(0))
    base = ordered[0][1]
    knots: list[tuple[int, int]] = []
    left = most_silence_ns * AUDIO_RATE // NS_PER_S
    writer = VoiceWriter(target, "expert")
    try:
        for path, clock_map in ordered:
            start_ns = base.from_session(clock_map.to_session(0))
            silence = max(0, start_ns * AUDIO_RATE // NS_PER_S - writer.samples)
            left -= silence
            if left < 0:
                raise WozError(_APART)
            _write_silence(writer, silence)
            knots += _append(writer, path, clock_map)
    finally:
        writer.close()
    try:
        return ClockMap(_rising(knots), base.quality)
    except ValueError:
        raise WozError(_APART) from None


def _write_silence(writer: VoiceWriter, samples: int) -> None:
    for first in range(0, samples, SILENCE_SAMPLES):
        writer.write(np.zeros(min(SILENCE_SAMPLES, samples - first), np.float32))


def length_ns(path: Path) -> int:
    """How long a recording's sound is. Raises WozError where it can't be read."""
    return max((track.end_ns for track in tracks_of(media_facts(path), "audio")), default=0)


def _append(writer: VoiceWriter, path: Path, clock_map: ClockMap) -> list[tuple[int, int]]:
    first = writer.samples
    for _, _, samples in sound_blocks(path, 0):
        writer.write(samples * _TO_WRITER)
    start_ns, end_ns = (n * NS_PER_S // AUDIO_RATE for n in (first, writer.samples))
    inside = [(a + start_ns, b) for a, b in clock_map.knots if 0 < a < end_ns - start_ns]
    return [
        (start_ns, clock_map.to_session(0)),
        *inside,
        (end_ns, clock_map.to_session(end_ns - start_ns)),
    ]


def _rising(knots: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    kept: list[tuple[int, int]] = []
    for knot in knots:
        if not kept or (knot[0] > kept[-1][0] and knot[1] > kept[-1][1]):
            kept.append(knot)
    return tuple(kept)


def _map(copy: VoiceCopy) -> ClockMap:
    if not copy.clock_map:
        raise WozError(
            "The expert's own recording came without the time at which it was made; it is kept in expert.parts."
        )
    return ClockMap.from_json(copy.clock_map)


def _place(folder: SessionFolder, copy: VoiceCopy) -> Path:
    return folder.voice_parts / f"{copy.id}.mka"


def _marked(folder: SessionFolder, manifest: Manifest) -> Manifest:
    marked = replace(manifest, expert_voice=OWN if folder.expert.exists() else RECEIVED)
    if marked != manifest:
        marked.save(folder.manifest_path)
    return marked
