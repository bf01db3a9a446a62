"""Why an edit was not kept, in words for the annotator, and what stands in its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from woz.annotation.edits import Edit
from woz.base.errors import WozError
from woz.model.item import ItemRef
from woz.model.kinds import Item

_WORDS = {
    "start_ns": "the start",
    "end_ns": "the end",
    "interval": "the times",
    "name": "the name",
    "checked": "whether it is checked",
}
"""Where the field's own name says it badly."""


@dataclass(frozen=True, slots=True)
class Clash:
    """An item that was changed on both sides: which fields, what is stored, and the edit in the way.

    `fields` is empty where one side took the item away, or both made one with the same id.
    """

    item: ItemRef
    fields: tuple[str, ...]
    stored: Item | None
    edit_id: int | None = None
    edit_name: str = ""
    who: str = ""


class ConflictError(WozError):
    """An edit changes what somebody else changed otherwise; nothing of it was kept."""

    def __init__(self, clashes: Sequence[Clash]) -> None:
        self.clashes = tuple(clashes)
        super().__init__(_sentence(self.clashes[0]))


class TakingBackError(ConflictError):
    """The same for an edit, made by the store, that would have taken back another: what it was, and of which."""

    def __init__(self, clashes: Sequence[Clash], edit: Edit, undoes: int) -> None:
        self.edit, self.undoes = edit, undoes
        super().__init__(clashes)


class OverlapError(WozError):
    """An edit would let an annotation cover another where its tier allows none; nothing of it was kept."""

    def __init__(self, item: ItemRef) -> None:
        self.item = item
        super().__init__("It would cover another one of its tier; move that one first.")


def _sentence(clash: Clash) -> str:
    who = clash.who or "Somebody else"
    edit = f" (“{clash.edit_name}”)" if clash.edit_name else ""
    kind = clash.item.kind
    if clash.stored is None:
        return f"{who} took this {kind} away meanwhile{edit}, so your change of it was not kept."
    if not clash.fields:
        return f"{who} changed this {kind} meanwhile{edit}; look at it, and take it away then if you still wish."
    fields = " and ".join(field_words(name) for name in clash.fields)
    return f"{who} changed {fields} of this {kind} meanwhile{edit}; look at it, and change it again if you wish."


def field_words(name: str) -> str:
    """A field as people say it: "start_ns" is the start, "attributes.force" the force."""
    head, _, key = name.partition(".")
    return f"the {key}" if key else _WORDS.get(head, f"the {head.removesuffix('_id').replace('_', ' ')}")
