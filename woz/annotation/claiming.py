"""What a person changes of a machine's becomes the person's, and says what it was made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import cast

from woz.annotation.edits import Edit
from woz.model.annotation import Annotation
from woz.model.item import ItemRef, ref_to
from woz.model.item_merge import differences
from woz.model.kinds import Item
from woz.model.link import Link
from woz.model.made import Made, Source
from woz.model.origin import Origin
from woz.model.question import Question

_JUDGED = {"status"}
"""To judge a question is not to write it."""


def claimed(edit: Edit, by: str, utc_ns: int, edit_ids: Mapping[ItemRef, int]) -> Edit:
    """The same edit, as one by this person. `edit_ids`: the edit that made an item as it is."""
    before = {ref_to(item): item for item in edit.before}
    after = tuple(_claimed(before.get(ref_to(item)), item, by, utc_ns, edit_ids) for item in edit.after)
    return replace(edit, after=after)


def _claimed(old: Item | None, new: Item, by: str, utc_ns: int, edit_ids: Mapping[ItemRef, int]) -> Item:
    if not isinstance(new, Annotation | Link | Question) or old is None or new.made.origin == Origin.MANUAL:
        return new
    if not set(differences(old, new)) - _JUDGED:
        return new
    ref = ref_to(new)
    made = Made(Origin.MANUAL, by, utc_ns, "", (Source(ref, edit_ids.get(ref)), *new.made.sources))
    return cast(Item, replace(new, made=made))
