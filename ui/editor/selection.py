"""Many items of a tier chosen at once, by key or pointer, and what is done with all of them."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from ui.editor.keys import Keys, Place
from ui.editor.label_list import LabelList
from ui.editor.marking import CHOOSE_FIRST, NO_TIER, Marking
from woz.annotation.document import Document
from woz.annotation.many import copies, paste
from woz.annotation.proposals.drafts import is_draft
from woz.base.counts import counted
from woz.base.errors import WozError
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId, LabelId, TierId, new_id
from woz.model.scheme import Label, TierType
from woz.model.tier import Tier

BEYOND = "What was copied would reach beyond the end of the session; go back, and paste it there."
ONE_TIER = "There is no other tier to put it into: Ctrl+N makes one."


class Selection(QObject):
    """Items are chosen in the tier of a `Marking`; what is copied is kept as long as the window."""

    def __init__(self, document: Document, marking: Marking, window: QWidget) -> None:
        super().__init__(marking)
        self._document, self._marking, self._window = document, marking, window
        self._anchor: AnnotationId | None = None
        self._copied: tuple[tuple[Annotation, ...], TierType] | None = None

    def add_keys(self, keys: Keys) -> None:
        place = Place.TIME_LINE
        keys.add("Choose on to the next item", "Shift+PgDown", lambda: self.extend(1), place)
        keys.add("Choose on to the item before", "Shift+PgUp", lambda: self.extend(-1), place)
        keys.add("Choose the item here as well, or no longer", "Ctrl+M", self.toggle_here, place)
        keys.add("Choose all of the tier", "Ctrl+A", self.all, place)
        keys.add("Choose all with the same label", "Ctrl+Shift+A", self.alike, place)
        keys.add("Choose nothing", "Escape", self.none, place)
        keys.add("Copy", "Ctrl+C", self.copy, place)
        keys.add("Cut", "Ctrl+X", self.cut, place)
        keys.add("Paste at the play head", "Ctrl+V", self.paste, place)
        keys.add("Duplicate to another tier", "Ctrl+D", self.duplicate, place)

    # choosing

    def extend(self, direction: int) -> None:
        """A range from where it began, an item longer or shorter at its moving end."""
        items, end = list(self._marking.segments), self._marking.chosen
        if not items or end is None or end.start_ns is None:
            self._refuse(CHOOSE_FIRST)
            return
        places = {each.id: n for n, each in enumerate(items)}
        anchor = places.get(self._anchor, places[end.id]) if self._anchor else places[end.id]
        if len(self._marking.many) < 2:
            anchor = places[end.id]
        to = places[end.id] + direction
        if not 0 <= to < len(items):
            self._refuse(f"There is nothing {'after' if direction > 0 else 'before'} this in the tier.")
            return
        self._set(items[min(anchor, to) : max(anchor, to) + 1], items[to], items[anchor].id)

    def range_to(self, item_id: AnnotationId) -> None:
        """All from the chosen one to another."""
        items, chosen = list(self._marking.segments), self._marking.chosen
        places = {each.id: n for n, each in enumerate(items)}
        if chosen is None or chosen.id not in places or item_id not in places:
            self._marking.choose(None, item_id)
            return
        a, b = sorted((places[chosen.id], places[item_id]))
        self._set(items[a : b + 1], chosen, chosen.id)

    def toggle(self, item: Annotation) -> None:
        """One more, or one less."""
        now = [each for each in self._marking.chosen_many if each.id != item.id]
        if len(now) == len(self._marking.chosen_many):
            now.append(item)
        self._set(now, item if item in now else now[-1] if now else None, item.id)

    def toggle_here(self) -> None:
        here = self._document.timed(self._marking.tier.id).at(self._marking.here_ns) if self._marking.tier else None
        if here is None:
            name = self._marking.tier.name if self._marking.tier else ""
            self._refuse(f"Nothing of {name} is here to choose." if name else NO_TIER)
        else:
            self.toggle(here)

    def all(self) -> None:
        tier = self._marking.tier
        items = self._document.annotations(tier.id) if tier else ()
        if not items:
            self._refuse(f"{tier.name} is empty." if tier else NO_TIER)
        else:
            self._set(items, self._marking.chosen or items[0], items[0].id)

    def alike(self) -> None:
        chosen = self._marking.chosen
        if chosen is None:
            self._refuse(CHOOSE_FIRST)
            return
        items = self._document.annotations(chosen.tier_id)
        self._set([each for each in items if each.label == chosen.label], chosen, chosen.id)

    def none(self) -> None:
        self._marking.choose(None, None)
        self._marking.forget_in()
        self._marking.hinted.emit("")

    def _set(self, items: Iterable[Annotation], end: Annotation | None, anchor: AnnotationId) -> None:
        chosen = tuple(items)
        self._anchor = anchor
        self._marking.choose_many(chosen, end)
        self._marking.said.emit("")
        count = len(chosen)
        self._marking.hinted.emit(f"{count} chosen: what is changed changes all" if count > 1 else "")

    # copying

    def copy(self) -> bool:
        items, tier_type = self._marking.chosen_many, self._marking.tier_type
        if not items or tier_type is None or self._marking.tier is None:
            self._refuse(CHOOSE_FIRST if self._marking.tier else NO_TIER)
            return False
        if is_draft(self._marking.tier):
            self._refuse("These are a machine's proposals: Enter takes one, Shift+Enter all that are sure.")
            return False
        self._copied = (items, tier_type)
        self._marking.hinted.emit(f"{_count(items)} copied: Ctrl+V puts them at the play head")
        return True

    def cut(self) -> None:
        if self.copy():
            self._marking.delete()

    def paste(self) -> None:
        if self._copied is None:
            self._refuse("Nothing was copied yet: Ctrl+C copies what is chosen.")
            return
        items, came_of = self._copied
        first = min((each.start_ns for each in items if each.start_ns is not None), default=None)
        by_ns = 0 if first is None else self._marking.here_ns - first
        if self._marking.tier is None:
            self._refuse(NO_TIER)
        elif by_ns > 0 and _last_ns(items) + by_ns > self._marking.duration_ns:
            self._refuse(BEYOND)
        else:
            self._put("Paste", items, came_of, self._marking.tier, by_ns)

    def duplicate(self) -> None:
        """The same at the same times in another tier, which is asked for."""
        items, came_of, tier = self._marking.chosen_many, self._marking.tier_type, self._marking.tier
        if not items or came_of is None or tier is None:
            self._refuse(CHOOSE_FIRST if tier else NO_TIER)
            return
        others = [each for each in self._document.tiers if each.id != tier.id and not is_draft(each)]
        if not others:
            self._refuse(ONE_TIER)
            return
        offered = [Label(LabelId(each.id), each.name, {"en": each.name}) for each in others]
        found = LabelList.ask(self._window, offered, (), False, "Into which tier?")
        into = next((each for each in others if isinstance(found, Label) and each.id == TierId(found.id)), None)
        if into:
            self._put("Duplicate", items, came_of, into, 0)

    def _put(self, name: str, items: tuple[Annotation, ...], came_of: TierType, into: Tier, by_ns: int) -> None:
        if is_draft(into):
            self._refuse("This tier holds a machine's proposals; choose one of your own.")
            return
        tier_type = self._document.tier_type(into)
        try:
            new = copies(
                items,
                came_of,
                into.id,
                tier_type,
                self._document.made(),
                lambda: AnnotationId(new_id()),
                by_ns,
                self._marking.times,
            )
        except WozError as error:
            self._refuse(str(error))
            return
        existing = self._document.annotations(into.id)
        if self._marking.apply(lambda: paste(name, new, existing, tier_type)):
            self._marking.choose(into.id, new[0].id)
            self._set(new, new[0], new[0].id)

    def _refuse(self, why: str) -> None:
        self._marking.said.emit(why)


def _last_ns(items: Iterable[Annotation]) -> int:
    """Where the last of their edges is; 0 where none has a time."""
    return max((t for each in items for t in (each.start_ns, each.end_ns) if t is not None), default=0)


def _count(items: tuple[Annotation, ...]) -> str:
    return counted(len(items), "item")
