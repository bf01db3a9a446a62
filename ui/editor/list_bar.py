"""A work list in the editor: where one is in it, and one key to the next place, in whatever session that is."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QToolBar, QWidget

from ui.widgets.parts import action, clock_text, label
from woz.base.errors import WozError
from woz.lab.worklists import Place, WorkList, WorkLists

NEXT_KEY, BACK_KEY = "Ctrl+PgDown", "Ctrl+PgUp"


class ListBar(QToolBar):
    """`wanted` says that the place lies in another session."""

    wanted = Signal()

    def __init__(self, steps: ListSteps, seek: Callable[[int], None], parent: QWidget | None = None) -> None:
        super().__init__("Work list", parent)
        self.setMovable(False)
        self._steps, self._seek = steps, seek
        self._session = steps.place.session
        self._told = label("")
        self.addWidget(self._told)
        for name, keys, by in (("Previous place", BACK_KEY, -1), ("Done, and to the next place", NEXT_KEY, 1)):
            made = action(self, name, keys, partial(self._go, by))
            made.setToolTip(f"{name} ({keys})")
            self.addAction(made)
        self._show()

    def _go(self, by: int) -> None:
        try:
            moved = self._steps.go(by)
        except WozError as fault:
            self._told.setText(str(fault))
            return
        if moved and self._steps.place.session != self._session:
            self.wanted.emit()
            return
        if moved:
            self._seek(self._steps.place.at_ns)
        self._show()

    def _show(self) -> None:
        self._told.setText(self._steps.words)


class ListSteps:
    """Which place of a list is looked at. Each step forward calls the place done, and is kept at once."""

    def __init__(self, lists: WorkLists, worklist: WorkList) -> None:
        self._lists, self._list = lists, worklist
        self._number = worklist.first_left()

    @property
    def place(self) -> Place:
        return self._list.places[self._number]

    @property
    def words(self) -> str:
        place, count = self.place, len(self._list.places)
        where = f"{place.title}, {clock_text(place.at_ns)}, {place.kind}"
        left = f"{self._list.left} left" if self._list.left else "all done"
        return f"  “{self._list.name}”: {self._number + 1} of {count} ({left})   {where}   "

    def go(self, by: int) -> bool:
        """False at either end. Raises WozError where it can't be kept."""
        if by > 0 and not self.place.done:
            self._list = self._lists.call_done(self._list, self._number)
        at = self._number + by
        if not 0 <= at < len(self._list.places):
            return False
        self._number = at
        return True
