"""A sign comes before all that a window needs is loaded, and goes when the window is there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ui.application.application import application
from ui.application.invitation import VARIABLE
from ui.application.opening import Sign, opening
from woz.link.handshake.invitation import Invitation
from woz.model.ids import SessionId

HEAVY = ("numpy", "cv2", "av", "aiortc", "sqlalchemy", "PySide6.QtMultimedia", "ui.station.run", "storage")


def _signs() -> list[QWidget]:
    return [w for w in application().topLevelWidgets() if isinstance(w, Sign) and w.isVisible()]


def test_the_sign_goes_when_a_window_is_shown(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    with opening("Opening the station", "light"):
        assert len(_signs()) == 1
        window.show()
        assert _signs() == []
    assert window.isVisible()


def test_the_sign_goes_when_no_window_comes(qtbot: QtBot) -> None:
    with pytest.raises(RuntimeError), opening("Opening the station", "light"):
        raise RuntimeError
    assert _signs() == []


def test_no_sign_where_another_process_sits_at_the_window(qtbot: QtBot) -> None:
    with opening("Opening the station", "light", hidden=True):
        assert _signs() == []


WINDOWS = (
    "station --project x",
    "join LINK",
    "annotate x",
    "",
    "open x",
    "adjudicate x --tier-type steps",
    "agree x --tier-type steps --window",
    "blur review x",
    "questions review x",
    "scheme edit x",
    "procedure edit x",
    "assign x --open",
    "people x --open",
    "comments x --open",
)


@pytest.mark.parametrize("words", WINDOWS)
def test_the_sign_is_there_before_anything_heavy_is_loaded(words: str) -> None:
    link = Invitation.new("127.0.0.1", 9, SessionId("s"), 4_000_000_000, bytes(32)).link
    assert_signed(words.replace("LINK", link).split())


def test_an_invitation_that_is_clicked_has_its_sign_as_soon() -> None:
    assert_signed(["open"], **{VARIABLE: "woz://127.0.0.1:9/s#c2VjcmV0"})


def assert_signed(words: list[str], **more: str) -> None:
    code = (
        "import sys; import ui.application.opening; from ui.cli import main\n"
        "def told(sign): print(sorted(set(sys.argv[1].split(',')) & set(sys.modules))); sys.exit(7)\n"
        "ui.application.opening.Sign.show_now = told\n"
        "main(sys.argv[2:])"
    )
    command = [sys.executable, "-c", code, ",".join(HEAVY), *words]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", **more}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (7, "[]"), done.stderr


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is always a display")
def test_without_a_display_one_sentence_says_so(tmp_path: Path) -> None:
    environment = {
        k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    }
    command = [sys.executable, "-m", "ui.cli", "station", "--project", str(tmp_path / "new")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("woz: There is no display here")
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "new").exists()


def test_the_sign_is_drawn(qtbot: QtBot) -> None:
    sign = Sign("Opening the station", application("light"))
    qtbot.addWidget(sign)
    picture = sign.pixmap().toImage()
    assert len({picture.pixelColor(x, y).name() for x in range(0, 300, 3) for y in range(0, 90, 3)}) > 2
