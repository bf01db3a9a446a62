"""The expert's way in: the field shows the whole link, keeps it, and says beside it what went wrong."""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QCheckBox, QProgressBar
from pytestqt.qtbot import QtBot

from tests.ui.test_windows import show
from ui.application.devices import Devices
from ui.application.invitation import FOLLOWED, JOINED, VARIABLE
from ui.console.joining import JoiningWindow, open_beside
from ui.console.run import ConsoleOptions, _advised, run_console
from ui.home.join_dialog import JoinDialog
from woz.base.errors import WozError
from woz.capture.sound_card import NoDeviceError
from woz.capture.streams import Way
from woz.link.handshake.invitation import Invitation
from woz.model.ids import SessionId

SESSION = SessionId("20260225-061320-7c1e")
LATEST_S = 2**32 - 1


def _link(expires_utc_s: int = LATEST_S) -> str:
    return Invitation.new("192.0.2.7", 40905, SESSION, expires_utc_s, bytes(32)).link


LONG = _link()


def _dialog(qtbot: QtBot, program: str) -> JoinDialog:
    made = JoinDialog(None, (sys.executable, "-c", program))
    qtbot.addWidget(made)
    show(qtbot, made)
    return made


def _joined(qtbot: QtBot, program: str, link: str = LONG) -> JoinDialog:
    made = _dialog(qtbot, program)
    made.link.setPlainText(link)
    qtbot.keyClick(made.link, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    return made


def test_the_whole_link_is_shown(qtbot: QtBot) -> None:
    made = _dialog(qtbot, "")
    made.link.setPlainText(LONG)
    assert len(LONG) == 115
    assert made.link.verticalScrollBar().maximum() == 0
    assert made.link.horizontalScrollBar().maximum() == 0


def test_what_is_no_invitation_stays_and_is_told_beside(qtbot: QtBot) -> None:
    made = _dialog(qtbot, "")
    made.link.setPlainText("woz:/nonsense")
    made.join()
    assert made.isVisible()
    assert made.link.toPlainText() == "woz:/nonsense"
    assert "not an invitation link" in made.fault.text


def test_a_refused_join_is_told_and_can_be_tried_again(qtbot: QtBot) -> None:
    refusing = "import sys; sys.stderr.write('noise\\nwoz: Another expert is here already.\\n'); sys.exit(1)"
    made = _joined(qtbot, refusing)
    assert made.findChildren(QProgressBar)[0].isVisible()
    qtbot.waitUntil(lambda: bool(made.fault.text), timeout=120_000)
    assert made.fault.text == "Another expert is here already."
    assert made.link.toPlainText() == LONG
    assert not made.findChildren(QProgressBar)[0].isVisible()
    made.join()
    assert made.fault.text == ""
    qtbot.waitUntil(lambda: bool(made.fault.text), timeout=120_000)


def test_who_has_no_microphone_or_earpiece_joins_without_by_a_box(qtbot: QtBot) -> None:
    """The program tells with which options it was started."""
    made = _dialog(qtbot, "import sys; sys.exit('woz: started ' + ' '.join(sys.argv[1:]))")
    made.link.setPlainText(LONG)
    for ticked, options in (
        ((), "started "),
        (("Without an earpiece",), "started --speaker none"),
        (("Without a microphone", "Without an earpiece"), "started --mic none --speaker none"),
    ):
        for box in made.findChildren(QCheckBox):
            box.setChecked(box.text() in ticked)
        made.join()
        assert not any(box.isEnabled() for box in made.findChildren(QCheckBox))
        qtbot.waitUntil(lambda: bool(made.fault.text))
        assert made.fault.text == options
        assert all(box.isEnabled() for box in made.findChildren(QCheckBox))


def test_who_joins_by_a_window_is_sent_to_no_command(tmp_path: Path) -> None:
    lacking, link = NoDeviceError(Way.INPUT, "default"), _link()
    typed, clicked = (ConsoleOptions(link, tmp_path, handed=handed) for handed in (False, True))
    assert "woz join LINK --mic none" in _advised(lacking, typed)
    assert _advised(lacking, clicked) == str(lacking)


def test_the_window_goes_when_the_console_has_joined(qtbot: QtBot) -> None:
    """The link goes by the environment, whole although it was broken into lines, as does who started the console,
    which stays.
    """
    handed = f"os.environ[{VARIABLE!r}] == {LONG!r} and os.environ[{FOLLOWED!r}]"
    told = f"print({JOINED!r} if {handed} else 'woz: broken')"
    program = f"import os, time; {told}; time.sleep(1)"
    made = _joined(qtbot, program, f"{LONG[:60]}\n  {LONG[60:]}\n")
    qtbot.waitUntil(lambda: not made.isVisible(), timeout=120_000)
    assert made.result() == 1


def test_an_attempt_can_be_stopped(qtbot: QtBot) -> None:
    made = _joined(qtbot, "import time; time.sleep(600)")
    child = made._child
    assert child
    qtbot.keyClick(made, Qt.Key.Key_Escape)
    assert child.returncode is not None
    assert made.isVisible()
    assert made.link.toPlainText() == LONG


def _while_joining(do: Callable[[JoiningWindow], object]) -> None:
    def act() -> None:
        (window,) = [w for w in QApplication.topLevelWidgets() if isinstance(w, JoiningWindow) and w.isVisible()]
        do(window)

    QTimer.singleShot(100, act)


def test_a_console_is_opened_off_the_window_s_thread(qtbot: QtBot) -> None:
    """The work ends only after the window has taken a turn of its own."""
    turned, on = threading.Event(), []

    def work() -> None:
        on.append(threading.current_thread())
        assert turned.wait(120)

    _while_joining(lambda window: turned.set())
    assert open_beside(work, lambda: None, hidden=False)
    assert on[0] is not threading.main_thread()


def test_what_hinders_the_joining_is_raised(qtbot: QtBot) -> None:
    def work() -> None:
        raise WozError("No station answers.")

    with pytest.raises(WozError, match="No station answers"):
        open_beside(work, lambda: None, hidden=False)


def test_who_waits_no_longer_leaves_nothing_open(qtbot: QtBot) -> None:
    given_up, undone = threading.Event(), []

    def leave(window: JoiningWindow) -> None:
        window.reject()
        given_up.set()

    _while_joining(leave)
    assert not open_beside(lambda: given_up.wait(120), lambda: undone.append(1), hidden=False)
    assert undone == [1]


def test_an_invitation_that_ran_out_is_told_when_it_is_pasted(qtbot: QtBot) -> None:
    made = _dialog(qtbot, "")
    made.link.setPlainText(_link(expires_utc_s=1_772_000_000))
    assert "ran out on 2026-02-2" in made.fault.text
    assert "ask the operator for a new one" in made.fault.text
    assert made._join.isEnabled()
    made.link.setPlainText(LONG)
    assert made.fault.text == ""


def test_an_invitation_runs_out_at_its_second() -> None:
    invitation = Invitation.parse(_link(expires_utc_s=100))
    assert invitation.expiry(99_999_999_999) == ""
    assert "ran out" in invitation.expiry(100_000_000_000)


def test_a_console_that_is_not_let_in_says_that_its_invitation_ran_out(tmp_path: Path) -> None:
    """No station answers at that port; with a new invitation another would."""
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        port = unheard.getsockname()[1]
        link = Invitation.new("127.0.0.1", port, SESSION, 1_772_000_000, bytes(32)).link
        options = ConsoleOptions(link, tmp_path, Devices("virtual", "virtual"), handed=True)
        with pytest.raises(WozError, match="ran out on 2026-02-2"):
            run_console(options)
