"""Every task on made and on real annotations: what `woz evaluate` says of the truth and of a simple prediction.

    python -m tests.benchmarks.bench_tasks [--data FOLDER] [--references FOLDER] [--only TASK] [--json] [--markdown]

DATA (or WOZ_TEST_DATA) has `annotations/captaincook4d` and `annotations/holoassist`; else made ones do alone. With
REFERENCES (`make check-measures` says what that is) other people's programs score the same files.
"""

from __future__ import annotations

import argparse
import io
import json
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tests.benchmarks import made_tasks, task_oracles, task_predictions
from tests.benchmarks.task_oracles import Figures, Oracle
from tests.benchmarks.task_predictions import Predict, rows
from tests.benchmarks.transcription.audio import data_folder
from tests.core.task_room import published, release
from ui.cli import main as woz
from woz.base.errors import WozError
from woz.formats.bundle import SessionBundle

HOLOASSIST = 12
"""So many of its sessions are taken."""
ALL_TEST = {"test": 1.0}


@dataclass(frozen=True, slots=True)
class Scored:
    """A task with its measure; `figures` are the ones that are told, by their names in `woz evaluate --json`."""

    task: str
    measure: str
    predict: Predict
    figures: tuple[str, ...]
    oracle: Oracle
    by: str
    """Whose program the oracle is."""


_FRAMES = (("accuracy", "edit", "f1 50"), task_oracles.frames, "MS-TCN")
_LABELS = (("accuracy",), task_oracles.labels, "Ego-Exo4D")
_SCORES = (("mean",), task_oracles.scores, "LSTR")
SCORED = (
    Scored("steps", "frames", task_predictions.frames, *_FRAMES),
    Scored(
        "steps", "mAP at time IoU", task_predictions.detections, ("mean", "at 0.5"), task_oracles.detections,
        "ActivityNet",
    ),
    Scored("states", "frames", task_predictions.frames, *_FRAMES),
    Scored("keysteps-online", "frames", task_predictions.frames, *_FRAMES),
    Scored("keysteps", "top-1", task_predictions.labels, *_LABELS),
    Scored("understanding", "calibrated AP", task_predictions.scores, *_SCORES),
    Scored("mistakes", "calibrated AP", task_predictions.scores, *_SCORES),
    Scored(
        "when-to-speak", "ProAssist's F1", task_predictions.utterances, ("published f1", "mended f1"),
        task_oracles.utterances, "ProAssist",
    ),
    Scored(
        "proficiency", "mAP at L1 distance", task_predictions.points, ("at 0.25", "at 0.5", "at 1"),
        task_oracles.points, "Ego-Exo4D",
    ),
    Scored("demonstrator", "accuracy", task_predictions.labels, *_LABELS),
)  # fmt: skip
UNSCORED = ("clip-text", "instructions", "commentary")
FINE = {"clip-text": {"tiers": {"clip-text": "fine"}}}
"""HoloAssist has no descriptions at a time; its fine-grained actions are taken."""


@dataclass(slots=True)
class Row:
    """`truth` and `changed` are our figures of the truth and of the simple prediction, `oracle` theirs of it."""

    task: str
    annotations: str
    measure: str = ""
    prediction: str = ""
    sessions: int = 0
    items: int = 0
    truth: dict[str, float | None] = field(default_factory=dict)
    changed: dict[str, float | None] = field(default_factory=dict)
    oracle: dict[str, float | None] = field(default_factory=dict)
    by: str = ""


Sets = Mapping[str, Mapping[str, Sequence[SessionBundle]]]
"""Sessions by task, by what annotations they have."""


def made(folder: Path) -> Mapping[str, Sequence[SessionBundle]]:
    common, own = made_tasks.sessions(), made_tasks.egoexo(folder)
    tasks = {each.task for each in SCORED} | set(UNSCORED)
    return {task: own.get(task, common) for task in sorted(tasks)}


def real(data: Path) -> Mapping[str, Sequence[SessionBundle]]:
    """What there is of it: no file of Ego-Exo4D's may be passed on."""
    cooking = data / "annotations" / "captaincook4d" / "error_annotations_recipes_1-6.json"
    talks = sorted((data / "annotations" / "holoassist").glob("*.json"))[:HOLOASSIST]
    if not cooking.is_file() or not talks:
        return {}
    cooked, helped = published("captaincook4d", [cooking]), published("holoassist", talks)
    return {
        **dict.fromkeys(("steps", "keysteps", "keysteps-online", "understanding", "mistakes"), cooked),
        **dict.fromkeys(("states", "when-to-speak", "clip-text", "instructions"), helped),
    }


def table(sets: Sets, room: Path, references: Path | None, only: str) -> Iterator[Row]:
    for task in dict.fromkeys((*(each.task for each in SCORED), *UNSCORED)):
        for name, by_task in sets.items():
            bundles = by_task.get(task)
            if not bundles or only not in task:
                continue
            settings = FINE.get(task, {}) if name == "real" else {}
            (room / name).mkdir(parents=True, exist_ok=True)
            out = release(room / name / task, bundles, task, shares=ALL_TEST, settings=settings)
            told = json.loads((out / "manifest.json").read_text(encoding="utf-8"))["tasks"][task]
            row = Row(task, name, sessions=len(bundles), items=sum(told["items"].values()))
            if task in UNSCORED:
                row.changed = dict(told.get("figures", {}))
                row.oracle, row.by = _of_rows(task, out / "tasks" / task)
                yield row
            for each in (each for each in SCORED if each.task == task):
                yield _scored(
                    row, each, out / "tasks" / task, room / "told" / name / task / each.measure, references
                )


def _scored(row: Row, each: Scored, task: Path, room: Path, references: Path | None) -> Row:
    found = []
    for name, perfect in (("truth", True), ("changed", False)):
        (room / name).mkdir(parents=True)
        command = each.predict(task, room / name, perfect)
        found.append(_answer(command))
    known, told = Path(command[1]), Path(command[2])
    oracle = each.oracle(references, known, told) if references else {}
    return Row(
        row.task,
        row.annotations,
        each.measure,
        (each.predict.__doc__ or "").strip(),
        row.sessions,
        row.items,
        {name: _figure(found[0], name) for name in each.figures},
        {name: _figure(found[1], name) for name in each.figures},
        dict(oracle),
        each.by,
    )


def _answer(command: list[str]) -> Any:
    said = io.StringIO()
    with redirect_stdout(said):
        status = woz(["evaluate", *command, "--json"])
    if status:
        raise WozError(f"woz evaluate {' '.join(command)} ended with {status}")
    return json.loads(said.getvalue())


def _figure(found: Any, name: str) -> float | None:
    for part in name.split():
        found = found[part]
    return None if found is None else float(found)


def _of_rows(task: str, folder: Path) -> tuple[dict[str, float | None], str]:
    """Clip-text pairs by the formula, written down anew; of the others nothing is measured."""
    if task != "clip-text":
        return {}, ""
    found = defaultdict[tuple[str, str], dict[str, tuple[float, float]]](dict)
    for row in rows(folder / "test.jsonl"):
        found[row["session"], row["annotator"]][row["id"].rpartition("@")[0]] = (row["at_s"], row["end_s"])
    sequences = [sorted(at for at, _ in each.values()) for each in found.values()]
    gaps = [(each[-1] - each[0]) / (len(each) - 1) for each in sequences if len({*each}) > 1]
    return {"alpha (s)": sum(gaps) / len(gaps), "descriptions": float(sum(map(len, sequences)))}, "the formula"


def apart(row: Row) -> float:
    """How far our figures of the simple prediction are from theirs, at most."""
    both = [(row.changed[name], value) for name, value in row.oracle.items()]
    return max((abs((ours or 0) - (theirs or 0)) for ours, theirs in both), default=0.0)


def perfect(row: Row) -> bool:
    """Whether the truth is told to be right; the published matching of ProAssist counts it wrong."""
    return all(value in (1, None) for name, value in row.truth.items() if not name.startswith("published"))


def _told(figures: Figures) -> str:
    return ", ".join(f"{name} {'none' if value is None else f'{value:.4f}'}" for name, value in figures.items())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=data_folder())
    parser.add_argument("--references", type=Path, metavar="FOLDER")
    parser.add_argument("--only", default="")
    parser.add_argument("--json", action="store_true", help="a JSON object a row")
    parser.add_argument("--markdown", action="store_true", help="rows of a table")
    arguments = parser.parse_args()
    wrong = False
    with tempfile.TemporaryDirectory() as temporary:
        room = Path(temporary)
        sets = {"made": made(room / "files"), "real": real(arguments.data)}
        for row in table(sets, room / "out", arguments.references, arguments.only):
            print(_line(row, arguments), flush=True)
            wrong |= apart(row) > 1e-6 or not perfect(row)
    return int(wrong)


def _line(row: Row, arguments: argparse.Namespace) -> str:
    if arguments.json:
        return json.dumps(asdict(row), ensure_ascii=False)
    cells = [row.task, row.measure, row.annotations, f"{row.sessions}, {row.items}"]
    cells += [_told(row.truth), _told(row.changed), _told(row.oracle) + (f" ({row.by})" if row.oracle else "")]
    return f"| {' | '.join(cells)} |" if arguments.markdown else "  ".join(cells)


if __name__ == "__main__":
    raise SystemExit(main())
