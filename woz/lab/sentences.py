"""Sentences of which a number opens the list of what it counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from woz.annotation.measures.cards import Card

Cards = Callable[[], list[Card]]


@dataclass(frozen=True, slots=True)
class Said:
    """A part of a sentence; with `cards`, a figure that opens its list. `label` says that it is a label's name."""

    text: str
    cards: Cards | None = None
    label: bool = False


Sentence = tuple[Said, ...]


def label_said(name: str) -> Said:
    return Said(name, label=True)


def sentence_text(sentence: Sentence) -> str:
    return "".join(said.text for said in sentence)
