"""A question set that a person writes at a moment of a session."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from woz.base.errors import WozError
from woz.base.interval import Interval
from woz.dataset.questions.proposing import CLIP_NS, clip_before
from woz.dataset.review.texts import trimmed, why_not
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId, QuestionId, SessionId, new_id
from woz.model.made import Made
from woz.model.people import Role
from woz.model.question import Distractor, Evidence, Question, QuestionKind, Wording
from woz.model.review import Texts

WRITTEN = "written"
"""How a text came to be that a person wrote from nothing."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Where a question is asked: `steps` are the session's, `language` a BCP 47 tag.

    It rests on the frame shown then, with `frame`, and on the segments in `rests`: None takes the steps in which it
    stands.
    """

    session_id: SessionId
    at_ns: int
    duration_ns: int
    steps: Sequence[Annotation] = ()
    language: str = ""
    rests: tuple[AnnotationId, ...] | None = None
    frame: bool = True


def written_question(moment: Moment, texts: Texts, type_: str | None, made: Made) -> Question:
    """Nothing later than the moment is known when it is asked.

    Raises WozError for texts that are no question set.
    """
    texts = trimmed(texts)
    if why := why_not(texts):
        raise WozError(why)
    own = Wording(made.by, WRITTEN, made.utc_ns)
    here = Interval(moment.at_ns, moment.at_ns)
    steps = [step for step in moment.steps if step.start_ns is not None and moment.at_ns in step.interval]
    rests = tuple(step.id for step in steps) if moment.rests is None else moment.rests
    return Question(
        QuestionId(new_id()),
        moment.session_id,
        clip_before(moment.at_ns, CLIP_NS, moment.duration_ns),
        Role.TRAINEE,
        texts.question,
        texts.answer,
        here,
        here,
        steps[0].label if steps else None,
        tuple(Distractor(text, own) for text in texts.distractors),
        made=made,
        asked_ns=moment.at_ns,
        kind=QuestionKind.WRITTEN,
        type=type_,
        language=moment.language,
        evidence=Evidence((), rests, (moment.at_ns,) if moment.frame else ()),
        wording=own,
        answer_wording=own,
    )
