"""Talks about places and items: begun, answered, closed; what concerns somebody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from woz.base.commands import quoted
from woz.base.errors import WozError
from woz.base.interval import seconds
from woz.lab.item_names import pseudonyms
from woz.lab.ports import Project
from woz.model.annotation import Annotation
from woz.model.annotator import Annotator
from woz.model.comment import Comment
from woz.model.ids import AnnotatorId, CommentId, SessionId, new_id
from woz.model.item import ItemRef, ref_to
from woz.model.kinds import Item
from woz.model.question import Question
from woz.model.tier import Tier
from woz.model.transcript import Turn


@dataclass(frozen=True, slots=True)
class Talk:
    """A comment with its answers. `where` says in words on what it stands, `place` also at which time."""

    first: Comment
    answers: tuple[Comment, ...]
    where: str

    @property
    def place(self) -> str:
        at_ns = self.first.at_ns
        return self.where if at_ns is None else f"{self.where} at {seconds(at_ns):.1f} s"

    @property
    def people(self) -> set[AnnotatorId]:
        said = (self.first, *self.answers)
        return {each.by for each in said} | {each.to for each in said if each.to is not None}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a comment stands: at a time, on an item or a tier, or on the session as a whole."""

    session_id: SessionId
    at_ns: int | None = None
    item_id: str = ""
    tier: str = ""


def comment(project: Project, place: Place, by: Annotator, text: str, to: Annotator | None = None) -> Comment:
    """Without `to`, it concerns whose tier or item it is on. Raises WozError for no text, and no such place."""
    return project.comments.add(written(project, place, by, text, to))


def comment_on_all(project: Project, places: Iterable[Place], by: Annotator, text: str) -> None:
    """The same on several places, or, where the store goes on the way, on none of them. Raises as `comment`."""
    made = [written(project, each, by, text) for each in places]
    with project.at_once():
        for each in made:
            project.comments.add(each)


def written(project: Project, place: Place, by: Annotator, text: str, to: Annotator | None = None) -> Comment:
    """As `comment`, and not kept yet."""
    items = project.annotations.open(place.session_id, by.id).items
    tier, item = _tier(items, place.tier), _item(items, place.item_id)
    if isinstance(item, Annotation):
        tier = next(each for each in items if isinstance(each, Tier) and each.id == item.tier_id)
    whose = to.id if to else tier.annotator_id if tier and tier.annotator_id != by.id else None
    at_ns = place.at_ns if place.at_ns is not None else begin_ns(item)
    return Comment(
        CommentId(new_id()[:8]),
        place.session_id,
        by.id,
        _said(text),
        0,
        whose,
        tier.id if tier else None,
        ref_to(item) if item else None,
        at_ns,
    )


def begin_ns(item: Item | None) -> int | None:
    """When it begins in the session; None for what has no time."""
    match item:
        case Annotation():
            return item.start_ns
        case Turn():
            return item.interval.start_ns
        case Question():
            return item.at_ns
        case _:
            return None


def answer(project: Project, comment_id: str, by: Annotator, text: str) -> Comment:
    """To whoever began the talk, and where that is the same one, to whom it was said."""
    first = _known(project, comment_id)
    to = first.by if first.by != by.id else first.to
    made = Comment(CommentId(new_id()[:8]), first.session_id, by.id, _said(text), 0, to, answers=first.id)
    return project.comments.add(made)


def close(project: Project, comment_id: str, by: Annotator) -> Comment:
    return project.comments.close_talk(_known(project, comment_id).id, by.id)


def talks(
    project: Project, viewer: Annotator | None, session_id: SessionId | None = None, mine: bool = False
) -> list[Talk]:
    """The open ones first, each part by when they were begun; of `mine` those that the viewer has a part in, is
    asked by, or that are on their tiers.

    Without what stands where the viewer is blind to whoever said it, unless it was said to them.
    """
    if mine and viewer:
        found = project.comments.concerning(viewer.id, session_id)
    else:
        found = project.comments.all(session_id, viewer.id if viewer else "")
    names, tiers, answers = pseudonyms(project), _tiers(project, found), _answers(found)
    made = [
        Talk(first, tuple(answers.get(first.id, ())), _where(first, tiers))
        for first in found
        if first.answers is None
    ]
    return sorted(made, key=lambda talk: (not talk.first.open, *_place_in_time(talk.first, names)))


def _place_in_time(one: Comment, names: Mapping[str, str]) -> tuple[int, str, int]:
    """Remarks of one return are stored in one moment of the store's clock: they stand by their places."""
    return one.made_utc_ns, names.get(one.by, ""), one.at_ns or 0


def _answers(found: Iterable[Comment]) -> dict[CommentId, list[Comment]]:
    """By what began the talk."""
    made: dict[CommentId, list[Comment]] = {}
    for each in found:
        if each.answers is not None:
            made.setdefault(each.answers, []).append(each)
    return made


def _tiers(project: Project, found: Sequence[Comment]) -> dict[str, Tier]:
    refs = {ItemRef("tier", each.tier_id) for each in found if each.tier_id}
    return {ref.id: tier for ref, (tier, _) in project.annotations.stored(refs).items() if isinstance(tier, Tier)}


def _where(one: Comment, tiers: Mapping[str, Tier]) -> str:
    tier = tiers.get(str(one.tier_id))
    return tier.name if tier else "a tier that is gone" if one.tier_id else "the session"


def _tier(items: Sequence[Item], wanted: str) -> Tier | None:
    if not wanted:
        return None
    tiers = [each for each in items if isinstance(each, Tier)]
    found = [each for each in tiers if wanted in (each.id, each.name)]
    if len(found) != 1:
        known = ", ".join(sorted(f"{each.name} ({each.id})" for each in tiers)) or "none"
        raise WozError(f"{len(found) or 'No'} tiers are named {wanted}; there are: {known}.")
    return found[0]


def _item(items: Sequence[Item], wanted: str) -> Item | None:
    if not wanted:
        return None
    found = next((each for each in items if each.id == wanted), None)
    if found is None:
        raise WozError(f"There is no item {wanted} here; woz history names them.")
    return found


def _known(project: Project, comment_id: str) -> Comment:
    found = project.comments.begun(comment_id)
    if found is None:
        raise WozError(f"There is no comment {comment_id}; woz comments {quoted(project.path)} lists them.")
    return found


def _said(text: str) -> str:
    if not text.strip():
        raise WozError("A comment says something; write its text.")
    return text.strip()


def talk_words(talk: Talk, names: Mapping[str, str]) -> str:
    """A line, and one for each answer."""
    first = talk.first
    to = f" to {names.get(first.to, '?')}" if first.to else ""
    closed = "" if first.open else "  [closed]"
    lines = [f"{first.id}  {first.session_id}  {talk.place}  {names.get(first.by, '?')}{to}: {first.text}{closed}"]
    lines += [f"          {names.get(each.by, '?')}: {each.text}" for each in talk.answers]
    return "\n".join(lines)


def talk_facts(talk: Talk, names: Mapping[str, str]) -> dict[str, Any]:
    first = talk.first
    return {
        "id": first.id,
        "session": first.session_id,
        "by": names.get(first.by, "?"),
        "to": names.get(str(first.to), ""),
        "text": first.text,
        "made_utc_ns": first.made_utc_ns,
        "tier": first.tier_id,
        "item": first.item.id if first.item else None,
        "at": seconds(first.at_ns) if first.at_ns is not None else None,
        "place": talk.place,
        "open": first.open,
        "answers": [
            {"by": names.get(each.by, "?"), "text": each.text, "made_utc_ns": each.made_utc_ns}
            for each in talk.answers
        ],
    }
