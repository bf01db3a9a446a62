"""A session as it is when it was recorded, and a file of it in each format that can be read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.core.format_room import written
from woz.annotation.live_scheme import LIVE, STROKE
from woz.annotation.live_scheme import MISTAKE as MISTAKE_LIVE
from woz.base.interval import NS_PER_S, Interval
from woz.formats.bundle import SessionBundle
from woz.formats.registry import reader
from woz.model.annotation import Annotation, Attribute
from woz.model.ids import AnnotationId, ParticipantId, ProcedureId, SessionId, StepId, TierId, TranscriptId, TurnId
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.own_schemes import MISTAKE, STEPS, steps_scheme
from woz.model.people import Participant, Role
from woz.model.procedure import Procedure, Step
from woz.model.session import Session, SessionState
from woz.model.tier import Tier
from woz.model.transcript import Transcript, Turn, Word

FRAME_RATE = 25
MADE = Made(Origin.MANUAL, "ada")
TENT = Procedure(
    ProcedureId("tent"),
    "Pitch a tent",
    (Step(StepId("poles"), "Join poles", 0), Step(StepId("pegs"), "Set pegs", 1)),
)
SCHEME = steps_scheme(TENT)
SID = SessionId("20260101-000000-0000")
TIER = Tier(TierId("t"), SID, SCHEME.id, 1, STEPS, "Steps", MADE)


def _step(name: str, start_s: int, end_s: int, *attributes: Attribute) -> Annotation:
    return Annotation(AnnotationId(name), TIER.id, start_s * NS_PER_S, end_s * NS_PER_S, name, MADE, attributes)


LIVE_TIERS = tuple(
    Tier(TierId(key), SID, LIVE.id, 1, key, key, Made(Origin.LIVE, "woz")) for key in (MISTAKE_LIVE, STROKE)
)
TID = TranscriptId("transcript")


def _turn(name: str, speaker: Role, start_s: float, end_s: float, text: str) -> Turn:
    span = Interval(int(start_s * NS_PER_S), int(end_s * NS_PER_S))
    return Turn(TurnId(name), TID, speaker, span, text, words=(Word(text.replace(" ", ""), span),))


BUNDLE = SessionBundle(
    Session(SID, "Tent", SessionState.CLOSED, 0, 9 * NS_PER_S),
    Path("ego.mkv"),
    (Participant(ParticipantId("e"), "E01", Role.EXPERT),),
    Transcript(TID, SID, Origin.IMPORTED, "en", "test", 0),
    (_turn("q", Role.TRAINEE, 1, 2, "Like this?"), _turn("a", Role.EXPERT, 3, 3.5, "No, turn it.")),
    (TIER, *LIVE_TIERS),
    (
        _step("poles", 0, 4, Attribute(MISTAKE, True)),
        _step("pegs", 4, 8),
        Annotation(
            AnnotationId("m"), TierId(MISTAKE_LIVE), 2 * NS_PER_S, None, MISTAKE_LIVE, MADE, note="Pole bent"
        ),
        Annotation(
            AnnotationId("s"),
            TierId(STROKE),
            5 * NS_PER_S,
            6 * NS_PER_S,
            STROKE,
            MADE,
            (Attribute("drawing", None, place="[[0.25, 0.5], [0.5, 0.5]]"),),
        ),
    ),
    {(SCHEME.id, 1): SCHEME, (LIVE.id, 1): LIVE},
    (),
    procedure=TENT,
)


FOLDERS = {"wtag"}
"""Formats that are a folder a session."""


def sample(name: str, folder: Path, *bundles: SessionBundle, frame_rate: float = FRAME_RATE) -> Path:
    """A file, or a folder, in this format, made of sessions; of `BUNDLE` where none is given."""
    files = written(name, bundles or [BUNDLE], folder / name, frame_rate)
    if name in FOLDERS:
        return folder / name / files[0].relative_to(folder / name).parts[0]
    fitting = [path for path in files if path.name.endswith(reader(name).ending)]
    return (fitting or files)[0]


def many(count: int) -> SessionBundle:
    """The session with so many steps, marks and turns, one after the other."""
    mark = BUNDLE.annotations[2]
    steps = (_step("pegs" if n % 2 else "poles", 4 * n, 4 * n + 3) for n in range(count))
    named = tuple(replace(each, id=AnnotationId(f"s{n}")) for n, each in enumerate(steps))
    marks = tuple(replace(mark, id=AnnotationId(f"m{n}"), start_ns=4 * n * NS_PER_S) for n in range(count))
    turns = tuple(_turn(f"t{n}", Role.EXPERT, 4 * n, 4 * n + 2, "Turn it.") for n in range(count))
    session = replace(BUNDLE.session, duration_ns=4 * count * NS_PER_S)
    return replace(BUNDLE, session=session, annotations=(*named, *marks), turns=turns)


def several(count: int, each: SessionBundle = BUNDLE) -> list[SessionBundle]:
    """So many sessions, each alike."""
    sessions = (replace(each.session, id=SessionId(f"20260101-000000-{n:04x}")) for n in range(count))
    return [replace(each, session=session) for session in sessions]
