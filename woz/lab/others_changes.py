"""What others changed of what somebody made of a session: marks, links, turns that they corrected; in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from woz.annotation.adjudication.state import DROPPED
from woz.annotation.change_words import field_changes, told
from woz.annotation.others_change import OthersChange, Own, others_change
from woz.lab.commenting import begin_ns
from woz.lab.item_names import names_of, pseudonyms
from woz.lab.ports import Project
from woz.model.annotation import Annotation
from woz.model.annotator import Annotator
from woz.model.ids import SessionId, TierId
from woz.model.item import ItemRef
from woz.model.kinds import Item
from woz.model.link import Link
from woz.model.scheme import named


@dataclass(frozen=True, slots=True)
class ToldChange:
    """`item` is what it is seen on: the mark or turn itself; of a link the end that it leads from, or the other
    where that is gone. `at_ns` is when that begins in the session, None where it has no time.
    """

    key: str
    words: str
    at_ns: int | None
    item: ItemRef


def others_changes(
    project: Project, session_id: SessionId, person: Annotator, tiers: Iterable[TierId]
) -> Iterator[ToldChange]:
    """Since the person last changed it themselves; of marks those in `tiers`. The project is as they see it.

    A link that went with what it joined isn't told beside that.
    """
    log, people = project.annotations, pseudonyms(project)
    others, touched = people.keys() - {person.id}, log.touched_by_others(session_id, tiers, person.id)
    found = {
        ref: change
        for ref, versions in log.versions_by_item(touched).items()
        if (change := others_change(versions, person.id, others))
    }
    if not found:
        return
    gone = {(ref, change.edit_id) for ref, change in found.items() if change.now is None}
    words = _Words(project, list(found.values()))
    for ref, change in found.items():
        if not _passed_over(change, gone):
            item, at_ns = words.place(ref, change.mine)
            yield ToldChange(f"changed {change.edit_id} {ref.id}", words.of(change, people[change.by]), at_ns, item)


def _passed_over(change: OthersChange, gone: set[tuple[ItemRef, int]]) -> bool:
    """`gone` are items with the edits that took them away."""
    mine = change.mine
    if not isinstance(mine, Link):
        return False
    ends = {(end, change.edit_id) for end in (mine.source, mine.target)}
    return mine.type == DROPPED or (change.now is None and not ends.isdisjoint(gone))


class _Words:
    """What is said of some changes: with what links lead to, and what labels and links are called."""

    def __init__(self, project: Project, changes: Sequence[OthersChange]) -> None:
        sides: list[Own] = [each for change in changes for each in (change.mine, change.now) if each is not None]
        ends = {end for each in sides if isinstance(each, Link) for end in (each.source, each.target)}
        self._ends = {ref: item for ref, (item, _) in project.annotations.stored(ends).items()}
        self._names = names_of(project, [*sides, *self._ends.values()])
        schemes = sorted(project.schemes.all(), key=lambda scheme: scheme.version)
        self._links = {link.key: named(link.names, "en", link.key) for each in schemes for link in each.links}

    def place(self, ref: ItemRef, mine: Own) -> tuple[ItemRef, int | None]:
        """On what it is seen, and when that begins."""
        if not isinstance(mine, Link):
            return ref, begin_ns(mine)
        there = next((end for end in (mine.source, mine.target) if end in self._ends), ref)
        return there, begin_ns(self._ends.get(there))

    def of(self, change: OthersChange, who: str) -> str:
        """As "A01 changed Fit gear: end: 0:12.000 → 0:13.000 (too short)"."""
        mine, now = change.mine, change.now
        why = f" ({change.why})" if change.why else ""
        if now is None:
            return f"{who} took away {self._what(mine)}{why}"
        names = {**self._end_names, **self._called(mine), **self._called(now)}
        fields = "; ".join(str(each) for each in field_changes(mine, now, names))
        return f"{who} changed {self._what(mine)}: {fields}{why}"

    def _what(self, mine: Own) -> str:
        if isinstance(mine, Annotation):
            return self._called(mine).get(mine.label, mine.label)
        if isinstance(mine, Link):
            ends = (self._end_names.get(end.id, f"{end.kind} that is gone") for end in (mine.source, mine.target))
            return f"the link “{self._links.get(mine.type, mine.type)}” ({' → '.join(ends)})"
        return f"the turn “{told(mine)}”"

    def _called(self, item: Item) -> Mapping[str, str]:
        return self._names.of(item)

    @property
    def _end_names(self) -> dict[str, str]:
        return {ref.id: told(item, self._called(item)) for ref, item in self._ends.items()}
