"""Media files, written once: the trainee's view with both voices, and the expert's own voice."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.frame import PictureType
from av.video.stream import VideoStream

from woz.base.colours_kept import Colours
from woz.base.errors import WozError
from woz.base.pictures import reshaped
from woz.base.settings import AUDIO_RATE, VideoSettings
from woz.recording.live.encoders import MILLISECOND, configure, faster_than, open_encoder
from woz.sound.session_track import Samples
from woz.sound.waveform import Bins, Folding

LIVE = {"cluster_time_limit": "250", "max_interleave_delta": "250000", "flush_packets": "1"}
"""A killed process loses the cluster that it was writing, a quarter of a second at most. While a stream is late,
the others wait no longer than that for it (microseconds): FFmpeg would hold them back for ten seconds."""
FLAC_FRAME = 960


def _open(path: Path) -> OutputContainer:
    if path.exists():
        raise WozError(f"{path} exists already; nothing was overwritten.")
    try:
        path.touch()  # FFmpeg makes it with the first packet only, too late for whoever watches it
        return av.open(str(path), "w", format="matroska", options=LIVE)
    except OSError as error:
        raise WozError(f"{path} can't be written ({error.strerror}).") from error


def _add_voice(container: OutputContainer, title: str) -> AudioStream:
    stream = container.add_stream("flac", rate=AUDIO_RATE, layout="mono", format="s16")
    assert isinstance(stream, AudioStream)
    stream.codec_context.options = {"frame_size": str(FLAC_FRAME)}
    stream.metadata.update(title=title, language="und")
    return stream


class VoiceStream:
    """One FLAC track, fed by continuous samples from time 0 on."""

    def __init__(self, container: OutputContainer, title: str) -> None:
        self._container = container
        self._stream = _add_voice(container, title)
        self._outline = Folding(AUDIO_RATE)
        self.samples = 0

    def write(self, samples: Samples) -> None:
        if not len(samples):
            return
        pcm = np.round(np.clip(samples, -1, 1) * 32767).astype(np.int16).reshape(1, -1)
        self._outline.add(pcm[0])
        frame = av.AudioFrame.from_ndarray(pcm, format="s16", layout="mono")
        frame.sample_rate = AUDIO_RATE
        frame.pts = self.samples
        frame.time_base = Fraction(1, AUDIO_RATE)
        self.samples += len(samples)
        self._container.mux(self._stream.encode(frame))

    def finish(self) -> None:
        self._container.mux(self._stream.encode(None))

    def outline(self) -> Bins:
        """Of all that was written; asked for once, at the end."""
        return self._outline.finish()


class EgoWriter:
    """ego.mkv: H.264 without B-frames whose time stamps are session time to the millisecond, and two FLAC tracks.

    Raises WozError where the file exists or can't be made, OSError from any method where the disk takes no more.
    """

    def __init__(
        self,
        path: Path,
        width: int,
        height: int,
        fps: float,
        settings: VideoSettings,
        colours: Colours | None = None,
    ) -> None:
        self._container = _open(path)
        self._size, self._fps, self._settings, self._colours = (width, height), fps, settings, colours
        self._video = self._add_view(width, height, fps, settings)
        self._encoder = self._video.codec_context
        self.trainee = VoiceStream(self._container, "trainee")
        self.heard = VoiceStream(self._container, "expert, as heard")
        self.frames = 0
        self._last_ms = -1
        self._next_key_ms = 0.0
        self._key_every_ms = 1000 * (settings.key_frame_every_s - 0.5 / fps)

    def _add_view(self, width: int, height: int, fps: float, settings: VideoSettings) -> VideoStream:
        stream = self._container.add_stream(settings.record_codec, rate=max(1, round(fps)))
        assert isinstance(stream, VideoStream)
        stream.time_base = MILLISECOND
        configure(stream.codec_context, settings, width, height, fps, self._colours)
        stream.metadata["title"] = "trainee's view"
        return stream

    def view(self, image: av.VideoFrame, session_ns: int) -> bool:
        """Write a yuv420p picture, scaled where its size is not that of the file; True where it is a key frame.

        A picture that is not later than the last one is put a millisecond after it.
        """
        milliseconds = max(self._last_ms + 1, round(session_ns / 1e6))
        if (image.width, image.height) != self._size:
            image = reshaped(image, *self._size)
        key = milliseconds >= self._next_key_ms
        if key:
            self._next_key_ms = milliseconds + self._key_every_ms
        image.pts, image.time_base = milliseconds, MILLISECOND
        image.pict_type = PictureType.I if key else PictureType.NONE
        self._mux(image)
        self._last_ms = milliseconds
        self.frames += 1
        return key

    def step_down(self) -> str | None:
        """Encode the next frames faster; the preset's name, or None where there is no faster one."""
        faster = faster_than(self._settings)
        if faster is None:
            return None
        self._mux(None)
        self._settings = faster
        self._encoder = open_encoder(faster, *self._size, self._fps, self._colours)
        self._next_key_ms = 0.0
        return faster.record_preset

    def _mux(self, image: av.VideoFrame | None) -> None:
        for packet in self._encoder.encode(image):
            packet.stream = self._video
            self._container.mux(packet)

    def close(self) -> None:
        """Write what the encoders hold, and the index. The file is closed even where that fails."""
        try:
            self._mux(None)
            self.trainee.finish()
            self.heard.finish()
        finally:
            self._container.close()


class VoiceWriter:
    """A Matroska file of one lossless voice."""

    def __init__(self, path: Path, title: str) -> None:
        self._container = _open(path)
        self._stream = VoiceStream(self._container, title)

    @property
    def samples(self) -> int:
        return self._stream.samples

    def write(self, samples: Samples) -> None:
        self._stream.write(samples)

    def close(self) -> None:
        try:
            self._stream.finish()
        finally:
            self._container.close()
