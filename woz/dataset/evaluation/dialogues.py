"""Dialogues as files: who said what when, of several videos, as JSON Lines or as ProAssist publishes them."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from woz.base.errors import WozError
from woz.base.outside import Unsound, read, read_file, whole_lines
from woz.dataset.evaluation.files import demand_same
from woz.dataset.measures.proactive import BEST

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Utterance:
    """Of the assistant, at `time` (s). Of a reference, `earliest` and `latest` bound when it is of use; of a
    prediction, `grade` (0 to 2) is a judge's of all that was said in its span so far. `embedding` is its meaning.
    """

    time: float
    text: str
    earliest: float | None = None
    latest: float | None = None
    grade: int | None = None
    embedding: list[float] | None = None


@dataclass(frozen=True, slots=True)
class Dialogue:
    """`silence` are spans (s) in which nothing should be said; `duration` (s) bounds all times, where known."""

    video: str
    utterances: list[Utterance] = field(default_factory=list)
    duration: float | None = None
    silence: list[Span] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Turn:
    role: str
    time: float
    content: str = ""


@dataclass(frozen=True, slots=True)
class _Conversation:
    conversation: list[_Turn]


@dataclass(frozen=True, slots=True)
class _Video:
    video_uid: str
    conversations: list[_Conversation]


def read_dialogues(path: Path) -> Mapping[str, Dialogue]:
    """By the video's name; a dialogue of ProAssist's file is named by video and number. Raises WozError for what
    can't be read, videos that come twice, and times that lie before 0 or behind the end.
    """
    found = dict[str, Dialogue]()
    try:
        for each in _proassist(path) if path.suffix == ".json" else _lines(path):
            if each.video in found:
                raise WozError(f"{path} holds {each.video} twice; keep one.")
            _demand_times(each, path)
            found[each.video] = each
    except OSError as error:
        raise WozError(f"{path} can't be read ({error.strerror}).") from error
    except Unsound as error:
        raise WozError(f"{path} holds no dialogues: {error}.") from error
    if not found:
        raise WozError(f'{path} holds no dialogues; it needs a line {{"video": ..., "utterances": [...]}} a video.')
    return found


def paired_dialogues(reference: Path, predicted: Path) -> list[tuple[Dialogue, Dialogue]]:
    """Both of each video. Raises WozError where a video lacks in one of them: no figure from a part of the data."""
    known, told = read_dialogues(reference), read_dialogues(predicted)
    demand_same(known, told, reference, predicted, "videos")
    for name, each in told.items():
        _demand_within(each, known[name].duration, predicted)
    return [(known[name], told[name]) for name in sorted(known)]


def _lines(path: Path) -> Iterator[Dialogue]:
    for nr, raw in enumerate(whole_lines(path), 1):
        if raw.strip():
            try:
                yield read(raw, Dialogue)
            except Unsound as error:
                raise Unsound(f"line {nr}: {error}") from None


def _proassist(path: Path) -> Iterator[Dialogue]:
    """What the assistant says in `{split}_filtered.json`."""
    for video in read_file(path, list[_Video]):
        for nr, each in enumerate(video.conversations, 1):
            said = [Utterance(turn.time, turn.content) for turn in each.conversation if turn.role == "assistant"]
            yield Dialogue(f"{video.video_uid} {nr}", said)


def _demand_times(dialogue: Dialogue, path: Path) -> None:
    for each in dialogue.utterances:
        times = [t for t in (each.time, each.earliest, each.latest) if t is not None]
        if not all(math.isfinite(t) and t >= 0 for t in times):
            raise WozError(f"{path}: {json.dumps(each.text[:60])} in {dialogue.video} has a time before 0.")
        if not (each.earliest or 0) <= each.time <= (math.inf if each.latest is None else each.latest):
            raise WozError(f"{path}: {json.dumps(each.text[:60])} in {dialogue.video} lies outside its own window.")
        if each.grade is not None and not 0 <= each.grade <= BEST:
            raise WozError(
                f"{path}: {json.dumps(each.text[:60])} in {dialogue.video} has a grade beyond 0 to {BEST}."
            )
    for start, end in dialogue.silence:
        if not 0 <= start < end <= (math.inf if dialogue.duration is None else dialogue.duration):
            raise WozError(f"{path}: the silence from {start:g} to {end:g} s lies outside of {dialogue.video}.")
    _demand_within(dialogue, dialogue.duration, path)


def _demand_within(dialogue: Dialogue, duration: float | None, path: Path) -> None:
    late: Sequence[Utterance] = [] if duration is None else [u for u in dialogue.utterances if u.time > duration]
    if late:
        raise WozError(
            f"{path} says something at {late[0].time:g} s in {dialogue.video}, which ends at {duration:g} s; see to"
            " the times' unit, which is seconds."
        )
