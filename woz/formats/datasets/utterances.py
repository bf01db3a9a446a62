"""Which turn is in which annotated utterance: by a link `says`, else by time and speaker."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from woz.formats.bundle import SessionBundle
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId, TurnId
from woz.model.people import Role
from woz.model.transcript import Turn

SAYS = "says"


@dataclass(slots=True)
class Said:
    """The words of annotations, and which annotation a turn is in."""

    words: dict[AnnotationId, str] = field(default_factory=dict)
    saying: dict[TurnId, AnnotationId] = field(default_factory=dict)

    def put(self, annotation: AnnotationId, turn: Turn) -> None:
        before = self.words.get(annotation)
        self.words[annotation] = turn.text if before is None else f"{before} {turn.text}"
        self.saying[turn.id] = annotation


def said_by(
    bundle: SessionBundle, utterances: Sequence[Annotation], speaker: Callable[[Annotation], Role]
) -> tuple[Said, list[Turn]]:
    """What the utterances say, and the turns that are in none of them.

    A turn without a link is in the utterance, without a link too and of its speaker, that covers most of it, at
    least half.
    """
    said = Said()
    known = {each.id for each in utterances}
    turns = {turn.id: turn for turn in bundle.turns}
    for link in bundle.links:
        turn = turns.get(TurnId(link.target.id))
        if link.type == SAYS and turn and link.source.id in known:
            said.put(AnnotationId(link.source.id), turn)
    open_ones = _ByTime([each for each in utterances if each.id not in said.words and each.end_ns is not None])
    free = []
    for turn in bundle.turns:
        if turn.id in said.saying:
            continue
        covering = open_ones.covering(turn, speaker)
        if covering:
            said.put(covering.id, turn)
        else:
            free.append(turn)
    return said, free


class _ByTime:
    def __init__(self, annotations: list[Annotation]) -> None:
        self._all = sorted(annotations, key=lambda each: each.interval)
        self._starts = [each.interval.start_ns for each in self._all]
        self._longest = max((each.interval.duration_ns for each in self._all), default=0)

    def covering(self, turn: Turn, speaker: Callable[[Annotation], Role]) -> Annotation | None:
        first = bisect_right(self._starts, turn.interval.start_ns - self._longest - 1)
        last = bisect_right(self._starts, turn.interval.end_ns)
        fit = [each for each in self._all[first:last] if speaker(each) in (turn.speaker, Role.OTHER)]
        best = max(fit, key=lambda each: (each.interval & turn.interval).duration_ns, default=None)
        shared = (best.interval & turn.interval).duration_ns if best else 0
        return best if shared > 0 and 2 * shared >= turn.interval.duration_ns else None
