"""Steps, turns and what the expert marked, as annotations by a data set's scheme."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from woz.annotation import live_scheme
from woz.annotation.drawing import is_line, strokes_of
from woz.formats.bundle import SessionBundle
from woz.formats.datasets.lending import Lend, Loan
from woz.formats.datasets.making import NS_PER_S
from woz.formats.parts import Lost
from woz.model.annotation import Annotation, Attribute
from woz.model.ids import AnnotationId, SchemeId, TierId
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.own_schemes import MISTAKE, OWN_STEPS, STEPS
from woz.model.people import Role
from woz.model.tier import Tier
from woz.model.transcript import Turn

Change = Callable[[Annotation, str], Annotation]
"""Of a step, with its name."""


def steps_as(scheme: str, tier_type: str, change: Change, *open_values: str, mistakes: bool = False) -> Lend:
    """Own steps, each as `change` makes of it; `open_values` say what the data set tells of each and nobody did.
    `mistakes`: the marks of mistakes are kept.
    """

    def lend(bundle: SessionBundle) -> Loan | None:
        mine = {tier.id: tier for tier in bundle.tiers if _is_own_steps(tier)}
        if not mine:
            return None

        def changed(each: Annotation) -> Annotation:
            return change(each, bundle.label_name(mine[each.tier_id], each.label))

        steps = [each for each in bundle.annotations if each.tier_id in mine]
        new = replace(
            bundle,
            tiers=tuple(_of(tier, scheme, tier_type) if tier.id in mine else tier for tier in bundle.tiers),
            annotations=tuple(changed(each) if each.tier_id in mine else each for each in bundle.annotations),
        )
        wrong = 0 if mistakes else sum(each.value(MISTAKE) is True for each in steps)
        ends = sum(changed(each).end_ns is None and each.end_ns is not None for each in steps)
        more = sum(attribute.key != MISTAKE for each in steps for attribute in each.attributes)
        lost = [
            Lost("marks that a step was a mistake", wrong),
            Lost("ends of steps", ends),
            Lost("other attributes of steps", more),
        ]
        return Loan(new, (*lost, *(Lost(what, len(steps)) for what in open_values)))

    return lend


def labelled(mistake: str = "") -> Change:
    """The same label; the mark of a mistake as this attribute, or not at all."""

    def change(step: Annotation, _: str) -> Annotation:
        marks = (each for each in step.attributes if each.key == MISTAKE and mistake)
        return replace(step, attributes=tuple(replace(each, key=mistake) for each in marks))

    return change


def told(label: str, text: str, as_point: bool = False) -> Change:
    """This label, and the step's name in the attribute `text`; `as_point`: where the step begins."""

    def change(step: Annotation, name: str) -> Annotation:
        end_ns = None if as_point else step.end_ns
        return replace(step, label=label, end_ns=end_ns, attributes=(Attribute(text, name),))

    return change


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that the expert said, wrote or drew at a point in time. `of` is the turn or annotation; `whole`:
    nothing else of that is to be told.
    """

    of: Turn | Annotation
    start_ns: int
    attributes: tuple[Attribute, ...]
    whole: bool = True


Remarks = Callable[[SessionBundle], Iterable[Remark]]


def remarks_as(
    scheme: str, tier_type: str, label: str, *sources: Remarks, by: str = "", open_values: Sequence[str] = ()
) -> Lend:
    """What the expert remarked, in one tier; the attribute `by` says who. `open_values` as of `steps_as`."""

    def lend(bundle: SessionBundle) -> Loan | None:
        remarks = sorted((each for source in sources for each in source(bundle)), key=lambda each: each.start_ns)
        if not remarks:
            return None
        tier = _tier(bundle, scheme, tier_type)
        who = (Attribute(by, expert_of(bundle)),) if by else ()
        new = (_point(tier, label, n, remark, who) for n, remark in enumerate(remarks))
        gone = {each.of.id for each in remarks if each.whole}
        rest = replace(
            bundle,
            tiers=(*bundle.tiers, tier),
            annotations=(*(each for each in bundle.annotations if each.id not in gone), *new),
            turns=tuple(each for each in bundle.turns if each.id not in gone),
        )
        return Loan(rest, (*_of_turns(remarks), *(Lost(what, len(remarks)) for what in open_values)))

    return lend


def expert_turns(text: str, duration: str) -> Remarks:
    """What the expert said, when it was heard; `text` and `duration` (s) are attributes."""

    def remarks(bundle: SessionBundle) -> Iterator[Remark]:
        for turn in bundle.turns:
            if turn.speaker == Role.EXPERT and turn.text.strip():
                seconds = turn.interval.duration_ns / NS_PER_S
                told = (Attribute(text, turn.text), Attribute(duration, seconds))
                yield Remark(turn, turn.interval.start_ns, told)

    return remarks


def live_texts(text: str, *tier_types: str) -> Remarks:
    """What was written with live mistakes or notes."""

    def remarks(bundle: SessionBundle) -> Iterator[Remark]:
        for each in _live(bundle, tier_types):
            if each.start_ns is not None and each.note.strip():
                yield Remark(each, each.start_ns, (Attribute(text, each.note),))

    return remarks


def live_drawings(key: str) -> Remarks:
    """What was drawn live, without any words; a stroke's points are spread evenly over the time that it took."""

    def remarks(bundle: SessionBundle) -> Iterator[Remark]:
        for each in _live(bundle, (live_scheme.STROKE,)):
            drawn = tuple(_spread(bundle, each, replace(at, key=key)) for at in each.attributes if at.place)
            if each.start_ns is not None and drawn:
                yield Remark(each, each.start_ns, drawn)

    return remarks


def wrong_steps(text: str) -> Remarks:
    """What an annotator wrote with a step that is marked as a mistake; not what the expert wrote live already, nor
    what has no time.
    """

    def remarks(bundle: SessionBundle) -> Iterator[Remark]:
        mine = {tier.id for tier in bundle.tiers if _is_own_steps(tier)}
        live = {each.note for each in _live(bundle, (live_scheme.MISTAKE,))}
        for each in bundle.annotations:
            if each.tier_id not in mine or each.start_ns is None or each.value(MISTAKE) is not True:
                continue
            if each.note.strip() and each.note not in live:
                yield Remark(each, each.start_ns, (Attribute(text, each.note),), whole=False)

    return remarks


def expert_of(bundle: SessionBundle) -> str:
    """The expert's pseudonym; `expert` where none is known."""
    return next((each.pseudonym for each in bundle.participants if each.role == Role.EXPERT), "expert")


def _is_own_steps(tier: Tier) -> bool:
    return tier.tier_type == STEPS and tier.scheme_id.startswith(OWN_STEPS)


def _of(tier: Tier, scheme: str, tier_type: str) -> Tier:
    return replace(tier, scheme_id=SchemeId(scheme), scheme_version=1, tier_type=tier_type)


def _tier(bundle: SessionBundle, scheme: str, tier_type: str) -> Tier:
    made = Made(Origin.DERIVED, expert_of(bundle))
    key = TierId(f"{bundle.session.id}-{tier_type}")
    return Tier(key, bundle.session.id, SchemeId(scheme), 1, tier_type, tier_type, made)


def _spread(bundle: SessionBundle, stroke: Annotation, drawing: Attribute) -> Attribute:
    """With a time a point."""
    lines = [line for line in strokes_of(drawing.place) if is_line(line)]
    begin_ns = bundle.session.start_utc_ns + (stroke.start_ns or 0)
    last = max(1, sum(map(len, lines)) - 1)
    lasts_ns = (stroke.end_ns or stroke.start_ns or 0) - (stroke.start_ns or 0)
    times = iter((begin_ns + lasts_ns * n // last) // 10**6 for n in range(last + 1))
    told = [[[x, y, next(times)] for x, y, *_ in line] for line in lines]
    return replace(drawing, place=json.dumps(told)) if told else drawing


def _point(tier: Tier, label: str, n: int, remark: Remark, more: tuple[Attribute, ...]) -> Annotation:
    key, attributes = AnnotationId(f"{tier.id}-{n}"), (*remark.attributes, *more)
    return Annotation(key, tier.id, remark.start_ns, None, label, tier.made, attributes)


def _live(bundle: SessionBundle, tier_types: Sequence[str]) -> Iterator[Annotation]:
    mine = {tier.id for tier in bundle.tiers_of(live_scheme.LIVE.id) if tier.tier_type in tier_types}
    return (each for each in bundle.annotations if each.tier_id in mine)


def _of_turns(remarks: Sequence[Remark]) -> Iterator[Lost]:
    turns = [each.of for each in remarks if isinstance(each.of, Turn)]
    yield Lost("turns' words with times", sum(bool(turn.words) for turn in turns))
    yield Lost("doubts about turns", sum(turn.doubt is not None for turn in turns))
    yield Lost("translations", sum(bool(turn.translation) for turn in turns))
