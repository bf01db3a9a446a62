"""Agreement in words, before any figure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from woz.annotation.measures.agreement import Doubled, offsets
from woz.base.interval import NS_PER_S

Name = Callable[[str], str]
"""A label's name for people, by its id."""
SHOWN = 3
"""So many other labels are named, the most frequent first."""


def label_sentences(sessions: Sequence[Doubled], one: str, other: str, name: Name) -> list[str]:
    """A sentence for each label that the first annotator used, the most frequent first."""
    counts = Counter(segment.label for session in sessions for segment in session.segments[0])
    return [_of_label(sessions, label, one, other, name) for label, _ in counts.most_common()]


def _of_label(sessions: Sequence[Doubled], label: str, one: str, other: str, name: Name) -> str:
    called = Counter(b.label for s in sessions for a, b in s.paired.pairs if a.label == label)
    missing = sum(a.label == label for s in sessions for a in s.paired.only_one)
    same = called.pop(label, 0)
    total = same + called.total() + missing
    parts = [f"{other} has {same}"]
    parts += [f"{count} {other} calls {name(what)}" for what, count in called.most_common(SHOWN)]
    if rest := called.total() - sum(count for _, count in called.most_common(SHOWN)):
        parts.append(f"{rest} {other} calls something else")
    if missing:
        parts.append(f"{missing} {other} has not")
    return f"Of {one}'s {total} {name(label)}, {'; '.join(parts)}."


def extra_sentence(sessions: Sequence[Doubled], one: str, other: str, name: Name) -> str:
    """What the second has and the first hasn't; empty where that is nothing."""
    extra = Counter(b.label for session in sessions for b in session.paired.only_other)
    told = ", ".join(f"{count} {name(label)}" for label, count in extra.most_common())
    return f"{other} has what {one} has not: {told}." if told else ""


def offset_sentences(sessions: Sequence[Doubled], one: str, other: str) -> list[str]:
    """How far starts and ends of paired segments are apart, and who is earlier."""
    sentences = []
    for boundary, noun, verb in (("start_ns", "Starts", "begins"), ("end_ns", "Ends", "ends")):
        found = offsets(sessions, boundary)
        if found.median_ns is None or found.median_apart_ns is None or found.worst_tenth_ns is None:
            continue
        earlier = one if found.median_ns < 0 else other
        lean = f"; {earlier} {verb} earlier" if found.median_ns else ""
        apart, worst = found.median_apart_ns / NS_PER_S, found.worst_tenth_ns / NS_PER_S
        sentences.append(f"{noun} differ by {apart:.2f} s (median), {worst:.2f} s (worst tenth){lean}.")
    return sentences
