"""What a window does is kept on this computer where the store takes long to answer."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from tests.storage.examples import segment
from ui.editor.unstored_deeds import kept_deeds
from woz.annotation.edits import Edit


def test_what_waits_long_is_kept_though_nothing_is_done_after_it(qtbot: QtBot, tmp_path: Path) -> None:
    path, last = tmp_path / "s.unstored", Edit("a", (), (segment("a"),))
    with kept_deeds(path) as unstored:
        unstored.add(last)
        qtbot.waitUntil(path.exists)
        unstored.settle(last)
        assert not path.exists()
