"""What tasks take of a session: tiers by type, texts, names; and rows by split."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from woz.annotation.label_of import label_of
from woz.dataset.tasks.task import Settings
from woz.formats.bundle import SessionBundle
from woz.formats.format import OutFile
from woz.model.annotation import Annotation
from woz.model.tier import Tier, TierState

STEP_TYPES = ("steps", "keysteps", "coarse")
"""Tier types of steps: woz's own and EgoInstruct's, Ego-Exo4D's, HoloAssist's."""
_BEST_FIRST = (TierState.LOCKED, TierState.ADJUDICATED, TierState.ACCEPTED)
_TEXTS, NOUN = ("text", "description", "sentence", "narration"), "noun"


def kinds_of(task: str, usual: Sequence[str], settings: Settings) -> tuple[str, ...]:
    """The tier types that a task is made of."""
    named = settings.tiers.get(task)
    return (named,) if named else tuple(usual)


def tiers_of(bundle: SessionBundle, kinds: Sequence[str]) -> list[Tier]:
    """Those of these types that hold something with a time, in the types' order, the furthest reviewed first."""
    found = [tier for tier in bundle.tiers if tier.tier_type in kinds and timed(bundle, tier)]
    return sorted(found, key=lambda tier: (kinds.index(tier.tier_type), _rank(tier), tier.name, tier.id))


def segmented(bundle: SessionBundle, kinds: Sequence[str]) -> list[Tier]:
    """The same, of tiers that hold intervals."""
    return [tier for tier in tiers_of(bundle, kinds) if intervals(bundle, tier)]


def timed(bundle: SessionBundle, tier: Tier) -> list[Annotation]:
    return [each for each in bundle.in_tier(tier) if each.start_ns is not None]


def intervals(bundle: SessionBundle, tier: Tier) -> list[Annotation]:
    """By time; those that last no time are none."""
    return [each for each in timed(bundle, tier) if each.interval.duration_ns]


def text_of(bundle: SessionBundle, tier: Tier, annotation: Annotation) -> str:
    """What it says in words: its text where it has one, else its note, else its label's name."""
    told = (annotation.value(key) for key in _TEXTS)
    said = next((each for each in told if isinstance(each, str) and each.strip()), annotation.note)
    return " ".join((said or class_of(bundle, tier, annotation)).split())


def class_of(bundle: SessionBundle, tier: Tier, annotation: Annotation) -> str:
    """The name of its label; with its noun where the label is a verb."""
    name, noun = label_of(bundle.tier_type(tier), annotation).name(), annotation.value(NOUN)
    return f"{name} {noun}" if isinstance(noun, str) and noun.strip() else name


def length_ns(bundle: SessionBundle) -> int:
    """The session's; where it isn't known, until the last thing in it."""
    ends = [each.interval.end_ns for each in bundle.annotations if each.start_ns is not None]
    ends += [turn.interval.end_ns for turn in bundle.turns]
    return bundle.session.duration_ns or max(ends, default=0)


def _rank(tier: Tier) -> int:
    return _BEST_FIRST.index(tier.state) if tier.state in _BEST_FIRST else len(_BEST_FIRST)


class Rows:
    """JSON Lines by split."""

    def __init__(self) -> None:
        self._lines: dict[str, list[str]] = {}

    def add(self, split: str, row: Mapping[str, Any]) -> None:
        self._lines.setdefault(split, []).append(json.dumps(row, ensure_ascii=False) + "\n")

    def files(self, name: str = "{split}.jsonl") -> Iterator[OutFile]:
        for split, lines in sorted(self._lines.items()):
            yield OutFile(name.format(split=split), lines)
