"""Links by key: from one item to another, followed there and back, taken away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from ui.editor.item_words import item_words
from ui.editor.keys import NOT_TYPING, Keys, Place
from ui.editor.label_list import LabelList
from woz.annotation.document import Document
from woz.annotation.linking import Way, link, link_types, unlink, ways
from woz.base.errors import WozError
from woz.model.annotation import Annotation
from woz.model.ids import LabelId, LinkId, new_id
from woz.model.item import ItemRef, ref_to
from woz.model.kinds import Item
from woz.model.link import Link
from woz.model.scheme import Label, named
from woz.model.transcript import Turn

NOTHING = "Choose what is to be linked first: a segment on the time line, or a turn (Ctrl+T)."
T = TypeVar("T")


class Links(QObject):
    """`at_hand` gives the item that is chosen where the keyboard is, `show` chooses one.

    `said` is why a key can't act, `hinted` what is under way.
    """

    said = Signal(str)
    hinted = Signal(str)

    def __init__(
        self,
        document: Document,
        at_hand: Callable[[], Item | None],
        show: Callable[[ItemRef], bool],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._document, self._at_hand, self._show, self._window = document, at_hand, show, window
        self._source: ItemRef | None = None
        self._came_from: list[ItemRef] = []

    def add_keys(self, keys: Keys) -> None:
        keys.add("Link from this item; again on another: to it", "Ctrl+K", self.link, *NOT_TYPING)
        keys.add("Follow the link of this item", "Alt+Right", self.follow, *NOT_TYPING)
        keys.add("Back to where the link was followed from", "Alt+Left", self.back, *NOT_TYPING)
        keys.add("Remove the link of this item", "Alt+Delete", self.remove, *NOT_TYPING)

    def link(self) -> None:
        """The first time mark where it starts, the second time make it."""
        item, source = self._at_hand(), self._marked()
        if item is None:
            self.said.emit(NOTHING)
        elif source is None:
            self._source = ref_to(item)
            self.said.emit("")
            self.hinted.emit(f"Link from “{self.words(ref_to(item))}”: go to the other, Ctrl+K")
        elif ref_to(source) == ref_to(item):
            self._end("")
        else:
            self._make(source, item)

    def _make(self, source: Item, target: Item) -> None:
        fitting = link_types(self._document, source, target)
        if not fitting:
            names = f"“{self.words(ref_to(source))}” to “{self.words(ref_to(target))}”"
            self._end(f"No link of the schemes here may lead from {names}.")
            return
        kind = self._one_of(fitting, [named(each.names, "en", each.key) for each in fitting], "Which link?")
        if kind is None:
            return
        try:
            self._document.apply(link(self._document, kind, source, target, LinkId(new_id())), self)
        except WozError as error:
            self._end(str(error))
            return
        self._end("")
        self.hinted.emit(f"Linked: {named(kind.names, 'en', kind.key)}")

    def follow(self) -> None:
        item = self._at_hand()
        way = self._way(item, "Which way?")
        if item and way:
            self._came_from.append(ref_to(item))
            self._go(way.other)

    def back(self) -> None:
        while self._came_from:
            ref = self._came_from.pop()
            if self._document.item(ref) is not None:
                self._go(ref)
                return
        self.said.emit("No link was followed: Alt+Right follows the one of what is chosen.")

    def remove(self) -> None:
        way = self._way(self._at_hand(), "Remove which link?")
        if way:
            self._document.apply(unlink(way.link), self)
            self.said.emit("")
            self.hinted.emit(f"No longer linked: {way.name}")

    def pick(self, question: str) -> Link | None:
        """A link of the item that is chosen; says so where it has none."""
        way = self._way(self._at_hand(), question)
        return way.link if way else None

    def words_of(self, ref: ItemRef) -> str:
        """All links of an item, one a line; empty where it has none."""
        return "\n".join(self._way_words(way) for way in ways(self._document, ref))

    def words(self, ref: ItemRef) -> str:
        """An item as links name it."""
        return item_words(self._document, ref)

    # helping

    def _marked(self) -> Item | None:
        return self._document.item(self._source) if self._source else None

    def _end(self, why: str) -> None:
        self._source = None
        self.hinted.emit("")
        self.said.emit(why)

    def _go(self, ref: ItemRef) -> None:
        if self._show(ref):
            self.said.emit("")
        else:
            self.said.emit("The other end is a turn of another transcript than the one shown.")

    def _way(self, item: Item | None, question: str) -> Way | None:
        if item is None:
            self.said.emit(NOTHING)
            return None
        found = ways(self._document, ref_to(item))
        if not found:
            self.said.emit("This has no link: Ctrl+K makes one.")
            return None
        return self._one_of(found, [self._way_words(way) for way in found], question)

    def _way_words(self, way: Way) -> str:
        doubt = way.link.doubt
        flag = "" if doubt is None else f"  ⚑ {doubt or 'doubtful'}"
        return f"{'→' if way.onward else '←'} {way.name}: {self.words(way.other)}{flag}"

    def _one_of(self, offered: Sequence[T], names: Sequence[str], question: str) -> T | None:
        """The only one; else what is picked from a list."""
        if len(offered) == 1:
            return offered[0]
        labels = [Label(LabelId(str(n)), str(n), {"en": name}) for n, name in enumerate(names)]
        found = LabelList.ask(self._window, labels, (), False, question)
        return offered[int(found.id)] if isinstance(found, Label) else None


def at_hand(place: Place, annotation: Annotation | None, turn: Turn | None) -> Item | None:
    """The turn where the keyboard is in the transcript, else the chosen annotation."""
    return turn if place == Place.TRANSCRIPT else annotation
