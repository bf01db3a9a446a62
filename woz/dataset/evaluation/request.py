"""A request to a model as it is sent, and as it is kept: pictures and sound by name and hash."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from pathlib import Path

import av

from woz.base.errors import WozError
from woz.dataset.evaluation.conditions import Shown
from woz.dataset.harness.released import Released
from woz.dataset.models.endpoint import Endpoint
from woz.dataset.models.requests import Body, Request, picture_part
from woz.dataset.release.checking import demand_as_frozen

SOUND_RATE = 16_000


@dataclass(frozen=True, slots=True)
class Asking:
    """How a model is asked, the same for all."""

    model: str
    most_tokens: int = 16
    temperature: float = 0.0
    seed: int = 0

    def body(self, content: object) -> Body:
        message = {"role": "user", "content": content}
        settings = {"temperature": self.temperature, "seed": self.seed, "max_tokens": self.most_tokens}
        return {"model": self.model, "messages": [message], **settings}


@dataclass(frozen=True, slots=True)
class Put:
    """Something to be asked; `id` is a question's, or a window's."""

    condition: str
    id: str
    shown: Shown


def request_of(put: Put, asking: Asking, release: Released, endpoint: Endpoint) -> Request:
    """Kept with the release's names and hashes of pictures and sound, sent with what they hold."""
    kept = _kept(asking, put.shown, release)
    return Request(endpoint, put.condition, put.id, kept, lambda: _sent(asking, put.shown, release))


def _kept(asking: Asking, shown: Shown, release: Released) -> Body:
    files = release.manifest.files
    parts: list[Body] = [{"frame": name, "sha256": files[name].sha256} for name in shown.frames if name in files]
    if shown.clip in files:
        parts.append({"sound_of": shown.clip, "sha256": files[shown.clip].sha256})
    return asking.body([*parts, {"type": "text", "text": shown.text}] if parts else shown.text)


def _sent(asking: Asking, shown: Shown, release: Released) -> Body:
    """With the pictures as JPEG, in their order, before the text. Raises WozError for files that were changed."""
    demand_as_frozen(release.folder, release.manifest, [*shown.frames, *([shown.clip] if shown.clip else [])])
    parts = [picture_part((release.folder / name).read_bytes()) for name in shown.frames]
    if shown.clip:
        sound = base64.b64encode(wav_of(release.folder / shown.clip)).decode()
        parts.append({"type": "input_audio", "input_audio": {"data": sound, "format": "wav"}})
    return asking.body([*parts, {"type": "text", "text": shown.text}] if parts else shown.text)


def wav_of(path: Path) -> bytes:
    """A clip's sound as 16-bit mono at 16 kHz. Raises WozError where it has none."""
    out = io.BytesIO()
    try:
        with av.open(str(path)) as clip, av.open(out, "w", format="wav") as wav:
            if not clip.streams.audio:
                raise WozError(f"{path} has no sound; run without --sound.")
            track = wav.add_stream("pcm_s16le", rate=SOUND_RATE, layout="mono")
            assert isinstance(track, av.AudioStream)
            changed = av.AudioResampler("s16", "mono", SOUND_RATE)
            for frame in [*clip.decode(clip.streams.audio[0]), None]:
                for each in changed.resample(frame):
                    wav.mux(track.encode(each))
            wav.mux(track.encode(None))
    except av.FFmpegError as error:
        raise WozError(f"The sound of {path} can't be read ({error.strerror}).") from error
    return out.getvalue()
