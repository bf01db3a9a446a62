"""A session whose video is damaged, cut short or replaced, or whose frame table disagrees: all can be edited."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from storage import Project
from tests.ui.at_once import editor_at_once
from tests.ui.recorded_session import CLOCK, FRAMES, SID
from tests.ui.test_editor import recorded
from ui.editor.window import EditorWindow
from woz.model.own_schemes import STEPS
from woz.playback.frames import FrameReader
from woz.playback.stand_in import make_small
from woz.recording.folder import film_check
from woz.recording.folder.frame_index import frame_index
from woz.recording.folder.session_folder import SessionFolder

__all__ = ["recorded"]
Spoil = Callable[[SessionFolder], object]


@pytest.fixture
def lab(recorded: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(recorded, tmp_path / "p"))


@pytest.fixture
def folder(lab: Path) -> SessionFolder:
    return SessionFolder(lab / "sessions" / SID)


@pytest.fixture
def opened(lab: Path, qtbot: QtBot) -> Iterator[Callable[[], EditorWindow]]:
    with Project.open(lab, CLOCK) as project:

        def opened() -> EditorWindow:
            window = editor_at_once(project, SID, "ada")
            qtbot.addWidget(window)
            with qtbot.waitExposed(window):
                window.show()
            window.activateWindow()
            qtbot.waitUntil(window.isActiveWindow, timeout=180_000)
            return window

        yield opened


def _cut(folder: SessionFolder) -> None:
    film = folder.ego.read_bytes()
    folder.ego.write_bytes(film[: len(film) // 2])


def _other_end(folder: SessionFolder) -> None:
    """Of the same size, with as many frames."""
    film = folder.ego.read_bytes()
    folder.ego.write_bytes(film[:-1] + bytes([film[-1] ^ 1]))


def _late(folder: SessionFolder) -> None:
    head, *rows = folder.frames.read_text(encoding="utf-8").splitlines()
    moved = [row.replace(",", ",7", 1) for row in rows]
    folder.frames.write_text("\n".join([head, *moved]) + "\n", encoding="utf-8")


def _edit(qtbot: QtBot, window: EditorWindow) -> bool:
    """Whether a step that is marked by key is stored."""
    assert not window.document.undo_name
    while window._tier is None or window._tier.tier_type != STEPS:
        qtbot.keyClick(window.timeline, Qt.Key.Key_Tab)
    for key in (Qt.Key.Key_Home, Qt.Key.Key_I, *[Qt.Key.Key_Right] * 5, Qt.Key.Key_3):
        qtbot.keyClick(window.timeline, key)
    return bool(window.document.undo_name) and window.document.saved


def _checked(qtbot: QtBot, window: EditorWindow) -> bool | None:
    qtbot.waitUntil(lambda: window.film.done)
    return window.film.same


@pytest.mark.parametrize(
    "spoil",
    [
        lambda folder: folder.ego.write_bytes(b""),
        lambda folder: folder.ego.write_text("no video " * 999, encoding="utf-8"),
        lambda folder: folder.ego.write_bytes(folder.ego.read_bytes()[:100]),
    ],
    ids=["empty", "no video", "only its head"],
)
def test_a_video_that_cant_be_read_is_told_in_its_place(
    opened: Callable[[], EditorWindow], folder: SessionFolder, spoil: Spoil, qtbot: QtBot
) -> None:
    spoil(folder)
    window = opened()
    said = window.picture.view._empty_text
    assert f"{folder.ego} can't be read" in said
    assert "Put the recorded file back" in said
    assert _edit(qtbot, window)
    window.close()


def test_a_film_that_only_a_store_has_is_annotated_on_its_small_copy(
    opened: Callable[[], EditorWindow], lab: Path, folder: SessionFolder, qtbot: QtBot
) -> None:
    times = frame_index(folder.ego, folder.frames).times
    make_small(folder.ego)
    folder.ego.rename(folder.path / "elsewhere")
    window = opened()
    assert "You see a small copy" in window.film.banner.text
    assert f"woz media fetch {lab} --session {SID}" in window.film.banner.text
    assert window._times == times
    assert window.film.done
    assert window.film.same is None
    assert _edit(qtbot, window)
    with qtbot.waitSignal(window._player.picture, timeout=60_000):
        window._player.show_frame(len(times) - 1)
    window.close()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [(_cut, "cut short"), (_other_end, "isn't the one that was recorded"), (_late, "frame table")],
    ids=["cut", "replaced", "table"],
)
def test_what_is_wrong_with_the_video_stays_said(
    opened: Callable[[], EditorWindow], folder: SessionFolder, spoil: Spoil, said: str, qtbot: QtBot
) -> None:
    spoil(folder)
    window = opened()
    same = _checked(qtbot, window)
    assert same == (spoil is _late)
    assert said in window.film.banner.text
    assert window.film.banner.isVisible()
    assert _edit(qtbot, window)
    assert said in window.film.banner.text
    window.close()


def test_the_times_of_the_video_hold_where_the_table_disagrees(
    opened: Callable[[], EditorWindow], folder: SessionFolder
) -> None:
    _late(folder)
    window = opened()
    assert isinstance(window.player._reader, FrameReader)
    assert (len(window._times), window._times[:3]) == (FRAMES, [0, 50_000_000, 100_000_000])
    window.close()


def test_a_video_that_is_right_is_read_whole_once(
    opened: Callable[[], EditorWindow], folder: SessionFolder, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = opened()
    assert _checked(qtbot, window) is True
    assert not window.film.banner.text
    window.close()
    monkeypatch.setattr(film_check, "_sha256", lambda *_: pytest.fail("the film was read whole again"))
    again = opened()
    assert _checked(qtbot, again) is True
    again.close()
    monkeypatch.undo()
    _other_end(folder)
    third = opened()
    assert _checked(qtbot, third) is False
    third.close()


def test_a_window_that_closes_ends_the_reading(folder: SessionFolder) -> None:
    assert film_check.is_recorded(folder, lambda: False) is None
    assert film_check.is_recorded(folder) is True
    film_check._place(folder).write_text("[" * 100_000, encoding="utf-8")
    assert film_check.is_recorded(folder) is True
