"""Mistake detection: whether what is done in a segment is a mistake.

Sources: HoloAssist (fine-grained actions that are correct or wrong), CaptainCook4D (steps with errors), EgoInstruct
and woz (a mark at the step). Actions that nobody judged are left out; of steps in a tier whose type has a mark for
mistakes, those without it are right.
"""

from __future__ import annotations

from collections.abc import Iterator

from woz.base.interval import seconds
from woz.dataset.tasks.material import Rows, class_of, intervals, kinds_of, segmented
from woz.dataset.tasks.task import Given, Making, Settings, Task
from woz.formats.bundle import SessionBundle
from woz.formats.format import OutFile
from woz.model.annotation import Annotation
from woz.model.own_schemes import MISTAKE, STEPS
from woz.model.tier import Tier

NAME = "mistakes"
KINDS = (STEPS, "fine")
_JUDGED, _MARKS = "correctness", (MISTAKE, "wrong", "errors")


def judged(bundle: SessionBundle, tier: Tier) -> list[tuple[Annotation, bool]]:
    """The segments of a tier that are known to be right or wrong; none where its type has no mark of mistakes."""
    known = {each.key for each in bundle.tier_type(tier).attributes}
    if _JUDGED in known:
        marked = ((each, each.value(_JUDGED)) for each in intervals(bundle, tier))
        return [(each, str(value).lower().startswith("wrong")) for each, value in marked if value]
    if known.isdisjoint(_MARKS):
        return []
    return [(each, _is_marked(each)) for each in intervals(bundle, tier)]


def _is_marked(each: Annotation) -> bool:
    return any(at.key in _MARKS and at.value not in (None, False) for at in each.attributes)


class Mistakes(Making):
    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._rows = Rows()
        self._wrong = self._all = 0

    def add(self, given: Given) -> Iterator[OutFile]:
        bundle = given.bundle
        tier, found = _found(bundle, self.settings)[0]
        self.notes["segments that nobody judged, left out"] += len(intervals(bundle, tier)) - len(found)
        self.notes["sessions in which no mistake is marked: all of their segments count as right"] += not any(
            wrong for _, wrong in found
        )
        for each, wrong in found:
            row = {
                "id": each.id,
                "task": "mistake",
                "label": wrong,
                "session": bundle.session.id,
                "group": given.group,
                "start_s": seconds(each.interval.start_ns),
                "end_s": seconds(each.interval.end_ns),
                "step": class_of(bundle, tier, each),
            }
            self._rows.add(given.split, row)
            self.items[given.split] += 1
            self._wrong, self._all = self._wrong + wrong, self._all + 1
        yield from ()

    def finish(self) -> Iterator[OutFile]:
        self.figures = {"share of mistakes": self._wrong / max(1, self._all)}
        yield from self._rows.files()


def _found(bundle: SessionBundle, settings: Settings) -> list[tuple[Tier, list[tuple[Annotation, bool]]]]:
    tiers = segmented(bundle, kinds_of(NAME, KINDS, settings))
    return [(tier, found) for tier in tiers if (found := judged(bundle, tier))]


def _fits(bundle: SessionBundle, settings: Settings) -> bool:
    return bool(_found(bundle, settings))


TASKS = (
    Task(
        NAME,
        "mistake detection",
        f"a tier of steps or actions ({', '.join(KINDS)}) whose scheme marks mistakes",
        "SPLIT.jsonl, a row a segment",
        "HoloAssist (ICCV 2023); CaptainCook4D; EgoInstruct, arXiv 2509.22019",
        "woz evaluate segments --measure calibrated",
        _fits,
        Mistakes,
    ),
)
