"""What woz knows of a session in the place of a data set's annotations, for sessions that nobody annotated by its
scheme.

A format says what it takes (`woz.formats.datasets.loans`): steps, turns, or what the expert marked. Nothing is made
up: what the data set says besides stays empty, and what the format has no place for is told.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from woz.formats.bundle import SessionBundle
from woz.formats.format import Format, OutFile, Writing
from woz.formats.parts import Lost


@dataclass(frozen=True, slots=True)
class Loan:
    """The session with annotations by the data set's scheme, and what of it those can't hold, or leave open."""

    bundle: SessionBundle
    lost: tuple[Lost, ...] = ()


Lend = Callable[[SessionBundle], Loan | None]
"""None where the session has nothing that it could take."""


def lending(chosen: Format, lend: Lend, tier_types: Collection[str] = ()) -> Format:
    """The format, also for sessions that have no tier of its scheme, or none of some types in it."""
    own_write, own_losses = chosen.write, chosen.losses
    assert own_write is not None

    def loan(bundle: SessionBundle) -> Loan:
        own = (tier for tier in bundle.tiers_of(chosen.scheme) if not tier_types or tier.tier_type in tier_types)
        return next((Loan(bundle) for _ in own), None) or lend(bundle) or Loan(bundle)

    def write(bundles: Sequence[SessionBundle], writing: Writing) -> Iterable[OutFile]:
        return own_write([loan(bundle).bundle for bundle in bundles], writing)

    def losses(bundles: Sequence[SessionBundle]) -> Iterator[Lost]:
        loans = [loan(bundle) for bundle in bundles]
        yield from own_losses([each.bundle for each in loans])
        yield from (lost for each in loans for lost in each.lost if lost.count)

    return replace(chosen, write=write, losses=losses)
