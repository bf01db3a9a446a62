"""Segments and frames that a question set rests on, as a release's line has them."""

from __future__ import annotations

from typing import Any

from woz.base.interval import seconds
from woz.formats.bundle import SessionBundle
from woz.model.annotation import Annotation
from woz.model.own_schemes import STATES, STEPS
from woz.model.question import Question
from woz.model.tier import Tier


class Resting:
    """What of a session question sets may rest on besides its turns."""

    def __init__(self, taken: SessionBundle) -> None:
        """`taken` is the session with the tiers that go into the release; of these, steps and states are named, as
        in its files.
        """
        self._taken = taken
        tiers = {tier.id: tier for tier in taken.tiers if tier.tier_type in (STEPS, STATES)}
        self._segments = {
            each.id: (tiers[each.tier_id], each)
            for each in taken.annotations
            if each.tier_id in tiers and each.start_ns is not None
        }

    def fields(self, question: Question) -> dict[str, Any]:
        """Segments by time, cut where the question has been asked, and frames until then; nothing that is later.

        A field that would be empty isn't there.
        """
        at_ns = question.at_ns
        found = (self._segments[key] for key in question.evidence.annotations if key in self._segments)
        known = sorted((pair for pair in found if pair[1].interval.start_ns <= at_ns), key=_by_time)
        fields: dict[str, Any] = {
            "evidence_segments": [self._name(*pair) for pair in known],
            "evidence_segment_starts_s": [seconds(each.interval.start_ns) for _, each in known],
            "evidence_segment_ends_s": [seconds(min(each.interval.end_ns, at_ns)) for _, each in known],
            "evidence_frames_s": [seconds(t_ns) for t_ns in sorted(question.evidence.frames_ns) if t_ns <= at_ns],
        }
        return {name: value for name, value in fields.items() if value}

    def _name(self, tier: Tier, segment: Annotation) -> str:
        return f"{tier.tier_type}: {self._taken.label_name(tier, segment.label)}"


def _by_time(pair: tuple[Tier, Annotation]) -> tuple[int, int, str]:
    span = pair[1].interval
    return span.start_ns, span.end_ns, pair[1].id
