"""Made annotations of every task: sessions with steps, states and dialogues, and files as Ego-Exo4D has them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

from tests.core.release_room import S, bundle
from tests.core.task_room import published
from tests.core.test_procedure_labels import CAKE
from woz.base.interval import Interval
from woz.formats.bundle import SessionBundle
from woz.model.annotation import Annotation, Attribute
from woz.model.ids import AnnotationId, TierId, TranscriptId, TurnId
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.own_schemes import CONVERSATION, MISTAKE, STATES, STEPS, steps_scheme
from woz.model.people import Role
from woz.model.scheme import Scheme
from woz.model.tier import Tier, TierState
from woz.model.transcript import Turn
from woz.schemes.shipped import shipped

MADE = Made(Origin.MANUAL, "annotator-1", 0)
LONG_S, SESSIONS, TAKES = 120, 6, 12
SAID = ("Take the bowl.", "Now whisk it.", "Good.", "Not so much.", "Put it into the oven.")
LEVELS = ("Novice", "Early Expert", "Intermediate Expert", "Late Expert")
Spans = Sequence[tuple[float, float, str]]


def sessions(seed: int = 0) -> list[SessionBundle]:
    return [_session(n, Random(1000 * seed + n)) for n in range(SESSIONS)]


def _session(n: int, random: Random) -> SessionBundle:
    made = bundle(f"s{n}", f"P{n}", questions=())
    steps, talk = steps_scheme(CAKE), shipped("when-to-speak")
    order = ["shop", "whisk", "pour", "heat", "bake"]
    if n % 2:
        order[1], order[2] = order[2], order[1]
    turns = _turns(made.session.id, random)
    layers: list[tuple[Scheme, str, Spans]] = [
        (steps, STEPS, _tiled(random, order)),
        (CONVERSATION, STATES, _tiled(random, ["trainee", "expert", "none", "expert", "both", "trainee"])),
        (talk, "useful", [(t.interval.start_ns / S, t.interval.end_ns / S + 2, "useful") for t in turns[::2]]),
        (talk, "silence", [(LONG_S - 5, LONG_S, "silence")]),
    ]
    tiers, marks = list[Tier](), list[Annotation]()
    for scheme, kind, spans in layers:
        tier = Tier(
            TierId(f"{kind}-{n}"), made.session.id, scheme.id, scheme.version, kind, kind, MADE,
            state=TierState.ACCEPTED,
        )  # fmt: skip
        tiers.append(tier)
        marks += [_mark(tier, k, span, kind == STEPS and random.random() < 0.3) for k, span in enumerate(spans)]
    return replace(
        made,
        session=replace(made.session, duration_ns=LONG_S * S, procedure_id=CAKE.id),
        turns=turns,
        tiers=tuple(tiers),
        annotations=tuple(marks),
        schemes={(scheme.id, scheme.version): scheme for scheme, _, _ in layers},
        procedure=CAKE,
    )


def _mark(tier: Tier, nr: int, span: tuple[float, float, str], wrong: bool) -> Annotation:
    start, end, label = span
    values = (Attribute(MISTAKE, True),) if wrong else ()
    key = AnnotationId(f"{tier.id}-{nr}")
    return Annotation(key, tier.id, round(start * S), round(end * S), label, MADE, attributes=values)


def _tiled(random: Random, labels: Sequence[str]) -> Spans:
    """One after the other, some with a gap behind."""
    cuts = sorted(random.sample(range(2, LONG_S - 2), len(labels) - 1))
    edges = [0, *cuts, LONG_S]
    return [(a, b - random.choice([0, 0, 1]), label) for a, b, label in zip(edges, edges[1:], labels, strict=False)]


def _turns(session: str, random: Random) -> tuple[Turn, ...]:
    times = sorted(random.sample(range(1, LONG_S - 8), 14))
    return tuple(
        Turn(
            TurnId(f"{session}-{n}"),
            TranscriptId("t"),
            Role.EXPERT,
            Interval(t * S, (t + 1) * S),
            SAID[n % len(SAID)],
        )
        for n, t in enumerate(times)
    )


def egoexo(folder: Path, seed: int = 0) -> dict[str, list[SessionBundle]]:
    """By task: sessions of files that are made as Ego-Exo4D's are."""
    random = Random(seed)
    files = {
        "proficiency": ("egoexo4d-proficiency", "proficiency_demonstration_test.json", _demonstrations(random)),
        "demonstrator": ("egoexo4d-proficiency", "proficiency_demonstrator_test.json", _demonstrators(random)),
        "clip-text": ("egoexo4d-atomic", "atomic_descriptions.json", _descriptions(random)),
        "commentary": ("egoexo4d-commentary", "expert_commentary_test.json", _commentary(random)),
    }
    found = {}
    for task, (reader, name, content) in files.items():
        (folder / task).mkdir(parents=True)
        path = folder / task / name
        path.write_text(json.dumps(content), encoding="utf-8")
        found[task] = published(reader, [path])
    return found


def _demonstrations(random: Random) -> list[object]:
    def points() -> list[object]:
        return [
            {"video_time": round(random.uniform(0, 60), 2), "list": ["Steady."], "expert_uid": "e"}
            for _ in range(random.randrange(5))
        ]

    return [
        {"take_uid": f"t{n}", "task_name": "bike", "good_executions": points(), "tips_for_improvement": points()}
        for n in range(TAKES)
    ]


def _demonstrators(random: Random) -> list[object]:
    return [{"take_uid": f"t{n}", "proficiency_score": random.choice(LEVELS)} for n in range(TAKES)]


def _descriptions(random: Random) -> dict[str, object]:
    def told(by: str) -> dict[str, object]:
        times = sorted(round(random.uniform(0, 60), 2) for _ in range(20))
        said = [{"text": f"C does {t}.", "timestamp": t, "narration_subject": "C"} for t in times]
        return {"annotation_uid": by, "annotator_id": by, "rejected": False, "descriptions": said}

    return {"annotations": {f"t{n}": [told("one"), told("two")] for n in range(TAKES)}}


def _commentary(random: Random) -> dict[str, object]:
    def told(n: int) -> dict[str, object]:
        said = [
            {
                "recording": f"{k}.webm",
                "video_time": round(random.uniform(0, 60), 2),
                "text": text,
                "error": not text,
            }
            for k, text in enumerate(("Hands too far apart.", "", "Good."))
        ]
        return {"take_uid": f"t{n}", "take_name": "bike", "commentary": f"t{n}/e1", "commentary_data": said}

    return {"annotations": {f"t{n}": [told(n)] for n in range(TAKES)}}
