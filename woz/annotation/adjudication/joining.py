"""Links of the gold: as annotators made them, between what became of their marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from woz.annotation.adjudication.clusters import Cluster
from woz.annotation.adjudication.ends import End
from woz.annotation.adjudication.state import RUN, Adjudication
from woz.base.errors import WozError
from woz.model.annotation import Annotation
from woz.model.ids import LinkId, new_id
from woz.model.item import ItemRef, ref_to
from woz.model.link import Link
from woz.model.made import Made, Source
from woz.model.origin import Origin


def gold_link(
    state: Adjudication,
    cluster: Cluster,
    end: End,
    by: str,
    utc_ns: int,
    of: Sequence[Annotation] = (),
) -> Link:
    """Like that of the first who has it, `of` these marks or of all; it names all that are the same as its sources.

    Raises WozError where what it leads to isn't in the gold yet.
    """
    same = [links[end] for mark in cluster.there if end in (links := state.ends.of(mark))]
    first = next(links[end] for mark in of or cluster.there if end in (links := state.ends.of(mark)))
    gold = state.gold_of(cluster)
    assert gold
    made = Made(Origin.MANUAL, by, utc_ns, RUN + "link", tuple(Source(ref_to(each)) for each in same))
    own, other = ref_to(gold), _other(state, end, first)
    source, target = (own, other) if end.onward else (other, own)
    return replace(first, id=LinkId(new_id()), source=source, target=target, made=made)


def _other(state: Adjudication, end: End, link: Link) -> ItemRef:
    """What is adjudicated elsewhere, or not at all, is named as the annotator did where there is no gold of it."""
    found = state.ends.gold(end)
    if found is None and state.ends.cluster(end) is not None:
        raise WozError("What it leads to isn't in the gold yet: take what agrees (A), or decide on that first (N).")
    return found or (link.target if end.onward else link.source)
