"""When to speak, synthetic: dialogues that a model wrote from steps and descriptions, as ProAssist has its own.

Source: ProAssist (arXiv 2506.05904): ten dialogues a video, of three kinds of user, those whose times fit the steps
(`woz.dataset.synthesis.quality`); a summary of the progress at each of the assistant's turns. Every row, line and
dialogue says that it is synthetic, and by which model.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from woz.base.interval import seconds
from woz.dataset.synthesis.dialogue import Dialogue
from woz.dataset.synthesis.outline import Outline
from woz.dataset.synthesis.quality import LEAST_EVALUATED, LEAST_TRAIN, good_enough
from woz.dataset.tasks.material import Rows
from woz.dataset.tasks.outlining import NAME, outline_of
from woz.dataset.tasks.proassist_rows import Line, Talk, prepared, scored, video
from woz.dataset.tasks.task import Given, Making, Settings, Task
from woz.formats.bundle import SessionBundle
from woz.formats.format import OutFile

BEHIND = "dialogues of steps that were changed since, left out"


class SyntheticDialogues(Making):
    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._dialogues, self._prepared = Rows(), Rows()
        self._videos: dict[str, list[dict[str, Any]]] = {}

    def add(self, given: Given) -> Iterator[OutFile]:
        bundle = given.bundle
        outline = outline_of(bundle, self.settings)
        assert outline
        written = self.settings.generated.dialogues.get(bundle.session.id, ())
        current = [each for each in written if each.outline == outline.digest]
        taken = good_enough(current, given.split)
        self.notes[BEHIND] += len(written) - len(current)
        self.notes[f"dialogues left out by their score in {given.split}"] += len(current) - len(taken)
        self.notes["sessions none of whose dialogues is good enough"] += not taken
        if taken:
            self._videos.setdefault(given.split, []).append(
                video(bundle.session.id, outline, map(_conversation, taken), synthetic=True)
            )
        for each in taken:
            self._add(given, outline, each)
        yield from ()

    def _add(self, given: Given, outline: Outline, dialogue: Dialogue) -> None:
        own = [turn for turn in dialogue.turns if turn.by_assistant]
        self.items[given.split] += len(own)
        self.notes["turns of the assistant without a summary of the progress"] += sum(not e.progress for e in own)
        self.notes[f"dialogues of users of the kind {dialogue.user_type}"] += 1
        self.written_by.add(f"{dialogue.model}: {dialogue.prompt}")
        self._dialogues.add(given.split, _row(given, outline, dialogue))
        self._prepared.add(given.split, prepared(_talk(given.bundle, outline, dialogue)))

    def finish(self) -> Iterator[OutFile]:
        by = "; ".join(sorted(self.written_by)) or "no model"
        self.sentences.append(
            f"Every dialogue of this task is synthetic: nobody said it. Written by {by}, from the times of steps"
            f" and descriptions. Taken: in train those of a score of {LEAST_TRAIN:g} or more, elsewhere the best of"
            f" each kind of user, of {LEAST_EVALUATED:g} or more."
        )
        yield from self._dialogues.files()
        yield from self._prepared.files("prepared/{split}.jsonl")
        for split, videos in sorted(self._videos.items()):
            yield OutFile(f"{split}_filtered.json", [json.dumps(videos, ensure_ascii=False, indent=1), "\n"])


def _marks(dialogue: Dialogue) -> dict[str, Any]:
    return {"synthetic": True, "written_by": dialogue.model, "prompt": dialogue.prompt}


def _row(given: Given, outline: Outline, dialogue: Dialogue) -> dict[str, Any]:
    """As `woz evaluate dialogue` reads it; times in s. Videos are named by session, kind of user and number."""
    utterances = [
        {"time": turn.time, "text": turn.text, "initiative": turn.initiative, "intention": list(turn.intentions)}
        for turn in dialogue.turns
        if turn.by_assistant
    ]
    last_s = max(turn.time for turn in dialogue.turns)
    return {
        "video": dialogue.name,
        "session": dialogue.session,
        "group": given.group,
        **_marks(dialogue),
        "user_type": dialogue.user_type,
        "score": dialogue.quality.score,
        "duration": max(seconds(outline.length_ns), last_s),
        "utterances": utterances,
        "silence": [],
    }


def _lines(dialogue: Dialogue) -> list[Line]:
    return [Line(each.by_assistant, each.time, each.text, each.labels, each.progress) for each in dialogue.turns]


def _talk(bundle: SessionBundle, outline: Outline, dialogue: Dialogue) -> Talk:
    metadata = {
        **_marks(dialogue),
        "user_id": f"{dialogue.user_type}_{dialogue.nr}",
        "knowledge": outline.knowledge,
        "has_summary": False,
        "quality": dialogue.quality.score,
    }
    return Talk(bundle.session.id, dialogue.user_type, _lines(dialogue), outline.length_ns, outline.goal, metadata)


def _conversation(dialogue: Dialogue) -> dict[str, Any]:
    return {
        "conversation": [each.turn() for each in _lines(dialogue)],
        "user_type": dialogue.user_type,
        "auto_quality_eval": scored(dialogue.quality),
        **_marks(dialogue),
    }


def _fits(bundle: SessionBundle, settings: Settings) -> bool:
    written = settings.generated.dialogues.get(bundle.session.id, ())
    outline = outline_of(bundle, settings) if written else None
    return outline is not None and any(
        each.outline == outline.digest and each.quality.score >= LEAST_TRAIN for each in written
    )


TASKS = (
    Task(
        NAME,
        "when to speak, synthetic",
        "dialogues that woz release synthesize had a model write, good enough by their score, of steps as they are",
        "SPLIT.jsonl, SPLIT_filtered.json (ProAssist), prepared/SPLIT.jsonl (two frames a second)",
        "ProAssist, arXiv 2506.05904",
        "woz evaluate dialogue",
        _fits,
        SyntheticDialogues,
        synthetic=True,
    ),
)
