"""Masks the voices of a project's sessions for a release: all files and tracks that hold them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import av

from woz.base.errors import WozError
from woz.dataset.release.voices import VoicesOfFilms
from woz.deidentifying.voices.converting import Progress
from woz.deidentifying.voices.keys import Span, TrackKeys, digest_of, key_of
from woz.deidentifying.voices.masking import Masked, is_whole, load_masked, mask, masked_path
from woz.deidentifying.voices.port import Converter
from woz.lab.blurring import SEALED
from woz.lab.ports import Project
from woz.lab.storing import fetch_film
from woz.model.ids import SessionId
from woz.model.people import Role
from woz.model.stream import StreamKind
from woz.model.transcript import Turn
from woz.recording.folder.session_folder import SessionFolder, sha256_of

WITH_SOUND = (".mkv", ".mka", ".mp4", ".mov", ".wav", ".webm")
_EXPERTS = (StreamKind.EXPERT_HEARD, StreamKind.EXPERT_SAID)


@dataclass(frozen=True, slots=True)
class VoiceFile:
    """A file of a session that holds voices, in so many tracks; `sealed` where it can't be masked."""

    path: Path
    tracks: int
    sealed: bool = False


def voice_files(project: Project, session_id: SessionId) -> list[VoiceFile]:
    """Those on this computer. Raises WozError for one that can't be read."""
    return list(_with_sound(path for path in voice_paths(project, session_id) if path.is_file()))


def voice_paths(project: Project, session_id: SessionId) -> list[Path]:
    """All files that may hold voices, wherever they are."""
    folder = SessionFolder(project.session_dir(session_id))
    known = [folder.ego, folder.expert, folder.room, folder.other_view, folder.own_recording]
    named = [folder.path / stream.path for stream in project.streams.of_session(session_id)]
    return [path for path in dict.fromkeys([*known, *named]) if path.suffix in (*SEALED, *WITH_SOUND)]


def _with_sound(paths: Iterator[Path]) -> Iterator[VoiceFile]:
    for path in paths:
        if path.suffix in SEALED:
            yield VoiceFile(path, 0, sealed=True)
        else:
            try:
                with av.open(str(path)) as container:
                    tracks = len(container.streams.audio)
            except (OSError, av.FFmpegError) as error:
                raise WozError(f"{path} can't be read ({error.strerror}); see to it with woz check.") from error
            if tracks:
                yield VoiceFile(path, tracks)


def mask_file(
    project: Project,
    session_id: SessionId,
    file: VoiceFile,
    release: str,
    converter: Converter,
    progress: Progress = lambda _: True,
) -> Masked | None:
    """Raises WozError as `woz.deidentifying.voices.masking.mask` does."""
    return mask(file.path, release, keys_of(project, session_id, file, release), converter, progress)


def keys_of(project: Project, session_id: SessionId, file: VoiceFile, release: str) -> list[TrackKeys]:
    """Of each track: its owner's key, and those of others while they speak, by the newest transcript."""
    folder = SessionFolder(project.session_dir(session_id))
    kinds = {
        (folder.path / stream.path, stream.track): stream.kind
        for stream in project.streams.of_session(session_id)
        if stream.kind not in (StreamKind.VIEW, StreamKind.OTHER_VIEW)
    }
    people, secret = _people(project, session_id), project.voice_masking.secret()
    turns = _turns(project, session_id)

    def key(role: Role, voice: str = "") -> float:
        return key_of(secret, release, f"{people.get(role, role)}{voice and '/' + voice}")

    def track_keys(kind: StreamKind) -> TrackKeys:
        if kind == StreamKind.EXPERT_SAID:
            return TrackKeys(key(Role.EXPERT))
        spans = (Span(t.interval.start_ns, t.interval.end_ns, key(t.speaker, t.voice)) for t in turns)
        return TrackKeys(key(Role.EXPERT if kind in _EXPERTS else Role.TRAINEE), tuple(spans))

    usual = StreamKind.EXPERT_SAID if file.path == folder.expert else StreamKind.TRAINEE_VOICE
    return [track_keys(kinds.get((file.path, track), usual)) for track in range(file.tracks)]


def _people(project: Project, session_id: SessionId) -> dict[Role, str]:
    """Who has a role in a session, by their ids."""
    session = project.sessions.get(session_id)
    usual = {project.participants.get(person).role: str(person) for person in session.participants}
    return usual | {each.role: str(each.participant_id) for each in session.attendance}


def _turns(project: Project, session_id: SessionId) -> list[Turn]:
    transcripts = project.transcripts.of_session(session_id)
    return project.transcripts.turns(transcripts[-1].id) if transcripts else []


def masked_sound(project: Project, session_id: SessionId, release: str) -> Path | None:
    """The masked copy of a session's film; None where the film has no sound."""
    ego = SessionFolder(project.session_dir(session_id)).ego
    file = next((each for each in voice_files(project, session_id) if each.path == ego), None)
    return masked_path(ego, release) if file else None


def voice_objection(project: Project, session_id: SessionId, release: str) -> str:
    """Why a session's sound may not go into a release, in one sentence; empty where it may.

    What only the store has of it is fetched for that. Raises WozError where the store refuses or is away.
    """
    ego = SessionFolder(project.session_dir(session_id)).ego
    if not ego.is_file():
        fetch_film(project, session_id)
    file = next((each for each in voice_files(project, session_id) if each.path == ego), None)
    if file is None:
        return ""
    made, run = load_masked(ego, release), f"run woz voices mask --release {release} --session {session_id}."
    if made is None:
        return f"The voices of {session_id} are not masked for the release {release}; {run}"
    if made.keys != digest_of(keys_of(project, session_id, file, release)):
        return f"Who speaks when in {session_id} was changed since its voices were masked; {run}"
    if made.source_sha256 != sha256_of(ego) or not is_whole(ego, made):
        return f"The film of {session_id}, or its masked voices, are not as they were when masked; {run}"
    return ""


def voices_of_films(project: Project, release: str) -> VoicesOfFilms:
    """As a release asks for it."""
    if not project.voice_masking.required:
        return VoicesOfFilms()
    return VoicesOfFilms(True, lambda session_id: voice_objection(project, session_id, release), _how(release))


def _how(release: str) -> str:
    return f"another voice for each person, drawn for {release} alone"
