"""Who said what in a session, and what is known of each of the expert's utterances."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from woz.formats.bundle import SessionBundle
from woz.formats.datasets.utterances import SAYS
from woz.model.annotation import Annotation
from woz.model.people import Role
from woz.model.tier import Tier
from woz.model.transcript import Turn

ACTS = ("assistant", "instructor", "conversation", "acts")
"""Tier types that say what utterances are for: ProAssist's, WTaG's, HoloAssist's, woz's."""
USEFUL, SILENCE = "useful", "silence"
"""Tier types of the scheme when-to-speak: when an utterance is of use, and when nothing should be said."""
INITIATIVE, RESPONSIVE = "initiative", "responsive"
_INITIATIVES = ((RESPONSIVE, RESPONSIVE), ("reply", RESPONSIVE), (INITIATIVE, INITIATIVE), ("start", INITIATIVE))
_INTENTIONS = (
    ("correct", "correction"),
    ("instruction", "instruction"),
    ("confirm", "feedback"),
    ("feedback", "feedback"),
    ("answer", "info_sharing"),
    ("describ", "info_sharing"),
)
"""Words of labels with ProAssist's word for them; the first that is in a label counts."""
OTHER = "other"


@dataclass(frozen=True, slots=True)
class Spoken:
    """A turn on the trainee's time line. `initiative` and `intentions` are ProAssist's words, empty where nobody
    annotated them; `useful` is the earliest and latest time (ns) at which it is of use.
    """

    turn: Turn
    initiative: str = ""
    intentions: tuple[str, ...] = ()
    useful: tuple[int, int] | None = None

    @property
    def by_assistant(self) -> bool:
        return self.turn.speaker == Role.EXPERT


def spoken(bundle: SessionBundle) -> list[Spoken]:
    """By time."""
    acts = [(tier, each) for kind in ACTS for tier, each in bundle.of_type(kind)]
    linked = {link.target.id: link.source.id for link in bundle.links if link.type == SAYS}
    spans = [each.interval for _, each in bundle.of_type(USEFUL) if each.interval]
    found = []
    for turn in sorted(bundle.turns, key=lambda each: (each.interval, each.id)):
        if turn.speaker not in (Role.EXPERT, Role.TRAINEE) or not turn.text.strip():
            continue
        act = _act_of(turn, acts, linked.get(turn.id, "")) if turn.speaker == Role.EXPERT else None
        initiative, intentions = _meaning(bundle, *act) if act else ("", ())
        inside = [span for span in spans if span.start_ns <= turn.interval.start_ns <= span.end_ns]
        nearest = max(inside, key=lambda span: span.start_ns, default=None)
        useful = (nearest.start_ns, nearest.end_ns) if nearest and turn.speaker == Role.EXPERT else None
        found.append(Spoken(turn, initiative, intentions, useful))
    return found


def _act_of(turn: Turn, acts: Sequence[tuple[Tier, Annotation]], linked: str) -> tuple[Tier, Annotation] | None:
    """What is linked to the turn, else what shares most time with it, or is a point where it begins."""

    def shared(each: Annotation) -> int:
        if not each.interval:
            return int(each.start_ns == turn.interval.start_ns)
        return (each.interval & turn.interval).duration_ns

    if linked:
        return next((pair for pair in acts if pair[1].id == linked), None)
    best = max(acts, key=lambda pair: shared(pair[1]), default=None)
    return best if best and shared(best[1]) else None


def _meaning(bundle: SessionBundle, tier: Tier, act: Annotation) -> tuple[str, tuple[str, ...]]:
    key = bundle.tier_type(tier).label(act.label).key.lower()
    told = tuple(str(each.value) for each in act.attributes if each.key == "intention")
    more = f"{act.value('instruction') or ''} {key}".lower()
    intention = next((ours for word, ours in _INTENTIONS if word in more), OTHER)
    return next((ours for word, ours in _INITIATIVES if word in key), ""), told or (intention,)
