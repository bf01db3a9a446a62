"""What formats of turns can't hold of a session, counted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

from woz.formats.bundle import SessionBundle
from woz.formats.format import Losses
from woz.formats.parts import Lost
from woz.model.transcript import Turn, Word

TEXTS, TRANSLATIONS, SAID, CHECKED, CONFIDENCES = "texts", "translations", "times said", "checks", "confidences"
DOUBTED = "doubted turns"
WORDS, WORD_ENDS, WORD_CONFIDENCES, WORDLESS = "words", "ends of words", "words' confidences", "turns without words"

_OF_TURNS: dict[str, tuple[str, Callable[[Turn], bool]]] = {
    TEXTS: ("turns' texts", lambda turn: bool(turn.text)),
    TRANSLATIONS: ("translations", lambda turn: bool(turn.translation)),
    SAID: ("times at which turns were said, where they were heard later", lambda turn: turn.said is not None),
    CHECKED: ("marks that a turn was checked", lambda turn: turn.checked),
    DOUBTED: ("turns that are doubted", lambda turn: turn.doubt is not None),
    CONFIDENCES: ("turns' confidences", lambda turn: turn.confidence is not None),
    WORDLESS: ("turns whose words have no times", lambda turn: not turn.words and bool(turn.text)),
}
_OF_WORDS: dict[str, tuple[str, Callable[[Word], bool]]] = {
    WORDS: ("words' times", lambda word: True),
    WORD_ENDS: ("ends of words", lambda word: True),
    WORD_CONFIDENCES: ("words' confidences", lambda word: word.confidence is not None),
    "doubts": ("words that are doubted, or were found right", lambda word: word.doubt is not None),
    "flags": ("flags of words", lambda word: bool(word.flag)),
}
More = Callable[[SessionBundle], Iterable[Lost]]


def unheld(held: Collection[str], kept: str, more: More = lambda bundle: ()) -> Losses:
    """`held` names what the format can hold, `kept` the tier type of what it keeps of its own."""

    def losses(bundles: Sequence[SessionBundle]) -> Iterable[Lost]:
        for bundle in bundles:
            yield from _unheld(bundle, held, kept)
            yield from more(bundle)

    return losses


def _unheld(bundle: SessionBundle, held: Collection[str], kept: str) -> Iterable[Lost]:
    for key, (what, lost_turn) in _OF_TURNS.items():
        if key not in held:
            yield Lost(what, sum(map(lost_turn, bundle.turns)))
    for key, (what, lost_word) in _OF_WORDS.items():
        if key not in held:
            yield Lost(what, sum(lost_word(word) for turn in bundle.turns for word in turn.words))
    own = {tier.id for tier in bundle.tiers if tier.tier_type == kept}
    own_items = {str(each.id) for each in bundle.annotations if each.tier_id in own}
    yield Lost("annotations", len(bundle.annotations) - len(own_items))
    yield Lost("links", sum(link.source.id not in own_items for link in bundle.links))
    yield Lost("questions and answers", len(bundle.questions))
