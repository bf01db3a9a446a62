"""What an annotator says about a moment: a file each in the session's folder `notes`, FLAC in Matroska."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

import av
import numpy as np

from woz.base.errors import WozError
from woz.base.interval import NS_PER_S
from woz.base.settings import AUDIO_RATE
from woz.capture.source import AudioBlock
from woz.recording.folder.session_folder import sha256_of

FOLDER = "notes"


def note_path(session: Path, note_id: str) -> Path:
    """Where the sound of an annotation lies, or is to lie."""
    return session / FOLDER / f"{note_id}.mka"


class SpokenNote:
    """Written as it is said: what a killed program leaves plays. Blocks may come on any one thread."""

    def __init__(self, path: Path) -> None:
        """Raises WozError where it can't be written."""
        self.path = path
        self._samples = 0
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._container = av.open(str(path), "w", format="matroska", options={"flush_packets": "1"})
            self._stream = self._container.add_stream("flac", rate=AUDIO_RATE, layout="mono", format="s16")
        except OSError as error:
            raise WozError(f"What is said can't be kept in {path.parent} ({error.strerror}).") from error

    @property
    def duration_ns(self) -> int:
        return self._samples * NS_PER_S // AUDIO_RATE

    def write(self, block: AudioBlock) -> None:
        """Raises OSError where the disk is full or away."""
        whole = (np.clip(block.samples, -1, 1) * 32767).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(whole[np.newaxis], format="s16", layout="mono")
        frame.rate, frame.pts = AUDIO_RATE, self._samples
        self._samples += len(whole)
        self._container.mux(self._stream.encode(frame))

    def close(self) -> str:
        """Its hash (SHA-256). Raises WozError where not all could be written."""
        try:
            self._container.mux(self._stream.encode(None))
            self._container.close()
        except OSError as error:
            raise WozError(f"What was said can't be kept in {self.path} ({error.strerror}).") from error
        return sha256_of(self.path)

    def __enter__(self) -> SpokenNote:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
