"""A procedure's own steps in the place of a data set's, for sessions that nobody annotated by its scheme.

Both are segments labelled with the steps of a procedure, so nothing is made up: names, ids and what is optional
come from the procedure. What the data set says of a step besides is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from woz.formats.bundle import SessionBundle
from woz.formats.format import Format, OutFile, Writing
from woz.formats.parts import Lost
from woz.model.annotation import Annotation
from woz.model.ids import SchemeId
from woz.model.own_schemes import MISTAKE, OWN_STEPS, STEPS
from woz.model.tier import Tier


def lending(chosen: Format, tier_type: str, mistake: str = "") -> Format:
    """The format, also for such sessions: their steps are written as its `tier_type`, the mark of a mistake as its
    attribute `mistake`, or not at all.
    """
    own_write, own_losses = chosen.write, chosen.losses
    assert own_write is not None

    def lent(bundle: SessionBundle) -> SessionBundle:
        return _lent(bundle, chosen.scheme, tier_type, mistake)

    def write(bundles: Sequence[SessionBundle], writing: Writing) -> Iterable[OutFile]:
        return own_write([lent(bundle) for bundle in bundles], writing)

    def losses(bundles: Sequence[SessionBundle]) -> Iterator[Lost]:
        yield from own_losses([lent(bundle) for bundle in bundles])
        dropped = 0 if mistake else sum(_mistakes(bundle) for bundle in bundles if lent(bundle) is not bundle)
        if dropped:
            yield Lost("marks that a step was a mistake", dropped)

    return replace(chosen, write=write, losses=losses)


def _lent(bundle: SessionBundle, scheme: str, tier_type: str, mistake: str) -> SessionBundle:
    """The same one where it has such tiers of its own, or no steps."""
    steps = {tier.id for tier in bundle.tiers if _is_own(tier.scheme_id, tier.tier_type)}
    if not steps or bundle.tiers_of(scheme):
        return bundle

    def as_theirs(tier: Tier) -> Tier:
        return replace(tier, scheme_id=SchemeId(scheme), scheme_version=1, tier_type=tier_type)

    tiers = tuple(as_theirs(tier) if tier.id in steps else tier for tier in bundle.tiers)
    annotations = tuple(_as_theirs(each, mistake) if each.tier_id in steps else each for each in bundle.annotations)
    return replace(bundle, tiers=tiers, annotations=annotations)


def _is_own(scheme_id: str, tier_type: str) -> bool:
    return tier_type == STEPS and scheme_id.startswith(OWN_STEPS)


def _as_theirs(annotation: Annotation, mistake: str) -> Annotation:
    marks = (each for each in annotation.attributes if each.key == MISTAKE and mistake)
    return replace(annotation, attributes=tuple(replace(each, key=mistake) for each in marks))


def _mistakes(bundle: SessionBundle) -> int:
    steps = {tier.id for tier in bundle.tiers if _is_own(tier.scheme_id, tier.tier_type)}
    return sum(each.tier_id in steps and each.value(MISTAKE) is True for each in bundle.annotations)
