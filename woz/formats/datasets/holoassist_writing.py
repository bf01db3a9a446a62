"""A session annotated by HoloAssist's scheme as a HoloAssist file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from woz.formats.bundle import SessionBundle
from woz.formats.datasets.holoassist_events import (
    COARSE,
    CONVERSATION,
    EVENT,
    FINE,
    NARRATION,
    NONE,
    OTHER,
    Beside,
    event_of,
    speaker_of,
)
from woz.formats.datasets.json_pieces import json_pieces
from woz.formats.datasets.losing import usual_losses
from woz.formats.datasets.making import PLACE, REST, about_file, demand_tiers, in_file_order
from woz.formats.datasets.remains import restored
from woz.formats.datasets.utterances import said_by
from woz.formats.format import OutFile, Writing
from woz.formats.parts import Lost
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId, TierId, TurnId
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.tier import Tier
from woz.model.transcript import Turn

SCHEME = "holoassist"
HEAD: Mapping[str, str] = {"video_name": "video", "taskType": "task", "taskId": "task id", "batch": "batch"}
"""The file's own fields, and the attributes that hold them."""
_TIER_TYPES = (COARSE, FINE, CONVERSATION, NARRATION, OTHER)


def file_head(about: Annotation) -> dict[str, Any]:
    """What the file would say beside its events, but for what was kept of it."""
    known = ((theirs, about.value(ours)) for theirs, ours in HEAD.items())
    return {theirs: value for theirs, value in known if value is not None}


def write(bundles: Sequence[SessionBundle], _: Writing) -> Iterable[OutFile]:
    demand_tiers([each for each in bundles if not each.turns], SCHEME, "HoloAssist", _TIER_TYPES, "steps, no turns")
    return [OutFile(f"{bundle.session.id}.holoassist.json", _text(bundle)) for bundle in bundles]


def losses(bundles: Sequence[SessionBundle]) -> Iterator[Lost]:
    for bundle in bundles:
        yield from usual_losses(bundle, SCHEME, ("says", "corrected-by"))
        speakers = _Session(bundle).without_purpose
        if speakers:
            yield Lost("speakers of turns whose purpose nobody annotated", len(speakers))


def _text(bundle: SessionBundle) -> Iterator[str]:
    about = about_file(bundle, SCHEME)
    if about:
        head = restored(file_head(about), about.value(REST))
    else:
        head = {"video_name": str(bundle.session.id), "taskType": bundle.session.title}
    yield from json_pieces({**head, "events": _Session(bundle).events()}, 2)
    yield "\n"


class _Session:
    """The events of one."""

    def __init__(self, bundle: SessionBundle) -> None:
        self._tiers: dict[TierId, Tier] = {
            tier.id: tier for tier in bundle.tiers_of(SCHEME) if tier.tier_type in _TIER_TYPES
        }
        self._bundle = bundle
        mine = [each for each in bundle.annotations if each.tier_id in self._tiers]
        utterances = [each for each in mine if self._kind(each) == CONVERSATION]
        self._said, free = said_by(bundle, utterances, lambda each: speaker_of(self._label(each)))
        self.without_purpose = {AnnotationId(f"turn {turn.id}"): turn for turn in free}
        self._annotations = in_file_order([*mine, *map(_utterance, free)])
        self._numbers = self._numbered()
        self._corrections = {
            AnnotationId(link.source.id): link.target.id for link in bundle.links if link.type == "corrected-by"
        }

    def events(self) -> Iterator[dict[str, Any]]:
        for each in self._annotations:
            turn = self.without_purpose.get(each.id)
            said = turn.text if turn else self._said.words.get(each.id)
            beside = Beside(said, self._number_of(self._corrections.get(each.id)))
            event = event_of(each, self._kind(each), self._label(each), beside)
            is_new = "id" not in event and each.value(PLACE) is None
            yield {"id": self._numbers[each.id], **event} if is_new else event

    def _kind(self, annotation: Annotation) -> str:
        tier = self._tiers.get(annotation.tier_id)
        return tier.tier_type if tier else CONVERSATION

    def _label(self, annotation: Annotation) -> str:
        tier = self._tiers.get(annotation.tier_id)
        return self._bundle.tier_type(tier).label(annotation.label).key if tier else annotation.label

    def _numbered(self) -> dict[str, object]:
        """The id of each event, by its annotation: as the file had it, or the next one that is free."""
        known = {each.id: _number(each) for each in self._annotations}
        free = 1 + max((number for number in known.values() if isinstance(number, int)), default=0)
        found: dict[str, object] = {}
        for key, number in known.items():
            found[key] = free if number is None else number
            free += number is None
        return found

    def _number_of(self, target: str | None) -> object:
        """The id of the event that a link leads to, an annotation's or that of the one that says a turn."""
        if target is None:
            return None
        said_in = self._said.saying.get(TurnId(target)) or f"turn {target}"
        return self._numbers.get(target, self._numbers.get(said_in))


def _number(annotation: Annotation) -> object:
    number = annotation.value(EVENT)
    return restored({}, annotation.value(REST)).get("id") if number is None else number


def _utterance(turn: Turn) -> Annotation:
    """A turn of which nobody said what it is for, as if somebody had said just that."""
    made = Made(Origin.IMPORTED)
    key, tier = AnnotationId(f"turn {turn.id}"), TierId("")
    return Annotation(key, tier, turn.interval.start_ns, turn.interval.end_ns, NONE, made)
