"""What a withdrawal would take away, and which texts repeat somebody's words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from woz.annotation.edits import Edit
from woz.annotation.withdrawn import Scope, brings_words, words_of
from woz.annotation.withdrawn_events import event_goes
from woz.base.interval import Interval
from woz.model.annotation import Annotation, Attribute
from woz.model.events import Event, EventKind
from woz.model.ids import AnnotationId, ParticipantId, SessionId, StreamId, TierId, TranscriptId, TurnId
from woz.model.kinds import Item
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.people import Attendance, Participant, Role
from woz.model.session import Session, SessionState
from woz.model.stream import Stream, StreamKind
from woz.model.transcript import Turn
from woz.privacy.certificate import CONSOLE, limits_of
from woz.privacy.quotes import Quotes
from woz.privacy.withdrawal import Fate, FilePlan, Plan, SessionPlan, Share, Silence, plan_files, shares

SID = SessionId("s")
TRAINEE, EXPERT = (Participant(ParticipantId(r), r.upper(), r) for r in (Role.TRAINEE, Role.EXPERT))
SESSION = Session(SID, "Cake", SessionState.CLOSED, 1, participants=(TRAINEE.id, EXPERT.id))
SPAN = Interval(0, 10)


def _streams() -> list[Stream]:
    tracks = {StreamKind.VIEW: 0, StreamKind.TRAINEE_VOICE: 0, StreamKind.EXPERT_HEARD: 1}
    film = [Stream(StreamId(kind), SID, kind, "ego.mkv", nr, SPAN) for kind, nr in tracks.items()]
    more = {
        "room.mka": StreamKind.ROOM,
        "expert.mka": StreamKind.EXPERT_SAID,
        "camera.mkv": StreamKind.OTHER_VIEW,
        "sensors/gaze.csv": StreamKind.GAZE,
        "sensors/expert_gaze.csv": StreamKind.EXPERT_GAZE,
    }
    return film + [Stream(StreamId(path), SID, kind, path, 0, SPAN) for path, kind in more.items()]


FILES = {stream.path: 7 for stream in _streams()} | {
    "manifest.json": 1,
    "events.jsonl": 2,
    "derived/ego.0.wave": 3,
    "sensors/ego.vrs": 4,
    "sensors/ego_frames.csv": 5,
    "expert.parts/0": 6,
    "strange.doc": 8,
    "notes/a.mka": 9,
    "faces/ego.json": 10,
}


def _planned(
    role: Role, alone: bool = False, speaks: bool = True, done: tuple[str, ...] = ()
) -> dict[str, FilePlan]:
    return {f.path: f for f in plan_files(Share(SID, (role,), alone), _streams(), FILES, speaks, done)}


def test_the_trainees_files() -> None:
    found = _planned(Role.TRAINEE)
    assert found["ego.mkv"].silences == (Silence(0, whole=True), Silence(1, whole=False))
    assert found["ego.mkv"].shows
    assert found["room.mka"].silences == (Silence(0, whole=True),)
    assert found["expert.mka"].silences == (Silence(0, whole=False),)
    gone = {path for path, file in found.items() if file.fate == Fate.DELETED}
    assert gone == {"derived/ego.0.wave", "sensors/gaze.csv", "sensors/ego.vrs"}
    assert found["camera.mkv"].fate == Fate.BLUR
    looked_at = {path: file.why for path, file in found.items() if file.fate == Fate.LOOK}
    assert set(looked_at) == {"strange.doc", "expert.parts/0", "notes/a.mka", "faces/ego.json"}
    assert "annotator said" in looked_at["notes/a.mka"]
    assert "faces are" in looked_at["faces/ego.json"]
    assert not {"manifest.json", "sensors/ego_frames.csv", "sensors/expert_gaze.csv"} & set(found)


def test_the_experts_files() -> None:
    found = _planned(Role.EXPERT)
    assert found["ego.mkv"].silences == (Silence(0, whole=False), Silence(1, whole=True))
    assert found["expert.mka"].silences == (Silence(0, whole=True),)
    gone = {path for path, file in found.items() if file.fate == Fate.DELETED}
    assert gone == {"derived/ego.0.wave", "sensors/expert_gaze.csv", "sensors/ego.vrs", "expert.parts/0"}


def test_where_it_is_not_known_when_they_speak() -> None:
    """Others' tracks are left, and what is silent already is only told for its pictures."""
    found = _planned(Role.TRAINEE, speaks=False)
    assert found["ego.mkv"].silences == (Silence(0, whole=True),)
    assert "expert.mka" not in found
    assert _planned(Role.TRAINEE, done=("ego.mkv",))["ego.mkv"].fate == Fate.BLUR


def test_where_nobody_is_left_all_goes() -> None:
    found = _planned(Role.OTHER, alone=True)
    assert set(found) == set(FILES) - {"manifest.json"}
    assert {file.fate for file in found.values()} == {Fate.DELETED}


def test_a_consoles_own_copy_is_told_where_there_was_a_session() -> None:
    session = SessionPlan(SID, (Role.TRAINEE,), False, {}, ())
    assert CONSOLE in limits_of(Plan("P01", (session,)))
    assert CONSOLE not in limits_of(Plan("P01"))


def test_who_was_where() -> None:
    people = (TRAINEE, EXPERT)
    assert shares(TRAINEE, [SESSION], people) == (Share(SID, (Role.TRAINEE,), alone=False),)
    gone = (TRAINEE, replace(EXPERT, withdrawn=True))
    assert shares(TRAINEE, [SESSION], gone)[0].alone
    as_other = replace(SESSION, attendance=(Attendance(TRAINEE.id, Role.EXPERT),))
    (share,) = shares(TRAINEE, [as_other, replace(SESSION, participants=())], people)
    assert (share.roles, share.alike) == ((Role.EXPERT,), ("EXPERT",))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("She says: TURN the small, red wheel!", True),
        ("turn the small", False),
        ("about p-01’s hands: P01 waits", True),
        ("P012 waits", False),
        ("これは机です、と言った", True),
        ("Yes.", False),
        ("", False),
    ],
)
def test_quotations(text: str, *, found: bool) -> None:
    said = ("Turn the small red wheel slowly", "Yes.", "これは机です、と言った")
    assert Quotes.of(said, "P01").found_in(text) == found


def _turn(name: str, speaker: Role, text: str, *origins: str) -> Turn:
    return Turn(TurnId(name), TranscriptId("t"), speaker, SPAN, text, origins=tuple(map(TurnId, origins)))


def test_a_turn_is_whose_it_was_last() -> None:
    versions = [
        _turn("a", Role.TRAINEE, "of the expert in truth"),
        _turn("b", Role.TRAINEE, "mine and then his"),
        _turn("a", Role.EXPERT, "of the expert in truth"),
        _turn("b", Role.TRAINEE, "mine"),
        _turn("c", Role.EXPERT, "and then his", "b"),
    ]
    scope = Scope(SID, "E1", frozenset({Role.EXPERT}), whole=False)
    words = words_of(scope, versions)
    assert words.turns == frozenset({"a", "c"})
    assert words.shared == frozenset({"b"})
    assert words.texts == ("of the expert in truth", "and then his")


def test_a_yes_in_the_journal_goes_with_whoever_said_it() -> None:
    scope = Scope(SID, "P01", frozenset({Role.TRAINEE}), whole=False)
    words = words_of(scope, [])
    said = [Event(0, EventKind.CONSENT, "station", {"person": name, "version": "2.1"}) for name in ("P01", "E01")]
    assert [event_goes(event, scope, words) for event in said] == [True, False]


MADE = Made(Origin.MANUAL, "ada", 1)
MARK = Annotation(AnnotationId("m"), TierId("t"), 0, 5, "pour", MADE, note="warm")
TURN = Turn(TurnId("u"), TranscriptId("x"), Role.EXPERT, SPAN, "Stir it.")


@pytest.mark.parametrize(
    ("before", "after", "brings"),
    [
        (None, MARK, True),
        (None, replace(MARK, note=""), False),
        (MARK, replace(MARK, label="stir", end_ns=7), False),
        (MARK, replace(MARK, note=""), False),
        (MARK, replace(MARK, note="warm!"), True),
        (MARK, replace(MARK, attributes=(Attribute("said", "now"),)), True),
        (MARK, replace(MARK, attributes=(Attribute("right", True),)), False),
        (TURN, replace(TURN, interval=Interval(1, 9)), False),
        (TURN, replace(TURN, translation="Gira."), True),
        (TURN, replace(TURN, doubt=""), False),
    ],
)
def test_an_edit_brings_words_in_where_an_item_had_none_such_before(
    before: Item | None, after: Item, brings: bool
) -> None:
    edit = Edit("Change", (before,) if before else (), (after,))
    assert brings_words(edit) is brings
    assert brings_words(replace(edit, why="as she said"))
