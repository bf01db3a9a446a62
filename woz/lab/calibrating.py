"""Whether somebody annotates as a reference does: a gate by label, before they work alone, and again later.

The reference is the gold of a session, or one person's coding; where either was assigned windows only, these alone
are compared, so that windows of a gold session among somebody's work measure them without their knowing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from woz.annotation.measures.agreement import Doubled, offsets
from woz.annotation.measures.segmentation import Hits
from woz.annotation.tier_states import OPEN, may_assign
from woz.base.clock import Clock
from woz.base.commands import quoted
from woz.base.counts import counted
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S
from woz.lab.agreeing import compared, nothing_shared
from woz.lab.agreement_report import several_told
from woz.lab.assigning import Draw, Order, assign
from woz.lab.coders import GOLD
from woz.lab.library import TierFact
from woz.lab.ports import Project
from woz.lab.schemes import types_meant
from woz.model.annotator import Annotator, BlindTo
from woz.model.assignment import Assignment, Part
from woz.model.ids import SessionId
from woz.model.scheme import Label
from woz.model.tier import Tier

IOU = 0.5


@dataclass(frozen=True, slots=True)
class Gate:
    """What each label has to reach: F1 at an intersection over union of a half, and the median distance of the
    boundaries of what both have (ns). Labels with fewer than `least` marks in the reference are told, not judged.
    """

    f1: float = 0.8
    boundary_ns: int = 500_000_000
    least: int = 3


@dataclass(frozen=True, slots=True)
class LabelResult:
    """Of one label. `f1` is None where neither marked it, `boundary_ns` where they share none; `missed` and `extra`
    are counts, `called` what the annotator says in its place, by name, the most frequent first.

    `why` it fails; empty where it passes, or has too few marks to be judged (`judged`).
    """

    label: str
    marks: int
    f1: float | None
    boundary_ns: float | None
    missed: int
    extra: int
    called: tuple[tuple[str, int], ...]
    judged: bool
    why: str
    start_rule: str = ""
    end_rule: str = ""
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Calibration:
    annotator: str
    reference: str
    tier_type: str
    sessions: tuple[str, ...]
    labels: tuple[LabelResult, ...]
    unfinished: tuple[str, ...] = ()
    """The sessions in which the reference isn't submitted yet, so that its figures may change."""
    several: tuple[str, ...] = ()
    """A sentence for each of the two who has several tiers of the type in a session."""

    @property
    def failing(self) -> tuple[LabelResult, ...]:
        return tuple(each for each in self.labels if each.why)

    @property
    def caveat(self) -> str:
        """What is to be said of the reference, with what to do; empty where it is finished."""
        return unfinished_words(self.tier_type, self.reference, self.unfinished)

    @property
    def command(self) -> str:
        """What the caveat tells to type; empty where it tells of no command."""
        return _adjudicate(self.unfinished[0], self.tier_type) if self.unfinished and self.reference == GOLD else ""

    @property
    def passed(self) -> bool:
        """Nothing fails, and something was judged."""
        return not self.failing and any(each.judged for each in self.labels)


def calibrate(
    project: Project,
    pseudonym: str,
    tier_type: str,
    session_id: SessionId | None = None,
    reference: str = GOLD,
    gate: Gate | None = None,
) -> Calibration:
    """In a session, or in all that both have. Raises WozError where there is none, or nobody of this pseudonym."""
    if pseudonym == reference:
        raise WozError("Nobody is measured against themselves; name another reference.")
    for name in {pseudonym, reference} - {GOLD}:
        project.annotators.named(name)
    found = compared(project, tier_type, session_id, (reference, pseudonym))
    of = f"{found.scheme_id}/{found.tier_type}" if found.scheme_id else tier_type
    unready = unfinished(project, of, reference, session_id)
    if not found.pairs:
        raise _nothing(tier_type, pseudonym, reference, unready)
    sessions = found.pairs[0].sessions
    labels = _labels(project, found.scheme_id, found.tier_type)
    marked = Counter(s.label for each in sessions for s in each.segments[0])
    own = {s.label for each in sessions for s in each.segments[1]}
    results = [
        _result(sessions, label, labels.get(label), found.names, gate or Gate())
        for label in sorted({*marked, *own})
    ]
    results.sort(key=lambda each: (not each.why, -each.marks, each.label))
    names = tuple(each.session for each in sessions)
    in_them = tuple(each for each in unready if each in names)
    told = [several_told(found, found.pairs[0], who) for who in (pseudonym, reference)]
    several = tuple(f"{each}; they count together, and woz agree compares one by its id." for each in told if each)
    return Calibration(pseudonym, reference, tier_type, names, tuple(results), in_them, several)


def unfinished(
    project: Project, tier_type: str, reference: str = GOLD, session_id: SessionId | None = None
) -> tuple[str, ...]:
    """The sessions in which the reference has a tier of this type (KEY of any scheme, or SCHEME/KEY) that isn't
    submitted yet, in the order of ids. Of golds none where another one of the type is submitted.
    """
    whose = "" if reference == GOLD else project.annotators.named(reference).id
    wanted = types_meant(project, tier_type)
    return tuple(
        sorted(
            facts.session.id
            for facts in project.library.sessions()
            if session_id in (None, facts.session.id)
            and _is_open([each for each in facts.tiers if each.type_id in wanted and _of(each, whose)])
        )
    )


def _of(tier: TierFact, whose: str) -> bool:
    """Whether it is somebody's own; a gold where `whose` is empty."""
    return tier.annotator_id == whose and not tier.gold if whose else tier.gold


def _is_open(tiers: Sequence[TierFact]) -> bool:
    golds = {each.type_id for each in tiers if each.gold and each.state not in OPEN}
    return any(each.state in OPEN and each.type_id not in golds for each in tiers)


def unfinished_words(tier_type: str, reference: str, sessions: Sequence[str]) -> str:
    """In one sentence, with what to do; empty where there are no such sessions."""
    if not sessions:
        return ""
    where = sessions[0] if len(sessions) == 1 else f"{len(sessions)} sessions, {sessions[0]} first"
    if reference != GOLD:
        return (
            f"{reference} hasn't submitted {tier_type} of {where} yet, so these figures may change: have it"
            " submitted, then measure again."
        )
    return (
        f"The gold of {tier_type} isn't finished in {where}, so these figures may change: have it adjudicated to"
        f" the end and submitted ({_adjudicate(sessions[0], tier_type)}), then measure again."
    )


def _nothing(tier_type: str, pseudonym: str, reference: str, unready: Sequence[str]) -> WozError:
    """Why somebody can't be measured, and what to do."""
    if reference != GOLD or not unready:
        return nothing_shared(tier_type)
    first = unready[0]
    return WozError(
        f"{pseudonym} can't be measured against the gold of {tier_type} yet, which isn't finished in {first}: have"
        f" it adjudicated to the end and submitted ({_adjudicate(first, tier_type)}), and that session coded by"
        f" {pseudonym}."
    )


def _adjudicate(session: str, tier_type: str) -> str:
    return f"woz adjudicate PROJECT --session {session} --tier-type {quoted(tier_type)}"


def _labels(project: Project, scheme_id: str, tier_type: str) -> dict[str, Label]:
    """By id, each in its newest version."""
    schemes = sorted((s for s in project.schemes.all() if s.id == scheme_id), key=lambda scheme: scheme.version)
    types = [each for scheme in schemes for each in scheme.tier_types if each.key == tier_type]
    return {str(label.id): label for each in types for label in each.labels}


def _result(
    sessions: Sequence[Doubled], label: str, known: Label | None, names: Mapping[str, str], gate: Gate
) -> LabelResult:
    own = [each.of_label(label) for each in sessions]
    hits = sum((each.hits[IOU] for each in own), Hits(0, 0, 0))
    apart = [far for edge in ("start_ns", "end_ns") if (far := offsets(own, edge).median_apart_ns) is not None]
    boundary_ns = max(apart, default=None)
    other = Counter(b.label for each in sessions for a, b in each.paired.pairs if a.label == label != b.label)
    marks = sum(len(each.segments[0]) for each in own)
    judged = marks >= gate.least
    return LabelResult(
        names.get(label, label),
        marks,
        hits.f1,
        boundary_ns,
        hits.missed,
        hits.false,
        tuple((names.get(wrong, wrong), count) for wrong, count in other.most_common()),
        judged,
        _why(hits.f1, boundary_ns, gate) if judged else "",
        known.start_rule if known else "",
        known.end_rule if known else "",
        known.examples if known else (),
    )


def _why(f1: float | None, boundary_ns: float | None, gate: Gate) -> str:
    said = []
    if f1 is None or f1 < gate.f1:
        said.append("F1 is {}, below {}".format(*_told_apart(f1 or 0.0, gate.f1)))
    if boundary_ns is not None and boundary_ns > gate.boundary_ns:
        apart, most = _told_apart(boundary_ns / NS_PER_S, gate.boundary_ns / NS_PER_S)
        said.append(f"boundaries lie {apart} s apart in the median, more than {most} s")
    return "; ".join(said)


def _told_apart(one: float, other: float) -> tuple[str, str]:
    """To a hundredth, or as much finer as it takes until both aren't told alike."""
    digits = next((each for each in range(2, 9) if round(one, each) != round(other, each)), 9)
    return f"{one:.{digits}f}", f"{other:.{digits}f}"


def calibration_words(found: Calibration) -> str:
    """The verdict, then what fails with its rules and examples, then a line for each other label."""
    count = counted(len(found.sessions), "session")
    verdict = "passes" if found.passed else "doesn't pass" if found.failing else "can't be judged: too few marks"
    lines = [f"{found.annotator} against {found.reference}, {found.tier_type}, {count}: {verdict}."]
    lines += [f"  {each}" for each in (found.caveat, *found.several) if each]
    for each in found.labels:
        if each.why:
            lines += _failing_words(each)
    for each in found.labels:
        if not each.why:
            f1 = "no F1" if each.f1 is None else f"F1 {each.f1:.2f}"
            lines.append(f"  {each.label}: {f1} of {each.marks}{'' if each.judged else ', too few to judge'}")
    return "\n".join(lines)


def _failing_words(each: LabelResult) -> list[str]:
    called = ", ".join(f"{count} called {name}" for name, count in each.called)
    lines = [f"  {each.label} fails: {each.why}."]
    lines.append(
        f"      of {each.marks}: {each.missed} missed, {each.extra} extra{f'; {called}' if called else ''}"
    )
    for name, rule in (("begins", each.start_rule), ("ends", each.end_rule)):
        lines += [f"      {name}: {rule}"] if rule else []
    lines += [f"      example: {example}" for example in each.examples]
    return lines


def calibration_facts(found: Calibration) -> dict[str, Any]:
    """For programs; boundaries in ns."""
    return {**asdict(found), "passed": found.passed, "caveat": found.caveat}


def honeypot(
    project: Project,
    session_id: SessionId,
    tier_type: str,
    people: tuple[Annotator, Annotator],
    drawn: tuple[float, int],
    clock: Clock,
) -> Assignment:
    """Windows of a session that has gold for the first of `people` to code, blind to all others' work; the second
    assigns them. `drawn` is a share (0 to 1) and the seed that draws it.

    Raises WozError where the session has no gold, or one that isn't submitted, which would wait for them, and as
    `woz.lab.assigning.assign`; who may not assign is told of no gold.
    """
    may_assign(people[1], people[0], Part.SECOND)
    project = project.seen_by(people[1].id).whole()
    ids = {each.tier_id for each in project.assignments.all(session_id) if each.part == Part.ADJUDICATOR}
    tiers = [each for each in project.annotations.load(session_id) if isinstance(each, Tier)]
    wanted = types_meant(project, tier_type)
    golds = [each for each in tiers if each.id in ids and each.type_id in wanted]
    if not golds:
        raise WozError(f"{session_id} has no gold of {tier_type}; adjudicate it first, or choose another session.")
    if all(each.state in OPEN for each in golds):
        raise WozError(
            f"The gold of {tier_type} isn't finished in {session_id}: have it adjudicated to the end and submitted"
            f" ({_adjudicate(session_id, tier_type)}), then give windows of it."
        )
    whose, assigner = people
    order = Order(tier_type, whose, assigner, Part.SECOND, draw=Draw(*drawn), blind=BlindTo.BOTH)
    return assign(project, session_id, order, clock)
