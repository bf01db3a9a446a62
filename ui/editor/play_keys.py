"""The keys that play, and what the Play menu keeps: how far a jump goes, whether scrubbing sounds."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMainWindow, QMenu

from ui.editor.held_key import HeldKey
from ui.editor.keys import NOT_TYPING, TYPING, Keys, Place
from ui.editor.player import Player
from ui.editor.timeline import Timeline
from ui.editor.voice_button import FIRST_VOICE, VoiceButton
from woz.base.interval import NS_PER_S

HERE = Place.TIME_LINE
JUMPS = (2, 5, 10, 25, 50, 100)
"""Frames of a jump, to choose from."""
JUMP, SCRUB = "editor_jump_frames", "editor_scrub_sound"
"""The settings that remember."""


class PlayMenu:
    """What can be set of playing; with settings it is remembered."""

    def __init__(self, window: QMainWindow, player: Player, settings: QSettings | None) -> None:
        self._player, self._settings = player, settings
        self.menu: QMenu = window.menuBar().addMenu("&Play")
        self.jump = _one_of(JUMPS, self._remembered(JUMP), 10)
        player.sounds_while_scrubbing = self._remembered(SCRUB) != "no"
        self.add("Sound while dragging and stepping", player.sounds_while_scrubbing, self._set_scrub)
        jumps = self.menu.addMenu("Alt+J and Alt+L go")
        group = QActionGroup(jumps)
        for frames in JUMPS:
            made = group.addAction(QAction(f"{frames} frames", jumps, checkable=True))
            made.setChecked(frames == self.jump)
            made.triggered.connect(lambda _=False, frames=frames: self._set_jump(frames))
            jumps.addAction(made)
        self.menu.addSeparator()

    def add(self, name: str, on: bool, set_it: Callable[[bool], object]) -> QAction:
        """Something that is switched on and off."""
        made = QAction(name, self.menu, checkable=True)
        made.setChecked(on)
        made.toggled.connect(lambda on: set_it(on))
        self.menu.addAction(made)
        return made

    def ask(self, name: str, do: Callable[[], object]) -> None:
        """Something that opens a dialog."""
        made = QAction(name, self.menu)
        made.triggered.connect(lambda: do())
        self.menu.addAction(made)

    def _remembered(self, name: str) -> str:
        return str(self._settings.value(name, "")) if self._settings else ""

    def _keep(self, name: str, value: str) -> None:
        if self._settings:
            self._settings.setValue(name, value)

    def _set_scrub(self, on: bool) -> None:
        self._player.sounds_while_scrubbing = on
        self._keep(SCRUB, "yes" if on else "no")

    def _set_jump(self, frames: int) -> None:
        self.jump = frames
        self._keep(JUMP, str(frames))


def _one_of(known: tuple[int, ...], text: str, default: int) -> int:
    return next((each for each in known if str(each) == text), default)


def add_playing_keys(
    keys: Keys, player: Player, line: Timeline, menu: PlayMenu, say: Callable[[str], object]
) -> None:
    """`say` hears where it can't go further."""
    stop, at_end = HeldKey(line, Qt.Key.Key_K), _Ends(player, say)

    def step(by: int) -> None:
        if not at_end(by):
            player.step(by)

    def shuttle(way: int) -> None:
        """With K held a frame, as editors have it."""
        if at_end(way):
            return
        if stop.down:
            player.step(way)
        else:
            player.shuttle(way)

    def jump(by_ns: int) -> None:
        if not at_end(by_ns):
            player.seek(max(0, player.position_ns + by_ns))

    keys.add("Play or pause", "Space", player.toggle, *NOT_TYPING)
    keys.add("Play or pause while typing", "Ctrl+Space", player.toggle, *TYPING)
    keys.add("Backwards; again: faster; with K held: a frame", "J", lambda: shuttle(-1), HERE)
    keys.add("Stop", "K", lambda: player.shuttle(0), HERE)
    keys.add("Forward; again: faster; with K held: a frame", "L", lambda: shuttle(1), HERE)
    keys.add("Faster", "Ctrl+Up", lambda: player.faster(1), *NOT_TYPING)
    keys.add("Slower", "Ctrl+Down", lambda: player.faster(-1), *NOT_TYPING)
    keys.add("One frame back", "Left", lambda: step(-1), HERE)
    keys.add("One frame on", "Right", lambda: step(1), HERE)
    keys.add("Some frames back (Play menu)", "Alt+J", lambda: step(-menu.jump), *NOT_TYPING)
    keys.add("Some frames on (Play menu)", "Alt+L", lambda: step(menu.jump), *NOT_TYPING)
    keys.add("One second back", "Shift+Left", lambda: jump(-NS_PER_S), *NOT_TYPING)
    keys.add("One second on", "Shift+Right", lambda: jump(NS_PER_S), *NOT_TYPING)
    keys.add("Five seconds back", "Ctrl+Left", lambda: jump(-5 * NS_PER_S), *NOT_TYPING)
    keys.add("Five seconds on", "Ctrl+Right", lambda: jump(5 * NS_PER_S), *NOT_TYPING)
    keys.add("To the start", "Home", lambda: player.seek(0), HERE)
    keys.add("To the end", "End", lambda: player.show_frame(player.frame_count - 1), HERE)


class _Ends:
    """Whether one stands at the first or the last frame and wants to go beyond; says so as long as it is so."""

    def __init__(self, player: Player, say: Callable[[str], object]) -> None:
        self._player, self._say, self._said = player, say, False

    def __call__(self, way: int) -> bool:
        last = self._player.frame_count - 1
        stuck = self._player.frame_number == (0 if way < 0 else last) and not self._player.rate and last >= 0
        if stuck or self._said:
            self._say(f"This is the {'first' if way < 0 else 'last'} frame." if stuck else "")
        self._said = stuck
        return stuck


def add_voice_keys(keys: Keys, player: Player, voices: list[VoiceButton]) -> None:
    def louder(steps: int) -> None:
        for track, voice in enumerate(voices):
            if player.alone in (None, track):
                voice.louder(steps)

    for track, voice in enumerate(voices):
        keys.add(
            f"{voice.name} alone; again: both", f"Shift+F{FIRST_VOICE + track}", voice.toggle_alone, *NOT_TYPING
        )
        keys.add(f"Mute the {voice.name.lower()}", f"Ctrl+F{FIRST_VOICE + track}", voice.toggle, *NOT_TYPING)
    keys.add("Voices louder", "Alt+Up", lambda: louder(1), *NOT_TYPING)
    keys.add("Voices softer", "Alt+Down", lambda: louder(-1), *NOT_TYPING)
