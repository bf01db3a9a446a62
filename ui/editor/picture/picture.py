"""The picture of an editor's session: what is shown of it at a time, its keys, and its part of the Play menu."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import av
from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from ui.editor.keys import NOT_TYPING, Keys, Place
from ui.editor.picture.area import PictureArea, Second, Views
from ui.editor.picture.overlays import Overlays
from ui.editor.picture.second_view import SecondView
from ui.editor.picture.view import PictureView
from ui.editor.play_keys import PlayMenu
from ui.editor.player import Player
from ui.widgets.ending import Ending
from woz.annotation.document import Document
from woz.recording.folder.session_folder import SessionFolder

NEARER, PAN = 1.5, 0.2
NO_MORE = "There is no more of the picture that way; Alt+PgUp brings it nearer, then it can be moved."
ORDER = (Second.BESIDE, Second.INSIDE, Second.OFF)


class Picture(QObject):
    """`area` is its place in the window, `view` the trainee's own picture."""

    def __init__(self, film: Path, document: Document, player: Player, empty_text: str) -> None:
        super().__init__(player)
        self._player = player
        self.view = PictureView(empty_text, "The trainee's view")
        folder = SessionFolder(film.parent)
        self.overlays = Overlays(document, folder)
        self.view.over.append(self.overlays.paint)
        self.second, self._no_second = SecondView.of(folder, self)
        second = PictureView("The second camera has no picture here.", "The second view") if self.second else None
        self.area = PictureArea(Views(self.view, second))
        player.picture.connect(self._show)
        player.moved.connect(self._move)
        if self.second and second:
            self.second.picture.connect(self._show_second)
        self._unsubscribe = document.subscribe(lambda _: self.view.update())

    def _show(self, frame: av.VideoFrame) -> None:
        self.overlays.t_ns = self._player.position_ns
        self.view.show_picture(frame)

    def _move(self, t_ns: int) -> None:
        self.overlays.t_ns = t_ns
        self.view.update()
        if self.second and self.area.views.where != Second.OFF:
            self.second.show_time(t_ns, bool(self._player.rate))

    def _show_second(self, frame: av.VideoFrame | None) -> None:
        second = self.area.views.second
        assert second
        if frame is None:
            second.clear("The second camera has no picture here.")
        else:
            second.show_picture(frame)

    def next_place(self, say: Callable[[str], object]) -> None:
        """Put the second view in its next place; `say` hears why it can't be."""
        views = self.area.views
        if self.second is None:
            say(self._no_second)
            return
        views.put(ORDER[(ORDER.index(views.where) + 1) % len(ORDER)])
        self._move(self._player.position_ns)

    def add_to(self, menu: PlayMenu) -> None:
        gaze = menu.add("Where the trainee and the expert looked", True, self._show_gaze)
        drawn = menu.add("What the expert drew", True, self._show_drawings)
        self._layers: tuple[QAction, ...] = (gaze, drawn)

    def add_keys(self, keys: Keys, say: Callable[[str], object]) -> None:
        view, here = self.view, Place.TIME_LINE
        keys.add("Picture nearer", "Alt+PgUp", lambda: view.zoom_by(NEARER), *NOT_TYPING)
        keys.add("Picture further", "Alt+PgDown", lambda: view.zoom_by(1 / NEARER), *NOT_TYPING)
        keys.add("All of the picture", "Alt+Home", view.show_all, *NOT_TYPING)

        def pan(right: float, down: float) -> None:
            say("" if view.pan(right, down) else NO_MORE)

        keys.add("Look further left", "Alt+Shift+Left", lambda: pan(-PAN, 0), here)
        keys.add("Look further right", "Alt+Shift+Right", lambda: pan(PAN, 0), here)
        keys.add("Look further up", "Alt+Shift+Up", lambda: pan(0, -PAN), here)
        keys.add("Look further down", "Alt+Shift+Down", lambda: pan(0, PAN), here)
        keys.add("Second view: beside, inside, off", "F9", lambda: self.next_place(say), *NOT_TYPING)
        keys.add("Gaze and drawings: show or hide", "F12", lambda: self.toggle_layers(say), *NOT_TYPING)
        keys.add("The picture in a window of its own, or back", "F11", self.area.toggle_window, *NOT_TYPING)

    def toggle_layers(self, say: Callable[[str], object]) -> None:
        """Also where nothing of them is here; `say` hears so."""
        on = not any(layer.isChecked() for layer in self._layers)
        if self.overlays.empty:
            say("This session has no gaze and no drawings, so there is nothing to show or hide.")
        for layer in self._layers:
            layer.setChecked(on)

    def close(self, ending: Ending | None = None) -> None:
        self.area.close_window()
        self._unsubscribe()
        if self.second:
            self.second.close(ending)

    def _show_gaze(self, on: bool) -> None:
        self.overlays.gaze_shown = on
        self.view.update()

    def _show_drawings(self, on: bool) -> None:
        self.overlays.drawings_shown = on
        self.view.update()
