"""A whole lab's project: how long until the library is shown, and until a search is answered, on both databases.

python -m tests.benchmarks.bench_library --sessions 3300 --turns 600000 --json --keep FOLDER

Each stage is told on standard error as soon as it is done. With --keep both projects stay, the server's data too;
the next run of the same size goes on with them where it was stopped, and of whole ones it only measures.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from storage import Project
from storage.place import Place
from tests.rig.postgresql import Server, kept, programs, running
from ui.home.session_lines import session_lines
from woz import __version__
from woz.base.clock import SystemClock
from woz.base.interval import NS_PER_S, Interval
from woz.lab.annotators import add_annotator
from woz.lab.own_talks import OwnTalks
from woz.lab.search import Query
from woz.lab.searching import search, terms_of
from woz.model.annotation import Annotation, Attribute
from woz.model.comment import Comment
from woz.model.ids import (
    AnnotationId,
    AnnotatorId,
    CommentId,
    LabelId,
    ParticipantId,
    SchemeId,
    SessionId,
    TierId,
    TranscriptId,
    TurnId,
)
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.people import Consent, ConsentKind, Participant, Role
from woz.model.plan import day_of
from woz.model.scheme import Label, Overlap, Scheme, TierType
from woz.model.session import Session, SessionState
from woz.model.tier import Tier, TierState
from woz.model.transcript import Transcript, Turn

SCHEME = Scheme(
    SchemeId("bench"),
    "Bench",
    1,
    (
        TierType(
            "steps",
            overlap=Overlap.ANY,
            labels=tuple(Label(LabelId(f"s{i}"), f"step{i}", {"en": f"Step {i}"}) for i in range(40)),
        ),
    ),
)
KANA = "あいうえおかきくけこさしすせそたちつてとなにのはひふへほまみむ卵焼切入混砂糖塩粉牛乳鍋火水"
MARKS, MINUTES, BATCH = 20, 25, 100
LINES = "library, as its table shows it"
TALKS = "comments that concern one"
QUERIES = {
    "rare word": Query(("rarissimum",)),
    "frequent word": Query(terms_of("take")),
    "part of a word": Query(terms_of("akin")),
    "two words": Query(terms_of("take slowly")),
    "two characters": Query(("卵焼",)),
    "one character": Query(("卵",)),
    "two Latin letters": Query(("ok",)),
    "nothing": Query(("zzqxj",)),
    "label": Query(("Step 7",)),
    "structured: turn in a step, answered": Query(
        ("slowly",), speaker=Role.TRAINEE, within_step="Step 7", followed_by=Role.EXPERT
    ),
    "structured: without words": Query(speaker=Role.TRAINEE, within_step="Step 39", followed_by=Role.EXPERT),
    "structured: mistakes without a link": Query(attributes=(("mistake", "true"),), without_link="corrects"),
    "structured: whoever speaks": Query(speaker=Role.TRAINEE),
    "structured: a word, answered": Query(("slowly",), speaker=Role.TRAINEE, followed_by=Role.EXPERT),
    "structured: rare attribute": Query(attributes=(("kind", "rare"),), without_link="any"),
}


def make(project: Project, sessions: int, turns: int, tell: Callable[[str], None]) -> int:
    """Sessions of 25 minutes with transcripts, tiers and marks; the same on each run. How many were made now: those
    that are there already stay."""
    draw = random.Random(7)
    words = ["take", "slowly", "ok", "taking", "screw", "axle", *(_word(draw) for _ in range(6000))]
    weights = [1 / (i + 4) for i in range(len(words))]
    there = len(project.sessions.all())
    people = _people(project)
    for first in range(there, sessions, BATCH):
        draw, batch = random.Random(f"sessions from {first}"), list[Session]()
        with project.imports.begin() as taking:
            if first == 0:
                taking.scheme(SCHEME)
            for at in range(first, min(first + BATCH, sessions)):
                session = _session(at, draw)
                batch.append(session)
                taking.session(session)
                _fill(taking, session, turns // sessions, people[at % 5], draw, words, weights)
        _talk(project, batch, first, people)
        tell(f"made {min(first + BATCH, sessions)} of {sessions} sessions")
    return sessions - there


def _talk(project: Project, sessions: Sequence[Session], first: int, people: Sequence[AnnotatorId]) -> None:
    """Of each session somebody else says something on its tier, and asks a third one, who answers."""
    with project.at_once():
        for at, session in enumerate(sessions, first):
            whose, by, asked = (people[(at + i) % len(people)] for i in range(3))
            on, to = (CommentId(f"{session.id}-{i}") for i in ("on", "to"))
            tier = TierId(f"{session.id}-a")
            project.comments.add(Comment(on, session.id, by, "Ends too late", 0, whose, tier, at_ns=NS_PER_S))
            project.comments.add(Comment(to, session.id, by, "Is it a stir?", 0, asked))
            answer = Comment(CommentId(f"{session.id}-an"), session.id, asked, "It is", 0, by, answers=to)
            project.comments.add(answer)


def _people(project: Project) -> list[AnnotatorId]:
    """Annotators, and participants of whom each tenth lacks a consent."""
    for i in range(30):
        given = (Consent(ConsentKind.PRIVACY, "2", 5), Consent(ConsentKind.RECORDING, "2", 5))[: 2 - (i % 10 == 0)]
        project.participants.save(Participant(ParticipantId(f"p{i}"), f"P{i:02}", Role.TRAINEE, given))
    known = {person.pseudonym: person for person in project.annotators.all()}
    names = [f"A{i:02}" for i in range(5)]
    return [(known.get(name) or add_annotator(project, name)).id for name in names]


def _session(at: int, draw: random.Random) -> Session:
    start = 1_740_000_000 * NS_PER_S + at * 3 * 3600 * NS_PER_S
    return Session(
        SessionId(f"s{at:05}"),
        f"{draw.choice(('Lamp', 'Cake', 'Bike', 'Printer'))} {at}",
        SessionState.CLOSED,
        start,
        MINUTES * 60 * NS_PER_S,
        participants=(ParticipantId(f"p{at % 30}"), ParticipantId(f"p{(at * 7 + 1) % 30}"))[
            : 1 + (at % 30 != (at * 7 + 1) % 30)
        ],
        place=draw.choice(("kitchen", "workshop", "room 2")),
        scenario=draw.choice(("first time", "again")),
    )


def _fill(
    taking: Any,
    of: Session,
    turns: int,
    annotator: str,
    draw: random.Random,
    words: list[str],
    weights: list[float],
) -> None:
    session, utc_ns = of.id, of.start_utc_ns + 86_400 * NS_PER_S
    made = Made(Origin.MANUAL, annotator, utc_ns)
    transcript = Transcript(TranscriptId(f"{session}-t"), session, Origin.RECOGNISED, "en", "woz", utc_ns)
    taking.transcript(transcript)
    edit_id = taking.edit(session, "In", annotator, utc_ns)
    span_ns = MINUTES * 60 * NS_PER_S // max(1, turns)
    taking.items(edit_id, [_turn(transcript.id, at, span_ns, draw, words, weights) for at in range(turns)])
    state = draw.choice((TierState.IN_WORK, TierState.SUBMITTED, TierState.ACCEPTED))
    tier = Tier(
        TierId(f"{session}-a"), session, SCHEME.id, 1, "steps", "Steps", made, AnnotatorId(annotator), state=state
    )
    step_ns = MINUTES * 60 * NS_PER_S // MARKS
    marks = [
        Annotation(
            AnnotationId(f"{session}-{at}"),
            tier.id,
            at * step_ns,
            (at + 1) * step_ns,
            f"s{draw.randrange(40)}",
            made,
            (
                Attribute("mistake", draw.random() < 0.1),
                Attribute("kind", "rare" if draw.random() < 1e-4 else "usual"),
            ),
        )
        for at in range(MARKS)
    ]
    taking.items(edit_id, [tier, *marks])


def _turn(
    transcript: TranscriptId, at: int, span_ns: int, draw: random.Random, words: list[str], weights: list[float]
) -> Turn:
    japanese = draw.random() < 0.15
    text = "".join(draw.choices(KANA, k=20)) if japanese else " ".join(draw.choices(words, weights, k=10))
    if draw.random() < 1e-5:
        text += " rarissimum"
    start = at * span_ns
    speaker = Role.TRAINEE if at % 2 else Role.EXPERT
    return Turn(TurnId(f"{transcript}-{at}"), transcript, speaker, Interval(start, start + span_ns * 3 // 4), text)


def _word(draw: random.Random) -> str:
    return "".join(draw.choices("etaoinshrdlucmfwypvbgk", k=draw.randrange(2, 9)))


def measure(
    project: Project, runs: int, tell: Callable[[str], None], server_ms: Callable[[], float]
) -> dict[str, Any]:
    """Milliseconds: the first call, and the median of the others; and what this process, and the server, computed
    in that time, which a loaded machine hardly lengthens. `server_ms` is what the server has computed so far."""
    calls: dict[str, tuple[Callable[[], int], int]] = {
        "library": (lambda: len(project.library.sessions()), runs),
        LINES: (lambda: len(session_lines(project)), runs),
        "people": (lambda: len(project.library.people()), 2),
        TALKS: (lambda: len(OwnTalks(project, project.annotators.named("A00")).read()), runs),
        **{name: (partial(_count, project, replace(query, limit=50)), runs) for name, query in QUERIES.items()},
    }
    found: dict[str, Any] = {}
    for name, (call, times) in calls.items():
        found[name] = _timed(call, times, server_ms)
        tell(f"{name}: {json.dumps(found[name])}")
    return found


def _count(project: Project, query: Query) -> int:
    return len(search(project, query).hits)


def _timed(call: Callable[[], int], runs: int, server_ms: Callable[[], float]) -> dict[str, float]:
    """The server's processes are told in hundredths of a second, so of all calls together."""
    times, cpu, count, served = [], [], 0, server_ms()
    for _ in range(runs + 1):
        begun, worked = time.perf_counter(), time.process_time()
        count = call()
        times.append((time.perf_counter() - begun) * 1e3)
        cpu.append((time.process_time() - worked) * 1e3)
    median, own = statistics.median(times[1:]), statistics.median(cpu[1:])
    return {
        "first_ms": round(times[0], 1),
        "median_ms": round(median, 1),
        "cpu_ms": round(own, 1),
        "server_cpu_ms": round((server_ms() - served) / (runs + 1), 1),
        "found": count,
    }


def _run(
    folder: Path,
    url: str,
    arguments: argparse.Namespace,
    tell: Callable[[str], None],
    server_ms: Callable[[], float] = lambda: 0.0,
) -> dict[str, Any]:
    clock = SystemClock()
    begun = time.perf_counter()
    there = Project.is_project(folder)
    with Project.open(folder, clock) if there else Project.create(folder, "Lab", clock, url) as project:
        made = make(project, arguments.sessions, arguments.turns, tell)
    made_s = time.perf_counter() - begun
    tell(f"made {made} sessions in {made_s:.1f} s")
    begun = time.perf_counter()
    with Project.open(folder, clock) as project:
        project.library.sessions()
        opened_ms = (time.perf_counter() - begun) * 1e3
        load = os.getloadavg()[0]
        tell(f"opened in {opened_ms:.1f} ms, at a load of {load:.1f}")
        figures = measure(project, arguments.runs, tell, server_ms)
    return {"made": made, "made_s": round(made_s, 1), "opened_ms": round(opened_ms, 1), "load": load, **figures}


def main(argv: Sequence[str] | None = None) -> int:
    arguments = _arguments(argv)
    found = {}
    with contextlib.ExitStack() as held:
        folder = arguments.keep or Path(held.enter_context(tempfile.TemporaryDirectory(prefix="woz-library-")))
        size = f"{arguments.sessions}-{arguments.turns}"
        if "sqlite" in arguments.databases:
            found["sqlite"] = _run(folder / f"sqlite-{size}", "", arguments, _telling("sqlite"))
        if "postgresql" in arguments.databases and (binaries := programs()):
            stays = arguments.keep and folder / f"server-{size}"
            server = held.enter_context(kept(binaries, stays) if stays else running(binaries))
            place = folder / f"postgresql-{size}"
            url = _database(server, place)
            found["postgresql"] = _run(place, url, arguments, _telling("postgresql"), server.cpu_ms)
    told: dict[str, Any] = {"woz": __version__, "day": day_of(SystemClock().utc_ns())}
    told |= {"sessions": arguments.sessions, "turns": arguments.turns, **found}
    print(json.dumps(told, indent=None if arguments.json else 1))
    return 0


def _database(server: Server, folder: Path) -> str:
    """A new one's address; one that was kept is on another port by now."""
    url = server.url("bench")
    if Project.is_project(folder):
        Place(folder, url).write()
    else:
        server.run("DROP DATABASE IF EXISTS {}", "bench")
        server.run("CREATE DATABASE {}", "bench")
    return url.render_as_string()


def _telling(database: str) -> Callable[[str], None]:
    return lambda text: print(f"{database}: {text}", file=sys.stderr, flush=True)


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=3300)
    parser.add_argument("--turns", type=int, default=600_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument(
        "--keep",
        type=lambda text: Path(text).resolve(),
        metavar="FOLDER",
        help="where the projects, and the server's data, stay for the next run",
    )
    parser.add_argument("--json", action="store_true")
    return parser.parse_args(argv)


if __name__ == "__main__":
    raise SystemExit(main())
