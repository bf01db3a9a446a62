"""Conversation states and questions, derived from a transcript as it is now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from woz.annotation.deriving import DERIVE, derived_anew
from woz.annotation.edits import Edit
from woz.annotation.staleness import Derived, transcript_ref
from woz.annotation.states import conversation_states
from woz.annotation.tier_states import OPEN
from woz.base.clock import SystemClock
from woz.dataset.questions.keeping import taken_over
from woz.dataset.questions.proposing import propose
from woz.dataset.questions.standing_steps import standing_steps
from woz.lab.ports import Project
from woz.model.annotation import Annotation
from woz.model.ids import SessionId, TierId, TranscriptId, new_id
from woz.model.item import ItemRef, ref_to
from woz.model.kinds import Item
from woz.model.made import PROGRAM, Made, Source
from woz.model.origin import Origin
from woz.model.own_schemes import CONVERSATION, STATES
from woz.model.question import Question
from woz.model.tier import Tier
from woz.model.transcript import Turn


@dataclass(frozen=True, slots=True)
class DerivedAnew:
    """How many derived items came or changed, and how many went."""

    made: int
    gone: int


def derive(project: Project, session_id: SessionId) -> DerivedAnew:
    """Derive states and questions from the newest transcript as it is now; what people did stays.

    Does nothing where there is no transcript. A tier that is closed stays as it is.
    """
    transcripts = project.transcripts.of_session(session_id)
    if not transcripts:
        return DerivedAnew(0, 0)
    newest, items = transcripts[-1].id, project.whole().annotations.load(session_id)
    language = transcripts[-1].language
    turns = [item for item in items if isinstance(item, Turn) and item.transcript_id == newest]
    found = project.annotations.stored([ref_to(turn) for turn in turns])
    sources: dict[str, Source] = {turn.id: Source(ref_to(turn), found[ref_to(turn)][1]) for turn in turns}
    made = Made(Origin.DERIVED, PROGRAM, SystemClock().utc_ns(), sources=(Source(transcript_ref(newest)),))
    tier, new = _tier(project, session_id, items, newest, made)
    duration_ns = project.sessions.get(session_id).duration_ns or 0
    wanted: list[Derived] = []
    if tier.state in OPEN:
        wanted += _with_sources(conversation_states(turns, duration_ns, tier.id, made), turns, sources)
    proposed = _questions(session_id, turns, items, duration_ns, language, made, sources)
    wanted += taken_over(proposed, [item for item in items if isinstance(item, Question)])
    present: list[Derived] = [
        i for i in items if isinstance(i, Annotation | Question) and _is_derived(i, tier, newest)
    ]
    others = {item.id for item in items} - {item.id for item in present}
    wanted = [item for item in wanted if item.id not in others]
    edit = derived_anew(wanted, present, project.annotations.taken_away(session_id))
    if new or edit:
        whole = Edit(DERIVE, edit.before, (*([tier] if new else []), *edit.after))
        project.annotations.record(session_id, whole, PROGRAM)
    ids = {item.id for item in edit.after}
    return DerivedAnew(len(edit.after), sum(item.id not in ids for item in edit.before))


def _tier(
    project: Project, session_id: SessionId, items: Sequence[Item], transcript: TranscriptId, made: Made
) -> tuple[Tier, bool]:
    """The machine's tier of states of a transcript, and whether it is new.

    One that was derived before tiers named their transcript is that of the only transcript.
    """
    tiers = [i for i in items if isinstance(i, Tier) and i.tier_type == STATES and i.annotator_id is None]
    known = [tier for tier in tiers if transcript_ref(transcript) in _refs(tier.made)]
    if not known and len(project.transcripts.of_session(session_id)) == 1:
        known = tiers
    if known:
        return known[0], False
    scheme = project.schemes.keep(CONVERSATION)
    new = TierId(new_id())
    return Tier(new, session_id, scheme.id, scheme.version, STATES, "Conversation", made), True


def _is_derived(item: Derived, tier: Tier, transcript: TranscriptId) -> bool:
    """Whether it is in the tier of states, or a question of the transcript, or of one that isn't known."""
    if isinstance(item, Annotation):
        return item.tier_id == tier.id and tier.state in OPEN
    transcripts = {ref for ref in _refs(item.made) if ref.kind == "transcript"}
    return not transcripts or transcript_ref(transcript) in transcripts


def _with_sources(
    states: Sequence[Annotation], turns: Sequence[Turn], sources: Mapping[str, Source]
) -> list[Annotation]:
    """Each state names who speaks in it. Both are ordered by time, and walked along once."""
    waiting = sorted(turns, key=lambda turn: turn.interval, reverse=True)
    heard: list[Turn] = []
    named = []
    for state in states:
        span = state.interval
        while waiting and waiting[-1].interval.start_ns < span.end_ns:
            heard.append(waiting.pop())
        heard = [turn for turn in heard if turn.interval.end_ns > span.start_ns]
        within = tuple(sources[turn.id] for turn in heard if turn.interval.intersects(span))
        named.append(replace(state, made=replace(state.made, sources=within)))
    return named


def _questions(
    session_id: SessionId,
    turns: Sequence[Turn],
    items: Sequence[Item],
    duration_ns: int,
    language: str,
    made: Made,
    sources: Mapping[str, Source],
) -> list[Question]:
    """Each question names its transcript, and the turns that it was asked and answered in."""
    steps = standing_steps(items)
    by_ref = {ItemRef("turn", turn_id): source for turn_id, source in sources.items()}
    return [
        replace(q, made=replace(made, sources=(*(by_ref[s.item] for s in q.made.sources), *made.sources)))
        for q in propose(session_id, turns, steps, duration_ns, language)
    ]


def _refs(made: Made) -> set[ItemRef]:
    return {source.item for source in made.sources}
