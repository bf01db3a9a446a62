"""In which track of a session somebody is heard."""

from __future__ import annotations

from woz.base.errors import WozError
from woz.model.people import Role
from woz.model.stream import StreamKind
from woz.recording.folder.session_folder import SessionFolder
from woz.transcription.task import Track


def track_at(folder: SessionFolder, kind: StreamKind) -> Track | None:
    """Where a stream of the session lies; None where there is none."""
    entry = folder.manifest().stream(kind)
    return Track(str(folder.path / entry.path), entry.track) if entry else None


def track_of(folder: SessionFolder, speaker: Role) -> Track:
    """The track on session time: the expert's as heard, everybody else's is the trainee's.

    A session with one track for everybody has that. Raises WozError where there is none.
    """
    kinds = [StreamKind.TRAINEE_VOICE, StreamKind.EXPERT_HEARD]
    for kind in reversed(kinds) if speaker == Role.EXPERT else kinds:
        if track := track_at(folder, kind):
            return track
    raise WozError(f"{folder.path.name} has no voice: it was recorded without sound.")
