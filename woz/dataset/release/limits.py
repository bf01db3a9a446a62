"""What a release can't be relied on for, as far as its figures tell."""

from __future__ import annotations

from collections.abc import Iterator

from woz.base.counts import counted
from woz.dataset.release.summary import Summary
from woz.model.origin import Origin
from woz.model.question import QuestionKind

ENOUGH_PEOPLE = 2
"""A person alone agrees with nobody."""
UNASKED = str(QuestionKind.UNASKED)
WHOLE = "Transcripts of whole sessions hold the answers: do not show a model more of one than `context`."


def limits_of(summary: Summary, wanted: int) -> Iterator[str]:
    """A sentence each, in Markdown; `wanted` is how many wrong answers each question set was to have."""
    yield WHOLE
    total = counted(summary.questions.total(), "question set")
    yield from (f"{what}: {count} of {total}." for what, count in _of_questions(summary, wanted) if count)
    recognised = sum(facts["transcript"] == Origin.RECOGNISED for facts in summary.sessions.values())
    if recognised:
        sessions = counted(recognised, "session")
        yield f"Transcripts of {sessions} are a recogniser's, with its mistakes where nobody corrected them."
    if summary.without_people:
        sessions = counted(summary.without_people, "session")
        yield f"Nobody on record is in {sessions}: whether somebody there stands in two splits isn't known."


def _of_questions(summary: Summary, wanted: int) -> Iterator[tuple[str, int]]:
    """How many question sets each holds of."""
    few = sum(count for people, count in summary.judges.items() if people < ENOUGH_PEOPLE)
    short = sum(count for options, count in summary.options.items() if options <= wanted)
    yield "Taken though a gate holds something against them (`flags`)", summary.flagged
    yield "Judged, as to their words, by one person or nobody", few
    yield f"With fewer than {counted(wanted, 'wrong answer')}", short
    yield "Asked by nobody (the expert said the answer, and a question was put for it)", summary.kinds[UNASKED]
    yield "In a language that nobody named", summary.languages["unknown"]
