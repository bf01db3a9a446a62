"""The keys of the editor's time line."""

from __future__ import annotations

from collections.abc import Callable

from ui.editor.keys import NOT_TYPING, Keys, Place
from ui.editor.marking import Marking
from ui.editor.passes.refining import Refining
from ui.editor.timeline import Timeline
from woz.annotation.document import Document
from woz.schemes.editor_keys import EDITOR_KEYS

HERE = Place.TIME_LINE
DIGITS = frozenset("123456789")
FAR = 10
"""Frames."""


def add_refining_keys(keys: Keys, refining: Refining) -> None:
    keys.add("Refine pass, edge by edge, in time; again: end it", "F5", lambda: refining.switch(False), HERE)
    keys.add("Refine pass, the most doubtful edge first", "Shift+F5", lambda: refining.switch(True), HERE)
    keys.mention("Refine pass: next edge", "Tab", HERE)
    keys.mention("Refine pass: the edge is right; next", "Return", HERE)


def add_marking_keys(keys: Keys, marking: Marking, refining: Refining) -> None:
    """Those of edges mean the edge of the refine pass while one is on."""
    add = keys.add

    def nudge(frames: int, apart: bool = False) -> None:
        (refining.nudge if refining.on else marking.edges.nudge)(frames, apart)

    def onward(by: int) -> None:
        (refining.go if refining.on else marking.next_tier)(by)

    def choose() -> None:
        (refining.right if refining.on else marking.choose_here)()

    add("Previous boundary", "PgUp", lambda: marking.edges.boundary(-1), HERE)
    add("Next boundary", "PgDown", lambda: marking.edges.boundary(1), HERE)
    add("Next tier", ["Tab", "Down"], lambda: onward(1), HERE)
    add("Previous tier", ["Up", "Shift+Tab"], lambda: onward(-1), HERE)
    add("Choose the segment here", "Return", choose, HERE)
    add("New segment starts here (in)", ["I", "["], marking.mark_in, HERE)
    add("New segment ends here (out)", ["O", "]"], marking.mark_out, HERE)
    keys.add_digits("Label: set, new, or while playing the next", "1", 9, lambda i: marking.label_key(str(i)), HERE)
    add("While it plays: tap the labels' keys, or hold them", "F4", marking.passes.switch, HERE)
    add("Take late presses off, or leave them", "Shift+F4", marking.passes.late.switch, HERE)
    add("Start of the segment to here", "Shift+I", lambda: marking.edges.set_here(True), HERE)
    add("End of the segment to here", "Shift+O", lambda: marking.edges.set_here(False), HERE)
    add("The nearest edge a frame back", ",", lambda: nudge(-1), HERE)
    add("The nearest edge a frame on", ".", lambda: nudge(1), HERE)
    add("The same, parted from its neighbour", "Alt+,", lambda: nudge(-1, apart=True), HERE)
    add("On, parted from its neighbour", "Alt+.", lambda: nudge(1, apart=True), HERE)
    add("The nearest edge ten frames back", ["Shift+,", "Ctrl+Shift+Left"], lambda: nudge(-FAR), HERE)
    add("The nearest edge ten frames on", ["Shift+.", "Ctrl+Shift+Right"], lambda: nudge(FAR), HERE)
    add("Split the segment here", "S", marking.split, HERE)
    add("Merge with the next segment", "M", marking.merge, HERE)
    add("Mark or unmark a mistake", "X", marking.toggle_mistake, HERE)
    add("Take back a tap, or delete the segment", "Backspace", marking.back, HERE)
    add("Delete the segment", "Delete", marking.delete, HERE)


def add_window_keys(keys: Keys, timeline: Timeline, undo: Callable[[], None], redo: Callable[[], None]) -> None:
    keys.add("Undo", "Ctrl+Z", undo, *NOT_TYPING)
    keys.add("Redo", ["Ctrl+Shift+Z", "Ctrl+Y"], redo, *NOT_TYPING)
    keys.add("Zoom in", ["+", "=", "Ctrl++"], lambda: timeline.zoom(0.6), *NOT_TYPING)
    keys.add("Zoom out", ["-", "Ctrl+-"], lambda: timeline.zoom(1 / 0.6), *NOT_TYPING)


class LabelKeys:
    """Keys of labels other than digits, as the schemes of the tiers have them; those of the desk go first."""

    def __init__(self, keys: Keys, document: Document, marking: Marking) -> None:
        self._keys, self._document, self._marking = keys, document, marking

    def refresh(self) -> None:
        """After each new tier."""
        for tier in self._document.tiers:
            for label in self._document.tier_type(tier).offered:
                key = label.shortcut.upper()
                if key and key not in DIGITS and key not in EDITOR_KEYS and not self._keys.at(key, [HERE]):
                    self._add(key)

    def _add(self, key: str) -> None:
        self._keys.add_fixed(f"Label with the key {key}", key, lambda: self._marking.label_key(key), HERE)
