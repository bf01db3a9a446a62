"""The talk pass of an editor whose sound server is stopped while somebody speaks, and stays so.

A process of its own, since PortAudio reads the environment once. It says what has come about, a line each.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest

from storage import Project
from tests.benchmarks.editor_room import write_film
from tests.rig.check_keys import wait_until
from tests.rig.small_scheme import SCHEME, StubWriter
from ui.application.application import application
from ui.editor.run import editor_window
from woz.base.clock import SystemClock
from woz.base.interval import NS_PER_S
from woz.lab.annotators import add_annotator
from woz.lab.schemes import begin_tiers
from woz.model.ids import SessionId
from woz.model.session import Session, SessionState

SID, SECONDS = SessionId("20260101-000000-talk"), 4
TICK_MS, TICKS = 20, 10


def say(what: str) -> None:
    sys.stdout.write(what + "\n")
    sys.stdout.flush()


def talk(project: Project) -> None:
    ada = add_annotator(project, "A01")
    project.schemes.keep(SCHEME)
    begin_tiers(project, SID, SCHEME, ada)
    window = editor_window(project, SID, ada.id)
    window.show()
    document, talking = window.document, window.ways.talking
    talking._writer = StubWriter()  # type: ignore[assignment]
    tier = next(each for each in document.tiers if each.tier_type == "comments")
    window._choose(tier.id, None)
    talking.begin()
    wait_until(lambda: "listens" in talking.words, "it listens")
    QTest.qWait(1_000)
    say("it listens")
    sys.stdin.readline()
    talking.end()
    wait_until(lambda: talking.at_rest, "what was said is kept")
    (point,) = document.annotations(tier.id)
    say("what was said is kept" if point.value("recording") else "nothing is kept")
    ticks: list[int] = []
    timer = QTimer(interval=TICK_MS)
    timer.timeout.connect(lambda: ticks.append(1))
    timer.start()
    talking.begin()
    wait_until(lambda: "doesn't answer" in window._banner.text, "it says that the microphone doesn't answer")
    timer.stop()
    say("the window went on" if len(ticks) > TICKS else "the window stood still")
    window.close()
    say("it closed")


def main() -> int:
    application("light")
    with (
        tempfile.TemporaryDirectory() as folder,
        Project.create(Path(folder, "lab"), "Talk", SystemClock()) as project,
    ):
        project.sessions.save(Session(SID, "Talk", SessionState.CLOSED, 0, SECONDS * NS_PER_S))
        (project.session_dir(SID) / "sensors").mkdir(parents=True)
        write_film(project.session_dir(SID), SECONDS, (160, 120))
        talk(project)
    return 0


if __name__ == "__main__":
    sys.exit(main())
