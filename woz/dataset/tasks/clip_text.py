"""Clip-text pairs from atomic descriptions, by the formula of Exo2Ego (Ego-ExoClip).

Of a narration at t_i of a sequence of n + 1: start = max(t_i - b / (2 a), t_(i-1)), end = min(t_i + b / (2 a),
t_(i+1)), with b = (t_n - t_0) / n, the mean gap of that sequence, and a the mean of b over the data set (1.92 s in
Exo2Ego). What the paper leaves open is settled so: each annotator's descriptions are a sequence of their own; the
first clip begins at 0 or later and the last ends with the session; descriptions at one time share the neighbours
that differ from it, so that no clip is empty; a single one, or one time alone, has b = a, which makes 1 s.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean, pstdev

from woz.base.interval import NS_PER_S, seconds
from woz.dataset.tasks.material import Rows, kinds_of, length_ns, text_of, tiers_of, timed
from woz.dataset.tasks.task import Given, Making, Settings, Task
from woz.formats.bundle import SessionBundle
from woz.formats.datasets.making import about_tier
from woz.formats.format import OutFile
from woz.model.stream import StreamKind
from woz.model.tier import Tier

NAME = "clip-text"
KINDS = ("atomic", "narration")
EGO = "ego"
FORMULA, EQUAL, SINGLE = "formula", "equal times", "single"


@dataclass(frozen=True, slots=True)
class Clip:
    """`rule` is how the bounds (ns) came about: by the formula, at a time that several have, of one time alone."""

    start_ns: int
    end_ns: int
    rule: str


def spacing(times: Sequence[int]) -> float | None:
    """b, in seconds, of times (ns) in order; None where they are all one."""
    if len(times) < 2 or times[0] == times[-1]:
        return None
    return (times[-1] - times[0]) / (len(times) - 1) / NS_PER_S


def clips(times: Sequence[int], alpha: float, end_ns: int) -> list[Clip]:
    """Of times (ns) in order, in a session that ends at `end_ns`; `alpha` in s."""
    gap = spacing(times)
    half_ns = max(1, round((alpha if gap is None else gap) / (2 * alpha) * NS_PER_S))
    many = Counter(times)
    distinct = sorted(many)
    place = {t_ns: n for n, t_ns in enumerate(distinct)}
    found = []
    for t_ns in times:
        n = place[t_ns]
        before = distinct[n - 1] if n else 0
        after = distinct[n + 1] if n + 1 < len(distinct) else max(end_ns, t_ns)
        rule = SINGLE if gap is None else EQUAL if many[t_ns] > 1 else FORMULA
        found.append(Clip(max(t_ns - half_ns, before), min(t_ns + half_ns, after), rule))
    return found


@dataclass(frozen=True, slots=True)
class _Told:
    """A description: what its row holds beside the clip."""

    key: str
    t_ns: int
    text: str
    subject: str
    best: str
    unsure: bool


@dataclass(frozen=True, slots=True)
class _Sequence:
    session: str
    split: str
    group: str
    annotator: str
    views: tuple[str, ...]
    end_ns: int
    told: tuple[_Told, ...]

    @property
    def times(self) -> list[int]:
        return [each.t_ns for each in self.told]


class ClipText(Making):
    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._kinds = kinds_of(NAME, KINDS, settings)
        self._sequences: list[_Sequence] = []

    def add(self, given: Given) -> Iterator[OutFile]:
        bundle = given.bundle
        views = tuple(
            dict.fromkeys((EGO, *(s.view for s in bundle.streams if s.kind == StreamKind.OTHER_VIEW and s.view)))
        )
        for nr, tier in enumerate(tiers_of(bundle, self._kinds), 1):
            if _rejected(bundle, tier):
                self.notes["annotators' tiers that their data set rejected, left out"] += 1
                continue
            by = bundle.maker(tier) if tier.annotator_id else f"{tier.tier_type} {nr}"
            key = bundle.session.id
            told = tuple(_told(bundle, tier))
            self._sequences.append(_Sequence(key, given.split, given.group, by, views, length_ns(bundle), told))
        yield from ()

    def finish(self) -> Iterator[OutFile]:
        alpha, rows, lengths = self._alpha(), Rows(), list[float]()
        for each in self._sequences:
            for told, clip in zip(each.told, clips(each.times, alpha, each.end_ns), strict=True):
                lengths.append(seconds(clip.end_ns - clip.start_ns))
                if clip.rule != FORMULA:
                    self.notes[f"descriptions bounded otherwise than by the formula, {clip.rule}"] += 1
                for view in dict.fromkeys((*each.views, *([told.best] if told.best else []))):
                    self.items[each.split] += 1
                    rows.add(each.split, _row(each, told, clip, view))
        self._figures(alpha, lengths)
        yield from rows.files()

    def _alpha(self) -> float:
        if self.settings.alpha is not None:
            return self.settings.alpha
        found = [gap for each in self._sequences if (gap := spacing(each.times)) is not None]
        if not found:
            self.sentences.append("No sequence has two times, so alpha is 1 s.")
        return fmean(found) if found else 1.0

    def _figures(self, alpha: float, lengths: Sequence[float]) -> None:
        self.figures = {
            "alpha (s)": alpha,
            "descriptions": len(lengths),
            "mean length (s)": fmean(lengths) if lengths else math.nan,
            "standard deviation (s)": pstdev(lengths) if lengths else math.nan,
            "share under 1 s": sum(each < 1 for each in lengths) / max(1, len(lengths)),
            "longest (s)": max(lengths, default=0.0),
        }


def _told(bundle: SessionBundle, tier: Tier) -> Iterator[_Told]:
    for each in timed(bundle, tier):
        best = each.value("best view")
        yield _Told(
            each.id,
            each.interval.start_ns,
            text_of(bundle, tier, each),
            bundle.label_name(tier, each.label),
            best if isinstance(best, str) else "",
            each.value("unsure") is True,
        )


def _row(sequence: _Sequence, told: _Told, clip: Clip, view: str) -> dict[str, object]:
    return {
        "id": f"{told.key}@{view}",
        "session": sequence.session,
        "group": sequence.group,
        "view": view,
        "best_view": told.best,
        "start_s": seconds(clip.start_ns),
        "end_s": seconds(clip.end_ns),
        "at_s": seconds(told.t_ns),
        "text": told.text,
        "subject": told.subject,
        "unsure": told.unsure,
        "annotator": sequence.annotator,
        "bounded_by": clip.rule,
    }


def _rejected(bundle: SessionBundle, tier: Tier) -> bool:
    about = about_tier(bundle, tier)
    return about is not None and about.value("rejected") is True


def _fits(bundle: SessionBundle, settings: Settings) -> bool:
    return any(not _rejected(bundle, tier) for tier in tiers_of(bundle, kinds_of(NAME, KINDS, settings)))


TASKS = (
    Task(
        NAME,
        "clip-text pairs",
        f"a tier of descriptions at a time ({', '.join(KINDS)})",
        "SPLIT.jsonl, a row a description and view",
        "Exo2Ego (Ego-ExoClip); Ego-Exo4D's atomic descriptions",
        "no measure: for training",
        _fits,
        ClipText,
    ),
)
