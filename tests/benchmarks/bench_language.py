"""Which language a real model hears in dialogues in seven, and whether one that was set wrongly is told.

    python -m tests.benchmarks.bench_language --minutes 0.5 --json FILE

Each dialogue (`tests/benchmarks/transcription/dialogues.py`) goes twice through the whole program: once with no
language set, and once with a wrong one.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from tests.benchmarks.transcription.audio import MINUTES, Audio, make
from tests.benchmarks.transcription.transcribers import How, task_of
from tests.real_models import Unavailable, real_model
from woz.transcription.queue import Done, Failed, Queue
from woz.transcription.spoken_language import sounding
from woz.transcription.task import Result, Task

WRONG = {"en": "it"}
"""Set for this language; English for the others."""


@dataclass(frozen=True)
class Row:
    """`found` with its probability, and what is told of a transcript whose language was `set` to another.

    `of_set` is the probability of that other one. Both are of all windows that were asked, in either run.
    """

    language: str
    found: str
    probability: float
    set: str
    of_set: float
    told: str


def heard(audio: Audio, how: How) -> Row:
    """Raises SystemExit where recognition fails."""
    wrong = WRONG.get(audio.language, "en")
    with tempfile.TemporaryDirectory() as cache:
        task = task_of(audio, how, cache)
        free, bound = (_with(task, name, language) for name, language in (("free", None), ("bound", wrong)))
        done = _done([free, bound])
        kept = [json.loads(path.read_text()) for path in Path(cache).glob("languages-*.json")]
    told = "; ".join(fault for fault in done["bound"].faults if "language" in fault)
    whole = sounding((speech_s, likely) for windows in kept for speech_s, likely in windows)
    found = whole.likeliest
    return Row(audio.language, found, whole.likely[found], wrong, whole.likely.get(wrong, 0.0), told)


def _with(task: Task, name: str, language: str | None) -> Task:
    return replace(task, name=name, settings=replace(task.settings, language=language))


def _done(tasks: Sequence[Task]) -> dict[str, Result]:
    found = {}
    for news in Queue(tasks).run():
        match news:
            case Failed(_, sentence):
                raise SystemExit(sentence)
            case Done(task, result):
                found[task] = result
    return found


def table(rows: Sequence[Row]) -> str:
    lines = ["| spoken | heard | probability | set | its probability | told |", "|---|---|---|---|---|---|"]
    for row in rows:
        cells = (row.language, row.found, f"{row.probability:.2f}", row.set, f"{row.of_set:.2f}", row.told or "-")
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="base", help="one that hears more than English")
    parser.add_argument("--languages", default=",".join(MINUTES), help=f"of {', '.join(MINUTES)}")
    parser.add_argument("--minutes", type=float, default=0.5, help="of each dialogue")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    rows = []
    try:
        how = How(real_model(arguments.model), threads=arguments.threads)
    except Unavailable as error:
        print(f"The benchmark needs a real model: {error}", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        for language in arguments.languages.split(","):
            rows.append(heard(make(f"dialogue-{language}", Path(folder), arguments.minutes), how))
            print(rows[-1], file=sys.stderr, flush=True)
    if arguments.json:
        arguments.json.write_text(json.dumps([asdict(row) for row in rows], indent=1), encoding="utf-8")
    print(table(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
