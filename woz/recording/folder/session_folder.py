"""Where the files of one session lie."""

from __future__ import annotations

import contextlib
import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path

from woz.base.errors import WozError
from woz.model.ids import SessionId
from woz.model.session import SessionState
from woz.model.stream import MAIN_FRAMES, frames_of
from woz.recording.folder.lock import RecordingLock
from woz.recording.folder.manifest import Manifest
from woz.recording.folder.versions import program_versions

DERIVED = "derived"


@dataclass(frozen=True, slots=True)
class SessionFolder:
    path: Path

    @classmethod
    def create(
        cls,
        sessions: Path,
        session_id: SessionId,
        start_utc_ns: int,
        procedure: str = "",
        lock: RecordingLock | None = None,
    ) -> SessionFolder:
        """A new session's folder with its manifest. Raises WozError where it exists or can't be made.

        `lock`, the folder's own, is held from before the manifest says that it is being recorded.
        """
        folder = cls(sessions / session_id)
        try:
            folder.path.mkdir(parents=True)
        except FileExistsError:
            raise WozError(f"{folder.path} exists already; nothing was overwritten.") from None
        except OSError as error:
            raise _not_made(sessions, error) from error
        try:
            if lock and not lock.take():
                raise in_other_hands(folder.path)
            folder.sensors.mkdir()
            begun = Manifest(
                session_id, SessionState.RECORDING, start_utc_ns, procedure, versions=program_versions()
            )
            begun.save(folder.manifest_path)
        except OSError as error:
            folder.discard(lock)
            raise _not_made(sessions, error) from error
        except WozError:
            folder.discard(lock)
            raise
        return folder

    @classmethod
    def open(cls, path: Path) -> SessionFolder:
        """Raises WozError where there is no session's folder."""
        folder = cls(path)
        folder.manifest()
        return folder

    def discard(self, lock: RecordingLock | None) -> None:
        """Take away the folder of a session that could not begin; it is none any more before nobody holds it."""
        with contextlib.suppress(OSError):
            self.manifest_path.unlink()
        if lock:
            lock.release()
        shutil.rmtree(self.path, ignore_errors=True)

    def manifest(self) -> Manifest:
        return Manifest.load(self.manifest_path)

    @property
    def manifest_path(self) -> Path:
        return self.path / "manifest.json"

    @property
    def ego(self) -> Path:
        return self.path / "ego.mkv"

    @property
    def expert(self) -> Path:
        return self.path / "expert.mka"

    @property
    def voice_parts(self) -> Path:
        """Where the expert's own recording arrives, chunk by chunk, until all of it is here."""
        return self.path / "expert.parts"

    @property
    def events(self) -> Path:
        return self.path / "events.jsonl"

    @property
    def lock(self) -> Path:
        return self.path / ".recording"

    @property
    def sensors(self) -> Path:
        return self.path / "sensors"

    @property
    def frames(self) -> Path:
        return self.path / MAIN_FRAMES

    @property
    def derived(self) -> Path:
        """What can be made anew from the recording."""
        return self.path / DERIVED

    @property
    def verdict(self) -> Path:
        """What the last check said."""
        return self.derived / "check.json"

    @property
    def gaze(self) -> Path:
        return self.sensors / "gaze.csv"

    @property
    def mps_gaze(self) -> Path:
        """Gaze in the form of Aria's machine perception services."""
        return self.sensors / "general_eye_gaze.csv"

    @property
    def room(self) -> Path:
        """The camera's own sound, where the trainee had a microphone."""
        return self.path / "room.mka"

    @property
    def other_view(self) -> Path:
        """The view of a second camera."""
        return self.path / "camera.mkv"

    @property
    def other_frames(self) -> Path:
        return self.path / frames_of("")

    @property
    def expert_gaze(self) -> Path:
        """Where the expert looked, as points in the view."""
        return self.sensors / "expert_gaze.csv"

    @property
    def own_recording(self) -> Path:
        """What the glasses recorded for themselves."""
        return self.sensors / "ego.vrs"


def in_other_hands(folder: Path) -> WozError:
    return WozError(f"Another program of woz works on {folder} at this moment; begin again.")


def _not_made(sessions: Path, error: OSError) -> WozError:
    return WozError(f"The session's folder can't be made in {sessions} ({error.strerror}); choose another project.")


def derived_of(media: Path) -> Path:
    """Where what is made of a file of a session lies, also of one that was made itself."""
    return media.parent if media.parent.name == DERIVED else media.parent / DERIVED


def sha256_of(path: Path) -> str:
    """Raises WozError where the file can't be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise WozError(f"{path} can't be read ({error.strerror}).") from error


def free_bytes(path: Path) -> int:
    """What the disk that holds a path (or its nearest existing parent) still takes."""
    while not path.exists() and path != path.parent:
        path = path.parent
    return shutil.disk_usage(path).free
