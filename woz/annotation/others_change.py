"""What others made of somebody's item since they last changed it themselves, all their edits taken together."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from woz.annotation.logged import Version
from woz.model.annotation import Annotation
from woz.model.item_merge import differences
from woz.model.kinds import Item
from woz.model.link import Link
from woz.model.transcript import Turn

Own = Annotation | Link | Turn
"""What somebody can have made, or corrected, that others change."""


@dataclass(frozen=True, slots=True)
class OthersChange:
    """`mine` is the item as they left it, `now` as it is, None where it was taken away; `by` and `why` are of the
    last edit by a person, whose id is `edit_id`.
    """

    mine: Own
    now: Own | None
    by: str
    why: str
    edit_id: int


def others_change(versions: Sequence[Version], whose: str, people: Collection[str]) -> OthersChange | None:
    """`versions` of an item, the newest first, `whose` and `people` ids of annotators. None where it wasn't theirs,
    only programs changed it, or what others did comes to nothing.
    """
    since = list(takewhile(lambda each: each.by != whose, versions))
    last = next((each for each in since if each.by in people), None)
    if last is None:
        return None
    mine, now = since[-1].before, since[0].after
    corrected = len(since) < len(versions)
    if not isinstance(mine, Own) or not _theirs(mine, whose, corrected):
        return None
    left = _as_far_as_told(mine, now) if isinstance(now, Own) else None
    if left is not None and not differences(mine, left):
        return None
    return OthersChange(mine, left, last.by, last.why, last.edit_id)


def _theirs(mine: Own, whose: str, corrected: bool) -> bool:
    """A turn is said by somebody else: it is theirs who corrected it."""
    return corrected if isinstance(mine, Turn) else mine.made.by == whose


def _as_far_as_told(mine: Item, now: Own) -> Own:
    """Of a turn what is said and when: to check it, or to doubt a word of it, changes neither."""
    if not isinstance(mine, Turn) or not isinstance(now, Turn):
        return now
    words = mine.words if now.text == mine.text else now.words
    return replace(now, checked=mine.checked, words=words)
