"""The whole way from recordings with dialogues to a released data set, step by step; prints what came of each.

    python -m tests.rig.whole_way DATA FOLDER [--model-python PYTHON] [--model-sessions N]

DATA is the folder of real test data, FOLDER gets the project `ten` and the release `ten-1.0.0`. Question sets are
proposed by rules and by a model: the small one of `tests.rig.small_model`, run by PYTHON, or else a stub. Two
people judge them at the real window by keys, a third settles what they disagree on; gates, release, check.
`packaging/check_whole_way.sh` makes the model's environment, and asks three harnesses about the release.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from storage import Project
from tests.core.model_server import model_server
from tests.rig.keys_validator import KeysValidator, curate
from tests.rig.ten_sessions import make
from ui.application.application import application
from ui.cli import main as woz
from woz.base.clock import SystemClock
from woz.lab.annotators import add_annotator
from woz.model.annotator import AnnotatorRole
from woz.model.review import ReviewTask

NAME, VERSION = "ten", "1.0.0"
PEOPLE = ("A01", "A02")
CURATOR = "A03"


@dataclass(slots=True)
class Table:
    """What came of each step, with the seconds that it took."""

    rows: list[tuple[str, str, float]] = field(default_factory=list)

    def step(self, name: str, do: Callable[[], str]) -> None:
        began = time.perf_counter()
        said = do()
        self.rows.append((name, said, time.perf_counter() - began))
        say(f"| {name} | {said} | {self.rows[-1][2]:.0f} s |")


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def walk(data: Path, folder: Path, python: str, model_sessions: int) -> Path:
    """The release's folder."""
    folder.mkdir(parents=True, exist_ok=True)
    project, out, table = folder / NAME, folder / f"{NAME}-{VERSION}", Table()
    say(f"Load at the start {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores.\n")
    say("| step | what came of it | |\n|---|---|---:|")
    table.step("ten sessions", lambda: made(data, folder))
    table.step("proposed by rules", lambda: _proposed(project))
    table.step("proposed by a model", lambda: _by_model(project, folder, python, model_sessions))
    table.step("gates before people", lambda: _gated(project))
    table.step("two people judge", lambda: _judged(project))
    table.step("agreement", lambda: _agreed(project))
    table.step("gates after", lambda: _gated(project))
    table.step("release", lambda: _released(project, out))
    table.step("check", lambda: _checked(out))
    return out


def made(data: Path, folder: Path) -> str:
    project = folder / NAME
    if not project.exists():
        with contextlib.redirect_stdout(io.StringIO()):
            make(data, folder)
    with Project.open(project, SystemClock()) as opened:
        sessions = opened.sessions.all()
    return f"{len(sessions)} sessions, {sum(each.duration_ns or 0 for each in sessions) / 6e10:.0f} min"


def _proposed(project: Path) -> str:
    told = answer_of("questions", "propose", str(project))
    kinds = ", ".join(f"{count} {kind}" for kind, count in told["kinds"].items())
    return f"{told['questions']} question sets ({kinds}); {told['short']} with fewer than four wrong answers"


def _by_model(project: Path, folder: Path, python: str, sessions: int) -> str:
    with Project.open(project, SystemClock()) as opened:
        keys = [each.id for each in opened.sessions.all()][:sessions]
    with model(folder, python) as (url, name):
        some = [word for key in keys for word in ("--session", key)]
        asking = ("--endpoint", url, "--model", name, "--timeout", "600")
        told = answer_of("questions", "propose", str(project), *some, *asking)["model"]
    words = f"{name}: asked {told['asked']}, answered as wanted {told['answered']}, changed {told['changed']}"
    return f"{words} ({len(keys)} sessions)"


@contextlib.contextmanager
def model(folder: Path, python: str) -> Iterator[tuple[str, str]]:
    """A server's address and its model's name."""
    if not python:
        wrong = [f"The {word} one over there." for word in ("other", "first", "largest", "last")]
        said = {"question": "?", "answer": "?", "distractors": wrong, "type": "clarification"}
        with model_server(json.dumps(said)) as stub:
            yield stub.url, "stub"
        return
    with served(folder, python, "gemma-3-270m-q4", folder / "gemma.gguf") as found:
        yield found


@contextlib.contextmanager
def served(folder: Path, python: str, name: str, weights: Path) -> Iterator[tuple[str, str]]:
    """The same of weights in a file; where it isn't there yet, it becomes the small model's."""
    words = [python, str(Path(__file__).with_name("small_model.py")), str(weights)]
    with (folder / f"{name}.log").open("w") as log:
        server = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True)
        try:
            assert server.stdout
            yield next(line.strip() for line in server.stdout if line.startswith("http")), name
        finally:
            server.kill()
            server.wait()


def _gated(project: Path) -> str:
    gates = answer_of("questions", "gate", str(project), "--split-by", "session", "--vectors")["gates"]
    flagged = [f"{each['gate']} {each['flagged']} of {each['judged']}" for each in gates if each["judged"]]
    return "; ".join(flagged)


def _judged(path: Path) -> str:
    application("light")
    with Project.open(path, SystemClock()) as project:
        woz(["questions", "rule", str(path), "--people", "2", "--release-people", "2", "--json"])
        known = {each.pseudonym for each in project.annotators.all()}
        people = [add_annotator(project, n) if n not in known else project.annotators.named(n) for n in PEOPLE]
        done, pressed, taken, slowest = Counter[str](), Counter[str](), 0, 0.0
        for task in ReviewTask:
            for person in people:
                with contextlib.closing(KeysValidator(project, person)) as at:
                    done[task] += at.judge(task)
                pressed, taken, slowest = pressed + at.pressed, taken + at.taken, max(slowest, at.slowest_ms)
            pressed += _settled(project)
    keys = " ".join(f"{key} {count}" for key, count in sorted(pressed.items()))
    told = ", ".join(f"{count} of {task}" for task, count in done.items())
    return f"{told}; keys {keys}; {taken} suggestions taken; the slowest next one after {slowest:.0f} ms"


def _settled(project: Project) -> Counter[str]:
    known = {each.pseudonym: each for each in project.annotators.all()}
    curator = known.get(CURATOR) or add_annotator(project, CURATOR, (AnnotatorRole.CURATOR,))
    return Counter({f"curator {key}": count for key, count in curate(project, curator).items()})


def _agreed(path: Path) -> str:
    with Project.open(path, SystemClock()) as project:
        judging, states = project.reviews.judging(), Counter(map(str, project.reviews.states().values()))
    figures = [
        f"{task}: raw {a.raw:.2f}, kappa {a.kappa:.2f}, AC1 {a.ac1:.2f} on {a.items}"
        for task, a in judging.agreement.items()
        if a.raw is not None and a.kappa is not None and a.ac1 is not None
    ]
    return "; ".join([*figures, ", ".join(f"{count} {state}" for state, count in states.items())])


def _released(project: Path, out: Path) -> str:
    words = ("--split-by", "session", "--licence", "cdla-permissive-2.0", "--title", "Ten sessions")
    told = answer_of("release", "build", str(project), NAME, "--out", str(out), *words)
    counts = ", ".join(f"{count} {split}" for split, count in told["counts"].items())
    left = "; ".join(f"{count} left out: {why}" for why, count in told["left_out"]["questions"].items())
    return f"{counts}; {told['files']} files; {left or 'nothing left out'}"


def _checked(out: Path) -> str:
    told = answer_of("release", "check", str(out))
    return f"whole: {told['whole']}, {told['files']} files as they were frozen"


def answer_of(*words: str) -> Any:
    """What a command answers; ends the program where it fails."""
    with contextlib.redirect_stdout(io.StringIO()) as said:
        status = woz([*words, "--json"])
    if status:
        sys.exit(f"woz {' '.join(words)} ended with {status}")
    return json.loads(said.getvalue())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--model-python", default="", help="of an environment with the small model; a stub without")
    parser.add_argument(
        "--model-sessions", type=int, default=10, help="of how many sessions the model is asked (10)"
    )
    arguments = parser.parse_args()
    out = walk(arguments.data, arguments.folder, arguments.model_python, arguments.model_sessions)
    say(f"\nThe release: {out}")


if __name__ == "__main__":
    main()
