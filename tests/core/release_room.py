"""A small project's sessions, with films, for tests of releases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from tests.core.media_files import write_video
from woz.base.interval import Interval
from woz.dataset.release.building import Built, ReleaseBuilder
from woz.dataset.release.checking import looked_at
from woz.dataset.release.clips import Film
from woz.dataset.release.recipe import Recipe
from woz.formats.bundle import SessionBundle
from woz.model.ids import ParticipantId, QuestionId, SessionId, TranscriptId, TurnId
from woz.model.origin import Origin
from woz.model.people import Consent, ConsentKind, Participant, Role
from woz.model.question import Distractor, Evidence, Question, ReviewStatus
from woz.model.session import Session, SessionState
from woz.model.transcript import Transcript, Turn

S = 1_000_000_000
LENGTH_S = 12
RATE = 48_000
WRONG = ("The blue one.", "None of them.", "The long one.")


def sound() -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """A tone that is never silent."""
    return (0.3 * np.sin(np.arange(LENGTH_S * RATE) * 2 * np.pi * 440 / RATE)).astype(np.float32)


def film(folder: Path) -> Film:
    return Film(write_video(folder / "ego.mp4", sound(), RATE, LENGTH_S))


def turns(session: str) -> tuple[Turn, ...]:
    spoken = (
        (Role.EXPERT, 1, 2, "Good."),
        (Role.TRAINEE, 4, 6, "Which one?"),
        (Role.EXPERT, 5.5, 7, "The red one."),
    )
    return tuple(
        Turn(TurnId(f"{session}-{n}"), TranscriptId("t"), who, Interval(round(a * S), round(b * S)), text)
        for n, (who, a, b, text) in enumerate(spoken)
    )


def question(session: str, name: str, **changes: object) -> Question:
    """Asked from 4 to 6 s, answered from 5.5 s on."""
    span = Interval(4 * S, 6 * S)
    made = Question(
        QuestionId(f"{session}-{name}"), SessionId(session), Interval(S, 6 * S), Role.TRAINEE, "Which one?",
        "The red one.", span, Interval(11 * S // 2, 7 * S), distractors=tuple(Distractor(each) for each in WRONG),
        status=ReviewStatus.ACCEPTED, asked_ns=6 * S, language="en",
        evidence=Evidence((TurnId(f"{session}-1"), TurnId(f"{session}-2"))),
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def bundle(session: str, person: str, agreed: bool = True, **changes: object) -> SessionBundle:
    consents = (Consent(ConsentKind.RELEASE, "1", 0),) if agreed else ()
    whole = Session(SessionId(session), "Lamp", SessionState.CLOSED, 0, LENGTH_S * S)
    people = (Participant(ParticipantId(person), person, Role.TRAINEE, consents),)
    made = SessionBundle(
        replace(whole, participants=(people[0].id,)), Path(session) / "ego.mkv", people,
        Transcript(TranscriptId("t"), whole.id, Origin.SCRIPT, "en", "test", 0), turns(session), (), (), {},
        (question(session, "a"), question(session, "b", text="Which one now?")),
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def build(out: Path, recipe: Recipe, bundles: Sequence[SessionBundle], film: Film | None = None) -> Built:
    by_id = {each.session.id: each for each in bundles}
    builder = ReleaseBuilder(
        recipe, [each.session for each in bundles], lambda key: by_id[key], lambda _: film, lambda *_: None
    )
    return builder.build(out)


def amiss(release: Path) -> list[str]:
    """All that is told of a release."""
    changed, told = looked_at(release)
    return changed + told
