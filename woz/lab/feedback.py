"""What somebody is to look at in a session: why their work was returned, what others say, and what they changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from woz.annotation.tier_states import OPEN
from woz.lab.adjudicated import change_words, place_of, session_changes
from woz.lab.commenting import Place, Talk, answer, close, comment, talks
from woz.lab.item_names import names_of, pseudonyms
from woz.lab.others_changes import others_changes
from woz.lab.ports import Project
from woz.model.annotation import Annotation
from woz.model.annotator import Annotator
from woz.model.ids import SessionId
from woz.model.item import ItemRef, ref_to
from woz.model.tier import Tier, TierState


class FeedbackKind(StrEnum):
    RETURNED = "returned"
    COMMENT = "comment"
    CHANGED = "changed"
    ADJUDICATED = "adjudicated"
    MISSED = "missed"
    """What the gold has and one's own tier has not."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """One thing, in words, at a time of the session (ns), on an item or a tier; None for what has none.

    `key` is the same at the next reading, and another one where more was said or done since. `waits`: whether it is
    for the one who asks to look at; what they said last themselves is not. `said` are the lines of a talk.
    """

    kind: FeedbackKind
    key: str
    words: str
    at_ns: int | None = None
    item: ItemRef | None = None
    talk: Talk | None = None
    waits: bool = True
    said: tuple[str, ...] = ()


class FeedbackDesk:
    """Of one session, for one person. All may raise WozError of the store."""

    def __init__(self, project: Project, session_id: SessionId, person: Annotator) -> None:
        self._all, self._session_id, self._person = project, session_id, person
        self._seen = project.seen_by(person.id)
        self._gold: list[Feedback] | None = None

    def read(self, tiers: Iterable[Tier]) -> list[Feedback]:
        """Of the session's tiers: what was returned first, then all else by time. What adjudication changed is
        looked for once, at the first reading.
        """
        tiers = [each for each in tiers if each.annotator_id == self._person.id]
        if self._gold is None:
            self._gold = list(self._adjudicated())
        rest = [*self._talks(), *self._changes(tiers), *self._gold]
        return [*self._returned(tiers), *sorted(rest, key=lambda each: (each.at_ns or 0, each.key))]

    def answer(self, talk: Talk, text: str) -> None:
        answer(self._all, talk.first.id, self._person, text)

    def settle(self, talk: Talk) -> None:
        close(self._all, talk.first.id, self._person)

    def say(self, item: ItemRef, text: str) -> None:
        """Of an annotation; it concerns whose tier it is in."""
        comment(self._all, Place(self._session_id, item_id=item.id), self._person, text)

    def _returned(self, tiers: Sequence[Tier]) -> Iterator[Feedback]:
        """Until it is submitted again."""
        names = pseudonyms(self._seen)
        open_ = {ref_to(each): each for each in tiers if each.state in OPEN}
        for ref, versions in self._seen.annotations.versions_by_item(open_).items():
            tier = open_[ref]
            for version in versions:
                after = version.after.state if isinstance(version.after, Tier) else None
                if after == TierState.SUBMITTED:
                    break
                if after == TierState.RETURNED and version.why:
                    words = f"{names.get(version.by, version.by)} returned {tier.name}: {version.why}"
                    yield Feedback(FeedbackKind.RETURNED, f"returned {version.edit_id}", words, None, ref)
                    break

    def _talks(self) -> Iterator[Feedback]:
        """Those that are open."""
        names, own = pseudonyms(self._seen), self._person.id
        found = [each for each in talks(self._seen, self._person, self._session_id) if each.first.open]
        held = self._seen.annotations.stored({each.first.item for each in found if each.first.item})
        items = {ref: item for ref, (item, _) in held.items()}
        labels = names_of(self._seen, list(items.values()))
        for talk in found:
            first, said = talk.first, (talk.first, *talk.answers)
            item = items.get(first.item) if first.item else None
            label = labels.of(item).get(item.label, item.label) if isinstance(item, Annotation) else ""
            lines = [f"{names.get(each.by, each.by)}: {each.text}" for each in said]
            concerned = own in talk.people or first.to is None
            yield Feedback(
                FeedbackKind.COMMENT,
                f"comment {said[-1].id}",
                f"On {label or talk.where}. " + "  –  ".join(lines),
                first.at_ns,
                first.item or (ItemRef("tier", first.tier_id) if first.tier_id else None),
                talk,
                concerned and said[-1].by != own,
                tuple(lines),
            )

    def _changes(self, tiers: Sequence[Tier]) -> Iterator[Feedback]:
        """By other people, since one's own last edit of it."""
        for each in others_changes(self._seen, self._session_id, self._person, [tier.id for tier in tiers]):
            yield Feedback(FeedbackKind.CHANGED, each.key, each.words, each.at_ns, each.item)

    def _adjudicated(self) -> Iterator[Feedback]:
        lines = session_changes(self._all, self._session_id, self._person)
        words = change_words(self._all, lines)
        for each in (change for line in lines for change in line.changes):
            there, mark = place_of(each), each.mark
            key = f"gold {there.id} {each.gold.made.utc_ns if each.gold else ''}"
            said = f"Adjudicated. {next(words)}"
            kind = FeedbackKind.ADJUDICATED if mark else FeedbackKind.MISSED
            yield Feedback(kind, key, said, there.start_ns, ref_to(mark) if mark else None)
