"""Key step recognition, trimmed: which step a clip shows, top-1.

Source: Ego-Exo4D (arXiv 2311.18259): 278 classes, those with 20 instances or more; scored by the share of clips
whose first answer is right. Here every class is kept; `instances` of the class over the data set lets a user take
those with 20.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from woz.base.interval import seconds
from woz.dataset.tasks.material import STEP_TYPES, Rows, class_of, intervals, kinds_of, segmented
from woz.dataset.tasks.task import Given, Making, Settings, Task
from woz.formats.bundle import SessionBundle
from woz.formats.format import OutFile

NAME = "keysteps"


class KeySteps(Making):
    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._rows: list[tuple[str, dict[str, Any]]] = []

    def add(self, given: Given) -> Iterator[OutFile]:
        bundle = given.bundle
        tier = segmented(bundle, kinds_of(NAME, STEP_TYPES, self.settings))[0]
        for each in intervals(bundle, tier):
            row = {
                "id": each.id,
                "session": bundle.session.id,
                "group": given.group,
                "procedure": bundle.procedure.name if bundle.procedure else "",
                "start_s": seconds(each.interval.start_ns),
                "end_s": seconds(each.interval.end_ns),
                "label": class_of(bundle, tier, each),
            }
            self.items[given.split] += 1
            self._rows.append((given.split, row))
        yield from ()

    def finish(self) -> Iterator[OutFile]:
        counts = Counter(row["label"] for _, row in self._rows)
        self.figures = {"classes": len(counts), "classes with 20 or more": sum(n >= 20 for n in counts.values())}
        rows = Rows()
        for split, row in self._rows:
            rows.add(split, row | {"instances": counts[row["label"]]})
        yield from rows.files()


def _fits(bundle: SessionBundle, settings: Settings) -> bool:
    return bool(segmented(bundle, kinds_of(NAME, STEP_TYPES, settings)))


TASKS = (
    Task(
        NAME,
        "key step recognition, trimmed",
        f"a tier of steps ({', '.join(STEP_TYPES)}) with intervals",
        "SPLIT.jsonl, a row a step",
        "Ego-Exo4D, arXiv 2311.18259",
        "woz evaluate segments --measure level (accuracy is top-1)",
        _fits,
        KeySteps,
    ),
)
