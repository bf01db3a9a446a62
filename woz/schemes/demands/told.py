"""How a finding names a time, a span and an annotation."""

from __future__ import annotations

from woz.model.annotation import Annotation
from woz.model.tier import Tier
from woz.schemes.conditions.holding import Known

NS_PER_CS = 10**7


def time_words(t_ns: int) -> str:
    """0:12.34, or 1:02:03.45."""
    seconds, hundredths = divmod(t_ns // NS_PER_CS, 100)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    start = f"{hours}:{minutes:02}" if hours else str(minutes)
    return f"{start}:{seconds:02}.{hundredths:02}"


def doubt_words(note: str) -> str:
    return f"It is flagged as doubtful{f': {note}' if note else ''}."


def label_words(known: Known, label: str, language: str) -> str:
    found = known.labels.get(label)
    return found.name(language) if found else label


def place_of(annotation: Annotation, tier: Tier, known: Known, language: str) -> str:
    """The tier, when, and what: "Steps, 0:12.34, Fit gear"."""
    when = [] if annotation.start_ns is None else [time_words(annotation.start_ns)]
    label = label_words(known, annotation.label, language)
    return ", ".join([tier.name, *when, *([label] if label else [])])
