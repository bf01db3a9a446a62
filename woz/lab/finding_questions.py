"""Question sets that a model finds in transcripts where the rules found none, with consent where words leave."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from woz.annotation.edits import Edit
from woz.annotation.staleness import transcript_ref
from woz.base.clock import Clock
from woz.dataset.models.endpoint import Endpoint
from woz.dataset.models.finding import exchanges_in, prompt_name, windows
from woz.dataset.questions.exchanges import Exchange
from woz.dataset.questions.proposing import asked_sets
from woz.dataset.questions.standing_steps import standing_steps
from woz.lab.deriving import derive
from woz.lab.model_questions import Rewriting
from woz.lab.ports import Project
from woz.lab.sending import staying
from woz.model.ids import SessionId, TurnId
from woz.model.item import ref_to
from woz.model.kinds import Item
from woz.model.made import Made, Source
from woz.model.origin import Origin
from woz.model.question import Question, QuestionKind, ReviewStatus
from woz.model.transcript import Transcript, Turn

EDIT = "Find questions by a model"


def find_questions(
    project: Project,
    session_ids: Sequence[SessionId],
    endpoint: Endpoint,
    clock: Clock,
    send: bool,
    tell: Callable[[int, int], None],
) -> Rewriting:
    """Ask which turns of the newest transcripts ask something that is answered; `changed` is how many were found.

    What it says was asked and answered is as it was said. Turns of questions that there are stay theirs; one that
    answers something is no longer what the expert said unasked, unless somebody judged that. Raises WozError as
    `rewrite_questions` does, with the sessions kept that were gone through.
    """
    dialogues = [dialogue for key in session_ids if (dialogue := _dialogue(project, key))]
    counts = {each.session_id: len(each.turns) for each in dialogues}
    done = Rewriting(stayed=staying(project, counts, endpoint, send, "who said each", ("turn", "turns")))
    dialogues = [each for each in dialogues if each.session_id not in done.stayed]
    count = sum(len(list(windows(each.turns))) for each in dialogues)
    for dialogue in dialogues:
        found = list[Exchange]()
        for exchanges in _asked(dialogue, endpoint):
            done.asked += 1
            done.answered += exchanges is not None
            found += exchanges or ()
            tell(done.asked, count)
        done.changed += _keep(project, dialogue, found, endpoint, clock)
    return done


@dataclass(frozen=True, slots=True)
class _Dialogue:
    """A session's newest transcript: its turns by time, and those that belong to a question already."""

    session_id: SessionId
    transcript: Transcript
    turns: list[Turn]
    taken: set[TurnId]
    items: Sequence[Item]


def _dialogue(project: Project, session_id: SessionId) -> _Dialogue | None:
    transcripts = project.transcripts.of_session(session_id)
    if not transcripts:
        return None
    newest, items = transcripts[-1], project.annotations.load(session_id)
    turns = [item for item in items if isinstance(item, Turn) and item.transcript_id == newest.id]
    taken = {turn for item in items if isinstance(item, Question) and _holds(item) for turn in item.evidence.turns}
    return _Dialogue(session_id, newest, sorted(turns, key=lambda turn: turn.interval), taken, items)


def _asked(dialogue: _Dialogue, endpoint: Endpoint) -> Iterator[list[Exchange] | None]:
    """What is found in each window; None where the model gave no answer."""
    taken = set(dialogue.taken)
    for window in windows(dialogue.turns):
        exchanges = exchanges_in(endpoint, window, dialogue.turns, taken)
        taken |= {turn.id for each in exchanges or () for turn in (*each.asked, *each.answered)}
        yield exchanges


def _holds(question: Question) -> bool:
    """Whether its turns stay its own: all but what was proposed as said unasked, or is found anew."""
    return question.status != ReviewStatus.PROPOSED or not (
        question.kind == QuestionKind.UNASKED or _found_before(question)
    )


def _found_before(question: Question) -> bool:
    """Whether a model found it in turns that were corrected since, and nobody judged it."""
    machine = question.made.origin == Origin.MACHINE and question.made.stale
    return machine and question.status == ReviewStatus.PROPOSED


def _keep(
    project: Project, dialogue: _Dialogue, exchanges: Sequence[Exchange], endpoint: Endpoint, clock: Clock
) -> int:
    """What was found in turns that were changed or went while the model was asked is left for the next time."""
    steps = standing_steps(dialogue.items)
    duration_ns = project.sessions.get(dialogue.session_id).duration_ns or 0
    stored = project.annotations.stored([ref_to(turn) for turn in dialogue.turns])
    now = {item for item, _ in stored.values()}
    kept = [each for each in exchanges if now.issuperset((*each.asked, *each.answered))]
    found = asked_sets(dialogue.session_id, kept, steps, duration_ns, dialogue.transcript.language)
    old = {item.id: item for item in dialogue.items if isinstance(item, Question) and _found_before(item)}
    known = {item.id for item in dialogue.items} - old.keys() | project.annotations.taken_away(dialogue.session_id)
    whole = Source(transcript_ref(dialogue.transcript.id))
    made = Made(Origin.MACHINE, endpoint.model, clock.utc_ns(), prompt_name())
    new = [
        replace(
            each,
            made=replace(made, sources=(*(Source(s.item, stored[s.item][1]) for s in each.made.sources), whole)),
        )
        for each in found
        if each.id not in known
    ]
    if new:
        before = tuple(old[each.id] for each in new if each.id in old)
        project.annotations.record(dialogue.session_id, Edit(EDIT, before, tuple(new)), endpoint.model)
        derive(project, dialogue.session_id)
    return len(new)
