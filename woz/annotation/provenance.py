"""Who made what: a person makes what they change theirs, and it keeps what it was made from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from woz.annotation.edits import Edit
from woz.annotation.logged import ItemChange
from woz.model.annotation import Annotation
from woz.model.ids import AnnotatorId
from woz.model.item import ItemRef, ref_to
from woz.model.item_merge import differences
from woz.model.kinds import Item
from woz.model.link import Link
from woz.model.made import Made, Source
from woz.model.origin import Origin
from woz.model.question import Question
from woz.model.tier import Tier

Authored = Annotation | Link | Question
_Made = Annotation | Link | Question | Tier
_JUDGED = frozenset({"status"})
"""To judge a question is not to write it."""
EditOf = Callable[[ItemRef], int | None]
"""The edit that made an item as it was before; None where it was as first kept."""


def by_person(
    changes: Sequence[ItemChange], annotator: AnnotatorId, utc_ns: int, edit_of: EditOf
) -> tuple[ItemChange, ...]:
    """The same changes, with what they make or change made by this person, now.

    What a machine made becomes the person's, and names what it was before and its sources; its run stays known.
    Nothing of who made a tier changes, since its items say it each for itself.
    """
    before = {change.item: change.before for change in changes if isinstance(change.before, Authored)}
    return tuple(replace(c, after=_owned(c, before, annotator, utc_ns, edit_of)) for c in changes)


def owned(edit: Edit, annotator: AnnotatorId, utc_ns: int, edit_of: EditOf) -> Edit:
    """An edit as it will be stored for this person, to be shown until it is."""
    before = {ref_to(item): item for item in edit.before}
    changes = [ItemChange(ref_to(item), before.get(ref_to(item)), item) for item in edit.after]
    left = {change.item for change in changes}
    gone = [ItemChange(ref, item, None) for ref, item in before.items() if ref not in left]
    made = by_person([*changes, *gone], annotator, utc_ns, edit_of)[: len(changes)]
    return replace(edit, after=tuple(change.after for change in made if change.after is not None))


def said_already(shown: Item | None, stored: Item | None) -> bool:
    """Whether they are the same but for when it was made, which the store tells by its own clock."""
    if not isinstance(shown, _Made) or not isinstance(stored, _Made):
        return False
    return replace(stored, made=replace(stored.made, utc_ns=shown.made.utc_ns)) == shown


def _owned(
    change: ItemChange, before: Mapping[ItemRef, Authored], annotator: AnnotatorId, utc_ns: int, edit_of: EditOf
) -> Item | None:
    old, new = change.before, change.after
    if isinstance(new, Tier) and old is None:
        return replace(new, made=Made(Origin.MANUAL, annotator, utc_ns))
    if not isinstance(new, Authored) or (old is not None and not differences(old, new).keys() - _JUDGED):
        return new
    sources = [old] if isinstance(old, Authored) else _sources(new, before)
    return replace(new, made=_made(new.made, sources, annotator, utc_ns, edit_of))


def _sources(new: Authored, before: Mapping[ItemRef, Authored]) -> list[Authored]:
    """Those that it names, of what goes; where it names none, those whose maker it took over."""
    named = [before[source.item] for source in new.made.sources if source.item in before]
    return named or [item for item in before.values() if _copied(item, new)]


def _copied(source: Authored, item: Authored) -> bool:
    """Whether a new item took over from another one, of the same kind, who made it."""
    return type(source) is type(item) and source.made == item.made


def _made(now: Made, old: Sequence[Authored], annotator: AnnotatorId, utc_ns: int, edit_of: EditOf) -> Made:
    machines = [item for item in old if item.made.origin != Origin.MANUAL]
    if machines:
        own = (Source(ref_to(item), edit_of(ref_to(item))) for item in machines)
        sources = (*own, *(source for item in machines for source in item.made.sources))
        return Made(Origin.MANUAL, annotator, utc_ns, machines[0].made.run, sources)
    if not old and (now.origin, now.by) == (Origin.MANUAL, annotator):
        return now
    kept = old[0].made if old else now
    return Made(Origin.MANUAL, annotator, utc_ns, kept.run, kept.sources)
