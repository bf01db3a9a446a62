"""What of a session's film a question set rests on, as whoever judges it is shown it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from woz.annotation.label_of import label_of
from woz.base.interval import NS_PER_S, Interval
from woz.lab.ports import Project
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId, SchemeId, SessionId
from woz.model.kinds import Item
from woz.model.own_schemes import with_steps
from woz.model.question import Question
from woz.model.scheme import Scheme
from woz.model.tier import Tier

MOMENT_NS = NS_PER_S
"""A frame is shown with so much before it."""
LONGEST_NS = 60 * NS_PER_S
"""Of a longer segment so much is played, up to where it ends or the question has been asked."""
FRAME = "frame"
UNSEEN = "a segment that is gone, or that you are blind to"


@dataclass(frozen=True, slots=True)
class Rest:
    """A segment ("steps: Attach the lens") or a frame. `at` is where it is, None where that isn't known; `played`
    is what of it may be seen, None where nothing is: it never reaches behind the question.
    """

    name: str
    at: Interval | None
    played: Interval | None


class Segments:
    """The segments of a session by their ids, with their names."""

    def __init__(self, project: Project, session_id: SessionId, items: Sequence[Item]) -> None:
        """`items` are those that whoever asks may see."""
        self._marks = {item.id: item for item in items if isinstance(item, Annotation)}
        self._tiers = {item.id: item for item in items if isinstance(item, Tier)}
        rested = any(item.evidence.annotations for item in items if isinstance(item, Question))
        self._schemes = _schemes(project, session_id, self._tiers.values()) if rested else {}

    def rests(self, question: Question) -> tuple[Rest, ...]:
        """By time; what isn't there last."""
        frames = (Interval(t_ns, t_ns) for t_ns in question.evidence.frames_ns)
        found = [Rest(FRAME, each, played_of(each, question.at_ns)) for each in frames]
        found += [self._segment(key, question.at_ns) for key in question.evidence.annotations]
        return tuple(sorted(found, key=_by_time))

    def _segment(self, key: AnnotationId, at_ns: int) -> Rest:
        mark = self._marks.get(key)
        tier = self._tiers.get(mark.tier_id) if mark else None
        if mark is None or tier is None:
            return Rest(UNSEEN, None, None)
        name = f"{tier.tier_type}: {self._label(tier, mark)}"
        if mark.start_ns is None:
            return Rest(name, None, None)
        return Rest(name, mark.interval, played_of(mark.interval, at_ns))

    def _label(self, tier: Tier, mark: Annotation) -> str:
        scheme = self._schemes.get((tier.scheme_id, tier.scheme_version))
        return label_of(scheme.tier_type(tier.tier_type), mark).name() if scheme else mark.label


def played_of(span: Interval, at_ns: int) -> Interval | None:
    """What of a segment or moment may be seen where the question has been asked by `at_ns`; None where all of it is
    later.
    """
    if span.start_ns > at_ns:
        return None
    if not span:
        span = Interval(max(0, span.start_ns - MOMENT_NS), span.start_ns + 1)
    end_ns = min(span.end_ns, at_ns)
    start_ns = max(span.start_ns, end_ns - LONGEST_NS)
    return Interval(start_ns, end_ns) if start_ns < end_ns else None


def _schemes(project: Project, session_id: SessionId, tiers: Iterable[Tier]) -> dict[tuple[SchemeId, int], Scheme]:
    """Those of the tiers, with the steps of the session's procedure."""
    session = project.sessions.get(session_id)
    procedure = project.procedures.get(session.procedure_id) if session.procedure_id else None
    used = {(tier.scheme_id, tier.scheme_version) for tier in tiers}
    own = (each for each in project.schemes.all() if (each.id, each.version) in used)
    return {(each.id, each.version): with_steps(each, procedure) if procedure else each for each in own}


def _by_time(rest: Rest) -> tuple[bool, int, int, str]:
    if rest.at is None:
        return True, 0, 0, rest.name
    return False, rest.at.start_ns, rest.at.end_ns, rest.name
