"""How well something is done: expert commentary, proficiency of demonstrations, and of those who demonstrate.

Source: Ego-Exo4D (arXiv 2311.18259; docs/annotations of its documentation). Demonstrations: good executions and
tips for improvement at a time, mAP at an L1 distance of 0.25, 0.5 and 1 s; demonstrators: accuracy of the level.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from woz.base.interval import seconds
from woz.dataset.tasks.material import Rows, kinds_of, text_of, tiers_of, timed
from woz.dataset.tasks.task import Given, Making, Settings, Task
from woz.formats.bundle import SessionBundle
from woz.formats.datasets.egoexo_commentary import TIER as COMMENTARY
from woz.formats.datasets.egoexo_proficiency import GOOD, SKILL, TIP
from woz.formats.datasets.egoexo_proficiency import TIER as PROFICIENCY
from woz.formats.format import OutFile

DEMONSTRATOR = "demonstrator"
_SOURCE = "Ego-Exo4D, arXiv 2311.18259"


class Commentary(Making):
    """A row a comment; experts speak of what they have just seen, never of what comes."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._rows = Rows()

    def add(self, given: Given) -> Iterator[OutFile]:
        bundle = given.bundle
        for tier in tiers_of(bundle, kinds_of(COMMENTARY, (COMMENTARY,), self.settings)):
            for each in timed(bundle, tier):
                said = each.value("text")
                if not isinstance(said, str) or not said.strip():
                    self.notes["comments without words, left out"] += 1
                    continue
                row = {
                    "id": each.id,
                    "session": bundle.session.id,
                    "group": given.group,
                    "expert": bundle.maker(tier) if tier.annotator_id else tier.name,
                    "at_s": seconds(each.interval.start_ns),
                    "text": " ".join(said.split()),
                }
                self.items[given.split] += 1
                self._rows.add(given.split, row)
        yield from ()

    def finish(self) -> Iterator[OutFile]:
        yield from self._rows.files()


class Demonstrations(Making):
    """A list of takes a split, as Ego-Exo4D has them."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._takes: dict[str, list[dict[str, Any]]] = {}

    def add(self, given: Given) -> Iterator[OutFile]:
        bundle = given.bundle
        lists: dict[str, list[dict[str, Any]]] = {GOOD: [], TIP: []}
        for tier in tiers_of(bundle, kinds_of(PROFICIENCY, (PROFICIENCY,), self.settings)):
            for each in timed(bundle, tier):
                point = {"video_time": seconds(each.interval.start_ns), "list": [text_of(bundle, tier, each)]}
                lists[GOOD if bundle.tier_type(tier).label(each.label).key == GOOD else TIP].append(point)
                self.items[given.split] += 1
        take = {
            "take_uid": bundle.session.id,
            "task_name": bundle.session.title,
            "good_executions": lists[GOOD],
            "tips_for_improvement": lists[TIP],
        }
        self._takes.setdefault(given.split, []).append(take)
        yield from ()

    def finish(self) -> Iterator[OutFile]:
        for split, takes in sorted(self._takes.items()):
            yield OutFile(f"{split}.json", [json.dumps(takes, ensure_ascii=False, indent=1), "\n"])


class Demonstrators(Making):
    """A row a session: the level of who demonstrates in it."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._rows = Rows()

    def add(self, given: Given) -> Iterator[OutFile]:
        bundle = given.bundle
        level, *others = _levels(bundle, self.settings)
        if any(each != level for each in others):
            self.notes["sessions of which annotators gave several levels, the first taken"] += 1
        self.items[given.split] += 1
        self._rows.add(given.split, {"id": bundle.session.id, "label": level, "group": given.group})
        yield from ()

    def finish(self) -> Iterator[OutFile]:
        yield from self._rows.files()


def _levels(bundle: SessionBundle, settings: Settings) -> list[str]:
    kinds = kinds_of(DEMONSTRATOR, (SKILL,), settings)
    tiers = [tier for tier in bundle.tiers if tier.tier_type in kinds]
    return [bundle.tier_type(tier).label(each.label).key for tier in tiers for each in bundle.in_tier(tier)]


def _has(name: str, bundle: SessionBundle, settings: Settings) -> bool:
    return bool(tiers_of(bundle, kinds_of(name, (name,), settings)))


TASKS = (
    Task(
        COMMENTARY,
        "expert commentary",
        f"a tier of an expert's comments at a time ({COMMENTARY})",
        "SPLIT.jsonl, a row a comment",
        _SOURCE,
        "no measure: for training",
        lambda bundle, settings: _has(COMMENTARY, bundle, settings),
        Commentary,
    ),
    Task(
        PROFICIENCY,
        "proficiency of demonstrations",
        f"a tier of good executions and tips at a time ({PROFICIENCY})",
        "SPLIT.json, a list of takes",
        _SOURCE,
        "woz evaluate segments --measure distance",
        lambda bundle, settings: _has(PROFICIENCY, bundle, settings),
        Demonstrations,
    ),
    Task(
        DEMONSTRATOR,
        "proficiency of the demonstrator",
        f"a tier with the level of who demonstrates ({SKILL})",
        "SPLIT.jsonl, a row a session",
        _SOURCE,
        "woz evaluate segments --measure level",
        lambda bundle, settings: bool(_levels(bundle, settings)),
        Demonstrators,
    ),
)
