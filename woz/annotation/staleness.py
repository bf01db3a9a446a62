"""What is derived becomes stale when what it was derived from changes; it is derived anew on request.

A derived item names its sources. A question keeps them when a person writes its texts; stale, it is judged anew.
What is derived from a whole transcript, as the states of a conversation are, has the transcript among the sources
of its tier: it becomes stale where somebody begins, ends or ceases to speak.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from woz.annotation.logged import ItemChange
from woz.base.interval import Interval
from woz.model.annotation import Annotation
from woz.model.ids import TierId, TranscriptId
from woz.model.item import ItemRef, ref_to
from woz.model.item_merge import differences
from woz.model.made import Made, Source
from woz.model.origin import Origin
from woz.model.question import Question
from woz.model.tier import Tier
from woz.model.transcript import Turn

Derived = Annotation | Question
SAID = frozenset({"text", "speaker", "voice", "interval"})
"""What of a turn counts for what is derived from it; whether it is checked does not."""
_HEARD = frozenset({"speaker", "interval"})


def transcript_ref(transcript_id: TranscriptId) -> ItemRef:
    """How the sources of a tier name a whole transcript."""
    return ItemRef("transcript", transcript_id)


def sources_of(turns: Iterable[Turn]) -> tuple[Source, ...]:
    """Turns as the sources of what is derived from them."""
    return tuple(Source(ref_to(turn)) for turn in turns)


def concerns(changes: Iterable[ItemChange]) -> bool:
    """Whether anything could become stale by them."""
    return any(change.item.kind == "turn" for change in changes)


def became_stale(
    changes: Sequence[ItemChange], derived: Iterable[Derived], tiers: Iterable[Tier]
) -> tuple[ItemChange, ...]:
    """What becomes stale by changes of turns, of the derived items and tiers that there are."""
    said = {change.item for change in changes if _differ(change, SAID)}
    heard = _heard(changes)
    of_transcripts = {tier.id: _transcripts(tier) for tier in tiers}
    settled = {change.item for change in changes}
    found = []
    for item in derived:
        follows = item.made.origin == Origin.DERIVED or isinstance(item, Question)
        fresh = follows and not item.made.stale and ref_to(item) not in settled
        if fresh and (_from(item.made, said) or _within(item, of_transcripts, heard)):
            found.append(ItemChange(ref_to(item), item, replace(item, made=replace(item.made, stale=True))))
    return tuple(found)


def only_became_stale(change: ItemChange) -> bool:
    """Whether nothing else became of an item: its tier may be closed."""
    old, new = change.before, change.after
    if not isinstance(old, Annotation | Question) or not isinstance(new, Annotation | Question):
        return False
    return new.made.stale and not old.made.stale and new == replace(old, made=replace(old.made, stale=True))


def _differ(change: ItemChange, fields: frozenset[str]) -> bool:
    old, new = change.before, change.after
    if not isinstance(old or new, Turn):
        return False
    return old is None or new is None or bool(fields & differences(old, new).keys())


def _heard(changes: Iterable[ItemChange]) -> list[tuple[TranscriptId, Interval]]:
    """When, and in which transcript, it is no longer the same ones who speak."""
    spans = []
    for change in changes:
        if _differ(change, _HEARD):
            turns = [turn for turn in (change.before, change.after) if isinstance(turn, Turn)]
            spans += [(turn.transcript_id, turn.interval) for turn in turns]
    return spans


def _transcripts(tier: Tier) -> set[str]:
    return {source.item.id for source in tier.made.sources if source.item.kind == "transcript"}


def _from(made: Made, refs: set[ItemRef]) -> bool:
    return any(source.item in refs for source in made.sources)


def _within(
    item: Derived, of_transcripts: dict[TierId, set[str]], heard: Sequence[tuple[TranscriptId, Interval]]
) -> bool:
    if not isinstance(item, Annotation) or item.start_ns is None:
        return False
    transcripts, span = of_transcripts.get(item.tier_id, set()), item.interval
    return any(transcript in transcripts and span.intersects(when) for transcript, when in heard)
