"""A session of five seconds, recorded once in a process and copied for each who wants it."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

import numpy as np

from woz.base.clock import ManualClock, SessionClock
from woz.base.settings import VideoSettings
from woz.capture.source import SourceInfo, VideoFrame
from woz.capture.synthetic import picture
from woz.capture.tabletop import PROCEDURE, TableTop
from woz.model.events import Event, EventKind
from woz.model.ids import SessionId
from woz.model.stream import StreamKind
from woz.recording.folder.manifest import Manifest
from woz.recording.folder.session_folder import SessionFolder
from woz.recording.live.recorder import Recorder

SID = SessionId("20260101-000000-0000")
FRAMES, FRAME_NS = 100, 50_000_000
CLOCK = ManualClock(utc_ns=1_700_000_000_000_000_000)


def record_session(sessions: Path) -> Manifest:
    """Into its folder there."""
    folder, manifest = _recorded()
    shutil.copytree(folder, sessions / folder.name)
    return manifest


@cache
def _recorded() -> tuple[Path, Manifest]:
    sessions = Path(tempfile.mkdtemp(prefix="woz-recorded-"))
    atexit.register(shutil.rmtree, sessions, ignore_errors=True)
    session = SessionClock(CLOCK)
    folder = SessionFolder.create(sessions, SID, session.start_utc_ns)
    recorder = Recorder(folder, session, SourceInfo("test", 320, 320, 20), VideoSettings())
    recorder.start()
    scene = TableTop(320)
    for i in range(FRAMES):
        shown = picture(scene, i, i / FRAMES, False)
        recorder.video(VideoFrame(i, i * FRAME_NS, i * FRAME_NS, shown), i * FRAME_NS)
        tone = np.sin(np.arange(2400) / 10).astype(np.float32) * 0.5
        recorder.voice(StreamKind.TRAINEE_VOICE, i * FRAME_NS, tone, 48_000)
        recorder.voice(StreamKind.EXPERT_HEARD, i * FRAME_NS, tone * 0.1, 48_000)
    for number, t_ns in ((0, 500_000_000), (1, 2_500_000_000)):
        data = {"step_id": PROCEDURE.steps[number].id}
        recorder.event(Event(t_ns, EventKind.STEP, "expert", data))
    manifest = recorder.close(FRAMES * FRAME_NS)
    return folder.path, manifest
