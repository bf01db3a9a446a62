"""HoloAssist's annotations, one JSON file a video.

`{video_name, taskType, taskId, batch, videoMetadata, events: [{id, label, start, end, type, attributes}]}`, times
in seconds; an event's label is Narration, Conversation, Coarse grained action or Fine grained action. (The data
set's own description, README.md of its release, and its public files.)

An utterance becomes an annotation with its purpose, and a turn with its words: the text lies in the turn alone, a
link `says` joins both, and they leave as one event, with the annotation's times. A wrong action's link
`corrected-by` goes to the utterance that corrects it.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from typing import Any

from woz.base.errors import WozError
from woz.formats.datasets.holoassist_events import (
    COARSE,
    CONVERSATION,
    FINE,
    NARRATION,
    NONE,
    OTHER,
    TIER_TYPES,
    Beside,
    annotation_of,
    corrector_of,
    speaker_of,
    spoken,
)
from woz.formats.datasets.holoassist_writing import HEAD, SCHEME, file_head, losses, write
from woz.formats.datasets.lending import lending
from woz.formats.datasets.loans import steps_as, told
from woz.formats.datasets.making import FILE, Making, scheme_for, text_of, time_of, whole_of, with_rest
from woz.formats.format import Format
from woz.formats.long_lists import Layout, found
from woz.formats.parts import Begin, Part
from woz.formats.passes import passes
from woz.formats.reading import Reading
from woz.model.annotation import Annotation
from woz.model.ids import TurnId
from woz.model.link import Link
from woz.model.tier import Tier
from woz.model.transcript import Turn

_LAYOUT = Layout("a file of HoloAssist", (), ("events",))


def read(reading: Reading) -> Iterator[Part]:
    scheme = scheme_for(reading, SCHEME)
    first, second = passes(reading, 2)
    head, correcting = _overview(first)
    making = Making.of(reading, scheme)
    yield _begin(making, head)
    yield from _file(making, head)
    items = (each.value for each in found(second, _LAYOUT, {"item"}) if each.kind == "item")
    yield from _Events(making, correcting).parts(items)


def _overview(reading: Reading) -> tuple[dict[str, Any], frozenset[int]]:
    """All but the events, and the ids of the utterances that a mistake names as its correction."""
    utterances = array("q")
    named: set[int] = set()
    head: dict[str, Any] = {}
    for each in found(reading, _LAYOUT, {"item", "head"}):
        if each.kind == "head" and each.value.get("events") != []:
            raise WozError(
                f"{reading.path} has no list of events, as HoloAssist's files have; choose another format."
            )
        if each.kind == "head":
            head = {name: value for name, value in each.value.items() if name != "events"}
            continue
        if not isinstance(each.value, dict):
            raise WozError(f"{reading.path} holds an event that is no object; get a whole copy of it.")
        number = whole_of(each.value.get("id"))
        if each.value.get("label") == "Conversation" and number is not None:
            utterances.append(number)
        corrector = corrector_of(each.value)
        if corrector is not None:
            named.add(corrector)
    return head, frozenset(number for number in utterances if number in named)


def _begin(making: Making, head: dict[str, Any]) -> Begin:
    video = text_of(head.get("video_name")) or ""
    metadata = head.get("videoMetadata")
    duration = metadata.get("duration") if isinstance(metadata, dict) else None
    seconds = duration.get("seconds") if isinstance(duration, dict) else None
    duration_ns = time_of(seconds)
    return Begin(
        video,
        making.session_id,
        making.transcript_id,
        video,
        (making.scheme,),
        duration_ns=duration_ns if duration_ns and duration_ns > 0 else None,
        language=making.reading.language or "en",
        media=video,
    )


def _file(making: Making, head: dict[str, Any]) -> Iterator[Part]:
    tier = making.tier(FILE)
    made = making.annotation(tier, FILE, values={ours: text_of(head.get(theirs)) for theirs, ours in HEAD.items()})
    yield tier
    yield with_rest(made, head, file_head(made))


class _Events:
    """Those of one file, in its order; the links to what corrects a mistake come last."""

    def __init__(self, making: Making, correcting: frozenset[int]) -> None:
        self._making = making
        self._correcting = correcting
        self._utterances: dict[int, Annotation] = {}
        self._mistakes: list[tuple[Annotation, int]] = []

    def parts(self, events: Iterable[dict[str, Any]]) -> Iterator[Part]:
        coarse = self._making.tier(COARSE)
        tiers = {COARSE: coarse, FINE: self._making.tier(FINE, parent=coarse)}
        tiers |= {kind: self._making.tier(kind) for kind in (CONVERSATION, NARRATION)}
        yield from tiers.values()
        for place, event in enumerate(events):
            label = event.get("label")
            kind = TIER_TYPES.get(label, OTHER) if isinstance(label, str) else OTHER
            if kind not in tiers:
                tiers[kind] = self._making.tier(kind)
                yield tiers[kind]
            yield from self._event(tiers[kind], event, place)
        yield from self._corrections()

    def _event(self, tier: Tier, event: dict[str, Any], place: int) -> Iterator[Part]:
        said = spoken(event) if tier.tier_type == CONVERSATION else None
        corrector = corrector_of(event) if tier.tier_type == FINE else None
        known = corrector if corrector in self._correcting else None
        words = said if said is not None and said.strip() and said != NONE and _starts(event) else None
        made = annotation_of(self._making, tier, event, place, Beside(words, known))
        yield made
        if words is not None:
            turn = self._turn(made, words)
            yield turn
            yield self._making.link("says", made, turn)
        number = whole_of(event.get("id"))
        if tier.tier_type == CONVERSATION and number in self._correcting:
            self._utterances.setdefault(number, made)
        if known is not None:
            self._mistakes.append((made, known))

    def _turn(self, made: Annotation, text: str) -> Turn:
        key = TurnId(self._making.reading.new_id())
        return Turn(key, self._making.transcript_id, speaker_of(made.label), made.interval, text)

    def _corrections(self) -> Iterator[Link]:
        for mistake, number in self._mistakes:
            yield self._making.link("corrected-by", mistake, self._utterances[number])


def _starts(event: dict[str, Any]) -> bool:
    return time_of(event.get("start")) is not None


FORMATS = (
    lending(
        Format(
            "holoassist",
            "HoloAssist's annotations of a video, JSON",
            "holoassist.json",
            (
                "coarse and fine actions",
                "mistakes and their corrections",
                "conversation purposes",
                "turns",
                "narration",
            ),
            ("words' times", "translations", "confidence", "notes", "tiers of other schemes"),
            "HoloAssist's README.md and public files",
            read,
            write,
            losses,
            SCHEME,
        ),
        steps_as(SCHEME, COARSE, told(NONE, "sentence"), "verbs and nouns, which nobody annotated"),
    ),
)
