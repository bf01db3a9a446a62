"""A release of a whole lab without clips, and how soon the next question set is there for who judges.

python -m tests.benchmarks.bench_release --sessions 100 --questions 45000 --json

The project has so many sessions of half an hour; it is built from the database, and once more from half of the
sessions, so that what memory a session costs is seen. Then somebody judges by key, words and then clips: the time
is from the key to the next question set in the window, with its clip decoded, the decision on the disk meanwhile.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from storage import Project
from tests.core.films import even, write_film
from tests.core.release_room import S, bundle, question
from woz.annotation.edits import Edit
from woz.base.clock import SystemClock
from woz.base.interval import Interval
from woz.dataset.release.recipe import Recipe
from woz.dataset.review.unstored import UnstoredDeeds, Whose
from woz.lab.annotators import add_annotator
from woz.lab.releasing import build_release
from woz.model.ids import AnnotatorId, ParticipantId, SessionId
from woz.model.people import Participant
from woz.model.question import Evidence, Question, ReviewStatus
from woz.model.review import ReviewTask, Verdict
from woz.model.session import Session

CLOCK = SystemClock()
LENGTH_S, JUDGED, FILM_S, FPS = 1800, 20, 100, 15
LEFT = 4
"""Of those whose words were judged, how many are left at the end: the last have none next."""


def lab(folder: Path, sessions: int, questions: int) -> Path:
    with Project.create(folder, "Bench", CLOCK) as project:
        for n in range(sessions):
            _session(project, n, questions // sessions)
    return folder


def _session(project: Project, n: int, count: int, length_s: int = LENGTH_S) -> None:
    made = bundle(f"20260101-{n:06d}-0000", f"P{n:03d}")
    person = made.participants[0]
    known = Participant(ParticipantId(f"P{n:03d}"), person.pseudonym, person.role, person.consents)
    project.participants.save(known)
    session: Session = replace(made.session, duration_ns=length_s * S, participants=(known.id,))
    project.sessions.save(session)
    project.annotations.record(
        session.id, Edit("Ask", (), tuple(_asked(session.id, i, count, length_s) for i in range(count))), "woz"
    )


def _asked(session: SessionId, i: int, count: int, length_s: int) -> Question:
    at_ns = (10 + i * (length_s - 20) // count) * S
    made = question(session, f"q{i}", text=f"Which of the {i} parts is next?", evidence=Evidence(), asked_ns=at_ns)
    span = Interval(at_ns - S, at_ns)
    return replace(made, clip=Interval(at_ns - 5 * S, at_ns), asked=span, answered=Interval(at_ns, at_ns + S))


def building(project: Path, out: Path) -> dict[str, float]:
    """In a process of its own, so that memory is its own: seconds, CPU seconds, and MB above what it began with."""
    words = [sys.executable, "-m", "tests.benchmarks.bench_release", "--build", str(project), str(out)]
    found: dict[str, float] = json.loads(subprocess.run(words, check=True, capture_output=True).stdout)
    return found


def _build(project: Path, out: Path) -> dict[str, float]:
    with Project.open(project, CLOCK) as opened:
        before, cpu, began = _peak_mb(), time.process_time(), time.perf_counter()
        built = build_release(opened, Recipe("bench", clips=False), out, lambda *_: None, CLOCK.utc_ns())
    took = {"seconds": time.perf_counter() - began, "cpu_s": time.process_time() - cpu}
    return {**took, "mb": _peak_mb() - before, "questions": sum(built.counts.values())}


def _peak_mb() -> float:
    """Of this process alone: what `getrusage` tells begins with the parent's."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def judging(folder: Path) -> dict[str, dict[str, float]]:
    """Milliseconds from the key to the next question set."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with Project.create(folder, "Judging", CLOCK) as project:
        _session(project, 0, 2 * JUDGED, FILM_S)
        (session,) = project.sessions.all()
        project.session_dir(session.id).mkdir(parents=True)
        film = project.session_dir(session.id) / "ego.mkv"
        write_film(film, "libx264", {"preset": "ultrafast", "crf": "24"}, even(FILM_S * FPS), FPS, 0)
        _open_again(project, session.id)
        who = add_annotator(project, "A01")
        return {str(task): _judge(project, who.id, task) for task in ReviewTask}


def _open_again(project: Project, session: SessionId) -> None:
    old = [each for each in project.annotations.load(session) if isinstance(each, Question)]
    new = tuple(replace(each, status=ReviewStatus.PROPOSED) for each in old)
    project.annotations.record(session, Edit("Open", tuple(old), new), "woz")


def _judge(project: Project, who: AnnotatorId, task: ReviewTask) -> dict[str, float]:
    from PySide6.QtCore import QSettings

    from ui.application.application import application
    from ui.questions.desk import Desk
    from ui.questions.window import QuestionsWindow

    app = application("light")
    person = next(each for each in project.annotators.all() if each.id == who)
    settings = QSettings(str(project.path / "settings.ini"), QSettings.Format.IniFormat)
    unstored = UnstoredDeeds(project.path / "unstored.jsonl", Whose(project.made_utc_ns, person.id))
    window = QuestionsWindow(Desk(project, person, settings, unstored=unstored))
    window.show()
    window.begin(task)
    found = list[float]()
    passing = Verdict.ACCEPTABLE if task == ReviewTask.TEXT else Verdict.GROUNDED
    wanted = JUDGED if task == ReviewTask.TEXT else JUDGED - LEFT
    while len(found) < wanted:
        while not _ready(window, task):
            app.processEvents()
        last, began = window.desk.now, time.perf_counter()
        window.decide(passing)
        while window.desk.now == last or not _shown(window, task):
            app.processEvents()
        found.append(1000 * (time.perf_counter() - began))
    window.close()
    window.desk.close()
    found.sort()
    return {"median_ms": statistics.median(found), "p95_ms": found[int(0.95 * len(found))], "most_ms": found[-1]}


def _shown(window: Any, task: ReviewTask) -> bool:
    """Whether the question set is there, with its clip."""
    item = window.desk.item
    if item is None or task == ReviewTask.TEXT:
        return item is not None
    clip = window.clips.player.clip
    return clip is not None and clip.wanted.span.end_ns == item.question.at_ns and bool(clip.pictures)


def _ready(window: Any, task: ReviewTask) -> bool:
    """Whether somebody has looked long enough that the next ones are decoded, as people do."""
    if task == ReviewTask.TEXT or not _shown(window, task):
        return _shown(window, task)
    clips = window.clips.loader._clips.values()
    return len(clips) > 1 and all(each.whole for each in clips)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=100)
    parser.add_argument("--questions", type=int, default=45_000)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--build", nargs=2, type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.build:
        sys.stdout.write(json.dumps(_build(*arguments.build)))
        return
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        half = lab(folder / "half", arguments.sessions // 2, arguments.questions // 2)
        whole = lab(folder / "whole", arguments.sessions, arguments.questions)
        found: dict[str, Any] = {"load": os.getloadavg()[0]}
        found["half"] = building(half, folder / "out half")
        found["whole"] = building(whole, folder / "out whole")
        found["next"] = judging(folder / "judging")
    sys.stdout.write(json.dumps(found, indent=None if arguments.json else 1) + "\n")


if __name__ == "__main__":
    main()
