"""What goes into the repositories comes out again, and what contradicts the rest stays out."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from storage import Project
from storage.backends.faults import ContradictionError
from tests.storage.examples import CLOCK, SESSION, SID, TIER, TRANSCRIPT, TURN, moved, segment
from woz.annotation.edits import Edit
from woz.base.errors import WozError
from woz.base.interval import Interval
from woz.model.annotation import Annotation
from woz.model.annotator import Annotator, AnnotatorRole, BlindScope, BlindTo
from woz.model.events import Event, EventKind
from woz.model.ids import (
    AnnotatorId,
    BlindScopeId,
    JobId,
    LabelId,
    ParticipantId,
    ProcedureId,
    SchemeId,
    SessionId,
    StepId,
    StreamId,
    TranscriptId,
    TurnId,
)
from woz.model.job import Job, JobState
from woz.model.own_schemes import CONVERSATION, steps_scheme
from woz.model.people import Attendance, Consent, ConsentKind, Experience, Participant, Role
from woz.model.procedure import Procedure, Step
from woz.model.protocol import ON_DEMAND, PROACTIVE
from woz.model.scheme import Label, Move, MoveKind
from woz.model.session import DataSetSource, SessionState, Take
from woz.model.stream import Stream, StreamKind

SIGNED = (
    Consent(ConsentKind.RECORDING, "1", 5),
    Consent(ConsentKind.RECORDING, "2", 7),
    Consent(ConsentKind.RELEASE, "1", 6),
)
ANNA = Participant(ParticipantId("anna"), "P01", Role.TRAINEE, SIGNED, languages=("de-CH", "en"))
BEN = Participant(ParticipantId("ben"), "E01", Role.EXPERT)
CAKE = Procedure(
    ProcedureId("cake"),
    "Cake",
    (
        Step(StepId("heat"), "Heat the oven", 0, StepId("bake"), (), "To 180 °C.", ("oven",), optional=True),
        Step(StepId("mix"), "Mix", 0, tools=("bowl", "whisk"), repeatable=True, global_id="217"),
        Step(StepId("bake"), "Bake", 1, prerequisites=(StepId("mix"), StepId("heat"))),
    ),
    "For four people.",
    ("flour", "eggs"),
)


def test_people_procedures_and_sessions_come_back(project: Project) -> None:
    later = replace(SESSION, id=SessionId("20231115-080000-00bb"), start_utc_ns=SESSION.start_utc_ns + 1)
    full = replace(
        later,
        procedure_id=CAKE.id,
        participants=(BEN.id, ANNA.id),
        state=SessionState.CLOSED,
        duration_ns=9,
        scenario="The oven is cold.",
        provenance=DataSetSource("CaptainCook4D", "Apache-2.0"),
        protocol=replace(ON_DEMAND, gaze_shown=True, cue_delay_ms=250),
        attendance=(Attendance(ANNA.id, Role.TRAINEE, Experience.SOME, 3, 4),),
    )
    for person in (ANNA, BEN):
        project.participants.save(person)
    project.procedures.save(CAKE)
    project.sessions.save(later)
    project.sessions.save(full)
    with Project.open(project.path, CLOCK) as again:
        assert again.participants.all() == [BEN, ANNA]
        assert again.participants.get(ANNA.id) == ANNA
        assert again.procedures.all() == [again.procedures.get(CAKE.id)] == [CAKE]
        assert again.sessions.all() == [full, SESSION]
        assert again.sessions.get(full.id) == full
        assert again.sessions.unfinished() == [SESSION]


def test_recorded_streams_and_events_come_back(project: Project) -> None:
    view = Stream(StreamId("v"), SID, StreamKind.VIEW, "ego.mkv", 0, Interval(0, 9), None, "ff")
    voice = Stream(StreamId("w"), SID, StreamKind.TRAINEE_VOICE, "ego.mkv", 1, Interval(1, 9), '{"ppm": 3}')
    project.streams.replace(SID, [view])
    project.streams.replace(SID, [voice, view])
    assert project.streams.of_session(SID) == [view, voice]
    events = [
        Event(3, EventKind.STEP, "console", {"step_id": "mix"}),
        Event(5, EventKind.NOTE, "console", {"text": "öh"}),
    ]
    project.events.replace(SID, [Event(1, EventKind.GAP, "station")])
    project.events.replace(SID, events[1:])
    project.events.append(SID, events[:1])
    assert project.events.of_session(SID) == events
    assert project.events.of_session(SID, EventKind.NOTE) == events[1:]


def test_transcripts_and_jobs_come_back(project: Project) -> None:
    short = replace(TURN, id=TurnId("a"), interval=Interval(0, 2), said=None, words=(), confidence=None, text="Ja?")
    project.transcripts.add(TRANSCRIPT, [TURN, short])
    assert project.transcripts.of_session(SID) == [TRANSCRIPT]
    assert project.transcripts.turns(TRANSCRIPT.id) == [short, TURN]
    job = Job(JobId("j"), SID, "transcribe", JobState.RUNNING, "1 of 2", 1)
    for each in (job, replace(job, state=JobState.DONE, ended_utc_ns=2)):
        project.jobs.save(each)
        assert project.jobs.all() == [each]


def test_a_procedure_saved_again_is_replaced(project: Project) -> None:
    project.procedures.save(CAKE)
    shorter = replace(CAKE, name="Quick cake", steps=(Step(StepId("mix"), "Stir", 0),))
    project.procedures.save(shorter)
    assert project.procedures.all() == [shorter]


@pytest.mark.parametrize(
    ("before", "words"),
    [(("heat", "tidy"), "'Bake' requires 'tidy', which is no step"), (("bake",), "'Bake' requires itself")],
)
def test_a_procedure_that_can_t_be_followed_is_not_kept(
    project: Project, before: tuple[str, ...], words: str
) -> None:
    steps = (*CAKE.steps[:2], replace(CAKE.steps[2], prerequisites=tuple(map(StepId, before))))
    with pytest.raises(WozError, match=words):
        project.procedures.save(replace(CAKE, steps=steps))
    assert project.procedures.all() == []


def test_two_procedures_may_use_the_same_step_ids(project: Project) -> None:
    bread = replace(CAKE, id=ProcedureId("bread"), name="Bread")
    project.procedures.save(CAKE)
    project.procedures.save(bread)
    assert project.procedures.all() == [bread, CAKE]


def test_what_changes_of_a_session_and_its_people_is_replaced(project: Project) -> None:
    project.participants.save(ANNA)
    first = replace(SESSION, participants=(ANNA.id,), protocol=ON_DEMAND)
    other = replace(first, protocol=replace(PROACTIVE, text="Talk."), attendance=(Attendance(ANNA.id, Role.OTHER),))
    for session in (first, other, replace(other, protocol=None, attendance=(), participants=())):
        project.sessions.save(session)
        assert project.sessions.get(SID) == session
    for person in (replace(ANNA, consents=SIGNED[1:], languages=("it",)), replace(ANNA, consents=(), languages=())):
        project.participants.save(person)
        assert project.participants.get(ANNA.id) == person


def test_a_rating_beyond_the_scale_is_not_stored(project: Project) -> None:
    project.participants.save(ANNA)
    wrong = Attendance(ANNA.id, Role.TRAINEE, skill=11)
    with pytest.raises(ContradictionError):
        project.sessions.save(replace(SESSION, participants=(ANNA.id,), attendance=(wrong,)))


def test_a_pseudonym_is_given_once(project: Project) -> None:
    project.participants.save(ANNA)
    with pytest.raises(WozError, match="P01 already"):
        project.participants.save(replace(BEN, pseudonym="P01"))
    assert project.participants.all() == [ANNA]
    project.participants.save(replace(ANNA, withdrawn=True))
    assert project.participants.get(ANNA.id).withdrawn


def test_what_is_not_there_is_told(project: Project) -> None:
    with pytest.raises(WozError, match=f"no session x; its newest is {SID}[.] The home window lists all"):
        project.sessions.get(SessionId("x"))
    with pytest.raises(WozError, match="participant is no longer in this project"):
        project.participants.get(ParticipantId("x"))
    with pytest.raises(WozError, match="procedure is no longer in this project"):
        project.procedures.get(ProcedureId("x"))
    with pytest.raises(WozError, match="no scheme x; woz scheme list"):
        project.schemes.get(SchemeId("x"), 1)
    with pytest.raises(WozError, match="annotator is no longer in this project"):
        project.annotators.get(AnnotatorId("x"))
    project.schemes.keep(CONVERSATION)
    with pytest.raises(WozError, match="has no version 7 in this project; it has 1"):
        project.schemes.get(CONVERSATION.id, 7)


def test_a_mistyped_session_is_answered_with_the_one_that_was_meant(project: Project, tmp_path: Path) -> None:
    project.sessions.save(replace(SESSION, id=SessionId("20270301-080000-00bb")))
    with pytest.raises(WozError, match=f"no session 20231114-221320-00ab; did you mean {SID}[?] The home window"):
        project.sessions.get(SessionId("20231114-221320-00ab"))
    none = pytest.raises(WozError, match="no session x, nor any other yet; record one, or import one")
    with Project.create(tmp_path / "new", "New", CLOCK) as new, none:
        new.sessions.get(SessionId("x"))


def test_what_refers_to_nothing_is_not_stored(project: Project) -> None:
    with pytest.raises(ContradictionError):
        project.sessions.save(replace(SESSION, participants=(ANNA.id,)))
    with pytest.raises(ContradictionError):
        project.transcripts.add(
            TRANSCRIPT, [TURN, replace(TURN, id=TurnId("b"), transcript_id=TranscriptId("other"))]
        )
    assert project.sessions.all() == [SESSION]
    assert project.transcripts.of_session(SID) == []


def test_a_worker_and_the_main_thread_share_a_project(project: Project) -> None:
    segments = [segment("a"), segment("b")]
    project.annotations.record(SID, Edit("new", (), (TIER, *segments)), "ada")

    def move(old: Annotation) -> Annotation:
        for _ in range(40):
            new = moved(old, old.interval.shifted(1))
            project.annotations.record(SID, Edit("move", (old,), (new,)), "ada")
            old = new
        return old

    with ThreadPoolExecutor(1) as worker:
        other = worker.submit(move, segments[1])
        both = (move(segments[0]), other.result())
    assert set(project.annotations.load(SID)) == {TIER, *both}
    assert len(project.annotations.history(SID)) == 81


def test_a_scheme_s_version_never_changes(project: Project) -> None:
    first = project.schemes.keep(steps_scheme(CAKE))
    assert first.version == 1
    assert project.schemes.keep(replace(steps_scheme(CAKE), version=7)) == first
    changed = (replace(CAKE.steps[0], name="Heat it"), CAKE.steps[2])
    second = project.schemes.keep(steps_scheme(replace(CAKE, steps=changed)))
    steps = second.tier_types[0]
    assert (second.version, [label.id for label in steps.offered]) == (2, ["bake", "heat"])
    assert (steps.label("mix").name(), steps.label("mix").retired) == ("Mix", True)
    assert second.moves == (
        Move(MoveKind.RETIRED, "steps", "mix"),
        Move(MoveKind.RENAMED, "steps", "heat", ("heat",)),
    )
    assert project.schemes.get(first.id, 1) == first
    with pytest.raises(ContradictionError):
        project.schemes.add(replace(first, name="Other"))
    assert project.schemes.keep(CONVERSATION) == CONVERSATION
    odd = replace(steps, labels=(Label(LabelId("x"), "x", {"de": "Rühren"}),))
    assert project.schemes.keep(replace(second, tier_types=(odd,))).tier_type("steps").label("x").name() == "Rühren"


def test_annotators_are_known_by_their_pseudonyms(project: Project) -> None:
    jane, ben = Annotator(AnnotatorId("j"), "R1"), Annotator(AnnotatorId("b"), "R3")
    for person in (jane, ben):
        project.annotators.save(person)
    chief = replace(jane, pseudonym="R2", roles=(AnnotatorRole.MANAGER, AnnotatorRole.CURATOR))
    project.annotators.save(chief)
    assert project.annotators.get(jane.id) == chief
    assert project.annotators.all() == [chief, ben]
    assert project.annotators.named("R3") == ben
    with pytest.raises(WozError, match="annotator R3 already"):
        project.annotators.save(Annotator(AnnotatorId("x"), ben.pseudonym))
    with pytest.raises(WozError, match="no annotator R1"):
        project.annotators.named("R1")


def test_a_blind_scope_is_kept_until_it_is_lifted(project: Project) -> None:
    jane = Annotator(AnnotatorId("j"), "R1")
    project.annotators.save(jane)
    part = BlindScope(BlindScopeId("b"), jane.id, SID, "steps", Interval(0, 5), BlindTo.MACHINES)
    whole = BlindScope(BlindScopeId("c"), jane.id, SID, "states", scheme_id=CONVERSATION.id)
    for scope in (part, whole):
        project.annotators.save_scope(scope)
    assert project.annotators.scopes(SID) == project.annotators.scopes() == [part, whole]
    assert project.annotators.scopes(SessionId("other")) == []
    project.annotators.remove_scope(part.id)
    assert project.annotators.scopes(SID) == [whole]


def test_takes_from_before_tasks_were_kept_are_read(project: Project) -> None:
    with project.database.transaction() as rows:
        takes = '[{"name": "first", "interval": {"start_ns": 5, "end_ns": 9}}]'
        rows.execute(text("UPDATE session SET takes = :takes"), {"takes": takes})
    assert project.sessions.get(SID).takes == (Take("first", Interval(5, 9)),)


def test_place_takes_and_views_come_back(project: Project) -> None:
    taken = (Take("warm-up", Interval(0, 5)), Take("first", Interval(5, 9), "Cake", "exo-2"))
    session = replace(SESSION, place="K2", takes=taken)
    project.sessions.save(session)
    assert project.sessions.get(SID) == session
    views = [
        Stream(StreamId(f"{n}"), SID, StreamKind.OTHER_VIEW, f"{n}.mkv", 0, Interval(0, 9), "{}", None, view)
        for n, view in enumerate(("exo-1", "exo-2"))
    ]
    project.streams.replace(SID, views)
    assert project.streams.of_session(SID) == views


def test_what_is_written_at_once_is_kept_as_a_whole_or_not(project: Project) -> None:
    other = replace(SESSION, id=SessionId("20231114-221320-00ff"))

    def write(ended: bool = False) -> None:
        project.participants.save(ANNA)
        project.sessions.save(other)
        assert project.sessions.get(other.id) == other
        assert [each.pseudonym for each in project.participants.all()] == ["P01"]
        if ended:
            raise KeyboardInterrupt

    def within() -> None:
        with project.at_once():
            write()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), project.at_once():
        write(ended=True)
    assert project.participants.all() == []
    assert [each.id for each in project.sessions.all()] == [SID]
    with pytest.raises(KeyboardInterrupt), project.at_once():
        within()
    assert project.participants.all() == []
    with project.at_once():
        write()
    assert project.participants.all() == [ANNA]
    assert other in project.sessions.all()


def test_what_contradicts_within_a_larger_whole_is_told_where_it_is_written(project: Project) -> None:
    """So that whoever writes it can say what that means, as elsewhere."""
    wrong = Attendance(ANNA.id, Role.TRAINEE, skill=11)

    def write() -> None:
        project.participants.save(ANNA)
        with pytest.raises(ContradictionError):
            project.sessions.save(replace(SESSION, participants=(ANNA.id,), attendance=(wrong,)))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), project.at_once():
        write()
    assert project.participants.all() == []
