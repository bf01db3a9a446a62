"""Plays round an edge, slowly, again and again, to hear and see whether it is right; or what is chosen, once."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from ui.editor.marking import Marking
from ui.editor.player import Player
from woz.base.interval import NS_PER_S, Interval

AROUND_NS = NS_PER_S // 2
SLOW = 0.5


class Rounds(QObject):
    def __init__(self, player: Player, marking: Marking, say: Callable[[str], None], parent: QObject) -> None:
        super().__init__(parent)
        self._player, self._marking, self._say = player, marking, say
        self._edge: int | None = None
        self._loops = False
        self._speed = 1.0
        player.playing_changed.connect(self._playing_changed)

    def toggle(self) -> None:
        """Round the edge that is nearest to the play head; again: stand on it."""
        edge_ns = self._marking.edges.near(0)
        if self._edge is not None:
            self.stop()
        elif edge_ns is None:
            self._say("This tier has no edge to play round.")
        else:
            self.around(edge_ns)

    def stop(self) -> None:
        """Stand on the edge."""
        edge = self._edge
        if edge is not None:
            self._player.shuttle(0)
            self._player.seek(edge)

    def around(self, edge_ns: int) -> None:
        """Play round an edge, in place of one before."""
        self._player.shuttle(0)
        self._speed = self._player.speed
        self._player.seek(max(0, edge_ns - AROUND_NS))
        self._player.loop(Interval(max(0, edge_ns - AROUND_NS), edge_ns + AROUND_NS))
        self._player.set_speed(SLOW)
        self._player.toggle()
        self._edge = edge_ns

    def play_chosen(self) -> None:
        chosen = self._marking.chosen
        if chosen is None or chosen.end_ns is None:
            self._say("Choose a segment first: click it, or press Enter on it; then P plays it.")
        else:
            self._player.play_once(chosen.interval)

    def loop_chosen(self) -> None:
        """Again and again, until it is paused."""
        chosen = self._marking.chosen
        if chosen is None or chosen.end_ns is None:
            self._say("Choose a segment first: click it, or press Enter on it; then Shift+P loops it.")
            return
        self._player.shuttle(0)
        self._player.loop(chosen.interval)
        self._player.seek(chosen.interval.start_ns)
        self._player.toggle()
        self._loops = True

    def _playing_changed(self, playing: bool) -> None:
        """A pause ends the rounds."""
        if not playing and self._loops:
            self._loops = False
            self._player.loop(None)
        if not playing and self._edge is not None:
            self._edge = None
            self._player.loop(None)
            self._player.set_speed(self._speed)
