"""Question sets of a project: proposed by rules, with wrong answers; listed with their first texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from woz.annotation.edits import Edit
from woz.base.clock import Clock
from woz.base.errors import WozError
from woz.dataset.distractors.choosing import wrong_answers
from woz.dataset.distractors.like_answers import Akin, Known, known
from woz.dataset.distractors.nearest import Candidate, Near, Pool, candidate_answers
from woz.dataset.distractors.sentence_vectors import SentenceVectors
from woz.dataset.questions.of_recording import near_recording
from woz.dataset.questions.proposing import clip_before, of_recording, questions_cut_off
from woz.lab.deriving import derive
from woz.lab.ports import Project
from woz.model.ids import QuestionId, SessionId
from woz.model.made import PROGRAM
from woz.model.origin import Origin
from woz.model.question import Distractor, Question, ReviewStatus
from woz.model.review import WRONG_ANSWERS

PROPOSE = "Propose wrong answers"


@dataclass(slots=True)
class Proposed:
    """How many question sets there are now; `changed` were made or got wrong answers, `short` have too few;
    `of_recording` turns made none, since they are about the recording, nor did the questions that were `cut_off`.
    `wanted` is how many wrong answers each is to have.
    """

    sessions: int = 0
    questions: int = 0
    changed: int = 0
    short: int = 0
    of_recording: int = 0
    cut_off: int = 0
    wanted: int = WRONG_ANSWERS
    kinds: dict[str, int] = field(default_factory=dict)


def questions_of(project: Project, session_id: SessionId) -> list[Question]:
    """By the time at which they are asked."""
    items = project.annotations.load(session_id)
    return sorted((i for i in items if isinstance(i, Question)), key=lambda each: (each.at_ns, each.id))


def propose_questions(
    project: Project,
    session_ids: Sequence[SessionId],
    clock: Clock,
    clip_ns: int | None = None,
    vectors: SentenceVectors | None = None,
    by_rules: bool = True,
) -> Proposed:
    """Derive the sessions' questions and give those that nobody judged wrong answers, as many as the project's rule
    says; what people did stays.

    `clip_ns` is the length of their clips, None to leave it; `vectors` fill up where rules find too few. Without
    `by_rules` the wrong answers that rules found are taken away.
    """
    done, kinds, touched = Proposed(len(session_ids)), Counter[str](), set[QuestionId]()
    done.wanted = project.reviews.rule().wrong_answers
    for session_id in session_ids:
        touched |= _derived(project, session_id)
        _count_left_out(done, project, session_id)
    by_procedure = known_by_procedure(project)
    pool = pool_of(project, vectors) if vectors else None
    for session_id in session_ids:
        session = project.sessions.get(session_id)
        others = by_procedure.get(session.procedure_id or session.id) or Akin(())
        tools = project.procedures.get(session.procedure_id).tools if session.procedure_id else ()
        now = questions_of(project, session_id)
        wells = _Wells(others, tools, clock.utc_ns(), pool, done.wanted) if by_rules else None
        new = [_proposed(each, wells, clip_ns, session.duration_ns or 0) for each in now]
        changed = [(a, b) for a, b in zip(now, new, strict=True) if a != b]
        if changed:
            edit = Edit(PROPOSE, tuple(a for a, _ in changed), tuple(b for _, b in changed))
            project.annotations.record(session_id, edit, PROGRAM)
        touched.update(each.id for each, _ in changed)
        done.questions += len(new)
        done.short += _short(new, done.wanted)
        kinds.update(str(each.kind) for each in new)
    done.changed, done.kinds = len(touched), dict(sorted(kinds.items()))
    return done


def short_of_wrong(project: Project, session_ids: Sequence[SessionId]) -> int:
    """How many question sets have too few wrong answers now."""
    wanted = project.reviews.rule().wrong_answers
    return sum(_short(questions_of(project, session_id), wanted) for session_id in session_ids)


def _short(questions: Sequence[Question], wanted: int) -> int:
    """Of those that weren't discarded: nobody adds any to these."""
    held = (each for each in questions if each.status != ReviewStatus.REJECTED)
    return sum(len(each.distractors) < wanted for each in held)


def _derived(project: Project, session_id: SessionId) -> set[QuestionId]:
    """Derive a session; which of its question sets are new, or others than before."""
    before = {each.id: each for each in questions_of(project, session_id)}
    derive(project, session_id)
    return {each.id for each in questions_of(project, session_id) if before.get(each.id) != each}


def known_by_procedure(project: Project) -> dict[str, Akin]:
    """By the procedure's id; a session of none is on its own. Without what may be about the recording, which nobody
    takes for an answer.
    """
    found = dict[str, list[Known]]()
    for session in sorted(project.sessions.all(), key=lambda each: each.id):
        found.setdefault(session.procedure_id or session.id, []).extend(known(_of_task(project, session.id)))
    return {key: Akin(those) for key, those in found.items()}


def _of_task(project: Project, session_id: SessionId) -> list[Question]:
    return [each for each in questions_of(project, session_id) if not near_recording(each.answer)]


def pool_of(project: Project, vectors: SentenceVectors) -> Pool:
    """The answers of all question sets that nobody rejected, again without what may be about the recording, and the
    names of all procedures' steps.
    """
    questions = [
        each
        for session in sorted(project.sessions.all(), key=lambda each: each.id)
        for each in _of_task(project, session.id)
        if each.status != ReviewStatus.REJECTED
    ]
    names = {step.name for procedure in project.procedures.all() for _, step in procedure.walk()}
    return Pool([*candidate_answers(questions), *map(Candidate, sorted(names))], vectors)


def nearest_of(project: Project, question_id: str, count: int, vectors: SentenceVectors) -> list[Near]:
    """What lies nearest to a question's answer. Raises WozError where there is no such question."""
    for session in project.sessions.all():
        for question in questions_of(project, session.id):
            if question.id == question_id:
                return pool_of(project, vectors).nearest(question, count)
    raise WozError(f"There is no question set {question_id} here; woz questions list tells them.")


def _count_left_out(done: Proposed, project: Project, session_id: SessionId) -> None:
    """What of the newest transcript makes no question set."""
    for transcript in project.transcripts.of_session(session_id)[-1:]:
        turns = list(project.transcripts.turns(transcript.id))
        done.of_recording += of_recording(turns)
        done.cut_off += questions_cut_off(turns, transcript.language)


@dataclass(frozen=True, slots=True)
class _Wells:
    others: Akin
    tools: Sequence[str]
    utc_ns: int
    pool: Pool | None
    wanted: int


def _proposed(question: Question, wells: _Wells | None, clip_ns: int | None, duration_ns: int) -> Question:
    if question.status != ReviewStatus.PROPOSED or question.made.origin == Origin.MANUAL:
        return question
    wrong = _wrong(question, wells)
    clip = question.clip if clip_ns is None else clip_before(question.at_ns, clip_ns, duration_ns)
    return replace(question, distractors=wrong, clip=clip)


def _wrong(question: Question, wells: _Wells | None) -> tuple[Distractor, ...]:
    if wells is None:
        return tuple(each for each in question.distractors if each.wording.by != PROGRAM)
    (of,) = known([question])
    return wrong_answers(of, wells.others, wells.tools, wells.utc_ns, wells.wanted, wells.pool)


def first_texts(project: Project, session_id: SessionId) -> Mapping[str, Question]:
    """Each question of a session as it was first kept, by its id."""
    found = dict[str, Question]()
    for logged in project.annotations.history(session_id):
        for change in logged.changes:
            if isinstance(change.after, Question):
                found.setdefault(change.after.id, change.after)
    return found


def question_facts(question: Question, first: Question | None) -> dict[str, object]:
    """What programs are told of a question; `first` is as it was first kept."""
    wrong = [
        {"text": d.text, "by": d.wording.by, "how": d.wording.how, "english": d.english}
        for d in question.distractors
    ]
    english = question.english
    facts: dict[str, object] = {
        "id": question.id,
        "session": question.session_id,
        "kind": question.kind,
        "type": question.type,
        "status": question.status,
        "stale": question.made.stale,
        "question": question.text,
        "answer": question.answer,
        "distractors": wrong,
        "asked_by": question.asked_by,
        "asked_at_ns": question.at_ns,
        "clip_ns": [question.clip.start_ns, question.clip.end_ns],
        "language": question.language,
        "english": {
            "question": english.text,
            "answer": english.answer,
            "checked": english.checked,
            "by": english.wording.by,
            "how": english.wording.how,
        }
        if english
        else None,
        "turns": list(question.evidence.turns),
        "segments": list(question.evidence.annotations),
        "frames_ns": list(question.evidence.frames_ns),
        "flags": [{"gate": each.gate, "reason": each.reason} for each in question.flags],
    }
    if first and (first.text, first.answer) != (question.text, question.answer):
        facts["first"] = {"question": first.text, "answer": first.answer}
    return facts
