"""Step segmentation and conversation-state classification: a label a frame, and segments.

Sources: EgoInstruct (arXiv 2509.22019), which has both layers and five-fold cross-validation; its list of states
and its files aren't public, so labels are the project's own. The files are MS-TCN's (github.com/yabufarha/ms-tcn:
groundTruth, mapping.txt, splits) and ActivityNet's (activity-net.org), a file a split.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from woz.base.interval import NS_PER_S, seconds
from woz.dataset.splits.assigning import Member, assign
from woz.dataset.tasks.material import NOUN, STEP_TYPES, class_of, intervals, kinds_of, length_ns, segmented
from woz.dataset.tasks.task import Given, Making, Settings, Task
from woz.formats.bundle import SessionBundle
from woz.formats.format import OutFile
from woz.formats.frames import FrameRate
from woz.formats.segmentation.activitynet import SUBSETS
from woz.formats.segmentation.frame_labels import labelled
from woz.formats.segmentation.ms_tcn import BACKGROUND, word
from woz.model.tier import Tier

STATE_TYPES = ("states", "conversation", "acts")
ONLINE_RATE = 5.0
"""Ego-Exo4D's online key step recognition: frames a second."""


@dataclass(frozen=True, slots=True)
class _Known:
    split: str
    group: str
    stratum: str


class Segmentation(Making):
    """`rate` (1/s) is that of the labels: frame n has what holds in its middle, (n + 0.5) / rate seconds."""

    def __init__(self, settings: Settings, name: str, usual: tuple[str, ...], rate: float) -> None:
        super().__init__(settings)
        self._kinds = kinds_of(name, usual, settings)
        self._rate = FrameRate.of(rate)
        self._known: dict[str, _Known] = {}
        self._frames: dict[str, int] = {}
        self._labels: dict[str, None] = {}
        self._database: dict[str, dict[str, Any]] = {}

    def add(self, given: Given) -> Iterator[OutFile]:
        bundle, key = given.bundle, given.bundle.session.id
        tier, *others = segmented(bundle, self._kinds)
        if others:
            self.notes["further tiers of a session, passed over"] += len(others)
        lines = self._lines(bundle, tier)
        if not any(each.key == NOUN for each in bundle.tier_type(tier).attributes):
            self._labels |= dict.fromkeys(word(label.name()) for label in bundle.tier_type(tier).offered)
        self._labels |= dict.fromkeys(line[:-1] for line in lines if line[:-1] != BACKGROUND)
        self._known[key] = _Known(given.split, given.group, bundle.session.procedure_id or "")
        self._frames[key] = len(lines)
        self._database[key] = _video(bundle, tier, given.split)
        late = [each for each in intervals(bundle, tier) if each.interval.end_ns > length_ns(bundle)]
        self.notes["segments that end after their session, cut at its end"] += len(late)
        self.items[given.split] += len(self._database[key]["annotations"])
        yield OutFile(f"groundTruth/{key}.txt", lines)

    def _lines(self, bundle: SessionBundle, tier: Tier) -> list[str]:
        named = [replace(each, label=word(class_of(bundle, tier, each))) for each in intervals(bundle, tier)]
        count = round(length_ns(bundle) * self._rate.rate / NS_PER_S)
        found = labelled(named, count, self._rate)
        self.notes["segments of which others that began later have frames"] += found.cut
        self.notes["segments without a frame (too short, under others, after the end)"] += found.unseen
        return [f"{label or BACKGROUND}\n" for label in found.labels]

    def finish(self) -> Iterator[OutFile]:
        yield OutFile("mapping.txt", (f"{n} {label}\n" for n, label in enumerate((BACKGROUND, *self._labels))))
        yield from self._of_splits()
        yield from self._folds()
        facts = {"rate": float(self._rate.rate), "background": BACKGROUND, "frames": self._frames}
        yield OutFile("frames.json", [json.dumps(facts, ensure_ascii=False, indent=1), "\n"])

    def _of_splits(self) -> Iterator[OutFile]:
        for split in sorted({each.split for each in self._known.values()}):
            mine = [key for key, each in self._known.items() if each.split == split]
            yield _list_of(f"{split}.bundle", mine)
            facts = {"version": "woz", "taxonomy": [], "database": {key: self._database[key] for key in mine}}
            yield OutFile(f"{split}.activitynet.json", [json.dumps(facts, ensure_ascii=False, indent=1), "\n"])

    def _folds(self) -> Iterator[OutFile]:
        """Groups are whole in a fold; each fold is the test of one of the lists."""
        groups = {each.group for each in self._known.values()}
        count = min(self.settings.folds, len(groups))
        if count < self.settings.folds:
            self.sentences.append(f"Groups are fewer than {self.settings.folds} folds: {_folds_told(count)}.")
        if count < 2:
            return
        members = [Member(each.group, each.stratum) for each in self._known.values()]
        folds = assign(members, {str(n): 1 / count for n in range(1, count + 1)}, self.settings.seed)
        for fold in sorted(set(folds.values()), key=int):
            inside = [key for key, each in self._known.items() if folds[each.group] == fold]
            yield _list_of(f"test.split{fold}.bundle", inside)
            yield _list_of(f"train.split{fold}.bundle", [key for key in self._known if key not in inside])


def _folds_told(count: int) -> str:
    return "there are none" if count < 2 else f"there are {count}"


def _list_of(name: str, sessions: list[str]) -> OutFile:
    return OutFile(f"splits/{name}", [f"{key}.txt\n" for key in sessions])


def _video(bundle: SessionBundle, tier: Tier, split: str) -> dict[str, Any]:
    end_ns = length_ns(bundle)
    segments = [
        {
            "segment": [seconds(each.interval.start_ns), seconds(min(end_ns, each.interval.end_ns))],
            "label": class_of(bundle, tier, each),
        }
        for each in intervals(bundle, tier)
        if each.interval.start_ns < end_ns
    ]
    return {"duration": seconds(end_ns), "subset": SUBSETS.get(split, split), "annotations": segments}


def fits(name: str, usual: tuple[str, ...], bundle: SessionBundle, settings: Settings) -> bool:
    return bool(segmented(bundle, kinds_of(name, usual, settings)))


def _task(name: str, title: str, usual: tuple[str, ...], what: str, source: str, rate: float | None = None) -> Task:
    return Task(
        name,
        title,
        f"a tier of {what} ({', '.join(usual)}) with intervals",
        "groundTruth/, mapping.txt, splits/ (MS-TCN), SPLIT.activitynet.json, frames.json",
        source,
        "woz evaluate segments (frames, tiou)",
        partial(fits, name, usual),
        lambda settings: Segmentation(settings, name, usual, rate or settings.rate),
    )


TASKS = (
    _task("steps", "step segmentation", STEP_TYPES, "steps", "EgoInstruct, arXiv 2509.22019"),
    _task("states", "conversation-state classification", STATE_TYPES, "states", "EgoInstruct, arXiv 2509.22019"),
    _task(
        "keysteps-online",
        "key step recognition online, at 5 frames a second",
        STEP_TYPES,
        "steps",
        "Ego-Exo4D, arXiv 2311.18259",
        ONLINE_RATE,
    ),
)
