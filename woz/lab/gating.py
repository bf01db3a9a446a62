"""Runs the gates on a project's question sets, and notes what they hold against each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from woz.annotation.edits import Edit
from woz.base.clock import Clock
from woz.dataset.distractors.sentence_vectors import SentenceVectors
from woz.dataset.gates.item import Gate, Item
from woz.dataset.gates.later import MOST_LATER
from woz.dataset.gates.meaning import meaning_gate
from woz.dataset.gates.running import flags_of, run_gates
from woz.dataset.release.record import shuffled
from woz.dataset.splits.assigning import SHARES, Member, assign
from woz.dataset.splits.groups import GroupBy, groups, members_of
from woz.lab.model_gating import Models, model_gates
from woz.lab.ports import Project
from woz.lab.settled_splits import settled_by
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId, SessionId
from woz.model.made import PROGRAM
from woz.model.question import Flag, Question, ReviewStatus
from woz.model.session import Session
from woz.model.transcript import Turn

GATE = "Flag questions"


def gate_questions(
    project: Project,
    session_ids: Sequence[SessionId],
    by: GroupBy,
    seed: int,
    sure: float,
    keep: bool,
    models: Models | None = None,
    clock: Clock | None = None,
    vectors: SentenceVectors | None = None,
    most_later: float = MOST_LATER,
) -> list[Gate]:
    """What the gates find in the question sets that nobody rejected, as a release with this split would have them:
    with the splits that earlier releases settled.

    `keep` notes the findings at the questions, in the place of earlier ones of the same gates. Where a model's
    server fails, WozError is raised once the other gates' findings are noted.
    """
    sessions = [project.sessions.get(key) for key in session_ids]
    found = {session.id: _loaded(project, session.id) for session in sessions}
    items = _items(project, sessions, found, by, seed)
    gates = run_gates(items, sure, most_later) + ([meaning_gate(items, vectors)] if vectors else [])
    if keep:
        _note(project, {key: loaded.questions for key, loaded in found.items()}, gates)
    if models and clock:
        asked = model_gates(project, items, models, seed, clock)
        if keep:
            _note(project, {key: _loaded(project, key).questions for key in found}, asked)
        gates += asked
    return gates


@dataclass(frozen=True, slots=True)
class _Loaded:
    """Of a session: what nobody rejected, the newest transcript's turns by time, when which segment begins."""

    questions: list[Question]
    turns: list[Turn]
    starts: dict[AnnotationId, int]


def _loaded(project: Project, session_id: SessionId) -> _Loaded:
    transcripts = project.transcripts.of_session(session_id)
    newest = transcripts[-1].id if transcripts else None
    items = project.annotations.load(session_id)
    turns = [item for item in items if isinstance(item, Turn) and item.transcript_id == newest]
    questions = [i for i in items if isinstance(i, Question) and i.status != ReviewStatus.REJECTED]
    rested = {key for each in questions for key in each.evidence.annotations}
    marks = (item for item in items if isinstance(item, Annotation) and item.id in rested)
    starts = {mark.id: mark.start_ns for mark in marks if mark.start_ns is not None}
    return _Loaded(questions, sorted(turns, key=lambda turn: turn.interval), starts)


def _items(
    project: Project,
    sessions: Sequence[Session],
    found: Mapping[SessionId, _Loaded],
    by: GroupBy,
    seed: int,
) -> list[Item]:
    known = {person.id: person for person in project.participants.all()}
    grouped = groups(sessions, known.values(), by)
    members = [
        Member(grouped[session.id], f"{session.procedure_id or ''}/{question.type or ''}")
        for session in sessions
        for question in found[session.id].questions
    ]
    settled = settled_by(project, by).of(members_of(sessions, known.values(), by, grouped)).splits
    splits = {**assign(members, SHARES, seed, settled), **settled} if members else {}
    return [
        Item(
            question,
            grouped[session.id],
            splits[grouped[session.id]],
            session.place,
            tuple(shuffled(question, seed)),
            found[session.id].turns,
            tuple(known[each].pseudonym for each in session.participants),
            found[session.id].starts,
        )
        for session in sessions
        for question in found[session.id].questions
    ]


def _note(project: Project, questions: Mapping[SessionId, Sequence[Question]], gates: Sequence[Gate]) -> None:
    """Flags of gates that were not run stay."""
    flags, run = flags_of(gates), {gate.name for gate in gates}
    for session_id, found in questions.items():
        changed = [(old, new) for old in found if (new := _flagged(old, flags.get(old.id, ()), run)) != old]
        if changed:
            edit = Edit(GATE, tuple(old for old, _ in changed), tuple(new for _, new in changed))
            project.annotations.record(session_id, edit, PROGRAM)


def _flagged(question: Question, flags: tuple[Flag, ...], run: set[str]) -> Question:
    return replace(question, flags=(*(each for each in question.flags if each.gate not in run), *flags))
