"""A session's outline, as a model is told it: steps, and descriptions below them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from woz.base.interval import Interval
from woz.dataset.synthesis.outline import Line, Outline
from woz.dataset.tasks.clip_text import KINDS as DESCRIBED
from woz.dataset.tasks.material import (
    STEP_TYPES,
    class_of,
    kinds_of,
    length_ns,
    segmented,
    text_of,
    tiers_of,
    timed,
)
from woz.dataset.tasks.mistakes import judged
from woz.dataset.tasks.task import Settings
from woz.formats.bundle import SessionBundle
from woz.model.annotation import Annotation
from woz.model.procedure import Procedure
from woz.model.tier import Tier

NAME = "synthetic-dialogues"
_WHY = ("errors", "explanation", "mistake")
"""Attributes that say in words what was wrong."""


def outline_of(bundle: SessionBundle, settings: Settings) -> Outline | None:
    """None for a session without a tier of steps. What was said goes into no outline."""
    steps = segmented(bundle, kinds_of(NAME, STEP_TYPES, settings))[:1]
    return known_of(bundle, steps[0]) if steps else None


def known_of(bundle: SessionBundle, steps: Tier | None) -> Outline:
    """The same with the lines of a tier of steps; with none where there is no tier."""
    lines = [*_lines(bundle, steps), *_described(bundle, steps)] if steps else []
    ordered = tuple(sorted(lines, key=lambda each: (each.interval.start_ns, each.within, each.interval.end_ns)))
    knowledge = _numbered(bundle.procedure) if bundle.procedure else ""
    return Outline(_goal(bundle), knowledge, ordered, length_ns(bundle))


def _goal(bundle: SessionBundle) -> str:
    """The procedure's name; without one, what is told of the whole session, else its scenario, else its title."""
    if bundle.procedure:
        return bundle.procedure.name
    whole = (text_of(bundle, tier, each) for tier, each in _of_the_whole(bundle))
    return next(whole, "") or bundle.session.scenario or bundle.session.title


def _of_the_whole(bundle: SessionBundle) -> Iterator[tuple[Tier, Annotation]]:
    for tier in tiers_of(bundle, DESCRIBED):
        for each in timed(bundle, tier):
            if 2 * each.interval.duration_ns > length_ns(bundle):
                yield tier, each


def _lines(bundle: SessionBundle, tier: Tier) -> Iterator[Line]:
    wrong = {each.id for each, is_wrong in judged(bundle, tier) if is_wrong}
    for each in timed(bundle, tier):
        mark = _mistake(each) if each.id in wrong else ""
        sentence = each.value("sentence")
        text = sentence if isinstance(sentence, str) and sentence.strip() else class_of(bundle, tier, each)
        yield Line(each.interval, f"{' '.join(text.split())}{mark}")


def _mistake(each: Annotation) -> str:
    told = [at.value for at in each.attributes if at.key in _WHY and isinstance(at.value, str) and at.value.strip()]
    return f" (mistake: {'; '.join(' '.join(why.split()) for why in told)})" if told else " (mistake)"


def _described(bundle: SessionBundle, steps: Tier) -> Iterator[Line]:
    """Of one annotator, but for what is told of the whole session at once."""
    tiers: Sequence[Tier] = [tier for tier in tiers_of(bundle, DESCRIBED) if tier.id != steps.id][:1]
    whole = length_ns(bundle)
    for tier in tiers:
        for each in timed(bundle, tier):
            if 2 * each.interval.duration_ns <= whole:
                yield Line(
                    Interval(each.interval.start_ns, each.interval.end_ns), text_of(bundle, tier, each), True
                )


def _numbered(procedure: Procedure) -> str:
    return "\n".join(f"{nr}. {step.name}" for nr, (_, step) in enumerate(procedure.walk(), 1))
