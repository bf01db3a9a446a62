"""Who belongs to a session that comes from another project, and who they are in the project that it comes into."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce

from woz.base.errors import WozError
from woz.model.annotator import Annotator, AnnotatorRole
from woz.model.people import Participant
from woz.model.plan import is_pseudonym, no_pseudonym, with_consent


@dataclass(frozen=True, slots=True)
class Named:
    """Which pseudonym somebody of the session has here; where it is somebody's already, both are one person."""

    participants: Mapping[str, str] = field(default_factory=dict)
    annotators: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Everybody:
    participants: Sequence[Participant]
    annotators: Sequence[Annotator]


@dataclass(frozen=True, slots=True)
class Met:
    """`ids` leads from ids there to those here, where they differ; who is in `everybody` is to be kept so."""

    ids: Mapping[str, str]
    everybody: Everybody


@dataclass(frozen=True, slots=True)
class _Here:
    """Who somebody is here: the id and the pseudonym; `known` is whether somebody has them."""

    id: str
    pseudonym: str
    known: bool


def meet(coming: Everybody, here: Everybody, named: Named) -> Met:
    """Raises WozError where it isn't said who somebody is, and for people of whom only one project knows that they
    have withdrawn."""
    people = _whom(_pairs(coming.participants), _pairs(here.participants), named.participants, "--person")
    annotators = _whom(_pairs(coming.annotators), _pairs(here.annotators), named.annotators, "--annotator")
    known = {str(person.id): person for person in here.participants}
    new = [
        replace(each, pseudonym=annotators[each.id].pseudonym, roles=(AnnotatorRole.ANNOTATOR,))
        for each in coming.annotators
        if not annotators[each.id].known
    ]
    ids = {there: one.id for there, one in {**people, **annotators}.items() if there != one.id}
    merged = [_merged(each, people[each.id], known) for each in coming.participants]
    return Met(ids, Everybody(merged, new))


def _pairs(people: Iterable[Participant | Annotator]) -> list[tuple[str, str]]:
    return [(str(each.id), each.pseudonym) for each in people]


def _whom(
    coming: list[tuple[str, str]], here: list[tuple[str, str]], named: Mapping[str, str], option: str
) -> dict[str, _Here]:
    if strange := sorted(set(named) - {pseudonym for _, pseudonym in coming}):
        raise WozError(f"Nobody of the session is called {strange[0]}; correct {option}.")
    by_id, by_name, found = dict(here), {name: each for each, name in here}, {}
    for there, pseudonym in coming:
        name = named.get(pseudonym, pseudonym)
        if there in by_id:
            found[there] = _Here(there, by_id[there], True)
        elif name not in by_name:
            if not is_pseudonym(name) and pseudonym in named:
                raise WozError(no_pseudonym(name))
            found[there] = _Here(there, name, False)
        elif pseudonym in named:
            found[there] = _Here(by_name[name], name, True)
        else:
            raise WozError(
                f"{name} is in both projects: say {option} {name}={name} where that is the same person, or"
                f" {option} {name}=ANOTHER for a pseudonym that is free here."
            )
    return found


def _merged(person: Participant, here: _Here, known: Mapping[str, Participant]) -> Participant:
    """With the consents of both projects."""
    if not here.known:
        return replace(person, pseudonym=here.pseudonym)
    own = known[here.id]
    if own.withdrawn != person.withdrawn:
        where = "here" if own.withdrawn else "in the other project"
        raise WozError(
            f"{own.pseudonym} has withdrawn {where}; withdraw them in both (woz withdraw), then import again."
        )
    consents = reduce(with_consent, person.consents, own.consents)
    return replace(own, consents=consents, languages=own.languages or person.languages)
