"""One question set as a line of a release: flat, so that every tool reads it."""

from __future__ import annotations

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Any

from woz.base.interval import Interval, seconds
from woz.dataset.release.recipe import Recipe
from woz.formats.bundle import SessionBundle
from woz.model.own_schemes import STEPS
from woz.model.question import Question, Wording

Record = dict[str, Any]


class Told:
    """A session in the order of time: what had been said and done by when."""

    def __init__(self, bundle: SessionBundle) -> None:
        self.bundle = bundle
        self._turns = sorted(bundle.turns, key=lambda turn: turn.interval)
        self._starts = [turn.interval.start_ns for turn in self._turns]
        self._longest_ns = max((turn.interval.duration_ns for turn in self._turns), default=0)
        steps = sorted((each for _, each in bundle.of_type(STEPS)), key=lambda each: each.interval.end_ns)
        self._done = [(each.interval.end_ns, bundle.step_name(each.label) or "") for each in steps]

    def context(self, question: Question, clip: Interval) -> list[str]:
        """What was said within the clip before the question, as "role: text"; the question itself isn't in it."""
        own = set(question.evidence.turns)
        first = bisect_left(self._starts, clip.start_ns - self._longest_ns)
        near = self._turns[first : bisect_right(self._starts, question.at_ns)]
        heard = (turn for turn in near if clip.start_ns < turn.interval.end_ns <= question.at_ns)
        return [f"{turn.speaker}: {turn.text}" for turn in heard if turn.id not in own]

    def steps_before(self, at_ns: int) -> list[str]:
        """The steps that were done by then, in the order in which they ended."""
        return list(
            dict.fromkeys(name for _, name in self._done[: bisect_right(self._done, (at_ns, chr(0x10FFFF)))])
        )


def record_of(told: Told, question: Question, recipe: Recipe, split: str, group: str) -> Record:
    """`options` are in an order drawn from seed and id; `answer_index` counts from 0. Times are session time."""
    bundle, session, clip = told.bundle, told.bundle.session, clip_of(question, recipe)
    options = shuffled(question, recipe.seed)
    right = options.index(question.answer)
    return {
        "id": question.id,
        "split": split,
        "group": group,
        "session": session.id,
        "participants": [person.pseudonym for person in bundle.participants],
        "procedure": bundle.procedure.name if bundle.procedure else "",
        "scenario": session.scenario,
        "place": session.place,
        "protocol": str(session.protocol.kind) if session.protocol else "",
        "kind": str(question.kind),
        "type": question.type or "",
        "language": question.language,
        "question": question.text,
        "options": options,
        "answer_index": right,
        "answer": question.answer,
        "asked_by": str(question.asked_by),
        "asked_at_s": seconds(question.at_ns),
        "clip_start_s": seconds(clip.start_ns),
        "clip_end_s": seconds(clip.end_ns),
        "answer_begins_s": seconds(question.answered.start_ns),
        "clip": "",
        "frames": [],
        "frame_times_s": [],
        "context": told.context(question, clip),
        "step": bundle.step_name(question.step) or "",
        "steps_before": told.steps_before(question.at_ns),
        **_english(question, options, bundle),
        "evidence_turns": list(question.evidence.turns),
        "status": str(question.status),
        "origin": str(question.made.origin),
        "question_wording": _wording(question.wording, bundle),
        "option_wordings": [_option_wording(text, question, bundle) for text in options],
        "flags": [each.gate for each in question.flags],
    }


def clip_of(question: Question, recipe: Recipe) -> Interval:
    """It ends when the question has been asked, whatever the stored clip says."""
    end_ns = question.at_ns
    if recipe.clip_ns is not None:
        return Interval(max(0, end_ns - recipe.clip_ns), end_ns)
    return Interval(min(question.clip.start_ns, end_ns), end_ns)


def shuffled(question: Question, seed: int) -> list[str]:
    """The options in an order that follows from seed, id and text alone."""
    return sorted(question.options, key=lambda text: _drawn(seed, question.id, text))


def _english(question: Question, options: Sequence[str], bundle: SessionBundle) -> Record:
    """The options in English are in the order of the others; none where one is missing."""
    english, by_text = question.english, dict(zip(question.options, question.english_options, strict=False))
    return {
        "question_english": english.text if english else "",
        "answer_english": english.answer if english else "",
        "options_english": [by_text[text] for text in options] if by_text else [],
        "english_checked": question.english_checked,
        "english_wording": _wording(english.wording, bundle) if english else "",
    }


def _option_wording(text: str, question: Question, bundle: SessionBundle) -> str:
    if text == question.answer:
        return _wording(question.answer_wording, bundle)
    wrong = next(each for each in question.distractors if each.text == text)
    return _wording(wrong.wording, bundle)


def _wording(wording: Wording, bundle: SessionBundle) -> str:
    """Who or what wrote it, and how; annotators by pseudonym."""
    if not wording.by and not wording.how:
        return "said"
    by = bundle.known_as(wording.by)
    return f"{by}: {wording.how}" if wording.how else by


def _drawn(seed: int, question_id: str, text: str) -> str:
    return hashlib.sha256(f"{seed}/{question_id}/{text}".encode()).hexdigest()
