"""ProAssist's generated dialogues, `{split}_filtered.json`.

`[{video_uid, inferred_goal, inferred_knowledge, video_labels, conversations: [{conversation: [{role, time,
content, labels: "initiative|instruction,feedback", progress}], user_type, auto_quality_eval}],
parsed_video_anns}]`, times in seconds; utterances have a start alone. (mmassist/datasets/generate of
pro-assist/ProAssist.) A dialogue is a session.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from woz.base.errors import WozError
from woz.formats.bundle import SessionBundle
from woz.formats.datasets.json_pieces import json_pieces
from woz.formats.datasets.losing import usual_losses
from woz.formats.datasets.making import (
    FILE,
    PLACE,
    REST,
    Making,
    about_file,
    demand_tiers,
    in_file_order,
    scheme_for,
    text_of,
    with_rest,
)
from woz.formats.datasets.proassist_turns import (
    ASSISTANT,
    NONE,
    SPEAKERS,
    USER,
    UTTERANCE,
    annotation_of,
    is_spoken,
    kind_of,
    turn_of,
)
from woz.formats.datasets.remains import remains, restored
from woz.formats.datasets.utterances import SAYS, said_by
from woz.formats.format import Format, OutFile, Writing
from woz.formats.long_lists import ANY, Found, Layout, found
from woz.formats.parts import Begin, Lost, Part
from woz.formats.passes import passes
from woz.formats.reading import Reading
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId, TierId, TurnId
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.scheme import Scheme
from woz.model.tier import Tier
from woz.model.transcript import Turn

SCHEME = "proassist"
DIALOGUES, TURNS = "conversations", "conversation"
_LAYOUT = Layout("ProAssist's dialogues", (ANY, DIALOGUES, ANY), (TURNS,))
_VIDEO = {"video_uid": "video", "inferred_goal": "goal", "inferred_knowledge": "knowledge"}
VIDEO_PLACE, VIDEO_REST = "video place", "video rest"
Json = dict[str, Any]


@dataclass(slots=True)
class _Video:
    """`fields` are all but the dialogues, which are without their turns in `dialogues`."""

    place: int
    fields: Json = field(default_factory=dict)
    dialogues: list[Json] = field(default_factory=list)


def read(reading: Reading) -> Iterator[Part]:
    scheme = scheme_for(reading, SCHEME)
    first, second = passes(reading, 2)
    turns = found(second, _LAYOUT, {"item"})
    none = True
    for video in _videos(first):
        none = False
        yield from _read_video(reading, scheme, video, turns)
    if none:
        raise WozError(f"{reading.path} holds no dialogues as ProAssist's files do; choose another format.")


def _videos(reading: Reading) -> Iterator[_Video]:
    parts = found(reading, _LAYOUT, {"outside", "head", "group"})
    for place, group in groupby(parts, key=lambda each: each.way[0]):
        if not place.isdecimal():
            return
        video = _Video(int(place))
        for each in group:
            if each.kind == "outside":
                video.fields[each.way[1]] = each.value
            elif each.kind == "group":
                video.fields[DIALOGUES] = []
            elif each.value.get(TURNS) == []:
                video.dialogues.append(each.value)
            else:
                raise WozError(f"{reading.path} has a dialogue without a list of turns; choose another format.")
        if not video.fields.keys() & {DIALOGUES, *_VIDEO}:
            raise WozError(f"{reading.path} holds an object without {DIALOGUES}; choose another format.")
        yield video


def _read_video(reading: Reading, scheme: Scheme, video: _Video, turns: Iterator[Found]) -> Iterator[Part]:
    uid = text_of(video.fields.get("video_uid")) or f"video {video.place}"
    for nr, head in enumerate(video.dialogues or [None]):
        making = Making.of(reading, scheme)
        key = f"{uid} {nr + 1}"
        yield Begin(key, making.session_id, making.transcript_id, key, (scheme,), language="en", media=uid)
        yield from _about(making, video, nr, head)
        if head is not None:
            yield from _turns(making, turns)


def _about(making: Making, video: _Video, nr: int, head: Json | None) -> Iterator[Part]:
    tier = making.tier(FILE)
    yield tier
    told = {ours: text_of(video.fields.get(theirs)) for theirs, ours in _VIDEO.items()}
    made = making.annotation(
        tier,
        FILE,
        values={
            **told,
            VIDEO_PLACE: video.place,
            PLACE: None if head is None else nr,
            "user type": text_of(head.get("user_type")) if head else None,
        },
    )
    if nr == 0:
        made = made.with_value(VIDEO_REST, remains(video.fields, _video_of(made)) or None)
    yield made if head is None else with_rest(made, head, _dialogue_of(made))


def _video_of(about: Annotation) -> Json:
    known = {theirs: about.value(ours) for theirs, ours in _VIDEO.items()}
    return {**{name: value for name, value in known.items() if value is not None}, DIALOGUES: []}


def _dialogue_of(about: Annotation) -> Json:
    kind = about.value("user type")
    return {TURNS: [], **({} if kind is None else {"user_type": kind})}


def _turns(making: Making, turns: Iterator[Found]) -> Iterator[Part]:
    tiers = {kind: making.tier(kind, subject=SPEAKERS[kind].value) for kind in (ASSISTANT, USER)}
    yield from tiers.values()
    for place, told in enumerate(_of_one_dialogue(turns)):
        if not isinstance(told, dict):
            raise WozError(f"{making.reading.path} holds a turn that is no object; get a whole copy of it.")
        kind = kind_of(told)
        made = annotation_of(making, tiers[kind], told, place)
        yield made
        if is_spoken(told):
            key = TurnId(making.reading.new_id())
            turn = Turn(key, making.transcript_id, SPEAKERS[kind], made.interval, told["content"])
            yield turn
            yield making.link(SAYS, made, turn)


def _of_one_dialogue(turns: Iterator[Found]) -> Iterator[Any]:
    for each in turns:
        if each.kind != "item":
            return
        yield each.value


def write(bundles: Sequence[SessionBundle], _: Writing) -> Iterable[OutFile]:
    demand_tiers(
        [each for each in bundles if not each.turns], SCHEME, "ProAssist", (ASSISTANT, USER, FILE), "turns"
    )
    return [OutFile("proassist.json", _text(bundles))]


def losses(bundles: Sequence[SessionBundle]) -> Iterator[Lost]:
    for bundle in bundles:
        yield from usual_losses(bundle, SCHEME, (SAYS,))
        ends = sum(bool(turn.interval) for turn in bundle.turns)
        if ends:
            yield Lost("turns' ends", ends)
        open_ones = sum(turn.speaker == SPEAKERS[ASSISTANT] for turn in _Session(bundle).without_intention)
        if open_ones:
            yield Lost("initiative and intentions, which nobody annotated", open_ones)


def _text(bundles: Sequence[SessionBundle]) -> Iterator[str]:
    videos = (
        _written(list(group)) for _, group in groupby(sorted(bundles, key=_order), key=lambda b: _order(b)[:2])
    )
    yield from json_pieces(videos, 3)
    yield "\n"


def _order(bundle: SessionBundle) -> tuple[int, str, int]:
    """Sessions of a file in its order, those of a video together; the others each alone behind them."""
    about = about_file(bundle, SCHEME)
    video, place = (about.value(VIDEO_PLACE), about.value(PLACE)) if about else (None, None)
    if not isinstance(video, int):
        return 2**62, str(bundle.session.id), 0
    return video, "", place if isinstance(place, int) else 0


def _written(bundles: Sequence[SessionBundle]) -> Json:
    """A video with its dialogues."""
    first = about_file(bundles[0], SCHEME)
    video = restored(_video_of(first), first.value(VIDEO_REST)) if first else _fresh(bundles[0])
    dialogues = [told for bundle in bundles if (told := _dialogue(bundle)) is not None]
    return {**video, DIALOGUES: dialogues} if dialogues or video.get(DIALOGUES) == [] else video


def _fresh(bundle: SessionBundle) -> Json:
    """Of a session that was recorded here: what is known of the task is its procedure's steps."""
    steps = [step.name for _, step in bundle.procedure.walk()] if bundle.procedure else []
    knowledge = "\n".join((bundle.session.title, *(f"{n}. {name}" for n, name in enumerate(steps, 1))))
    video = {"video_uid": str(bundle.session.id), "inferred_goal": bundle.session.title}
    return {**video, "inferred_knowledge": knowledge} if steps else video


def _dialogue(bundle: SessionBundle) -> Json | None:
    """None for a session that holds the place of a video without dialogues."""
    about = about_file(bundle, SCHEME)
    turns = _Session(bundle).turns()
    if about is None:
        return {TURNS: turns}
    if about.value(PLACE) is None and not turns:
        return None
    return {**restored(_dialogue_of(about), about.value(REST)), TURNS: turns}


class _Session:
    def __init__(self, bundle: SessionBundle) -> None:
        self._bundle = bundle
        self._tiers: dict[TierId, Tier] = {
            tier.id: tier for tier in bundle.tiers_of(SCHEME) if tier.tier_type in SPEAKERS
        }
        self._mine = [each for each in bundle.annotations if each.tier_id in self._tiers]
        self._said, free = said_by(bundle, self._mine, lambda each: SPEAKERS[self._kind(each)])
        self.without_intention = free
        self._free = {AnnotationId(f"turn {turn.id}"): turn for turn in free}

    def turns(self) -> list[Json]:
        unsaid = (_unsaid(key, turn) for key, turn in self._free.items())
        return [self._turn(each) for each in in_file_order([*self._mine, *unsaid])]

    def _turn(self, annotation: Annotation) -> Json:
        turn = self._free.get(annotation.id)
        if turn:
            kind = ASSISTANT if turn.speaker == SPEAKERS[ASSISTANT] else USER
            return turn_of(annotation, kind, NONE, turn.text)
        label = self._bundle.tier_type(self._tiers[annotation.tier_id]).label(annotation.label).key
        return turn_of(annotation, self._kind(annotation), label, self._said.words.get(annotation.id))

    def _kind(self, annotation: Annotation) -> str:
        return self._tiers[annotation.tier_id].tier_type


def _unsaid(key: AnnotationId, turn: Turn) -> Annotation:
    """A turn of which nobody said what it is for, as if somebody had said just that."""
    return Annotation(key, TierId(""), turn.interval.start_ns, None, UTTERANCE, Made(Origin.IMPORTED))


FORMATS = (
    Format(
        "proassist",
        "ProAssist's generated dialogues, JSON",
        "proassist.json",
        ("initiative and intentions", "turns' texts and starts", "summaries of the progress"),
        ("turns' ends", "words' times", "translations", "tiers of other schemes", "notes", "confidence"),
        "pro-assist/ProAssist, mmassist/datasets/generate",
        read,
        write,
        losses,
        SCHEME,
    ),
)
