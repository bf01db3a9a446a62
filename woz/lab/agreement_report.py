"""Agreement of a pair as it is told: sentences and figures, each with the list that it opens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from woz.annotation.adjudication.link_agreement import LinkAgreement, link_agreement
from woz.annotation.measures.agreement import IOUS, Doubled, measures, offsets
from woz.annotation.measures.attributes import AttributeAgreement, attribute_agreement
from woz.annotation.measures.cards import Card, boundary_cards, extra_cards, missing_cards, pair_cards
from woz.annotation.measures.disagreement import Disagreement
from woz.annotation.measures.drift import by_week
from woz.annotation.measures.drifting import Drift, drifting
from woz.annotation.measures.intervals import Estimate, estimate_text
from woz.annotation.measures.lowering import disagreement, lowering
from woz.annotation.measures.segment import REACH_NS
from woz.annotation.measures.several import TOGETHER, several_cards, several_disagree
from woz.base.counts import counted
from woz.base.interval import NS_PER_S, hundredths, seconds
from woz.lab.agreeing import Agreement, Pair, Together
from woz.lab.coders import GOLD
from woz.lab.drift_words import drift_sentence
from woz.lab.sentences import Cards, Said, Sentence, label_said
from woz.lab.several_tiers import several_tiers
from woz.model.ids import TierId

SHOWN = 3
"""So many other labels are named by themselves, the most frequent first."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A measure. `unit` says what is counted; `cards` what stands between it and full agreement, `sum` how these
    add up to it.
    """

    name: str
    unit: str
    estimate: Estimate
    cards: Cards
    sum: str


@dataclass(frozen=True, slots=True)
class Report:
    """All of a pair, or what either of them labelled with one label (`label`, empty for all)."""

    pair: Pair
    label: str
    labels: tuple[str, ...]
    name: Callable[[str], str]
    sentences: tuple[Sentence, ...]
    figures: tuple[Figure, ...]
    attributes: tuple[AttributeAgreement, ...] = ()
    links: tuple[LinkAgreement, ...] = ()
    confusion: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Of pairs of segments; the empty label stands for a segment that the other has not."""
    drifts: tuple[Drift, ...] = ()
    """What of the second annotator's lies beyond what was agreed."""


def report(found: Agreement, pair: Pair, tolerance_ns: int, label: str = "") -> Report:
    def name(wanted: str) -> str:
        return found.names.get(wanted, wanted)

    labels = tuple(sorted(labels_of(pair), key=name))
    sessions = tuple(each.of_label(label) for each in pair.sessions) if label else pair.sessions
    sentences = [_of_label(pair, each, name) for each in _by_count(pair.sessions, 0) if label in ("", each)]
    sentences += [_extra(pair, each, name) for each in _by_count(pair.sessions, 1) if label in ("", each)]
    sentences += [_offset(pair, sessions, boundary, tolerance_ns) for boundary in ("start", "end")]
    sentences.append(_left_out(pair, sessions))
    for tell in (_unsubmitted, _several_tiers, _several_runs):
        sentences += [tell(found, pair, who) for who in (pair.one, pair.other)]
    sentences.append(_several_golds(found, pair))
    drifts = [each for each in drifting(by_week(pair.sessions), found.drift_limits) if label in ("", each.label)]
    sentences += [drift_sentence(each, pair.other, pair.one, name, found.drift_limits) for each in drifts]
    return Report(
        pair,
        label,
        labels,
        name,
        tuple(each for each in sentences if each),
        tuple(_figures(sessions, pair.one)),
        tuple(attribute_agreement(sessions, found.attributes)),
        tuple(link_agreement(sessions, found.links, found.beside)),
        _confusion(pair.sessions),
        tuple(drifts),
    )


def labels_of(pair: Pair) -> set[str]:
    """That either of them gave, by their ids."""
    return {segment.label for each in pair.sessions for side in each.segments for segment in side}


def confusion_cards(pair: Pair, one: str, other: str) -> list[Card]:
    """What stands in a cell of the confusion matrix."""
    if not other:
        return missing_cards(pair.sessions, one)
    return pair_cards(pair.sessions, one, other) if one else extra_cards(pair.sessions, other)


def _by_count(sessions: Sequence[Doubled], side: int) -> list[str]:
    counts = Counter(segment.label for session in sessions for segment in session.segments[side])
    return [label for label, _ in counts.most_common()]


def _of_label(pair: Pair, label: str, name: Callable[[str], str]) -> Sentence:
    """As "Of A's 41 Fit gear, B has 36; 3 B calls Insert axle; 2 B has not." """
    sessions, other = pair.sessions, pair.other
    called = Counter(b.label for s in sessions for a, b in s.paired.pairs if a.label == label)
    missing = missing_cards(sessions, label)
    same = called.pop(label, 0)
    total = same + called.total() + len(missing)

    def every() -> list[Card]:
        return [card for what in (label, *called) for card in pair_cards(sessions, label, what)] + missing

    parts = [Said(f"Of {pair.one}'s "), Said(str(total), every), Said(" "), label_said(name(label))]
    parts.append(Said(f", {other} has "))
    parts.append(Said(str(same), lambda: pair_cards(sessions, label, label)))
    told = called.most_common(SHOWN)
    for what, count in told:
        parts += [Said("; "), Said(str(count), lambda what=what: pair_cards(sessions, label, what))]  # type: ignore[misc]
        parts += [Said(f" {other} calls "), label_said(name(what))]
    rest = [what for what in called if what not in dict(told)]
    if rest:
        cards = lambda: [card for what in rest for card in pair_cards(sessions, label, what)]  # noqa: E731
        parts += [Said("; "), Said(str(called.total() - sum(dict(told).values())), cards)]
        parts.append(Said(f" {other} calls something else"))
    if missing:
        parts += [Said("; "), Said(str(len(missing)), lambda: missing), Said(f" {other} has not")]
    return (*parts, Said("."))


def _extra(pair: Pair, label: str, name: Callable[[str], str]) -> Sentence:
    cards = extra_cards(pair.sessions, label)
    if not cards:
        return ()
    count = Said(str(len(cards)), lambda: cards)
    return Said(f"{pair.other} has "), count, Said(" "), label_said(name(label)), Said(f" that {pair.one} has not.")


def _offset(pair: Pair, sessions: Sequence[Doubled], boundary: str, tolerance_ns: int) -> Sentence:
    found = offsets(sessions, f"{boundary}_ns")
    if found.median_ns is None or found.median_apart_ns is None or found.worst_tenth_ns is None:
        return ()
    noun, verb = ("Starts", "begins") if boundary == "start" else ("Ends", "ends")
    if not any(each.lasts for each in sessions):
        noun, verb = "Times", "is"
    earlier = pair.one if found.median_ns < 0 else pair.other
    lean = f"; {earlier} {verb} earlier" if hundredths(found.median_ns) else ""
    beyond = boundary_cards(sessions, boundary, tolerance_ns)
    return (
        Said(f"{noun} of "),
        Said(counted(found.pairs, "pair"), lambda: boundary_cards(sessions, boundary)),
        Said(f" {_apart(found.median_apart_ns, found.worst_tenth_ns)}{lean}; "),
        Said(str(len(beyond)), lambda: beyond),
        Said(f" differ by more than {tolerance_ns / NS_PER_S:g} s."),
    )


def _apart(median_ns: float, worst_tenth_ns: float) -> str:
    """As "differ by 0.20 s (median), 0.50 s (worst tenth)"; what rounds to nothing is said to be the same."""
    worst = f"{worst_tenth_ns / NS_PER_S:.2f} s (worst tenth)"
    if hundredths(median_ns):
        return f"differ by {median_ns / NS_PER_S:.2f} s (median), {worst}"
    if hundredths(worst_tenth_ns):
        return f"are the same in the median, and differ by {worst}"
    return "are the same to a hundredth of a second"


def _left_out(pair: Pair, sessions: Sequence[Doubled]) -> Sentence:
    one, other = (sum(each.left_out[side] for each in sessions) for side in (0, 1))
    if not one and not other:
        return ()
    who = f"{pair.one} has {one}, {pair.other} {other}"
    return (Said(f"Marks for a whole session aren't compared where windows of it were shared ({who})."),)


def unsubmitted_sessions(found: Agreement, pair: Pair, who: str) -> list[str]:
    """Of those that are compared: in which one of the pair hasn't submitted theirs yet."""
    return [each.session for each in pair.sessions if who in found.unsubmitted.get(each.session, ())]


def _unsubmitted(found: Agreement, pair: Pair, who: str) -> Sentence:
    count = len(unsubmitted_sessions(found, pair, who))
    if not count:
        return ()
    where = _of_sessions(count, pair)
    what = f"The gold of {where} isn't submitted yet" if who == GOLD else f"{who} hasn't submitted {where} yet"
    return (Said(f"{what}, so these figures may change."),)


def _several_tiers(found: Agreement, pair: Pair, who: str) -> Sentence:
    told = several_told(found, pair, who)
    return (Said(f"{told}; they count together, but for one that is named by its id."),) if told else ()


def several_told(found: Agreement, pair: Pair, who: str) -> str:
    """As "A02 has several tiers of 2 of these 3 sessions"; empty where they have none."""
    several = several_tiers(found, who, [each.session for each in pair.sessions])
    if not several:
        return ""
    ids = f" ({', '.join(next(iter(several.values())))})" if len(pair.sessions) == 1 else ""
    return f"{who} has several tiers of {_of_sessions(len(several), pair)}{ids}"


def tiers_compared(found: Agreement, pair: Pair, who: str) -> dict[str, tuple[TierId, ...]]:
    """Of one of the pair, by the sessions that are compared."""
    return {each.session: found.tiers.get(each.session, {}).get(who, ()) for each in pair.sessions}


def _several_runs(found: Agreement, pair: Pair, who: str) -> Sentence:
    count = sum(who in found.several_runs.get(each.session, ()) for each in pair.sessions)
    if not count:
        return ()
    return (Said(f"{who} made several tiers of {_of_sessions(count, pair)}; those that it made last count."),)


def _several_golds(found: Agreement, pair: Pair) -> Sentence:
    count = sum(each.session in found.several_golds for each in pair.sessions)
    if not count or GOLD not in (pair.one, pair.other):
        return ()
    return (Said(f"Several golds of {_of_sessions(count, pair)} are submitted; the newest counts."),)


def _of_sessions(count: int, pair: Pair) -> str:
    many = len(pair.sessions)
    return "this session" if many == 1 else f"{count} of these {many} sessions"


def _figures(sessions: Sequence[Doubled], one: str) -> list[Figure]:
    units = {f"f1@{round(100 * iou)}": _hit_unit(sessions, iou) for iou in IOUS} | {
        "kappa": "time",
        "alpha": "nominal, units of 10 ms",
        "time agreement": "share of time",
        "unitizing alpha": "units of 10 ms",
        "edit": "order of labels",
        "boundary similarity": "boundaries",
    }
    made = []
    for name, each in measures(sessions).items():
        if name in units:
            cards: Cards = lambda name=name: most_first(lowering(sessions, name))  # type: ignore[misc] # noqa: E731
            made.append(Figure(name, units[name], each, cards, sum_words(each.value, disagreement(sessions, name))))
        else:
            made.append(_offset_figure(sessions, one, name, each))
    return made


def most_first(cards: Sequence[Card]) -> list[Card]:
    """What takes most from a measure stands first; else they stay in their order."""
    return sorted(cards, key=lambda card: -(card.share or 0.0))


def _offset_figure(sessions: Sequence[Doubled], one: str, name: str, found: Estimate) -> Figure:
    boundary, what = name.split()
    unit = f"s, median of pairs; below 0 {one} is earlier" if what == "offset" else "s, median of pairs"
    return Figure(name, unit, found, lambda: boundary_cards(sessions, boundary), "the median of all pairs")


def sum_words(value: float | None, found: Disagreement | None) -> str:
    """How the shares of a list make the measure that opened it; empty where it isn't defined."""
    if value is None:
        return ""
    if found is None:
        return f"1 less the shares, {1 - value:.3f}, each session's by its length"
    if found.by_chance == 1:
        return f"1 less the shares, {1 - value:.3f}"
    return (
        f"1 less the shares, {1 - value:.3f}: disagreement observed, {found.observed:.3g}, over that by chance,"
        f" {found.by_chance:.3g}"
    )


def _hit_unit(sessions: Sequence[Doubled], iou: float) -> str:
    """Of points, how far apart they may lie."""
    marked = [each for each in sessions if each.marked]
    if not marked or any(each.lasts for each in marked):
        return "segments"
    return f"points, {seconds(round(2 * REACH_NS * (1 - iou) / (1 + iou))):.1f} s apart at most"


def _confusion(sessions: Sequence[Doubled]) -> Counter[tuple[str, str]]:
    found = Counter[tuple[str, str]]()
    for each in sessions:
        found.update((a.label, b.label) for a, b in each.paired.pairs)
        found.update((a.label, "") for a in each.paired.only_one)
        found.update(("", b.label) for b in each.paired.only_other)
    return found


def card_facts(card: Card) -> dict[str, Any]:
    return asdict(card)


def alpha_sum(found: AttributeAgreement) -> str:
    """How the shares of pairs whose values differ make alpha."""
    return "" if found.alpha is None else f"1 less the shares, {1 - found.alpha:.3f}"


def together_figures(found: Together) -> list[Figure]:
    """The measures of three or more."""
    return [
        Figure(
            name,
            "time",
            each,
            lambda name=name: most_first(several_cards(found.sessions, name)),  # type: ignore[misc]
            sum_words(each.value, several_disagree(found.sessions, name)),
        )
        for name, each in found.measures.items()
    ]


def together_words(figure: Figure) -> str:
    """With its unit and interval."""
    return f"{TOGETHER[figure.name]} of all, {figure.unit}: {estimate_text(figure.estimate)}"
