"""How far two annotators agree on the tiers of one type, over one or more sessions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from statistics import median

from woz.annotation.measures.alpha import alpha_of_time, unitizing_alpha
from woz.annotation.measures.boundaries import boundary_similarity
from woz.annotation.measures.differences import Difference, differences
from woz.annotation.measures.intervals import Estimate, estimate
from woz.annotation.measures.kappa import cohen_kappa, raw_agreement
from woz.annotation.measures.pairing import SAME, Paired, paired
from woz.annotation.measures.segment import Confusion, Segment, both_set, confusion, cut, end_to_end, marks_of
from woz.annotation.measures.segmentation import Hits, edit_score, hits_at
from woz.base.interval import Interval
from woz.model.annotation import Annotation

IOUS = (0.1, 0.25, 0.5)
TOLERANCE_NS = 500_000_000
"""Boundaries further apart are listed."""
UNIT_NS = 10_000_000
"""Times are rounded to this for the unitizing alpha; of so much time is a unit of the nominal alpha."""


@dataclass(frozen=True)
class Doubled:
    """A session that both annotated, with the annotations of each, and what follows from them.

    Where both did so in `windows` only, segments are cut to these, and nothing else of the session counts: not what
    is for the whole of it either (`left_out`).
    """

    session: str
    duration_ns: int
    annotations: tuple[tuple[Annotation, ...], tuple[Annotation, ...]]
    windows: tuple[Interval, ...] = ()

    @cached_property
    def segments(self) -> tuple[tuple[Segment, ...], tuple[Segment, ...]]:
        one, other = (cut(marks_of(side), self.windows) for side in self.annotations)
        return one, other

    @cached_property
    def joined(self) -> tuple[tuple[Segment, ...], tuple[Segment, ...]]:
        """The same with the windows laid end to end, as if nothing were between them."""
        one, other = (end_to_end(side, self.windows) for side in self.segments)
        return one, other

    @property
    def left_out(self) -> tuple[int, int]:
        """How many marks of each are for the whole session, of which who saw windows only can't tell."""
        if not self.windows:
            return 0, 0
        one, other = (sum(each.start_ns is None for each in side) for side in self.annotations)
        return one, other

    @property
    def compared_ns(self) -> int:
        """How much time is compared."""
        return sum(each.duration_ns for each in self.windows) if self.windows else self.duration_ns

    @cached_property
    def confusion(self) -> Confusion:
        return confusion(*self.joined, self.compared_ns)

    @property
    def marked(self) -> bool:
        return any(self.segments)

    @property
    def lasts(self) -> bool:
        """Whether anything that was marked has a length."""
        return any(each.lasts for side in self.segments for each in side)

    @cached_property
    def paired(self) -> Paired:
        return paired(*self.segments, SAME)

    @cached_property
    def hits(self) -> dict[float, Hits]:
        """The second's as predictions of the first's; the F1 is the same the other way round but for doubles."""
        return {iou: hits_at(*self.segments, iou) for iou in IOUS}

    @cached_property
    def unitizing(self) -> float | None:
        """None also where segments of one annotator and label overlap."""
        try:
            return unitizing_alpha(self.joined, self.compared_ns, UNIT_NS)
        except ValueError:
            return None

    @cached_property
    def boundaries(self) -> float | None:
        edges = [self.edges(side) for side in self.segments]
        return boundary_similarity(edges[0], edges[1], TOLERANCE_NS)

    def edges(self, side: Sequence[Segment]) -> list[int]:
        """The boundaries that an annotator set; those of the windows nobody did."""
        given = {t for window in self.windows for t in (window.start_ns, window.end_ns)}
        timed = (each for each in side if each.boundaries)
        return sorted({t for each in timed for t in (each.start_ns, each.end_ns)} - given)

    @cached_property
    def edit(self) -> float | None:
        one, other = ([segment.label for segment in side] for side in self.segments)
        return edit_score(one, other)

    def differences(self, tolerance_ns: int = TOLERANCE_NS) -> list[Difference]:
        one, other = ({str(each.id): each for each in side} for side in self.annotations)
        return differences(self.paired, tolerance_ns, one, other)

    def of_label(self, label: str) -> Doubled:
        """What either of them labelled so."""
        one, other = (tuple(each for each in side if each.label == label) for side in self.annotations)
        return Doubled(self.session, self.duration_ns, (one, other), self.windows)


def measures(sessions: Sequence[Doubled], seed: int = 0) -> dict[str, Estimate]:
    """Each measure with its interval by session. `f1@…` is of segments, `kappa`, `alpha` (nominal, of 10 ms) and
    `time agreement` are of time; unitizing alpha, edit and boundary similarity are means over sessions by length.
    `start offset` and `end offset` are medians over pairs of segments, in seconds: how much later the first's
    boundaries are than the second's; `… distance` is the same without sign.
    """
    found = {name: measure(sessions, name, seed) for name in (*FIGURES, *MEANS)}
    for boundary in ("start", "end"):
        apart = [boundary_offsets([each], f"{boundary}_ns") for each in sessions]
        found[f"{boundary} offset"] = estimate(apart, _median_s, seed)
        found[f"{boundary} distance"] = estimate([list(map(abs, each)) for each in apart], _median_s, seed)
    return found


def measure(sessions: Sequence[Doubled], name: str, seed: int = 0) -> Estimate:
    """One of `FIGURES` or of `MEANS`, with its interval by session."""
    return estimate(sessions, FIGURES[name] if name in FIGURES else partial(mean, name=name), seed)


def _median_s(offsets_ns: Sequence[Sequence[int]]) -> float | None:
    together = [each for some in offsets_ns for each in some]
    return median(together) / 1e9 if together else None


def _f1(iou: float) -> Callable[[Sequence[Doubled]], float | None]:
    return lambda sessions: hits_of(sessions, iou).f1


def hits_of(sessions: Sequence[Doubled], iou: float) -> Hits:
    """Of all together."""
    return sum((each.hits[iou] for each in sessions), Hits(0, 0, 0))


def time_of(sessions: Sequence[Doubled]) -> Confusion:
    """How much time of all together is labelled how by both. Nothing where marks are points, or for whole sessions:
    no time is labelled by these.
    """
    if any(each.marked for each in sessions) and not any(each.lasts for each in sessions):
        return Confusion()
    total = Counter[tuple[str, str]]()
    for session in sessions:
        total.update(session.confusion)
    return total


FIGURES: Mapping[str, Callable[[Sequence[Doubled]], float | None]] = {
    **{f"f1@{round(iou * 100)}": _f1(iou) for iou in IOUS},
    "kappa": lambda sessions: cohen_kappa(time_of(sessions)),
    "alpha": lambda sessions: alpha_of_time(time_of(sessions), UNIT_NS),
    "time agreement": lambda sessions: raw_agreement(time_of(sessions)),
}
"""Measures of all sessions together."""
MEANS: Mapping[str, Callable[[Doubled], float | None]] = {
    "unitizing alpha": lambda each: each.unitizing,
    "edit": lambda each: each.edit,
    "boundary similarity": lambda each: each.boundaries,
}
"""Measures that are means of the sessions, by their length."""


def mean(sessions: Sequence[Doubled], name: str) -> float | None:
    """One of `MEANS`, of the sessions in which it is defined."""
    known = [(value, each.compared_ns) for each in sessions if (value := MEANS[name](each)) is not None]
    weight = sum(duration for _, duration in known)
    return sum(value * duration for value, duration in known) / weight if weight else None


@dataclass(frozen=True, slots=True)
class Offsets:
    """Of the boundaries of paired segments (ns): the first's less the second's. None where there are no pairs."""

    pairs: int
    median_ns: float | None
    median_apart_ns: float | None
    worst_tenth_ns: float | None
    """Nine of ten lie no further apart (nearest rank)."""


def offsets(sessions: Sequence[Doubled], boundary: str) -> Offsets:
    """`boundary` is "start_ns" or "end_ns"; a point has a start alone."""
    apart = boundary_offsets(sessions, boundary)
    if not apart:
        return Offsets(0, None, None, None)
    sizes = sorted(map(abs, apart))
    return Offsets(len(apart), median(apart), median(sizes), sizes[-(-9 * len(sizes) // 10) - 1])


def boundary_offsets(sessions: Sequence[Doubled], boundary: str) -> list[int]:
    """Of each pair of segments that have such a boundary of both (ns): the first's less the second's."""
    return [
        getattr(a, boundary) - getattr(b, boundary)
        for session in sessions
        for a, b in session.paired.pairs
        if boundary.removesuffix("_ns") in both_set(a, b)
    ]
