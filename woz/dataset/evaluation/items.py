"""The items of a release that are evaluated: one split's questions that have two options at least."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from woz.base.errors import WozError
from woz.dataset.harness.lmms_eval import EVALUATED
from woz.dataset.harness.released import Line, Released
from woz.dataset.measures.accuracy import Judged, Outcome
from woz.dataset.models.replies import LETTERS
from woz.dataset.release.checking import demand_as_frozen


@dataclass(frozen=True, slots=True)
class Items:
    """`skipped` have fewer than two options, or more than there are letters: nothing can be chosen there."""

    release: Released
    split: str
    lines: Mapping[str, Line]
    skipped: int

    def judged(self, key: str, outcome: Outcome, cluster: str = "group") -> Judged:
        """An item's outcome; `cluster` names the field that tells which items belong together."""
        line = self.lines[key]
        kinds = {"type": line.type, "scenario": line.scenario, "procedure": line.procedure}
        return Judged(key, getattr(line, cluster), outcome, len(line.options), kinds)


def items_of(folder: Path, split: str | None = None, tasks: bool = False) -> Items:
    """Those of the split, or of the first that holds some: test, validation, train.

    `tasks`: a release may hold no questions, and its splits are those of its tasks too. Raises WozError for what is
    no release, was changed since it was frozen, or holds nothing to choose from.
    """
    release = Released.open(folder)
    known = [*release.splits(), *(_splits_of_tasks(release) if tasks else ())]
    wanted = split or next((each for each in EVALUATED if each in known), "")
    if wanted not in known:
        raise WozError(
            f"{folder} holds nothing in the split {split or 'test'}; it has {', '.join(known) or 'none'}."
        )
    demand_as_frozen(release.folder, release.manifest, [f"data/{wanted}.jsonl"])
    lines, skipped = dict[str, Line](), 0
    for line in release.lines(wanted):
        if 1 < len(line.options) <= len(LETTERS):
            lines[line.id] = line
        else:
            skipped += 1
    if not lines and not tasks:
        raise WozError(f"{folder} holds no question with two options in {wanted}; nothing can be evaluated.")
    return Items(release, wanted, lines, skipped)


def _splits_of_tasks(release: Released) -> list[str]:
    own = (PurePosixPath(name) for name in release.manifest.files if name.startswith("tasks/"))
    return sorted({path.name.partition(".")[0] for path in own} & release.manifest.counts.keys())
