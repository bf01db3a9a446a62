"""A place of a session played beside what was found: another one at once, also where only a small copy is here."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from storage import Project
from tests.ui.desk_room import SID, recorded
from tests.ui.recorded_session import CLOCK
from ui.preview.place_player import LEAD_NS, PlacePlayer
from woz.base.interval import NS_PER_S, Interval
from woz.playback.stand_in import make_small, small_path
from woz.recording.folder.session_folder import SessionFolder

__all__ = ["recorded"]
FIRST = Interval(LEAD_NS, LEAD_NS + 60 * NS_PER_S)
"""Longer than the film, so that it plays until it is stopped, or all is played."""
SECOND = Interval(LEAD_NS + NS_PER_S, LEAD_NS + 60 * NS_PER_S)


@pytest.fixture
def preview(qtbot: QtBot) -> Iterator[PlacePlayer]:
    made = PlacePlayer()
    qtbot.addWidget(made)
    yield made
    made.close_player()


@pytest.mark.parametrize("small", [False, True])
def test_another_place_plays_at_once_and_the_same_one_stops(
    preview: PlacePlayer, recorded: Path, tmp_path: Path, small: bool
) -> None:
    shutil.copytree(recorded, tmp_path / "p")
    with Project.open(tmp_path / "p", CLOCK) as project:
        session = project.sessions.get(SID)
        film = SessionFolder(project.session_dir(SID)).ego
    if small:
        make_small(film)
        film.rename(tmp_path / "elsewhere.mkv")
    preview.play(session, film, FIRST)
    player = preview._player
    assert player
    assert player._sounding._path == (small_path(film) if small else film)
    preview.play(session, film, SECOND)
    assert player.playing
    assert player.position_ns >= NS_PER_S
    preview.play(session, film, SECOND)
    assert not player.playing
