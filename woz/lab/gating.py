"""Runs the gates on a project's question sets, and notes what they hold against each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from woz.annotation.edits import Edit
from woz.base.clock import Clock
from woz.dataset.distractors.sentence_vectors import SentenceVectors
from woz.dataset.gates.item import Gate, Item
from woz.dataset.gates.meaning import meaning_gate
from woz.dataset.gates.running import flags_of, run_gates
from woz.dataset.release.record import shuffled
from woz.dataset.splits.assigning import SHARES, Member, assign
from woz.dataset.splits.groups import GroupBy, groups
from woz.lab.model_gating import Models, model_gates
from woz.lab.ports import Project
from woz.model.ids import SessionId
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
) -> list[Gate]:
    """What the gates find in the question sets that nobody rejected, as a release with this split would have them.

    `keep` notes the findings at the questions, in the place of earlier ones of the same gates. Where a model's
    server fails, WozError is raised once the other gates' findings are noted.
    """
    sessions = [project.sessions.get(key) for key in session_ids]
    found = {session.id: _loaded(project, session.id) for session in sessions}
    items = _items(project, sessions, found, by, seed)
    gates = run_gates(items, sure) + ([meaning_gate(items, vectors)] if vectors else [])
    if keep:
        _note(project, {key: questions for key, (questions, _) in found.items()}, gates)
    if models and clock:
        asked = model_gates(project, items, models, seed, clock)
        if keep:
            _note(project, {key: _loaded(project, key)[0] for key in found}, asked)
        gates += asked
    return gates


def _loaded(project: Project, session_id: SessionId) -> tuple[list[Question], list[Turn]]:
    transcripts = project.transcripts.of_session(session_id)
    newest = transcripts[-1].id if transcripts else None
    items = project.annotations.load(session_id)
    turns = [item for item in items if isinstance(item, Turn) and item.transcript_id == newest]
    questions = [i for i in items if isinstance(i, Question) and i.status != ReviewStatus.REJECTED]
    return questions, sorted(turns, key=lambda turn: turn.interval)


def _items(
    project: Project,
    sessions: Sequence[Session],
    found: Mapping[SessionId, tuple[list[Question], list[Turn]]],
    by: GroupBy,
    seed: int,
) -> list[Item]:
    known = {person.id: person for person in project.participants.all()}
    grouped = groups(sessions, known.values(), by)
    members = [
        Member(grouped[session.id], f"{session.procedure_id or ''}/{question.type or ''}")
        for session in sessions
        for question in found[session.id][0]
    ]
    splits = assign(members, SHARES, seed) if members else {}
    return [
        Item(
            question,
            grouped[session.id],
            splits[grouped[session.id]],
            session.place,
            tuple(shuffled(question, seed)),
            found[session.id][1],
            tuple(known[each].pseudonym for each in session.participants),
        )
        for session in sessions
        for question in found[session.id][0]
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
