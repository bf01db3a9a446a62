"""Question sets rewritten by a model behind an endpoint, with consent where they leave the lab."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from woz.annotation.edits import Edit
from woz.base.clock import Clock
from woz.dataset.models.endpoint import Endpoint
from woz.dataset.models.rewriting import rewritten
from woz.dataset.models.translating import translated
from woz.lab.ports import Project
from woz.lab.questions import questions_of
from woz.lab.sending import staying
from woz.model.ids import SessionId
from woz.model.origin import Origin
from woz.model.question import Question, ReviewStatus
from woz.model.transcript import Turn

EDIT, TRANSLATE = "Propose by a model", "Translate by a model"
BEFORE = 2
"""So many turns before the question go with it."""


@dataclass(slots=True)
class Rewriting:
    """How many were asked about, got an answer that could be used, and changed; `stayed` are sessions with why."""

    asked: int = 0
    answered: int = 0
    changed: int = 0
    stayed: dict[SessionId, str] = field(default_factory=dict)


def rewrite_questions(
    project: Project,
    session_ids: Sequence[SessionId],
    endpoint: Endpoint,
    clock: Clock,
    send: bool,
    tell: Callable[[int, int], None],
    every: bool = False,
) -> Rewriting:
    """Ask about each question set that nobody judged or wrote and that has too few wrong answers; `every`: also
    about those that have enough, whose texts are mended and whose type is chosen.

    Where the endpoint is another computer, only sessions go whose people agreed to public release, or that are of a
    published data set, and only with `send`. Raises WozError, with nothing sent, without it; and where the server
    is away: what was answered until then is kept.
    """

    count = project.reviews.rule().wrong_answers

    def wanted(question: Question) -> bool:
        return _open(question) and (every or len(question.distractors) < count)

    ask = partial(rewritten, count)
    return _ask(project, session_ids, endpoint, clock, send, tell, _Asking(EDIT, wanted, ask))


def translate_questions(
    project: Project,
    session_ids: Sequence[SessionId],
    endpoint: Endpoint,
    clock: Clock,
    send: bool,
    anew: bool,
    tell: Callable[[int, int], None],
) -> Rewriting:
    """Ask for an English text of each question set that isn't known to be English, that nobody discarded and that
    has none whole; `anew` also where there is one that nobody has checked. Raises WozError as `rewrite_questions`.
    """

    def wanted(question: Question) -> bool:
        checked = bool(question.english and question.english.checked)
        there = checked if anew else bool(question.english_options)
        return not question.in_english and question.status != ReviewStatus.REJECTED and not there

    return _ask(project, session_ids, endpoint, clock, send, tell, _Asking(TRANSLATE, wanted, translated))


@dataclass(frozen=True, slots=True)
class _Asking:
    """Which question sets a model is asked about, and what comes of it: an edit of this name."""

    edit: str
    wanted: Callable[[Question], bool]
    ask: Callable[[Endpoint, Question, Sequence[str], int], Question | None]


def _ask(
    project: Project,
    session_ids: Sequence[SessionId],
    endpoint: Endpoint,
    clock: Clock,
    send: bool,
    tell: Callable[[int, int], None],
    asking: _Asking,
) -> Rewriting:
    done = Rewriting()
    waiting = {key: [each for each in questions_of(project, key) if asking.wanted(each)] for key in session_ids}
    counts = {key: len(questions) for key, questions in waiting.items()}
    done.stayed |= staying(project, counts, endpoint, send, "what was said before them")
    waiting = {key: questions for key, questions in waiting.items() if key not in done.stayed}
    count = sum(map(len, waiting.values()))
    for key, questions in waiting.items():
        turns = [item for item in project.annotations.load(key) if isinstance(item, Turn)]
        for question in questions:
            new = asking.ask(endpoint, question, before(question, turns), clock.utc_ns())
            done.asked += 1
            done.answered += new is not None
            if new is not None and new != question:
                project.annotations.record(key, Edit(asking.edit, (question,), (new,)), endpoint.model)
                done.changed += 1
            tell(done.asked, count)
    return done


def _open(question: Question) -> bool:
    machines = question.status == ReviewStatus.PROPOSED and question.made.origin != Origin.MANUAL
    return machines and not question.made.stale


def before(question: Question, turns: Sequence[Turn]) -> list[str]:
    """Nothing that was said after the question began."""
    heard = [turn for turn in turns if turn.interval.end_ns <= question.asked.start_ns]
    last = sorted(heard, key=lambda turn: turn.interval)[-BEFORE:]
    return [f"{turn.speaker}: {turn.text}" for turn in last]
