"""Which items of a session hold a withdrawn person's words, and what stays of those that hold others' as well."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from woz.annotation.edits import Edit
from woz.base.errors import WozError
from woz.model.annotation import Annotation
from woz.model.ids import SessionId
from woz.model.item import ItemRef, ref_to
from woz.model.kinds import Item
from woz.model.link import Link
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.people import Role
from woz.model.question import Question, QuestionKind
from woz.model.tier import Tier
from woz.model.transcript import Term, Turn
from woz.privacy.quotes import Quotes


class WithdrawnError(WozError):
    """Words that may be those of somebody who withdrew meanwhile: they are kept nowhere."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose words are meant: a person's in a session, by the roles that they had there.

    `whole` says that nobody else is left in it, so that all of it goes.
    """

    session_id: SessionId
    pseudonym: str
    roles: frozenset[Role]
    whole: bool


@dataclass(frozen=True, slots=True)
class Words:
    """What a person said in a session.

    `turns` are the ids of their turns, `shared` those of others' turns in which theirs once lay: of these, what was
    before goes, and what is now stays.
    """

    turns: frozenset[str]
    shared: frozenset[str]
    quotes: Quotes
    texts: tuple[str, ...]


def words_of(scope: Scope, versions: Iterable[Turn]) -> Words:
    """`versions` are all that is known of a session's turns, the oldest first.

    A turn is whose it was said to be last: a corrected speaker counts, not the first.
    """
    known = list(versions)
    last = {turn.id: turn for turn in known}
    own = {turn.id for turn in last.values() if turn.speaker in scope.roles}
    origins = {origin for turn_id in own for origin in last[turn_id].origins} - own
    texts = [text for turn in known if turn.id in own for text in (turn.text, turn.translation) if text]
    quotes = Quotes.of(texts, scope.pseudonym)
    return Words(frozenset(own), frozenset(origins), quotes, tuple(dict.fromkeys(texts)))


def goes(item: Item, scope: Scope, words: Words) -> bool:
    """Whether an item is the person's own, or made of what they said."""
    if scope.whole:
        return True
    if isinstance(item, Turn):
        return item.id in words.turns
    if isinstance(item, Question):
        return _question_goes(item, scope, words)
    if isinstance(item, Annotation):
        return item.made.origin == Origin.DERIVED and _made_of(item.made, words)
    return False


def _question_goes(item: Question, scope: Scope, words: Words) -> bool:
    said = words.turns | words.shared
    if said & set(item.evidence.turns) or _made_of(item.made, words):
        return True
    if item.kind == QuestionKind.ASKED and scope.roles & {Role.TRAINEE, Role.EXPERT}:
        return True
    if item.kind == QuestionKind.UNASKED and Role.EXPERT in scope.roles:
        return True
    english = (item.english.text, item.english.answer) if item.english else ()
    return any(words.quotes.found_in(text) for text in (item.text, item.answer, *english))


def _made_of(made: Made, words: Words) -> bool:
    return any(s.item.kind == "turn" and s.item.id in words.turns | words.shared for s in made.sources)


def without(item: Item, words: Words, gone: frozenset[ItemRef]) -> Item | None:
    """What stays of an item that isn't the person's own: the item itself where it holds nothing of theirs, None
    where it means nothing without what is gone."""
    bad = words.quotes.found_in
    if isinstance(item, Annotation):
        return _annotation_without(item, words)
    if isinstance(item, Link):
        if item.source in gone or item.target in gone:
            return None
        item = replace(item, note="") if bad(item.note) else item
    if isinstance(item, Link | Turn):
        return replace(item, doubt="") if item.doubt and bad(item.doubt) else item
    if isinstance(item, Question):
        return _question_without(item, words, gone)
    return item


def _question_without(item: Question, words: Words, gone: frozenset[ItemRef]) -> Question:
    """Without wrong answers that hold their words, and resting on no segment that goes."""
    bad = words.quotes.found_in
    kept = tuple(
        each
        for each in item.distractors
        if ItemRef("question", each.source) not in gone and not bad(each.text) and not bad(each.english)
    )
    rests = item.evidence
    segments = tuple(each for each in rests.annotations if ItemRef("annotation", each) not in gone)
    if (len(kept), len(segments)) == (len(item.distractors), len(rests.annotations)):
        return item
    return replace(item, distractors=kept, evidence=replace(rests, annotations=segments))


def _annotation_without(item: Annotation, words: Words) -> Annotation:
    bad = words.quotes.found_in
    kept = tuple(
        replace(each, note="") if bad(each.note) else each
        for each in item.attributes
        if not (isinstance(each.value, str) and bad(each.value))
    )
    note = "" if bad(item.note) else item.note
    if note == item.note and kept == item.attributes:
        return item
    return replace(item, note=note, attributes=kept)


def holds(item: Item, scope: Scope, words: Words, gone: frozenset[ItemRef]) -> bool:
    """Whether a version of an item in the log has to go: it holds something of theirs."""
    if goes(item, scope, words) or (isinstance(item, Turn) and item.id in words.shared):
        return True
    kept = without(item, words, gone)
    return kept is None or loses_words(item, kept)


def loses_words(was: Item, now: Item) -> bool:
    """Whether an item loses more than that it rests on a segment that goes, which is an id alone."""
    if isinstance(was, Question) and isinstance(now, Question):
        was = replace(was, evidence=now.evidence)
    return was != now


def brings_words(edit: Edit) -> bool:
    """Whether an edit brings in words that somebody typed, or that were said; what an item had before doesn't
    count, nor do labels.
    """
    before = {ref_to(item): _texts(item) for item in edit.before}
    return bool(edit.why) or any(_texts(item) - before.get(ref_to(item), set()) for item in edit.after)


def is_of_marks(edit: Edit) -> bool:
    """Whether there is no word in an edit, before or after, nor a mark that was derived from what was said."""
    items = (*edit.before, *edit.after)
    derived = (isinstance(each, Annotation) and each.made.origin == Origin.DERIVED for each in items)
    return not (edit.why or any(map(_texts, items)) or any(derived))


def _texts(item: Item) -> set[str]:
    match item:
        case Annotation():
            values = (each.value for each in item.attributes if isinstance(each.value, str))
            found = {item.note, *(each.note for each in item.attributes), *values}
        case Link():
            found = {item.note, item.doubt or ""}
        case Turn():
            found = {item.text, item.translation, item.doubt or "", *(word.text for word in item.words)}
        case Question():
            english = (item.english.text, item.english.answer) if item.english else ()
            wrong = (text for each in item.distractors for text in (each.text, each.english))
            found = {item.text, item.answer, *wrong, *english}
        case Term():
            found = {item.text}
        case Tier():
            found = set()
    return found - {""}


def dividing(items: Sequence[Item], scope: Scope, words: Words) -> tuple[list[Item], list[Item]]:
    """What goes, and what stays in another form. Links to what goes go with it."""
    gone = [item for item in items if goes(item, scope, words)]
    refs = frozenset(map(ref_to, gone))
    changed = []
    for item in items:
        if ref_to(item) in refs:
            continue
        kept = without(item, words, refs)
        if kept is None:
            gone.append(item)
        elif kept != item:
            changed.append(kept)
    return gone, changed
