"""Question sets are shared out among people to judge: evenly, and drawn by a seed."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from woz.base.errors import WozError
from woz.model.ids import AnnotatorId, QuestionId, SessionId


@dataclass(frozen=True, slots=True)
class Place:
    """A question set as far as people are wanted for it: `lacks` so many beside those who judged it and those who
    have it to judge; `known` are these, and who settled what others disagreed on.
    """

    question_id: QuestionId
    session_id: SessionId
    lacks: int
    known: frozenset[AnnotatorId] = frozenset()


@dataclass(frozen=True, slots=True)
class Draw:
    """A share (0 to 1) of the question sets, drawn by a seed; the same seed draws the same of the same ones."""

    share: float = 1.0
    seed: int = 0

    def __post_init__(self) -> None:
        """Raises WozError for a share that is none."""
        if not 0 < self.share <= 1:
            raise WozError("The share to judge is more than 0 and at most 100 of 100; give --share 25, say.")

    def of(self, places: Sequence[Place]) -> list[Place]:
        """At least one, where there is any; in their order."""
        count = min(len(places), max(1, round(self.share * len(places))))
        first = sorted(places, key=lambda each: drawn_by(self.seed, each.question_id))[:count]
        chosen = {each.question_id for each in first}
        return [each for each in places if each.question_id in chosen]

    def __str__(self) -> str:
        return f"{100 * self.share:g} of 100, seed {self.seed}"


@dataclass(frozen=True, slots=True)
class Share:
    """Whom a question set goes to, and how many it lacks still: more than there are people who may judge it."""

    place: Place
    to: tuple[AnnotatorId, ...]

    @property
    def short(self) -> int:
        return self.place.lacks - len(self.to)


def drawn_by(seed: int, *names: str) -> bytes:
    """Orders names by chance, the same on every computer."""
    return hashlib.sha256("\0".join((str(seed), *names)).encode()).digest()


def shared_out(
    places: Sequence[Place],
    people: Collection[AnnotatorId],
    barred: Mapping[SessionId, Collection[AnnotatorId]],
    load: Mapping[AnnotatorId, int],
    seed: int,
) -> list[Share]:
    """Each place to as many of the people as it lacks, each of them once: to whom has the least to judge, by the
    `load` they had before and what they get here, and among these by the seed.

    Nobody gets one that they know, nor one of a session in which they are `barred`. Those for which fewest people
    are left come first, so that all are shared out where that can be. The answer is in the order of the places.
    """
    may = {
        each.question_id: frozenset(people) - each.known - frozenset(barred.get(each.session_id, ()))
        for each in places
    }
    carried = Counter({each: load.get(each, 0) for each in people})
    given: dict[QuestionId, tuple[AnnotatorId, ...]] = {}
    for place in sorted(places, key=lambda one: (len(may[one.question_id]), drawn_by(seed, one.question_id))):

        def rank(person: AnnotatorId, of: str = place.question_id) -> tuple[int, bytes]:
            return carried[person], drawn_by(seed, of, person)

        chosen = tuple(sorted(may[place.question_id], key=rank)[: max(0, place.lacks)])
        carried.update(chosen)
        given[place.question_id] = chosen
    return [Share(each, given[each.question_id]) for each in places]
