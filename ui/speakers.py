"""Whose voices were told apart: samples to listen to, and their names once a person knows."""

from __future__ import annotations

import wave
from dataclasses import replace
from pathlib import Path

import numpy as np

from storage import Project
from woz.edits import Edit
from woz.errors import WozError
from woz.interval import Interval
from woz.recording.folder import SessionFolder
from woz.session import Role, SessionId, StreamKind, Turn
from woz.transcription.samples import samples_of, voices_of
from woz.transcription.tracks import RATE, read_sound


def voices_with_samples(project: Project, session: SessionId) -> dict[str, list[Interval]]:
    """Three moments (session time) of each voice that diarization found in the newest transcript."""
    turns = _newest_turns(project, session)
    return {voice: samples_of(turns, voice) for voice in voices_of(turns)}


def write_samples(
    project: Project, session: SessionId, voices: dict[str, list[Interval]], out: Path
) -> dict[str, list[Path]]:
    """The moments as WAV files. Raises WozError where they can't be written."""
    folder = SessionFolder.open(project.session_dir(session))
    entry = folder.manifest().stream(StreamKind.TRAINEE_VOICE)
    if entry is None:
        raise WozError(f"{session} has no track to cut samples from.")
    sound = read_sound(folder.path / entry.path, entry.track)
    try:
        out.mkdir(parents=True, exist_ok=True)
        return {
            voice: [
                _write(sound.samples, s.shifted(-sound.start_ns), _name(out, voice, i)) for i, s in enumerate(spans)
            ]
            for voice, spans in voices.items()
        }
    except OSError as error:
        raise WozError(
            f"The samples can't be written to {out} ({error.strerror}); choose another folder."
        ) from error


def name_voices(project: Project, session: SessionId, names: dict[str, str]) -> int:
    """Give the turns of each voice their speaker: trainee, expert or other. The answer is how many turns changed.

    The voice's name stays with the turn, so that a mistake can be set right. Raises WozError for an unknown name.
    """
    turns = _newest_turns(project, session)
    for voice, who in names.items():
        if voice not in voices_of(turns):
            raise WozError(f"There is no voice “{voice}”; there are: {', '.join(voices_of(turns)) or 'none'}.")
        if who not in [role.value for role in Role]:
            raise WozError(f"“{who}” is nobody here: say trainee, expert or other.")
    before = tuple(t for t in turns if t.voice in names and t.speaker != names[t.voice])
    after = tuple(replace(t, speaker=Role(names[t.voice])) for t in before)
    if before:
        project.annotations.record(session, Edit("Say whose voices these are", before, after), "woz speakers")
    return len(before)


def _newest_turns(project: Project, session: SessionId) -> list[Turn]:
    made = project.transcripts.of_session(session)
    if not made:
        raise WozError(f"{session} has no transcript yet; run woz transcribe.")
    return project.transcripts.turns(made[-1].id)


def _name(out: Path, voice: str, number: int) -> Path:
    return out / f"{voice.replace(' ', '-')}-{number + 1}.wav"


def _write(samples: np.ndarray, span: Interval, path: Path) -> Path:
    part = samples[max(0, span.start_ns) * RATE // 10**9 : max(0, span.end_ns) * RATE // 10**9]
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.clip(part, -1, 1) * 32767).astype("<i2").tobytes())
    return path
