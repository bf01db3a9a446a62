"""How far a lab is: hours recorded, transcribed, coded and reviewed, by month and by person.

Coded is a session in which an annotator called a tier done (submitted, or further), reviewed one in which somebody
accepted a tier, released one of which a release that was built from the project holds something. A session counts
once, with its whole length, in the month in which it came so far first.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

from woz.annotation.measures.segmentation import Hits
from woz.annotation.work import rate
from woz.base.counts import counted
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S
from woz.lab.agreeing import Agreement
from woz.lab.assigning_questions import given_counts
from woz.lab.drift_words import DriftTold
from woz.lab.drifting import agreements, all_coded, drift_in, drift_lines
from woz.lab.library import CODED, REVIEWED, PersonFacts, Planned, SessionFacts, TierFact
from woz.lab.own_figures import counted_of
from woz.lab.ports import Project
from woz.lab.several_tiers import several_by_person, several_words
from woz.lab.type_names import type_names
from woz.model.package import PackageState
from woz.model.session import SessionState
from woz.model.tier import TierState
from woz.model.work import Work

HOUR_NS = 3600 * NS_PER_S
IOU = 0.5
MOST_HOURS = 1_000_000
_MONTH = re.compile(r"2\d{3}-(0[1-9]|1[0-2])")
STAGES = ("recorded", "transcribed", "coded", "reviewed", "released")


@dataclass(frozen=True, slots=True)
class PersonProgress:
    """Of one annotator: work given, their tiers, those in work, those they call done, the hours of the sessions, or
    of the windows that they were given there, those accepted.

    `changed_by_others` are marks in their tiers that other people changed or took away. `work_hours` is what
    the editor measured, None where the project doesn't measure, also of before; `work_per_second` what it took them
    for a second of the recordings of tiers they call done, None where nothing was measured there.
    """

    pseudonym: str
    assigned: int
    tiers: int
    in_work: int
    done: int
    hours_done: float
    accepted: int
    edits: int
    changed_by_others: int
    work_hours: float | None = None
    work_per_second: float | None = None
    agreement: float | None = None
    """F1 at an intersection over union of a half, of all that others coded as well; None where nobody did."""
    sets_given: int = 0
    """Judgements of question sets, of words and of clips, that were given to them; `sets_done` are those made."""
    sets_done: int = 0
    several: int = 0
    """In how many sessions, of each tier type, several tiers of theirs count together in `agreement`."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Hours. `months` has for each month (2026-03, UTC) what was reached in it. `tier_types` are named by key, as
    SCHEME/KEY where tiers of several schemes have it. `measured` says whether the project measures seconds of work.
    """

    sessions: int
    hours: dict[str, float]
    months: dict[str, dict[str, float]]
    tier_types: dict[str, dict[str, float]]
    people: tuple[PersonProgress, ...]
    planned: Planned | None = None
    measured: bool = True
    packages: tuple[str, ...] = ()
    """Those that annotators elsewhere have, in words."""
    drift: tuple[DriftTold, ...] = ()
    """Whose coding lies beyond what is agreed; none where `measured` is False."""


def progress_of(project: Project, only: str = "", drift: bool = True) -> Progress:
    """`only` is a pseudonym: people see their own figures, and their agreement and drift of what they aren't blind
    to. Without `drift` nothing is told of that. Raises WozError for a pseudonym that nobody has.
    """
    seen = project.seen_by(project.annotators.named(only).id) if only else project
    of_all = counted_of(project)
    sessions = of_all.library.sessions()
    hours = dict.fromkeys(STAGES, 0.0)
    months: dict[str, dict[str, float]] = defaultdict(lambda: dict.fromkeys(STAGES, 0.0))
    released = _released(project)
    for each in sessions:
        for stage, utc_ns in _reached(each, released):
            hours[stage] += each.hours
            months[_month(utc_ns)][stage] += each.hours
    known = [person for person in project.library.people() if only in ("", person.pseudonym)]
    measured = project.work.measured
    work = project.work.all() if measured else None
    found = agreements(seen, sessions if seen is of_all else seen.library.sessions())
    agreed, several = agreement_by_person(found), several_by_person(found)
    given, judged = _judging(project)
    people = tuple(
        replace(
            _person(person, sessions, None if work is None else [each for each in work if each.by == person.id]),
            agreement=agreed.get(person.pseudonym),
            sets_given=given[person.pseudonym],
            sets_done=judged[person.pseudonym],
            several=several.get(person.pseudonym, 0),
        )
        for person in known
    )
    types, planned = _tier_types(sessions), project.keeping.planned()
    told = tuple(_packages(project, only))
    drifts = drift_in(seen, all_coded(found), only) if drift else []
    return Progress(
        len(sessions),
        hours,
        dict(sorted(months.items())),
        types,
        people,
        planned,
        measured,
        told,
        tuple(drifts),
    )


def _judging(project: Project) -> tuple[Counter[str], Counter[str]]:
    """How many question sets each was given to judge, and judged, by pseudonym."""
    given, done = Counter[str](), Counter[str]()
    for each in given_counts(project):
        given[each.pseudonym] += each.given
        done[each.pseudonym] += each.done
    return given, done


def _packages(project: Project, only: str) -> Iterator[str]:
    names = {person.id: person.pseudonym for person in project.library.people()}
    for each in project.packages.all():
        name = names.get(each.annotator_id, each.pseudonym)
        if each.state != PackageState.DELETED and only in ("", name):
            count = counted(len(each.sessions), "session")
            yield f"package {each.id} with {name}: {count}, {each.state}, until {each.until}"


def plan_hours(project: Project, hours: float, month: str = "") -> Planned:
    """Raises WozError for less than nothing, and for what is no month (2027-03)."""
    if month and not _MONTH.fullmatch(month):
        raise WozError(f"{month!r} is no month; write it as 2027-03.")
    if not (0 < hours < MOST_HOURS):
        raise WozError(f"{hours:g} hours can't be planned; give a number above 0.")
    project.keeping.plan(planned := Planned(hours, month))
    return planned


def _released(project: Project) -> dict[str, int]:
    """When each session was first released (UTC in ns)."""
    found: dict[str, int] = {}
    for release in project.releases.all():
        for session in release.sessions:
            found.setdefault(session, release.made_utc_ns)
    return found


def agreement_by_person(found: Iterable[tuple[str, Agreement]]) -> dict[str, float]:
    """F1 of each with all others, over what both coded."""
    total: dict[str, Hits] = defaultdict(lambda: Hits(0, 0, 0))
    for _, each in found:
        for pair in each.pairs:
            hits = sum((each.hits[IOU] for each in pair.sessions), Hits(0, 0, 0))
            for name in (pair.one, pair.other):
                total[name] += hits
    return {name: f1 for name, hits in total.items() if (f1 := hits.f1) is not None}


def _reached(facts: SessionFacts, released: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    """The stages that a session is past, and since when; where nobody wrote that down, since it was recorded."""
    begun_utc_ns = facts.session.start_utc_ns
    if facts.session.state != SessionState.RECORDING:
        yield "recorded", begun_utc_ns
    if facts.transcript:
        yield "transcribed", facts.transcribed_utc_ns or begun_utc_ns
    coded = [tier.coded_utc_ns or begun_utc_ns for tier in facts.tiers if tier.annotator_id and tier.state in CODED]
    if coded:
        yield "coded", min(coded)
    seen = [t.reviewed_utc_ns or begun_utc_ns for t in facts.tiers if t.annotator_id and t.state in REVIEWED]
    if seen:
        yield "reviewed", min(seen)
    if facts.session.id in released:
        yield "released", released[facts.session.id]


def _tier_types(sessions: Sequence[SessionFacts]) -> dict[str, dict[str, float]]:
    """Of each tier type the hours of sessions in which it is begun, coded, reviewed by somebody."""
    names = type_names(sessions)
    found: dict[str, dict[str, float]] = defaultdict(lambda: {"begun": 0.0, "coded": 0.0, "reviewed": 0.0})
    for each in sessions:
        tiers = [tier for tier in each.tiers if tier.annotator_id]
        for name, states in (("begun", None), ("coded", CODED), ("reviewed", REVIEWED)):
            for type_id in {tier.type_id for tier in tiers if states is None or tier.state in states}:
                found[names[type_id]][name] += each.hours
    return dict(sorted(found.items()))


def _person(person: PersonFacts, sessions: Sequence[SessionFacts], work: Sequence[Work] | None) -> PersonProgress:
    """`work` is None where it isn't measured."""
    tiers = [(each, tier) for each in sessions for tier in each.tiers if tier.annotator_id == person.id]
    coded = [(each, tier) for each, tier in tiers if tier.state in CODED]
    done: dict[str, float] = {}
    for each, tier in coded:
        done[each.session.id] = max(done.get(each.session.id, 0.0), _length_ns(each, tier) / HOUR_NS)
    return PersonProgress(
        person.pseudonym,
        person.assigned,
        len(tiers),
        sum(tier.state == TierState.IN_WORK for _, tier in tiers),
        len(coded),
        sum(done.values()),
        sum(tier.state in REVIEWED for _, tier in tiers),
        person.edits,
        person.changed_by_others,
        None if work is None else sum(each.active_ns for each in work) / HOUR_NS,
        _per_second(coded, work or ()),
    )


def _per_second(done: Sequence[tuple[SessionFacts, TierFact]], work: Sequence[Work]) -> float | None:
    """Only over tiers whose work was measured."""
    active: dict[str, int] = defaultdict(int)
    for piece in work:
        active[piece.tier_id] += piece.active_ns
    measured = [(_length_ns(each, tier), active[tier.tier_id]) for each, tier in done if active.get(tier.tier_id)]
    return rate(sum(spent for _, spent in measured), sum(long for long, _ in measured))


def _length_ns(facts: SessionFacts, tier: TierFact) -> int:
    """Of what was to be annotated in a tier."""
    whole_ns = facts.session.duration_ns or 0
    return whole_ns if tier.given_ns is None else min(tier.given_ns, whole_ns)


def _month(utc_ns: int) -> str:
    return datetime.fromtimestamp(utc_ns / 1e9, UTC).strftime("%Y-%m")


def progress_facts(progress: Progress) -> dict[str, Any]:
    """For programs."""
    return asdict(progress)


def progress_words(progress: Progress) -> str:
    told = ", ".join(f"{tenths(progress.hours[stage])} h {stage}" for stage in STAGES)
    lines = [f"{counted(progress.sessions, 'session')}: {told}."]
    if progress.planned:
        lines.append(planned_words(progress.planned, progress.hours["recorded"]))
    lines += [
        f"  {month}  " + ", ".join(f"{tenths(hours[stage])} h {stage}" for stage in STAGES if hours[stage])
        for month, hours in progress.months.items()
    ]
    lines += [
        f"  {name}: " + ", ".join(f"{tenths(hours[what])} h {what}" for what in ("begun", "coded", "reviewed"))
        for name, hours in progress.tier_types.items()
    ]
    lines += [
        f"  {p.pseudonym}: {p.assigned} assigned, {counted(p.tiers, 'tier')},"
        f" {p.in_work} in work, {p.done} done ({tenths(p.hours_done)} h), {p.accepted} accepted;"
        f" {counted(p.edits, 'edit')}, {counted(p.changed_by_others, 'mark')} changed by others{_work_words(p)}"
        f"{_judged_words(p)}"
        f"{'' if p.agreement is None else f'; F1 with others {p.agreement:.2f}'}"
        for p in progress.people
    ]
    lines += [f"  {line}" for line in several_lines(progress)]
    lines += [f"  ⚠ {line}" for line in drift_lines(progress.drift)]
    if not progress.measured:
        lines.append("Seconds of work aren't measured in this project.")
    return "\n".join([*lines, *(f"  {text}" for text in progress.packages)])


def several_lines(progress: Progress) -> list[str]:
    """Whose tiers of one type in a session count together."""
    return [several_words(each.pseudonym, each.several) for each in progress.people if each.several]


def planned_words(planned: Planned, recorded: float) -> str:
    until = f" by the end of {planned.month}" if planned.month else ""
    return f"{planned.hours:g} h are planned{until}, {tenths(recorded)} h are recorded."


def tenths(hours: float) -> str:
    """As "2.0"; what is less than a tenth of an hour, and not nothing, is said to be that."""
    return "under 0.1" if 0 < hours < 0.05 else f"{hours:.1f}"


def _work_words(person: PersonProgress) -> str:
    """Empty where nothing was measured."""
    if not person.work_hours:
        return ""
    rated = (
        "" if person.work_per_second is None else f", {person.work_per_second:.1f} s for a second of what is done"
    )
    return f"; {tenths(person.work_hours)} h of work{rated}"


def _judged_words(person: PersonProgress) -> str:
    """Empty where they were given no question set."""
    if not person.sets_given:
        return ""
    return f"; {person.sets_done} of {counted(person.sets_given, 'judgement')} of question sets made"


def progress_csv(progress: Progress) -> str:
    """A line a figure: what it is of, whose, which, how much."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("of", "name", "figure", "value"))
    for stage, hours in progress.hours.items():
        writer.writerow(("project", "", f"{stage}_hours", f"{hours:.4f}"))
    if progress.planned:
        writer.writerow(("project", progress.planned.month, "planned_hours", f"{progress.planned.hours:.4f}"))
    for of, table in (("month", progress.months), ("tier_type", progress.tier_types)):
        for name, figures in table.items():
            for figure, hours in figures.items():
                writer.writerow((of, name, f"{figure}_hours", f"{hours:.4f}"))
    for person in progress.people:
        for figure, value in asdict(person).items():
            if figure != "pseudonym" and value is not None:
                writer.writerow(("person", person.pseudonym, figure, value))
    for each in progress.drift:
        what = " ".join(part for part in (each.tier_type, each.kind, each.label) if part)
        writer.writerow(("drift", each.person, what, f"{each.value:.4f}"))
    return text.getvalue()
