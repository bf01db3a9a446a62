"""Takes the pictures of the annotator's desk in its passes: tap, also as a strip, refine, talk, and the shortcuts.

`python docs/desk_pictures.py FOLDER [light|dark]`, from the repository's root, on a display (Xvfb does).
Those of the docs are made by `python docs/desk_pictures.py docs/images light`.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from storage import Project
from ui.application.application import application
from ui.editor.run import editor_window
from ui.editor.shortcuts.dialog import ShortcutsDialog
from ui.editor.timeline.layout import RULER, STRIP
from ui.editor.window import EditorWindow
from ui.widgets.parts import label
from woz.annotation.boundaries import tapped
from woz.annotation.edits import Edit
from woz.base.clock import SessionClock, SystemClock
from woz.base.interval import NS_PER_S
from woz.base.settings import VideoSettings
from woz.capture.devices import open_microphone
from woz.capture.source import SourceInfo, VideoFrame
from woz.capture.synthetic import picture
from woz.capture.tabletop import TableTop
from woz.capture.virtual import VirtualRoom
from woz.lab.annotators import add_annotator
from woz.lab.schemes import begin_tiers, take_in_scheme
from woz.lab.taking_in import take_in
from woz.model.ids import SessionId
from woz.model.session import Session, SessionState
from woz.model.stream import StreamKind
from woz.recording.folder.session_folder import SessionFolder
from woz.recording.live.recorder import Recorder
from woz.schemes.shipped import shipped

SID = SessionId("20260101-100000-desk")
FPS, SECONDS, SIZE = 10, 40, 704


def recorded(folder: Path) -> Project:
    """A project with a session: forty seconds of a table."""
    clock = SystemClock()
    project = Project.create(folder / "lab", "Table tasks", clock)
    project.sessions.save(Session(SID, "Desk lamp", SessionState.RECORDING, clock.utc_ns()))
    session = SessionClock(clock)
    recording = SessionFolder.create(project.sessions_dir, SID, session.start_utc_ns)
    recorder = Recorder(recording, session, SourceInfo("table", SIZE, SIZE, FPS), VideoSettings())
    recorder.start()
    scene = TableTop(SIZE)
    for i in range(FPS * SECONDS):
        t_ns = i * NS_PER_S // FPS
        recorder.video(VideoFrame(i, t_ns, t_ns, picture(scene, i, i / FPS / SECONDS, False)), t_ns)
        tone = np.sin(np.arange(4800) / 9).astype(np.float32) * (0.4 if i % 60 < 35 else 0.02)
        recorder.voice(StreamKind.TRAINEE_VOICE, t_ns, tone, 48_000)
        recorder.voice(StreamKind.EXPERT_HEARD, t_ns, tone[::-1] * (i % 60 > 30), 48_000)
    (recording.path / "events.jsonl").touch()
    take_in(project, recorder.close(SECONDS * NS_PER_S))
    return project


def desk(folder: Path) -> EditorWindow:
    """The session at an annotator's desk."""
    project = recorded(folder)
    ada = add_annotator(project, "A01")
    for name in ("egoinstruct", "egoexo4d"):
        begin_tiers(project, SID, take_in_scheme(project, shipped(name)), ada)
    return editor_window(project, SID, ada.id)


def _code(window: EditorWindow, until_s: int) -> None:
    document, marking = window.document, window._marking
    tier = next(each for each in document.tiers if each.tier_type == "conversation" and each.annotator_id)
    window._choose(tier.id, None)
    for i, start in enumerate(range(1, until_s, 4)):
        label = document.tier_type(tier).offered[i % 4]
        new = marking.new(label, start * NS_PER_S)
        document.apply(tapped(document.timed(tier.id), new, (start + 4) * NS_PER_S))


def tap_strip(window: EditorWindow) -> QWidget:
    """A tap pass from key to key: below each other what the time line shows after each."""
    _code(window, 8)
    window.timeline.show_span(0, 24 * NS_PER_S)
    window.player.seek(9 * NS_PER_S)
    window.player.toggle()
    QTest.qWait(300)
    steps: tuple[tuple[str, int, str], ...] = (
        ("1", 2_500, "a label's key: a segment begins, and runs with the play head"),
        ("2", 2_500, "the next label's key: it ends, the next begins"),
        ("2", 2_000, "the same key again: it ends, and a gap is left"),
        ("3", 2_000, "a wrong key"),
        ("Backspace", 1_000, "takes it back"),
    )
    strip = QWidget(window, Qt.WindowType.Window)
    layout = QVBoxLayout(strip)
    layout.setSpacing(2)
    for key, after_ms, words in steps:
        window._marking.back() if key == "Backspace" else window._marking.label_key(key)
        QTest.qWait(after_ms)
        window.tell("")
        layout.addWidget(label(f"{key}: {words}", "heading"))
        shown = QLabel()
        shown.setPixmap(_tiers_of(window))
        layout.addWidget(shown)
    window.player.shuttle(0)
    strip.adjustSize()
    return strip


def _tiers_of(window: EditorWindow) -> QPixmap:
    """The ruler, and the row that is marked in."""
    line, tier = window.timeline, window._tier
    row = line._layout.rows.row_of(tier.id if tier else None)
    assert row
    top = round(line._layout.top_of(row))
    ruler, marked = (
        line.grab(QRect(0, STRIP, line.width(), RULER)),
        line.grab(QRect(0, top, line.width(), row.height)),
    )
    both = QPixmap(QSize(line.width(), RULER + row.height) * line.devicePixelRatio())
    both.setDevicePixelRatio(line.devicePixelRatio())
    painter = QPainter(both)
    painter.drawPixmap(0, 0, ruler)
    painter.drawPixmap(0, RULER, marked)
    painter.end()
    return both


def tap(window: EditorWindow) -> QWidget:
    """In the middle of a tap pass."""
    made = tuple(window._marking.segments)
    window.document.apply(Edit("Begin anew", made, ()))
    _code(window, 20)
    window.player.seek(21 * NS_PER_S)
    window.player.toggle()
    QTest.qWait(300)
    window._marking.label_key("2")
    QTest.qWait(2_500)
    return window


def refine(window: EditorWindow) -> QWidget:
    window._marking.passes.end()
    window.player.seek(9 * NS_PER_S)
    window.ways.refining.switch(False)
    QTest.qWait(2_500)
    return window


def talk(window: EditorWindow) -> QWidget:
    window.ways.refining.end()
    document = window.document
    window._choose(next(each.id for each in document.tiers if each.tier_type == "commentary"), None)
    window.ways.talking._open = lambda: open_microphone("none", SystemClock(), VirtualRoom(SystemClock()))
    window.player.seek(14 * NS_PER_S)
    window.ways.talking.begin()
    QTest.qWait(800)
    return window


def shortcuts(window: EditorWindow) -> QWidget:
    window.ways.talking.end()
    document = window.document
    made = ShortcutsDialog(window._keys, {t.name: document.tier_type(t).offered for t in document.tiers}, window)
    made.search.setText("edge")
    made.show()
    QTest.qWait(500)
    return made


def main() -> None:
    folder = Path(sys.argv[1])
    theme = sys.argv[2] if len(sys.argv) > 2 else "light"
    folder.mkdir(parents=True, exist_ok=True)
    application(theme)
    states: tuple[Callable[[EditorWindow], QWidget], ...] = (tap_strip, tap, refine, talk, shortcuts)
    with tempfile.TemporaryDirectory() as place:
        window = desk(Path(place))
        window.resize(1280, 800)
        window.show()
        QTest.qWait(1_500)
        for state in states:
            name = f"desk-{state.__name__.replace('_', '-')}{'-dark' if theme == 'dark' else ''}.png"
            shown = state(window)
            window.tell("")
            window.show_saved()
            shown.grab().save(str(folder / name), quality=0)
        window.close()


if __name__ == "__main__":
    main()
