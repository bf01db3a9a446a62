"""Our measures beside the programs that they are of, on random inputs: `make check-measures ARGS="FOLDER"`.

FOLDER holds clones of `reference_code.REPOSITORIES` under those names, or their files; what isn't there is told and
left out. For statsmodels and arch, which are no dependency, set PYTHONPATH. `--json` gives the table as JSON.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np

from tests.rig import check_measures_of_segments as segments
from tests.rig import check_measures_of_talk as talk
from tests.rig import check_measures_of_trust as trust

CLOSE = 1e-12
"""Floating-point numbers that differ by less are the same one, summed in another order."""
ENOUGH = {"ProAssist's matching, published": 0.99}
"""Which share must be the same where it isn't all: of assignments that cost the same either may be taken."""
Figures = Mapping[str, float | None]
Compared = Iterator[tuple[Figures, Figures | None]]
"""Ours and theirs of one input; None where their program ends with an error or gives no number."""
CHECKS: Mapping[str, tuple[str, Callable[[Path, np.random.Generator, int], Compared], float]] = {
    "frame accuracy, edit, F1@10, 25, 50": ("ms-tcn", segments.of_frames, CLOSE),
    "mAP at temporal IoU": ("ActivityNet", segments.of_overlaps, CLOSE),
    "mAP at L1 distance": ("ego-exo4d-proficiency", segments.of_points, CLOSE),
    "accuracy of the level": ("ego-exo4d-proficiency", segments.of_levels, CLOSE),
    "calibrated AP": ("long-short-term-transformer", segments.calibrated, CLOSE),
    "StreamingBench's proactive output": ("StreamingBench", talk.of_streaming_bench, CLOSE),
    "OVO-Bench's rules": ("OVO-Bench", talk.of_ovo_bench, CLOSE),
    "OVO-Bench's stored results": ("OVO-Bench", talk.of_stored_results, CLOSE),
    "ProAssist's matching, published": ("ProAssist", talk.of_proassist, 1e-6),
    "PAUC": ("VideoChat3", talk.of_pauc, CLOSE),
    "clustered standard error and interval": ("statsmodels", trust.of_clusters, 1e-9),
    "paired cluster bootstrap": ("arch", trust.of_pairs, 0.02),
}
"""By what is compared: where the reference is, what compares it, and what counts as the same. ProAssist's costs are
single precision; two bootstraps draw other clusters.
"""


@dataclass(slots=True)
class Row:
    """`apart` is the widest difference; `undefined` says how often their program gave nothing."""

    measure: str
    reference: str
    cases: int = 0
    same: int = 0
    undefined: int = 0
    apart: float = 0.0
    first: list[str] = field(default_factory=list)

    def add(self, ours: Figures, theirs: Figures | None, close: float) -> None:
        self.cases += 1
        if theirs is None:
            self.undefined += 1
            return
        apart = max((_apart(ours[key], value) for key, value in theirs.items()), default=0.0)
        self.apart = max(self.apart, apart)
        self.same += apart <= close
        if apart > close and len(self.first) < 3:
            self.first.append(f"case {self.cases}: ours {dict(ours)}, theirs {dict(theirs)}")


def _apart(ours: float | None, theirs: float | None) -> float:
    if ours is None or theirs is None:
        return 0.0 if ours is theirs else math.inf
    return abs(ours - theirs)


def rows(folder: Path, cases: int, seed: int, only: str) -> Iterator[Row]:
    for measure, (reference, compare, close) in CHECKS.items():
        if only not in measure:
            continue
        row = Row(measure, reference)
        try:
            for ours, theirs in compare(folder / reference, np.random.default_rng(seed), cases):
                row.add(ours, theirs, close)
        except (FileNotFoundError, ModuleNotFoundError) as error:
            row.first.append(f"left out: {error}")
        yield row


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cases", type=int, default=2000, help="random inputs for each (2000)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="", help="measures with these letters in their name")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    counts = Counter[bool]()
    for row in rows(arguments.folder, arguments.cases, arguments.seed, arguments.only):
        defined = row.cases - row.undefined
        counts[row.same >= ENOUGH.get(row.measure, 1) * defined] += 1
        if arguments.json:
            print(json.dumps(asdict(row)), flush=True)
        else:
            print(
                f"{row.measure:40} {row.reference:30} {row.same} of {defined} the same, at most"
                f" {row.apart:.1e} apart; {row.undefined} undefined there",
                *row.first,
                sep="\n    ",
                flush=True,
            )
    return int(bool(counts[False]))


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    sys.exit(main())
