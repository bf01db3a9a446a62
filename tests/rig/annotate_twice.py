"""Annotates one recording twice, as two people by pressed keys alone: seconds of work a second, and how they agree.

`python -m tests.rig.annotate_twice [--minutes 10] [--keep FOLDER] [--json]`. Each holds hands, talks and rates,
taps acts and refines their edges; the editor's own measure of work is what is told. The hands are a script's with
assumed lags (`keys_annotator.Person`), so the figures say what the desk costs, not what a person needs to think.
Acts are refined, hands are as they were held: the one says how the desk's edges agree, the other the hands'.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtTest import QTest

from storage import Project
from tests.benchmarks.editor_room import FPS, write_film
from tests.rig.keys_annotator import Act, KeysAnnotator, Person, made_up_acts
from tests.rig.small_scheme import SCHEME, StubMouth, StubWriter
from ui.application.application import application
from ui.editor.run import shared_editor
from woz.annotation.measures.agreement import measures, offsets
from woz.base.clock import SystemClock
from woz.base.interval import NS_PER_MS, NS_PER_S
from woz.lab.agreeing import agreement
from woz.lab.annotators import add_annotator
from woz.model.annotation import Annotation
from woz.model.ids import SessionId
from woz.model.session import Session, SessionState
from woz.model.tier import Tier

SID = SessionId("20260101-000000-0000")
FRAME_NS = NS_PER_S // FPS
PEOPLE = (Person(1, look_s=1.5, speed_steps=3), Person(2, 0.32, 0.12, look_s=2.0, speed_steps=2))
"""The first plays at twice the speed, the other at one and a half."""


@dataclass(frozen=True, slots=True)
class Done:
    """What one person did: seconds of work by tier, keys, and how far the acts' edges are from the truth (ms)."""

    work_s: dict[str, float]
    keys: int
    tapped_off_ms: float
    refined_off_ms: float


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=10.0, help="how long the recording is")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="make the project there, and leave it")
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")
    given = parser.parse_args(arguments)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    seconds = round(given.minutes * 60)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        done, agree = annotate(given.keep or Path(folder) / "lab", seconds)
    told: dict[str, dict[str, object]] = {
        **{f"A0{n}": _told(each, seconds) for n, each in enumerate(done, 1)},
        "agreement": agree,
    }
    lines = (f"{who} {name}: {value}" for who, each in told.items() for name, value in each.items())
    sys.stdout.write((json.dumps(told, indent=2) if given.json else "\n".join(lines)) + "\n")
    return 0


def annotate(folder: Path, seconds: int) -> tuple[list[Done], dict[str, object]]:
    """Both people, one after the other, on one recording made for it, and how far they agree."""
    acts = made_up_acts(seconds, "12W", 4.0, 14.0, seed=5)
    hands = made_up_acts(seconds, "12", 3.0, 8.0, seed=6)
    with Project.create(folder, "Twice", SystemClock()) as project:
        project.sessions.save(Session(SID, "Twice", SessionState.CLOSED, 0, seconds * NS_PER_S))
        (project.session_dir(SID) / "sensors").mkdir(parents=True)
        write_film(project.session_dir(SID), seconds, (320, 240))
        project.schemes.keep(SCHEME)
        done = [_one(project, f"A0{n}", person, acts, hands) for n, person in enumerate(PEOPLE, 1)]
        return done, {tier_type: _agree(project, tier_type) for tier_type in ("acts", "hands")}


def _one(project: Project, name: str, person: Person, acts: list[Act], hands: list[Act]) -> Done:
    by = add_annotator(project, name).id
    application("light")
    truth = [t for act in acts for t in (act.start_ns, act.end_ns)]
    with shared_editor(project, SID, by) as window:
        window.ways.talking._open = StubMouth
        window.ways.talking._writer = StubWriter()  # type: ignore[assignment]
        window.show()
        QTest.qWaitForWindowExposed(window)
        hand = KeysAnnotator(window, person)
        hand.new_tier("Hands")
        hand.hold(hands)
        hand.new_tier("Comments")
        hand.talk([act.start_ns for act in acts[::8]], 2.0, "7")
        hand.new_tier("Acts")
        hand.tap(acts)
        tapped = _off_ms(hand.items, truth)
        hand.refine(truth, FRAME_NS)
        hand.fill_in([act.start_ns for act in acts], "4")
        refined, keys = _off_ms(hand.items, truth), hand.pressed
        window.close()
    return Done(_work(project, by), keys, tapped, refined)


def _agree(project: Project, tier_type: str) -> dict[str, float | None]:
    """What `woz agree` tells, in figures; of the starts how far they lie apart (ms)."""
    sessions = agreement(project, tier_type).pairs[0].sessions
    found = measures(sessions)
    told = {name: found[name].value for name in ("kappa", "time agreement", "f1@50", "boundary similarity")}
    apart = offsets(sessions, "start_ns")
    worst = apart.worst_tenth_ns
    return {
        **{name: None if value is None else round(value, 4) for name, value in told.items()},
        "starts_apart_ms": None if apart.median_apart_ns is None else round(apart.median_apart_ns / NS_PER_MS),
        "starts_apart_p90_ms": None if worst is None else round(worst / NS_PER_MS),
    }


def _off_ms(items: list[Annotation], truth: list[int]) -> float:
    """The mean distance of the edges from the nearest true ones."""
    edges = [t for item in items for t in (item.interval.start_ns, item.interval.end_ns)]
    return sum(min(abs(edge - t) for t in truth) for edge in edges) / max(1, len(edges)) / NS_PER_MS


def _work(project: Project, by: str) -> dict[str, float]:
    tiers = {item.id: item.tier_type for item in project.annotations.load(SID) if isinstance(item, Tier)}
    found: dict[str, float] = {}
    for piece in project.work.all(SID, by):
        found[tiers[piece.tier_id]] = found.get(tiers[piece.tier_id], 0.0) + piece.active_ns / NS_PER_S
    return found


def _told(done: Done, seconds: int) -> dict[str, object]:
    a_second = {name: round(work / seconds, 2) for name, work in done.work_s.items()}
    return {
        "seconds_a_second": {**a_second, "all": round(sum(done.work_s.values()) / seconds, 2)},
        "keys": done.keys,
        "edges_off_tapped_ms": round(done.tapped_off_ms),
        "edges_off_refined_ms": round(done.refined_off_ms),
    }


if __name__ == "__main__":
    raise SystemExit(main())
