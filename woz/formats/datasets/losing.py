"""What of a session a data set's format can't hold."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from woz.formats.bundle import SessionBundle
from woz.formats.parts import Lost


def usual_losses(
    bundle: SessionBundle, scheme_id: str, links: Collection[str] = (), turns: bool = True
) -> Iterator[Lost]:
    """Of a format that holds annotations by one scheme, some types of links, and the texts of turns, or none."""
    own = {tier.id for tier in bundle.tiers_of(scheme_id)}
    mine = [each for each in bundle.annotations if each.tier_id in own]
    makers = {tier.annotator_id for tier in bundle.tiers_of(scheme_id)}
    counts = {
        "annotations by other schemes": len(bundle.annotations) - len(mine),
        "notes of annotations": sum(bool(each.note) for each in mine),
        "confidences of annotations": sum(each.confidence is not None for each in mine),
        "annotators, whose work lies in one file": len(makers) if len(makers) > 1 else 0,
        "links": sum(link.type not in links for link in bundle.links),
        "questions": len(bundle.questions),
        "turns": 0 if turns else len(bundle.turns),
        "turns' words with times": sum(bool(turn.words) for turn in bundle.turns) if turns else 0,
        "translations": sum(bool(turn.translation) for turn in bundle.turns) if turns else 0,
    }
    for what, count in counts.items():
        if count:
            yield Lost(what, count)
