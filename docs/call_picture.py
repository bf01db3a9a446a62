"""Takes the picture of a real call's transcript in the editor, as a real model recognised it.

`python docs/call_picture.py FOLDER [base|tiny|MODEL'S FOLDER]`, from the repository's root, on a display (Xvfb
does); that of the docs is made by `python docs/call_picture.py docs/images`. The call is of the folder of real
recordings ($WOZ_TEST_DATA); the table beside it is drawn.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
import soxr
from numpy.typing import NDArray
from PySide6.QtTest import QTest

from storage import Project
from tests.benchmarks.leak_room import split
from tests.benchmarks.transcription.audio import data_folder
from tests.real_models import REAL_MODELS, real_model
from ui.application.application import application
from ui.cli import main as woz
from ui.editor.run import editor_window
from woz.base.clock import SessionClock, SystemClock
from woz.base.interval import NS_PER_S
from woz.base.settings import VideoSettings
from woz.capture.source import SourceInfo, VideoFrame
from woz.capture.synthetic import picture
from woz.capture.tabletop import TableTop
from woz.lab.annotators import add_annotator
from woz.lab.taking_in import take_in
from woz.model.ids import SessionId
from woz.model.session import Session, SessionState
from woz.model.stream import StreamKind
from woz.recording.folder.session_folder import SessionFolder
from woz.recording.live.recorder import Recorder
from woz.transcription.tracks import RATE

SID = SessionId("20260101-100000-call")
FPS, SIZE = 10, 704
SOUND_RATE = 48_000


def recorded(folder: Path) -> int:
    """A project in the folder, with the call's two voices; how many seconds they last."""
    clock = SystemClock()
    with Project.create(folder, "Table tasks", clock) as project:
        project.sessions.save(Session(SID, "A call", SessionState.RECORDING, clock.utc_ns()))
        session = SessionClock(clock)
        recording = SessionFolder.create(project.sessions_dir, SID, session.start_utc_ns)
        recorder = Recorder(recording, session, SourceInfo("table", SIZE, SIZE, FPS), VideoSettings())
        recorder.start()
        call = split(data_folder() / "speech" / "two_person_call.wav")
        seconds = len(call.mic) // RATE
        _record(recorder, {StreamKind.TRAINEE_VOICE: call.mic, StreamKind.EXPERT_HEARD: call.played}, seconds)
        (recording.path / "events.jsonl").touch()
        take_in(project, recorder.close(seconds * NS_PER_S))
    return seconds


def _record(recorder: Recorder, voices: dict[StreamKind, NDArray[np.float32]], seconds: int) -> None:
    scene, block = TableTop(SIZE), SOUND_RATE // FPS
    sounds = {kind: soxr.resample(samples, RATE, SOUND_RATE) for kind, samples in voices.items()}
    for i in range(FPS * seconds):
        t_ns = i * NS_PER_S // FPS
        recorder.video(VideoFrame(i, t_ns, t_ns, picture(scene, i, i / FPS / seconds, False)), t_ns)
        for kind, sound in sounds.items():
            recorder.voice(kind, t_ns, sound[i * block : (i + 1) * block], SOUND_RATE)


def main() -> int:
    out, model = Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "base"
    app = application("light")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lab"
        seconds = recorded(path)
        weights = real_model(model) if model in REAL_MODELS else Path(model)
        if woz(["transcribe", str(path), "--model", str(weights), "--language", "en"]):
            return 1
        project = Project.open(path, SystemClock())
        ada = add_annotator(project, "A01")
        window = editor_window(project, SID, ada.id)
        window.resize(1280, 800)
        window.show()
        window.timeline.show_span(0, seconds * NS_PER_S)
        window.player.seek(11 * NS_PER_S)
        QTest.qWait(2_500)
        window.grab().save(str(out / "editor-real-call.png"))
        window.close()
        app.processEvents()
        project.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
