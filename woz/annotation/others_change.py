"""What others made of somebody's item since they last changed it themselves, all their edits taken together."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import takewhile

from woz.annotation.logged import Version
from woz.model.annotation import Annotation
from woz.model.item_merge import differences


@dataclass(frozen=True, slots=True)
class OthersChange:
    """`mine` is the annotation as its annotator left it, `now` as it is, None where it was taken away; `by` and
    `why` are of the last edit by a person, whose id is `edit_id`.
    """

    mine: Annotation
    now: Annotation | None
    by: str
    why: str
    edit_id: int


def others_change(versions: Sequence[Version], whose: str, people: Collection[str]) -> OthersChange | None:
    """`versions` of an annotation, the newest first, `whose` and `people` ids of annotators. None where it wasn't
    theirs, only programs changed it, or what others did comes to nothing.
    """
    since = list(takewhile(lambda each: each.by != whose, versions))
    last = next((each for each in since if each.by in people), None)
    if last is None:
        return None
    mine, now = since[-1].before, since[0].after
    if not isinstance(mine, Annotation) or mine.made.by != whose:
        return None
    if isinstance(now, Annotation) and not differences(mine, now):
        return None
    return OthersChange(mine, now if isinstance(now, Annotation) else None, last.by, last.why, last.edit_id)
