"""How what is released spreads: lengths, labels, and what each gate holds against question sets and what became
of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from woz.annotation.label_of import label_of
from woz.dataset.release.record import Record
from woz.dataset.texts import words_of
from woz.formats.bundle import SessionBundle
from woz.model.question import ReviewStatus

BINS = (4, 8, 12, 16, 24)
"""The most words of each length that is told apart; then what is longer."""
MOST_LABELS = 20


@dataclass(slots=True)
class GateTally:
    """Of the question sets that a gate flags: how many were taken, and how many people discarded."""

    flagged: int = 0
    taken: int = 0
    discarded: int = 0

    @property
    def left_out(self) -> int:
        return self.flagged - self.taken - self.discarded


@dataclass(slots=True)
class Distributions:
    """Counts by how long (in words), by clip length (whole s), by label; gates by name."""

    questions: Counter[int] = field(default_factory=Counter)
    right: Counter[int] = field(default_factory=Counter)
    wrong: Counter[int] = field(default_factory=Counter)
    clips: Counter[int] = field(default_factory=Counter)
    labels: dict[str, Counter[str]] = field(default_factory=dict)
    gates: dict[str, GateTally] = field(default_factory=dict)

    def add(self, record: Record) -> None:
        """One that is released."""
        self.questions[_bin(record["question"])] += 1
        for option in record["options"]:
            (self.right if option == record["answer"] else self.wrong)[_bin(option)] += 1
        self.clips[round(record["clip_end_s"] - record["clip_start_s"])] += 1
        for gate in record["flags"]:
            self.gates.setdefault(gate, GateTally()).taken += 1

    def add_session(self, bundle: SessionBundle, taken: SessionBundle) -> None:
        """`bundle` holds all of its question sets, `taken` the tiers that go into the release."""
        for question in bundle.questions:
            for flag in question.flags:
                tally = self.gates.setdefault(flag.gate, GateTally())
                tally.flagged += 1
                tally.discarded += question.status == ReviewStatus.REJECTED
        for tier in taken.tiers:
            kind = taken.tier_type(tier)
            names = (label_of(kind, each).name() for each in taken.in_tier(tier))
            self.labels.setdefault(kind.name(), Counter()).update(names)

    def texts(self) -> Iterator[tuple[str, list[tuple[str, int]]]]:
        """A title, and how many of each length."""
        named = (("Words of questions", self.questions), ("Words of right answers", self.right))
        for title, counts in (*named, ("Words of wrong answers", self.wrong)):
            yield title, [(_words(n), counts[n]) for n in range(len(BINS) + 1)]


def _bin(text: str) -> int:
    count = len(words_of(text))
    return next((n for n, most in enumerate(BINS) if count <= most), len(BINS))


def _words(n: int) -> str:
    least = BINS[n - 1] + 1 if n else 1
    return f"{least} to {BINS[n]}" if n < len(BINS) else f"{least} or more"
