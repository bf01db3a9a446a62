"""When to speak: the real dialogue as ProAssist has its own, on frames, with annotated windows and silence.

Source: ProAssist (arXiv 2506.05904): two frames a second; what is said stands between frames
(`woz.dataset.tasks.proassist_rows`), and at every other frame the assistant is silent. Initiative (initiative,
responsive) and intention (instruction, correction, info_sharing, feedback, other) are its scheme. Its windows
follow from the data; here the earliest and latest useful time of an utterance, and silence, are annotated (scheme
when-to-speak).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from woz.base.interval import seconds
from woz.dataset.synthesis.dialogue import Role, Turn
from woz.dataset.synthesis.quality import quality
from woz.dataset.tasks.material import Rows, length_ns
from woz.dataset.tasks.outlining import known_of, outline_of
from woz.dataset.tasks.proassist_rows import Line, Talk, prepared, scored, video
from woz.dataset.tasks.speaking import SILENCE, Spoken, spoken
from woz.dataset.tasks.task import Given, Making, Settings, Task
from woz.formats.bundle import SessionBundle
from woz.formats.format import OutFile
from woz.model.people import Role as Part

NAME = "when-to-speak"
REAL = "real"
"""In the place of ProAssist's kinds of user, which are a model's."""


class WhenToSpeak(Making):
    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._dialogues, self._prepared = Rows(), Rows()
        self._videos: dict[str, list[dict[str, Any]]] = {}

    def add(self, given: Given) -> Iterator[OutFile]:
        bundle, said = given.bundle, spoken(given.bundle)
        own = [each for each in said if each.by_assistant]
        self.items[given.split] += len(own)
        self.notes["utterances without an annotated window"] += sum(each.useful is None for each in own)
        self.notes["utterances of which nobody annotated the initiative"] += sum(not e.initiative for e in own)
        self._dialogues.add(given.split, _dialogue(bundle, own, given.group))
        self._prepared.add(given.split, _on_frames(bundle, said))
        self._videos.setdefault(given.split, []).append(_proassist(bundle, said, self.settings))
        yield from ()

    def finish(self) -> Iterator[OutFile]:
        yield from self._dialogues.files()
        yield from self._prepared.files("prepared/{split}.jsonl")
        for split, videos in sorted(self._videos.items()):
            yield OutFile(f"{split}_filtered.json", [json.dumps(videos, ensure_ascii=False, indent=1), "\n"])


def _dialogue(bundle: SessionBundle, own: Sequence[Spoken], group: str) -> dict[str, Any]:
    """As `woz evaluate dialogue` reads it; times in s."""
    utterances = []
    for each in own:
        window = each.useful and {"earliest": seconds(each.useful[0]), "latest": seconds(each.useful[1])}
        utterances.append({**_said(each), **(window or {}), **_labels(each)})
    last_ns = max((each.turn.interval.start_ns for each in own), default=0)
    spans = [each.interval for _, each in bundle.of_type(SILENCE) if each.interval]
    return {
        "video": bundle.session.id,
        "group": group,
        "duration": seconds(max(length_ns(bundle), last_ns)),
        "utterances": utterances,
        "silence": [[seconds(span.start_ns), seconds(span.end_ns)] for span in spans],
    }


def _said(each: Spoken) -> dict[str, Any]:
    return {"time": seconds(each.turn.interval.start_ns), "text": each.turn.text}


def _labels(each: Spoken) -> dict[str, Any]:
    initiative = {"initiative": each.initiative} if each.initiative else {}
    return initiative | ({"intention": list(each.intentions)} if each.intentions else {})


def _lines(said: Sequence[Spoken]) -> list[Line]:
    found = []
    for each in said:
        labels = f"{each.initiative}|{','.join(each.intentions)}" if each.initiative or each.intentions else ""
        found.append(Line(each.by_assistant, seconds(each.turn.interval.start_ns), each.turn.text, labels))
    return found


def _proassist(bundle: SessionBundle, said: Sequence[Spoken], settings: Settings) -> dict[str, Any]:
    """A video of `{split}_filtered.json`, with one dialogue, the real one, and its score where there are steps."""
    known = outline_of(bundle, settings) or known_of(bundle, None)
    turns = [Turn(seconds(each.turn.interval.start_ns), _role(each), each.turn.text) for each in said]
    dialogue = {
        "conversation": [each.turn() for each in _lines(said)],
        "user_type": REAL,
        "auto_quality_eval": scored(quality(turns, known)),
    }
    return video(bundle.session.id, known, [dialogue])


def _role(each: Spoken) -> Role:
    return Role.ASSISTANT if each.by_assistant else Role.USER


def _on_frames(bundle: SessionBundle, said: Sequence[Spoken]) -> dict[str, Any]:
    return prepared(Talk(bundle.session.id, REAL, _lines(said), length_ns(bundle), _goal(bundle)))


def _goal(bundle: SessionBundle) -> str:
    return bundle.procedure.name if bundle.procedure else bundle.session.title


def _fits(bundle: SessionBundle, _: Settings) -> bool:
    return any(turn.speaker == Part.EXPERT and turn.text.strip() for turn in bundle.turns)


TASKS = (
    Task(
        NAME,
        "when to speak",
        "a transcript in which the expert speaks; better with tiers of the scheme when-to-speak",
        "SPLIT.jsonl, SPLIT_filtered.json (ProAssist), prepared/SPLIT.jsonl (two frames a second)",
        "ProAssist, arXiv 2506.05904",
        "woz evaluate dialogue",
        _fits,
        WhenToSpeak,
    ),
)
