"""What each tool has to find in a release, and to show a model that always takes A.

    python -m tests.rig.harness_rows RELEASE > wanted.json
    python -m tests.rig.harness_rows RELEASE SHOWN.JSONL

The first prints it as JSON, for the checks that run in the tools' own environments. The second compares it with
what `tests.rig.stub_model` wrote down, and ends with 1 where a tool showed another number of rows or pictures, or
not a row's question with all its options.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from woz.dataset.harness.lmms_eval import EVALUATED
from woz.dataset.harness.released import Line, Released
from woz.dataset.harness.vlmevalkit import NO_QUESTION

PICTURES = 8
"""Of a clip, as `packaging/check_harnesses.sh` asks lmms-eval for them; a release has as many by itself."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The split that a tool evaluates, its rows, how many of them have A for the right answer, and the requests
    that are made, by how many pictures each holds.
    """

    split: str
    rows: int
    right: int
    requests: dict[int, int]


def wanted(release: Path) -> dict[str, Wanted]:
    """By the name under which the stub is asked."""
    lines, english = evaluated(Released.open(release)), evaluated(Released.open(release, english=True))
    framed = Counter(len(line.frames) for line in lines)
    turned = Counter(len(line.frames) for line in lines for _ in line.options)
    return {
        "lmms-eval": _of(lines, {PICTURES: len(lines)}),
        "english": _of(english, {PICTURES: len(english)}),
        "vlmevalkit": _of(lines, framed + turned + Counter({0: 2 * len(lines)})),
        "inspect": _of(lines, {0: len(lines)}),
    }


def evaluated(release: Released) -> list[Line]:
    """Of the split that tools are asked about."""
    split = next(each for each in EVALUATED if each in release.splits())
    return list(release.lines(split))


def _of(lines: Sequence[Line], requests: Mapping[int, int]) -> Wanted:
    right = sum(line.answer_index == 0 for line in lines)
    return Wanted(lines[0].split, len(lines), right, dict(sorted(requests.items())))


def objections(release: Path, shown: Iterable[Mapping[str, Any]]) -> list[str]:
    """What tools showed otherwise than the release has it."""
    seen = list(shown)
    found = []
    for tool, what in wanted(release).items():
        own = [each for each in seen if each["asked_by"] == tool]
        counts = dict(sorted(Counter(each["pictures"] for each in own).items()))
        if counts != what.requests:
            found.append(f"{tool}: requests by pictures are {counts}, not {what.requests}")
        lost = [line.id for line in _rows(release, tool) if not _put(line, own)]
        found += [f"{tool}: nobody was asked {key} whole" for key in lost]
    if not any(NO_QUESTION in each["text"] for each in seen):
        found.append("vlmevalkit: options alone were never shown")
    return found


def _rows(release: Path, tool: str) -> list[Line]:
    return evaluated(Released.open(release, english=tool == "english"))


def _put(line: Line, shown: Iterable[Mapping[str, Any]]) -> bool:
    """Whether one request holds its question and all its options."""
    words = [_plain(text) for text in (line.question, *line.options)]
    return any(all(text in _plain(each["text"]) for text in words) for each in shown)


def _plain(text: str) -> str:
    return " ".join(text.split())


def main() -> None:
    release = Path(sys.argv[1])
    if len(sys.argv) == 2:
        sys.stdout.write(json.dumps({tool: asdict(what) for tool, what in wanted(release).items()}) + "\n")
        return
    lines = Path(sys.argv[2]).read_text(encoding="utf-8").splitlines()
    found = objections(release, map(json.loads, lines))
    sys.stdout.write("\n".join(found or [f"{len(lines)} requests as wanted"]) + "\n")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
