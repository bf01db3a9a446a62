"""What somebody needs before them to judge a question set: the turns round it, and the film that it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from woz.base.errors import WozError
from woz.dataset.release.clips import Film
from woz.dataset.review.sources import said_for
from woz.lab.ports import Project
from woz.lab.releasing import film_of_session
from woz.lab.resting import Rest, Segments
from woz.model.ids import QuestionId, SessionId, TurnId
from woz.model.question import Question
from woz.model.transcript import Turn

AROUND = 2
"""So many turns are shown before those that a question is from, and after them, as in Ego-EXTRA."""


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """A question set with the turns round it, as the transcript is now; those in `sources` are its own, and `said`
    names what is said where it is from. `rests` are the segments and frames that it rests on.

    `fault` says why its film can't be shown, where there is one.
    """

    question: Question
    title: str
    turns: tuple[Turn, ...]
    sources: frozenset[TurnId]
    said: str
    film: Film | None
    fault: str = ""
    rests: tuple[Rest, ...] = ()

    @property
    def playable(self) -> tuple[Rest, ...]:
        """What of `rests` can be played, all of it until the question has been asked."""
        return tuple(each for each in self.rests if each.played) if self.film else ()


def review_items(project: Project, session_id: SessionId) -> dict[QuestionId, ReviewItem]:
    """All question sets of a session; their words can be judged without the film too.

    Segments are named as far as the project's viewer sees them.
    """
    items = project.annotations.load(session_id)
    turns = sorted((item for item in items if isinstance(item, Turn)), key=lambda turn: (turn.interval, turn.id))
    by_transcript: dict[str, list[Turn]] = {}
    for turn in turns:
        by_transcript.setdefault(turn.transcript_id, []).append(turn)
    by_id: dict[str, Turn] = {turn.id: turn for turn in turns}
    title = project.sessions.get(session_id).title
    film, fault = _film(project, session_id)
    segments = Segments(project, session_id, items)
    found = {}
    for question in (item for item in items if isinstance(item, Question)):
        sources = _sources(question)
        transcripts = [each for each in by_transcript.values() if any(turn.id in sources for turn in each)]
        shown = around(transcripts[-1], sources) if transcripts else ()
        said = said_for(question, by_id)
        rests = segments.rests(question)
        found[question.id] = ReviewItem(question, title, shown, sources, said, film, fault, rests)
    return found


def _film(project: Project, session_id: SessionId) -> tuple[Film | None, str]:
    try:
        return film_of_session(project, session_id), ""
    except WozError as error:
        return None, str(error)


def around(turns: Sequence[Turn], sources: frozenset[TurnId]) -> tuple[Turn, ...]:
    """From two turns before the first of the sources to two after the last; `turns` are by time."""
    places = [place for place, turn in enumerate(turns) if turn.id in sources]
    return tuple(turns[max(0, places[0] - AROUND) : places[-1] + AROUND + 1]) if places else ()


def _sources(question: Question) -> frozenset[TurnId]:
    own = (source.item.id for source in question.made.sources if source.item.kind == "turn")
    return frozenset(question.evidence.turns) or frozenset(TurnId(each) for each in own)
