"""Decisions as edits of the gold tier. What the annotators made is never touched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from woz.annotation.adjudication.clusters import Cluster, Matter, MatterKind, values
from woz.annotation.adjudication.joining import gold_link
from woz.annotation.adjudication.state import DROPPED, RUN, Adjudication, decided_of
from woz.annotation.edits import Edit
from woz.annotation.linking import with_links
from woz.base.errors import WozError
from woz.base.interval import seconds
from woz.model.annotation import Annotation, Attribute, Value
from woz.model.ids import AnnotationId, LinkId, new_id
from woz.model.item import ref_to
from woz.model.link import Link
from woz.model.made import Made, Source
from woz.model.origin import Origin
from woz.model.scheme import Overlap

MIDDLE = -1
"""As a side: the middle of all of them."""
OTHERWISE = "take other boundaries, edit it (E), or keep it out"
UNDO_THERE = "undo what was decided there (Ctrl+Z), or change that in the editor, on the gold tier"


@dataclass(frozen=True, slots=True)
class Choice:
    """From which side (by its place) the start is, and from which the end; all else is from `start`'s."""

    start: int
    end: int

    @property
    def whole(self) -> bool:
        return self.start == self.end != MIDDLE


def taken(side: int) -> Choice:
    return Choice(side, side)


def agreed_edit(state: Adjudication, by: str, utc_ns: int) -> Edit:
    """All that nobody disputes, at once, with boundaries in the middle, but for what would cover some of the gold.
    Raises WozError where nothing else is left.
    """
    made: list[Annotation] = []
    refused: WozError | None = None
    for cluster in state.agreed:
        new = _draft(state, cluster, by, utc_ns)
        try:
            made.append(_fitted(new, (*state.marks, *made), state, UNDO_THERE))
        except WozError as error:
            refused = refused or error
    grown = replace(state, marks=(*state.marks, *made))
    links = [gold_link(grown, cluster, end, by, utc_ns) for cluster, end in grown.agreed_ends]
    if refused and not (made or links):
        raise refused
    return Edit(f"Take {len(made) + len(links)} that agree", (), (*made, *links))


def ruling(state: Adjudication, matter: Matter, choice: Choice, by: str, utc_ns: int) -> Edit:
    """What is decided of a matter. Raises WozError where it can't be so."""
    if matter.kind == MatterKind.PRESENCE:
        return _presence(state, matter, choice, by, utc_ns)
    old = state.gold_of(matter.cluster)
    base = old or _draft(state, matter.cluster, by, utc_ns)
    if matter.kind == MatterKind.BOUNDARY:
        return _kept(state, matter, old, _bounded(base, matter.cluster, choice), by, utc_ns)
    if matter.kind == MatterKind.LINK:
        return _linked(state, matter, old, choice, by, utc_ns)
    if not choice.whole:
        raise WozError(f"Only boundaries can be mixed; take the {matter.kind} of one of them.")
    member = _member(matter.cluster, choice.start)
    if matter.kind == MatterKind.LABEL:
        return _kept(state, matter, old, replace(base, label=member.label), by, utc_ns)
    others = tuple(each for each in base.attributes if each.key != matter.key)
    new = replace(base, attributes=(*others, *values(member, matter.key)))
    return _kept(state, matter, old, new, by, utc_ns)


def edited(state: Adjudication, matter: Matter, start_ns: int, end_ns: int | None, by: str, utc_ns: int) -> Edit:
    """Boundaries that the adjudicator set, from whatever matter: these, and that it is there, are what it decides.
    Raises WozError for an end before the start.
    """
    if end_ns is not None and end_ns <= start_ns:
        raise WozError("A segment ends after it starts; move its end on, or leave it as it was (Escape).")
    old = state.gold_of(matter.cluster)
    base = old or _draft(state, matter.cluster, by, utc_ns)
    new = replace(base, start_ns=start_ns, end_ns=end_ns)
    bounds = Matter(matter.cluster, MatterKind.BOUNDARY)
    return _kept(state, bounds, old, new, by, utc_ns, (str(MatterKind.PRESENCE),))


def labelled(state: Adjudication, matter: Matter, label: str, by: str, utc_ns: int) -> Edit:
    """A label that the adjudicator gives, be it nobody's."""
    old = state.gold_of(matter.cluster)
    base = old or _draft(state, matter.cluster, by, utc_ns)
    return _kept(state, matter, old, replace(base, label=label), by, utc_ns)


def valued(state: Adjudication, matter: Matter, value: Value, by: str, utc_ns: int) -> Edit:
    """A value that the adjudicator gives to the attribute that is asked for, be it nobody's."""
    old = state.gold_of(matter.cluster)
    base = old or _draft(state, matter.cluster, by, utc_ns)
    others = tuple(each for each in base.attributes if each.key != matter.key)
    new = replace(base, attributes=(*others, Attribute(matter.key, value)))
    return _kept(state, matter, old, new, by, utc_ns)


def _linked(
    state: Adjudication, matter: Matter, old: Annotation | None, choice: Choice, by: str, utc_ns: int
) -> Edit:
    """The links of a type that one has, or all (`MIDDLE`); those that the gold has besides go."""
    members = matter.cluster.there if choice.start == MIDDLE else (_member(matter.cluster, choice.start),)
    if choice.start != choice.end:
        raise WozError("Only boundaries can be mixed; take the links of one of them, or all (0).")
    base = old or _draft(state, matter.cluster, by, utc_ns)
    edit = _kept(state, matter, old, base, by, utc_ns)
    wanted = {end for mark in members for end in state.ends_of(mark, matter.key)}
    there = {end: link for end, link in state.ends.of(base).items() if end.type == matter.key}
    gone = {link.id for end, link in there.items() if end not in wanted}
    gold = edit.after[0]
    assert isinstance(gold, Annotation)
    grown = replace(state, marks=(*(each for each in state.marks if each != old), gold))
    new = [gold_link(grown, matter.cluster, end, by, utc_ns, members) for end in sorted(wanted - there.keys())]
    return replace(edit, after=(*(each for each in edit.after if each.id not in gone), *new))


def _presence(state: Adjudication, matter: Matter, choice: Choice, by: str, utc_ns: int) -> Edit:
    """To take from somebody what they have not is to keep it out."""
    if not choice.whole:
        raise WozError("It is there for one and not for the other; take one of them.")
    if choice.start >= len(matter.cluster.members):
        raise WozError(_no_side(choice.start))
    old, member = state.gold_of(matter.cluster), matter.cluster.members[choice.start]
    if member is None:
        made = Made(Origin.MANUAL, by, utc_ns)
        links = tuple(
            Link(LinkId(new_id()), state.gold.session_id, DROPPED, ref_to(each), ref_to(state.gold), made)
            for each in matter.cluster.there
        )
        out = with_links(Edit("Keep it out of the gold", (old,) if old else ()), state.links)
        return replace(out, after=(*out.after, *links))
    new = old or _draft(state, matter.cluster, by, utc_ns)
    return _kept(state, matter, old, new, by, utc_ns)


def _draft(state: Adjudication, cluster: Cluster, by: str, utc_ns: int) -> Annotation:
    """As the first has it, with boundaries in the middle and the attributes that all have alike."""
    first = cluster.there[0]
    same = [
        value
        for key in sorted({each.key for mark in cluster.there for each in mark.attributes})
        for value in values(first, key)
        if len({values(mark, key) for mark in cluster.there}) == 1
    ]
    sources = tuple(Source(ref_to(each)) for each in cluster.there)
    made = Made(Origin.MANUAL, by, utc_ns, RUN + "agreed", sources)
    new = Annotation(
        AnnotationId(new_id()),
        state.gold.id,
        first.start_ns,
        first.end_ns,
        first.label,
        made,
        tuple(same),
        first.note,
    )
    return _bounded(new, cluster, Choice(MIDDLE, MIDDLE))


def _bounded(base: Annotation, cluster: Cluster, choice: Choice) -> Annotation:
    if base.start_ns is None:
        return base
    start, end = _time(cluster, "start_ns", choice.start), _time(cluster, "end_ns", choice.end)
    if end is not None and start is not None and end <= start:
        raise WozError("This start lies after this end; take another mix, or edit it (E).")
    return replace(base, start_ns=start, end_ns=end)


def _time(cluster: Cluster, name: str, side: int) -> int | None:
    if side != MIDDLE:
        time: int | None = getattr(_member(cluster, side), name)
        return time
    times = [time for each in cluster.there if (time := getattr(each, name)) is not None]
    return sum(times) // len(times) if times else None


def _member(cluster: Cluster, side: int) -> Annotation:
    if side >= len(cluster.members):
        raise WozError(_no_side(side))
    member = cluster.members[side]
    if member is None:
        raise WozError("This annotator has nothing here; take another one's.")
    return member


def _no_side(side: int) -> str:
    return f"There is no annotator {side + 1} here."


def _kept(
    state: Adjudication,
    matter: Matter,
    old: Annotation | None,
    new: Annotation,
    by: str,
    utc_ns: int,
    more: tuple[str, ...] = (),
) -> Edit:
    """As a new item, since what is decided goes with how it was made; the others of the cluster stay decided, and
    links of the gold lead to the new one.
    """
    before = (old and decided_of(old)) or ["agreed"]
    decided = list(dict.fromkeys([*before, matter.name, *more]))
    sources = tuple(Source(ref_to(each)) for each in matter.cluster.there)
    made = Made(Origin.MANUAL, by, utc_ns, RUN + ", ".join(decided), sources)
    others = [each for each in state.marks if old is None or each.id != old.id]
    made_new = replace(_fitted(new, others, state, OTHERWISE), id=AnnotationId(new_id()), made=made)
    return with_links(Edit(f"Decide the {matter.name}", (old,) if old else (), (made_new,)), state.links)


def _fitted(new: Annotation, others: Sequence[Annotation], state: Adjudication, to_do: str) -> Annotation:
    """Cut where it reaches a little into another gold item that it may not lie over. Raises WozError, with what is
    to be done, where it covers more of one.
    """
    for each in (other for other in others if not _may_lie_over(new, other, state.overlap)):
        if None in (new.start_ns, new.end_ns, each.start_ns, each.end_ns):
            continue
        assert new.start_ns is not None
        assert new.end_ns is not None
        assert each.start_ns is not None
        assert each.end_ns is not None
        shared = min(new.end_ns, each.end_ns) - max(new.start_ns, each.start_ns)
        if shared <= 0:
            continue
        if shared > 2 * state.tolerance_ns or shared >= new.end_ns - new.start_ns:
            start_s, end_s = seconds(each.start_ns), seconds(each.end_ns)
            raise WozError(f"It would cover the gold from {start_s:.1f} to {end_s:.1f} s; {to_do}.")
        new = (
            replace(new, end_ns=each.start_ns)
            if new.start_ns < each.start_ns
            else replace(new, start_ns=each.end_ns)
        )
    return new


def _may_lie_over(one: Annotation, other: Annotation, allowed: Overlap) -> bool:
    return allowed == Overlap.ANY or (allowed == Overlap.OTHER_LABEL and one.label != other.label)
