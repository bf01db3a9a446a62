"""A console that was killed, or fell silent, comes back by the same link; another person is kept out meanwhile."""

from __future__ import annotations

import signal
from pathlib import Path

from tests.rig.seat import Options, seated
from woz.model.events import EventKind
from woz.recording.check.verification import check
from woz.recording.folder.journal import read_journal
from woz.recording.folder.session_folder import SessionFolder

PEER = [EventKind.PEER_LEFT, EventKind.PEER_JOINED]


def test_a_killed_console_comes_back_by_the_same_link_and_nobody_else_meanwhile(tmp_path: Path) -> None:
    with seated(Options("station", str(tmp_path / "sessions"))) as station:
        link = station.wait_for("invitation")
        first = Options("join", str(tmp_path / "console"), link=link)
        with seated(first) as console:
            console.until(lambda said: said.get("link") == "live" and said["pictures"] > 5)
            station.do("record")
            with seated(Options("join", str(tmp_path / "other"), link=link)) as other:
                assert "Somebody is connected" in other.wait_for("fault")
            station.until(lambda said: said.get("link") == "live")
            console.kill()
        with seated(first) as again:
            again.until(lambda said: said.get("link") == "live" and said["pictures"] > 5)
            station.until(lambda said: said.get("link") == "live")
            station.do("stop")
            station.until(lambda said: bool(said.get("closed")))
    (folder,) = (tmp_path / "sessions").iterdir()
    session = SessionFolder.open(folder)
    report = check(session)
    assert report.frames_captured == report.frames_in_file > 0
    assert [e.kind for e in read_journal(session.events) if e.kind in PEER][:2] == PEER


def test_a_console_whose_process_stood_still_is_live_again_by_itself(tmp_path: Path) -> None:
    with seated(Options("station", str(tmp_path / "sessions"))) as station:
        link = station.wait_for("invitation")
        with seated(Options("join", str(tmp_path / "console"), link=link)) as console:
            console.until(lambda said: said.get("link") == "live" and said["pictures"] > 5)
            console.process.send_signal(signal.SIGSTOP)
            station.until(lambda said: said.get("link") == "lost")
            console.process.send_signal(signal.SIGCONT)
            begin = console.last["pictures"]
            station.until(lambda said: said.get("link") == "live")
            console.until(lambda said: said["link"] == "live" and said["pictures"] > begin + 10)
