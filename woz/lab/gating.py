"""Runs the gates on a project's question sets, and notes what they hold against each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from woz.annotation.edits import Edit
from woz.dataset.gates.item import Gate, Item
from woz.dataset.gates.running import flags_of, run_gates
from woz.dataset.release.record import shuffled
from woz.dataset.splits.assigning import SHARES, Member, assign
from woz.dataset.splits.groups import GroupBy, groups
from woz.lab.ports import Project
from woz.model.ids import SessionId
from woz.model.made import PROGRAM
from woz.model.question import Flag, Question, ReviewStatus
from woz.model.session import Session
from woz.model.transcript import Turn

GATE = "Flag questions"


def gate_questions(
    project: Project, session_ids: Sequence[SessionId], by: GroupBy, seed: int, sure: float, keep: bool
) -> list[Gate]:
    """What the gates find in the question sets that nobody rejected, as a release with this split would have them.

    `keep` notes the findings at the questions, in the place of earlier ones.
    """
    sessions = [project.sessions.get(key) for key in session_ids]
    found = {session.id: _loaded(project, session.id) for session in sessions}
    gates = run_gates(_items(project, sessions, found, by, seed), sure)
    if keep:
        flags = flags_of(gates)
        for session_id, (questions, _) in found.items():
            _flag(project, session_id, questions, flags)
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
    grouped = groups(sessions, project.participants.all(), by)
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
        )
        for session in sessions
        for question in found[session.id][0]
    ]


def _flag(
    project: Project, session_id: SessionId, questions: Sequence[Question], flags: Mapping[str, tuple[Flag, ...]]
) -> None:
    changed = [(old, new) for old in questions if (new := replace(old, flags=flags.get(old.id, ()))) != old]
    if changed:
        edit = Edit(GATE, tuple(old for old, _ in changed), tuple(new for _, new in changed))
        project.annotations.record(session_id, edit, PROGRAM)
