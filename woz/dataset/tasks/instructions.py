"""Instruction samples of four parts: video, task instruction, question, answer; three kinds.

Source: EgoIT of Exo2Ego: recognition of what is done, answering of questions, captioning; ten instructions for each
of its data sets, by GPT-4o. Here they are a model's ten for each kind where woz release synthesize had it write
some, else a fixed ten; which of them a sample has follows from its id and the seed, and each says who wrote it.
The paper names no fields; they are called by its words. The train split comes as LLaVA reads it, too.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from woz.base.counts import counted
from woz.base.interval import Interval, seconds
from woz.dataset.synthesis.quality import TRAIN
from woz.dataset.tasks.clip_text import KINDS as DESCRIBED
from woz.dataset.tasks.material import STEP_TYPES, Rows, class_of, intervals, segmented, text_of, tiers_of, timed
from woz.dataset.tasks.task import Given, Making, Settings, Task
from woz.formats.bundle import SessionBundle
from woz.formats.format import OutFile
from woz.model.question import ReviewStatus

NAME = "instructions"
RECOGNITION, ANSWERING, CAPTIONING = "recognition", "answering", "captioning"
INSTRUCTIONS = {
    RECOGNITION: (
        "Watch the video, seen through the wearer's eyes, and name the step that is done.",
        "This clip shows a task as the person doing it sees it. Say which step it is.",
        "Look at the hands and at what they hold, and tell what is being done.",
        "Recognise the activity in this first-person video.",
        "Decide from the wearer's view which part of the task this is.",
        "Follow the hands in this clip and name the action.",
        "The camera is on the wearer's head. Name what the wearer does.",
        "Identify the step of the procedure in this first-person clip.",
        "Watch what is touched and moved, and name the step.",
        "Name the activity that the person with the glasses carries out.",
    ),
    ANSWERING: (
        "Watch the video, seen through the wearer's eyes, and answer the question.",
        "The wearer asks a question at the end of this clip. Answer it from what is seen.",
        "Look at the scene as the wearer sees it, and answer.",
        "Use what the first-person video shows to answer the question.",
        "Help the person with the glasses: answer what they ask.",
        "Answer from the wearer's view, in one sentence.",
        "The clip shows a task under way. Answer the question about it.",
        "Look at the hands and the things around them, then answer.",
        "You guide the wearer through a task. Answer the question.",
        "Give the answer that an expert who watches would give.",
    ),
    CAPTIONING: (
        "Describe what the wearer does in this first-person clip.",
        "Tell in one sentence what happens in the video.",
        "Watch the hands and describe the action.",
        "Write a short caption for this clip, seen through the wearer's eyes.",
        "Say what is done, and with which things.",
        "Describe the moment that this first-person video shows.",
        "Give a one-sentence account of the wearer's action.",
        "Describe the interaction of the hands with the things in view.",
        "Summarise this short clip from the wearer's view.",
        "Put into words what the person with the glasses is doing.",
    ),
}
WHAT = {
    RECOGNITION: "a clip of one step of a task; asked which step it is, a model answers with the step's name",
    ANSWERING: "a clip that ends with a question of the wearer's, which a model answers as an expert would",
    CAPTIONING: "a short clip; asked what is being done, a model answers with a sentence",
}
FIXED = "woz"
"""Who wrote the fixed ones."""
ASKED = {RECOGNITION: "Which step is this?", CAPTIONING: "What is being done?"}
AROUND_NS = 500_000_000
"""A caption of a point is of this much before and after it: 1 s in all, as a single narration's clip."""


@dataclass(frozen=True, slots=True)
class _Sample:
    key: str
    kind: str
    span: Interval
    question: str
    answer: str


class Instructions(Making):
    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._rows = Rows()
        self._taught: list[dict[str, Any]] = []
        self._by: Counter[str] = Counter()

    def add(self, given: Given) -> Iterator[OutFile]:
        for each in _samples(given.bundle):
            ten, by = self._ten(each.kind)
            row = {
                "id": f"{each.key}@{each.kind}",
                "video": given.bundle.session.id,
                "instruction": drawn(ten, each, self.settings.seed),
                "instruction_by": by,
                "question": each.question,
                "answer": each.answer,
                "task": each.kind,
                "start_s": seconds(each.span.start_ns),
                "end_s": seconds(each.span.end_ns),
                "group": given.group,
            }
            self._rows.add(given.split, row)
            self._taught += [_as_llava(row)] if given.split == TRAIN else []
            self._by[by] += 1
            self.items[given.split] += 1
            self.figures[f"samples of {each.kind}"] = self.figures.get(f"samples of {each.kind}", 0) + 1
        yield from ()

    def finish(self) -> Iterator[OutFile]:
        self.figures = dict(sorted(self.figures.items()))
        for by, count in sorted(self._by.items()):
            who = "woz has them, a fixed ten for each kind" if by == FIXED else f"written by {by}"
            self.sentences.append(f"Instructions of {counted(count, 'sample')}: {who}.")
        yield from self._rows.files()
        if self._taught:
            yield OutFile(f"{TRAIN}.llava.json", [json.dumps(self._taught, ensure_ascii=False, indent=1), "\n"])

    def _ten(self, kind: str) -> tuple[Sequence[str], str]:
        """The ten of a kind, and who wrote them."""
        written = self.settings.generated.instructions
        if written and kind in written.ten:
            by = f"{written.model}: {written.prompt}"
            self.written_by.add(by)
            return written.ten[kind], by
        return INSTRUCTIONS[kind], FIXED


def drawn(ten: Sequence[str], sample: _Sample, seed: int) -> str:
    """One of the ten, by seed and id alone."""
    number = hashlib.sha256(f"{seed}/{sample.key}/{sample.kind}".encode()).digest()
    return ten[int.from_bytes(number[:8]) % len(ten)]


def _as_llava(row: dict[str, Any]) -> dict[str, Any]:
    """A sample as LLaVA's training reads it; `start_time` and `end_time` (s) as EgoIT-99K has them."""
    asked = f"<video>\n{row['instruction']}\n{row['question']}"
    return {
        "id": row["id"],
        "video": row["video"],
        "conversations": [{"from": "human", "value": asked}, {"from": "gpt", "value": row["answer"]}],
        "start_time": row["start_s"],
        "end_time": row["end_s"],
    }


def kinds_in(bundle: SessionBundle) -> set[str]:
    """The kinds of samples that a session gives."""
    return {each.kind for each in _samples(bundle)}


def _samples(bundle: SessionBundle) -> Iterator[_Sample]:
    for tier in segmented(bundle, STEP_TYPES)[:1]:
        for each in intervals(bundle, tier):
            name = class_of(bundle, tier, each)
            yield _Sample(each.id, RECOGNITION, each.interval, ASKED[RECOGNITION], name)
    for question in bundle.questions:
        if question.status == ReviewStatus.ACCEPTED and question.answer.strip() and not question.made.stale:
            span = Interval(min(question.clip.start_ns, question.at_ns), question.at_ns)
            yield _Sample(question.id, ANSWERING, span, question.text, question.answer)
    for tier in tiers_of(bundle, DESCRIBED):
        for each in timed(bundle, tier):
            start, end = each.interval.start_ns, each.interval.end_ns
            around = Interval(start, end) if end > start else Interval(max(0, start - AROUND_NS), end + AROUND_NS)
            yield _Sample(each.id, CAPTIONING, around, ASKED[CAPTIONING], text_of(bundle, tier, each))


def _fits(bundle: SessionBundle, _: Settings) -> bool:
    return next(_samples(bundle), None) is not None


TASKS = (
    Task(
        NAME,
        "instruction samples",
        f"steps ({', '.join(STEP_TYPES)}), accepted question sets or descriptions ({', '.join(DESCRIBED)})",
        "SPLIT.jsonl: video, instruction, question, answer; train.llava.json (LLaVA)",
        "Exo2Ego (EgoIT)",
        "no measure: for training",
        _fits,
        Instructions,
    ),
)
