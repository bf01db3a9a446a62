"""All that is written while a session runs: the view with both voices, and the tables beside it."""

from __future__ import annotations

import logging
from contextlib import ExitStack

from woz.base.interval import NS_PER_S, Interval
from woz.base.settings import AUDIO_RATE, VideoSettings
from woz.capture.source import GazeSample, SourceInfo, VideoFrame
from woz.model.stream import StreamKind
from woz.recording.folder.session_folder import SessionFolder
from woz.recording.folder.waves import save_waves
from woz.recording.live.mps_gaze import MpsGazeTable
from woz.recording.live.tables import FrameTable, GazeTable
from woz.recording.live.writer import EgoWriter, VoiceStream, VoiceWriter
from woz.sound.mixer import TrackMixer
from woz.sound.session_track import Samples

log = logging.getLogger(__name__)

GAP_FRAMES = 3.0
"""Frames that are further apart than this many usual distances leave a gap in the view."""


class SessionMedia:
    """Used by one thread at a time. Methods raise OSError where the disk takes no more."""

    def __init__(self, folder: SessionFolder, info: SourceInfo, settings: VideoSettings) -> None:
        """Raises WozError where a file exists already or can't be made."""
        self._ego_path = folder.ego
        self._ego = EgoWriter(folder.ego, info.width, info.height, info.fps, settings, info.colours)
        self._frame_table = FrameTable(folder.frames)
        self._gaze_table = GazeTable(folder.gaze) if info.gaze else None
        self._mps_gaze = MpsGazeTable(folder.mps_gaze, folder.path.name) if info.gaze else None
        self._longest_ns = round(GAP_FRAMES * NS_PER_S / info.fps)
        self._view: Interval | None = None
        self.view_gaps: list[Interval] = []
        self.mixers = {StreamKind.TRAINEE_VOICE: TrackMixer(), StreamKind.EXPERT_HEARD: TrackMixer()}
        self._room_path = folder.room
        self._room: VoiceWriter | None = None

    @property
    def frames(self) -> int:
        return self._ego.frames

    @property
    def gaze_samples(self) -> int | None:
        """None where the source has no gaze."""
        return self._gaze_table.rows if self._gaze_table else None

    @property
    def view_interval(self) -> Interval:
        """From the first frame to the last."""
        return self._view or Interval(0, 0)

    def expect(self, kind: StreamKind, name: str) -> None:
        """Name an input of a track before its first sound, so that the track waits for it.

        The camera's own sound beside the trainee's (`ROOM`) is a file of its own, made where it is expected.
        Raises WozError where that can't be made.
        """
        if kind == StreamKind.ROOM and self._room is None:
            self._room = VoiceWriter(self._room_path, "camera")
            self.mixers[kind] = TrackMixer()
        self.mixers[kind].expect(name)

    def stream(self, kind: StreamKind) -> VoiceStream | VoiceWriter:
        if kind == StreamKind.ROOM and self._room:
            return self._room
        return self._ego.trainee if kind == StreamKind.TRAINEE_VOICE else self._ego.heard

    def written_ns(self, kind: StreamKind) -> int:
        """How far a stream is written."""
        if kind == StreamKind.VIEW:
            return max(self.view_interval.end_ns, *(gap.end_ns for gap in self.view_gaps[-1:]), 0)
        return self.stream(kind).samples * NS_PER_S // AUDIO_RATE

    def gaps(self) -> list[tuple[StreamKind, Interval]]:
        """Those of the view and of all sound."""
        view = [(StreamKind.VIEW, gap) for gap in self.view_gaps]
        return view + [(kind, gap) for kind, mixer in self.mixers.items() for gap in mixer.gaps]

    def view(self, frame: VideoFrame, at_ns: int) -> None:
        key = self._ego.view(frame.image, at_ns)
        self._frame_table.add(frame, at_ns, key)
        if self._view is None:
            self._view = Interval(at_ns, at_ns)
        elif at_ns - self._view.end_ns > self._longest_ns:
            self.view_gaps.append(Interval(self._view.end_ns, at_ns))
        self._view |= Interval(at_ns, at_ns)

    def step_down(self) -> str | None:
        """Encode the view faster; the preset's name, or None where there is no faster one."""
        return self._ego.step_down()

    def voice(self, kind: StreamKind, name: str, at_ns: int, samples: Samples, rate: int) -> None:
        self.stream(kind).write(self.mixers[kind].add(name, at_ns, samples, rate))

    def gaze(self, sample: GazeSample, at_ns: int) -> None:
        if self._gaze_table and self._mps_gaze:
            self._gaze_table.add(sample, at_ns)
            self._mps_gaze.add(sample)

    def fill_to(self, session_ns: int) -> None:
        """Wait no longer for sound from before this time."""
        for kind, mixer in self.mixers.items():
            self.stream(kind).write(mixer.fill_to(session_ns))

    def close(self, end_ns: int) -> None:
        """Bring all sound to its end and close all files; they are closed even where this raises OSError."""
        seen_ns = self.view_interval.end_ns
        if end_ns - seen_ns > self._longest_ns:
            self.view_gaps.append(Interval(seen_ns, end_ns))
        with ExitStack() as files:
            tables = (self._frame_table, self._gaze_table, self._mps_gaze)
            for file in (*tables, self._room, self._ego):
                if file:
                    files.callback(file.close)
            for kind, mixer in self.mixers.items():
                self.stream(kind).write(mixer.finish(end_ns))
        self._keep_waves()

    def _keep_waves(self) -> None:
        """An editor makes them anew where they are missing."""
        try:
            save_waves(self._ego_path, (self._ego.trainee.outline(), self._ego.heard.outline()))
        except OSError as error:
            log.warning("no waveforms were kept beside %s (%s)", self._ego_path, error.strerror)
