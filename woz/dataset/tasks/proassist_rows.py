"""A dialogue in ProAssist's two forms: turns by time, and turns between frames.

Source: pro-assist/ProAssist (9d0b2b2): mmassist/datasets/generate for `{split}_filtered.json`; for the prepared
lines `convert_conversation_time_to_index` in mmassist/datasets/prepare/conversation.py. A turn at t (s) comes
behind the frames [f, g) with g = floor(2 t) and f the g of the turn before (0 at first); where that is no frame, g
= f + 1. What the assistant says is thus decided on frame g - 1. Its prompts, and the cutting to a tokenizer's
length, are left to its own prepare_dialogs.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from woz.base.interval import NS_PER_S, seconds
from woz.dataset.synthesis.dialogue import Quality
from woz.dataset.synthesis.outline import Outline
from woz.dataset.synthesis.quality import UNANSWERED

RATE = 2
"""Frames a second."""
DATASET = "woz"


@dataclass(frozen=True, slots=True)
class Line:
    """A turn at `time_s`; `labels` are initiative and intentions as ProAssist's files have them."""

    by_assistant: bool
    time_s: float
    text: str
    labels: str = ""
    progress: str = ""

    def turn(self) -> dict[str, Any]:
        told = {"labels": self.labels, "progress": self.progress}
        role = "assistant" if self.by_assistant else "user"
        return {"role": role, "time": self.time_s, "content": self.text, **{k: v for k, v in told.items() if v}}


@dataclass(frozen=True, slots=True)
class Talk:
    """A dialogue of a video; `lines` by time, `metadata` goes into its prepared line."""

    video: str
    user_type: str
    lines: Sequence[Line]
    length_ns: int
    goal: str
    metadata: Mapping[str, Any] = field(default_factory=dict)


def video(
    uid: str, outline: Outline, conversations: Iterable[Mapping[str, Any]], **marks: object
) -> dict[str, Any]:
    """A video of `{split}_filtered.json`, with what ProAssist's own preparing needs of it; `marks` go along."""
    told = {
        "dataset": DATASET,
        "video_uid": uid,
        "goal_description": outline.goal,
        "all_step_descriptions": outline.text,
        "duration": seconds(outline.length_ns),
        "num_steps": sum(not each.within for each in outline.lines),
        "num_substeps": sum(each.within for each in outline.lines),
        "video_start_time": 0.0,
        "fps": RATE,
    }
    return {
        "video_uid": uid,
        "inferred_goal": outline.goal,
        "inferred_knowledge": f"{outline.goal}\n{outline.knowledge}".strip(),
        **marks,
        "conversations": list(conversations),
        "parsed_video_anns": told,
    }


def scored(found: Quality | None) -> dict[str, Any]:
    """As ProAssist's auto_eval.py names it; nothing where nothing could be scored."""
    if found is None:
        return {"final_score": None}
    return {
        "avg_time_diff_p": found.turns_to_steps_s,
        "avg_time_diff_r": found.steps_to_turns_s,
        "no_resp_penalty": UNANSWERED * found.unanswered,
        "no_resp_user_turns": found.unanswered,
        "final_score": found.score,
    }


def prepared(talk: Talk) -> dict[str, Any]:
    """A line of prepared data: frames [start, end), and what is said behind them."""
    count = max(1, -(-talk.length_ns * RATE // NS_PER_S))
    conversation, seen, decided = list[dict[str, Any]](), 0, list[int]()
    for each in talk.lines:
        shown = max(seen + 1, int(each.time_s * RATE))
        conversation += [{"role": "frames", "start": seen, "end": shown}, each.turn()]
        decided += [shown - 1] if each.by_assistant else []
        seen = shown
    if seen < count:
        conversation.append({"role": "frames", "start": seen, "end": count})
    return {
        "dataset": DATASET,
        "video_uid": talk.video,
        "clip_idx": 0,
        "frames_file": f"frames/{talk.video}.arrow",
        "fps": RATE,
        "start_frame_idx": 0,
        "end_frame_idx": max(seen, count),
        "talk_frames": decided,
        "conversation": conversation,
        "metadata": {"user_type": talk.user_type, "task_goal": talk.goal, **talk.metadata},
    }
