"""What of a session a data set's format can't hold."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from woz.formats.bundle import SessionBundle
from woz.formats.datasets.making import FILE
from woz.formats.parts import Lost


def usual_losses(
    bundle: SessionBundle,
    scheme_id: str,
    links: Collection[str] = (),
    turns: bool = True,
    tier_types: Collection[str] = (),
    several: bool = False,
) -> Iterator[Lost]:
    """Of a format that holds annotations by one scheme, or of some tier types in it, some types of links, and the
    texts of turns, or none. `several`: each annotator's work stays apart.
    """
    tiers = [tier for tier in bundle.tiers_of(scheme_id) if not tier_types or tier.tier_type in (*tier_types, FILE)]
    own = {tier.id for tier in tiers}
    mine = [each for each in bundle.annotations if each.tier_id in own]
    makers = {tier.annotator_id for tier in tiers}
    counts = {
        "annotations in other tiers": len(bundle.annotations) - len(mine),
        "notes of annotations": sum(bool(each.note) for each in mine),
        "confidences of annotations": sum(each.confidence is not None for each in mine),
        "annotators, whose work lies in one file": len(makers) if len(makers) > 1 and not several else 0,
        "links": sum(link.type not in links for link in bundle.links),
        "questions": len(bundle.questions),
        "turns": 0 if turns else len(bundle.turns),
        "turns' words with times": sum(bool(turn.words) for turn in bundle.turns) if turns else 0,
        "translations": sum(bool(turn.translation) for turn in bundle.turns) if turns else 0,
        "doubts about turns": sum(turn.doubt is not None for turn in bundle.turns) if turns else 0,
        "doubts about links": sum(link.doubt is not None and link.type in links for link in bundle.links),
    }
    for what, count in counts.items():
        if count:
            yield Lost(what, count)
