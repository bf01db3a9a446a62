"""Whose voices were told apart: samples to listen to, and their names once a person knows."""

from __future__ import annotations

import wave
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from woz.annotation.edits import Edit
from woz.annotation.voices import LONG_ENOUGH_NS, Voice, assign, samples, voice_of
from woz.base.errors import WozError
from woz.base.interval import Interval
from woz.lab.ports import Project
from woz.lab.voice_tracks import track_of
from woz.model.ids import SessionId
from woz.model.people import Role
from woz.model.transcript import Turn
from woz.recording.folder.session_folder import SessionFolder
from woz.transcription.task import Track
from woz.transcription.tracks import RATE, read_part


def voices_with_samples(project: Project, session: SessionId) -> dict[str, list[Interval]]:
    """Up to three moments (session time) of each voice in the newest transcript."""
    turns = _newest_turns(project, session)
    return {
        voice.label: [_cut(turn.interval) for turn in samples(turns, voice)]
        for voice in sorted(_by_label(turns).values(), key=lambda v: v.label)
    }


def write_samples(
    project: Project, session: SessionId, voices: Mapping[str, list[Interval]], out: Path
) -> dict[str, list[Path]]:
    """The moments as WAV files. Raises WozError where they can't be written."""
    folder, who = SessionFolder.open(project.session_dir(session)), _by_label(_newest_turns(project, session))
    try:
        out.mkdir(parents=True, exist_ok=True)
        return {
            voice: [
                _write(track_of(folder, who[voice].role), span, _name(out, voice, i))
                for i, span in enumerate(spans)
            ]
            for voice, spans in voices.items()
        }
    except OSError as error:
        raise WozError(
            f"The samples can't be written to {out} ({error.strerror}); choose another folder."
        ) from error


def name_voices(project: Project, session: SessionId, names: Mapping[str, str]) -> int:
    """Give all turns of each voice to the trainee or the expert, as one edit; the answer is how many changed.

    Raises WozError for a voice that says nothing, or a name that is neither.
    """
    turns = _newest_turns(project, session)
    edits = [assign(turns, _voice(turns, voice), _person(who)) for voice, who in names.items()]
    before = tuple(turn for edit in edits for turn in edit.before if isinstance(turn, Turn))
    after = tuple(turn for edit in edits for turn in edit.after)
    project.annotations.record(session, Edit("Say whose voices these are", before, after), "woz speakers")
    return len(before)


def _voice(turns: list[Turn], label: str) -> Voice:
    known = _by_label(turns)
    if label not in known:
        raise WozError(f"There is no voice “{label}”; there are: {', '.join(sorted(known))}.")
    return known[label]


def _person(who: str) -> Voice:
    if who not in (Role.TRAINEE, Role.EXPERT):
        raise WozError(f"“{who}” is nobody here: say trainee or expert.")
    return Voice(Role(who))


def _by_label(turns: list[Turn]) -> dict[str, Voice]:
    return {voice.label: voice for voice in map(voice_of, turns)}


def _newest_turns(project: Project, session: SessionId) -> list[Turn]:
    made = project.transcripts.of_session(session)
    if not made:
        raise WozError(f"{session} has no transcript yet; run woz transcribe.")
    return project.transcripts.turns(made[-1].id)


def _cut(span: Interval) -> Interval:
    return Interval(span.start_ns, min(span.end_ns, span.start_ns + LONG_ENOUGH_NS))


def _name(out: Path, voice: str, number: int) -> Path:
    return out / f"{voice.replace(' ', '-')}-{number + 1}.wav"


def _write(track: Track, span: Interval, path: Path) -> Path:
    part, _ = read_part(Path(track.path), track.track, span)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.clip(part, -1, 1) * 32767).astype("<i2").tobytes())
    return path
