"""How long a session takes to open, what it costs in memory, and whether an edit takes longer among many items.

`python -m tests.benchmarks.bench_document --items 20000 --json`; each figure is of a process of its own.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from storage import Project
from woz.annotation.document import Document
from woz.annotation.edits import Edit
from woz.base.clock import SystemClock
from woz.base.interval import NS_PER_MS, NS_PER_S, Interval
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId, SessionId, TierId, TranscriptId, TurnId
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.own_schemes import CONVERSATION, MISTAKE, STATES
from woz.model.people import Role
from woz.model.session import Session, SessionState
from woz.model.tier import Tier
from woz.model.transcript import Transcript, Turn, Word

SID = SessionId("20260101-000000-0000")
MADE = Made(Origin.DERIVED, "woz")
TURNS, WORDS = 4_000, 10
WORD_NS = 100 * NS_PER_MS
LONG_NS = 90 * NS_PER_MS
FEW, MANY = 100, 100_000
EDITS = 200
BY = "bench"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=20_000)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--measure", nargs=2, metavar=("WHAT", "FOLDER"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        what, folder = options.measure
        print(json.dumps({"empty": _empty, "load": _load, "edit": _edit}[what](Path(folder))))
        return
    found = _all(options.items)
    print(json.dumps(found) if options.json else "\n".join(f"{name:16} {value}" for name, value in found.items()))


def _all(items: int) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        session, small, large = (Path(folder, name) for name in ("session", "small", "large"))
        make_session(session, items - TURNS, TURNS)
        make_session(small, FEW, 0)
        make_session(large, MANY, 0)
        empty = _measured("empty", session)
        loaded = _measured("load", session)
        few, many = _edits_in_turn(small, large)
    return {
        "items": items,
        "load_s": round(loaded["load_s"], 3),
        "load_cpu_s": round(loaded["load_cpu_s"], 3),
        "peak_mb": round(loaded["peak_mb"] - empty["peak_mb"], 1),
        "edit_ms_small": round(few["edit_ms"], 3),
        "edit_ms_large": round(many["edit_ms"], 3),
        "ratio": round(many["edit_ms"] / few["edit_ms"], 3),
        "shown_ms_small": round(few["shown_ms"], 4),
        "shown_ms_large": round(many["shown_ms"], 4),
    }


def _edits_in_turn(small: Path, large: Path) -> tuple[dict[str, float], dict[str, float]]:
    """The best of three each, one after the other, so that what else runs meets both alike."""
    runs = [(_measured("edit", small), _measured("edit", large)) for _ in range(3)]
    few, many = zip(*runs, strict=True)
    return min(few, key=lambda run: run["edit_ms"]), min(many, key=lambda run: run["edit_ms"])


def _measured(what: str, folder: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.benchmarks.bench_document", "--measure", what, str(folder)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


# what is measured


def make_session(path: Path, annotations: int, turns: int, database: str = "") -> None:
    """A project with one session of so many annotations and turns, at a server's address or in a file."""
    with Project.create(path, "Benchmark", SystemClock(), database) as project:
        project.sessions.save(Session(SID, "Benchmark", SessionState.CLOSED, 0, 7200 * NS_PER_S))
        scheme = project.schemes.keep(CONVERSATION)
        transcript = Transcript(TranscriptId("t"), SID, Origin.RECOGNISED, "en", "woz", 0)
        project.transcripts.add(transcript, _turns(transcript.id, turns))
        tiers = [Tier(TierId(f"{n}"), SID, scheme.id, scheme.version, STATES, f"{n}", MADE) for n in range(4)]
        edit = Edit("Derive", (), (*tiers, *_annotations(annotations, [tier.id for tier in tiers])))
        project.annotations.record(SID, edit, "woz")


def _annotations(count: int, tiers: list[TierId]) -> Iterator[Annotation]:
    """Every third has an attribute, every fifth a note."""
    for n in range(count):
        start = (n // len(tiers)) * 100 * NS_PER_MS
        tier = tiers[n % len(tiers)]
        made = Annotation(
            AnnotationId(f"a{n:031d}"), tier, start, start + LONG_NS, "both", MADE, note="" if n % 5 else "n"
        )
        yield made if n % 3 else made.with_value(MISTAKE, True)


def _turns(transcript_id: TranscriptId, count: int) -> Iterator[Turn]:
    for n in range(count):
        start = n * 1_800 * NS_PER_MS
        spans = [Interval(start + i * WORD_NS, start + (i + 1) * WORD_NS) for i in range(WORDS)]
        words = tuple(Word(f"word{n * i % 997}", span, 0.9) for i, span in enumerate(spans))
        span, text = Interval(start, start + WORDS * WORD_NS), " ".join(word.text for word in words)
        yield Turn(TurnId(f"t{n:031d}"), transcript_id, Role.EXPERT, span, text, span, words, 0.9)


def _open(project: Project) -> Document:
    return Document(SID, project.annotations.open(SID, BY), project.annotations, BY)


def _empty(folder: Path) -> dict[str, float]:
    """A program that has the project open and read one row of each kind of table that it needs."""
    with Project.open(folder, SystemClock()) as project:
        project.sessions.all()
        project.annotations.open(SessionId("none"), BY)
        return {"peak_mb": _peak_mb()}


def _load(folder: Path) -> dict[str, float]:
    with Project.open(folder, SystemClock()) as project:
        project.annotations.open(SessionId("none"), BY)
        began, busy = time.perf_counter(), time.process_time()
        document = _open(project)
        took, cpu = time.perf_counter() - began, time.process_time() - busy
        assert len(document.turns) == TURNS
        return {"load_s": took, "load_cpu_s": cpu, "peak_mb": _peak_mb()}


def _edit(folder: Path) -> dict[str, float]:
    """The median of edits that move the edge of an annotation in the middle of a tier, until they are stored."""
    with Project.open(folder, SystemClock()) as project:
        document = _open(project)
        tier = document.tiers[0]
        whole, shown = [], []
        document.subscribe(lambda _: shown.append(time.perf_counter()))
        for n in range(EDITS):
            items = document.timed(tier.id)
            old = items[len(items) // 2 + n % 3]
            long = old.interval.duration_ns == LONG_NS
            end_ns = old.interval.start_ns + LONG_NS - NS_PER_MS * long
            edit = Edit("move", (old,), (replace(old, end_ns=end_ns),))
            shown.clear()
            began = time.perf_counter()
            document.apply(edit)
            whole.append((time.perf_counter() - began, shown[0] - began))
    edit_s, shown_s = (statistics.median(part) for part in zip(*whole, strict=True))
    return {"edit_ms": edit_s * 1000, "shown_ms": shown_s * 1000}


def _peak_mb() -> float:
    """Of this program alone: what getrusage tells begins with what the parent held."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return float(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))) / 1024


if __name__ == "__main__":
    main()
