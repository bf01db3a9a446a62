"""What is said where a question set is from: who decides on it has compared it with that."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import msgspec

from woz.annotation.staleness import SAID
from woz.model.item import ItemRef
from woz.model.question import Question
from woz.model.transcript import Turn


def turns_of(question: Question) -> list[ItemRef]:
    """The turns that it was made from, by id."""
    refs = {source.item for source in question.made.sources if source.item.kind == "turn"}
    return sorted(refs, key=lambda each: each.id)


def said_for(question: Question, turns: Mapping[str, Turn]) -> str:
    """Names what its turns say, by whom and when, of all that there are by id: another once one of them was
    corrected, or is gone.
    """
    found = [turns[each.id] for each in turns_of(question) if each.id in turns]
    said = [(turn.id, *(getattr(turn, name) for name in sorted(SAID))) for turn in found]
    return hashlib.sha256(msgspec.json.encode(said)).hexdigest()[:32]
