"""Proposes by a model behind an OpenAI-compatible server, which gets pictures of the view and what was said.

The session is cut into windows. For each the model gets some pictures, what was said up to then, and the labels
with their keys, and says by key what is done in each picture. Its answer is checked, asked for once more, then
given up: such a window has no proposal.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any

from msgspec import Meta

from woz.annotation.proposals.asking import Ask, Progress, Proposal, Share
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S, Interval
from woz.dataset.gates.showing import pictures
from woz.dataset.models.endpoint import Endpoint, Message, Wanted
from woz.dataset.models.requests import picture_part
from woz.dataset.release.clips import Film
from woz.model.scheme import Label

ENDPOINT, MODEL, BUDGET = "endpoint", "model", "pictures"
"""Options: the server's address, the model's name there, and how many pictures are sent at most."""
KEY = "WOZ_MODEL_KEY"
USUAL_BUDGET, MOST_BUDGET = 120, 10_000
PER_WINDOW, LEAST_WINDOW_NS = 6, 6 * NS_PER_S
TURNS_BEFORE = 4
NOTHING = "none"
PROMPT = """\
You see {count} pictures, in order, through the glasses of somebody who does a hands-on task, and what was said.
Say for each picture which of these is being done, by its key; "none" where it is none of them:
{labels}
"sure" says how sure you are of all, from 0 to 1. Answer in JSON alone."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A label's key a picture."""

    keys: Annotated[list[str], Meta(max_length=64)]
    sure: Share


def endpoint_of(options: dict[str, str]) -> Endpoint:
    """Raises WozError where no address is given, or what is none."""
    if not options.get(ENDPOINT):
        raise WozError("Say which model's server is asked: endpoint=http://127.0.0.1:8080/v1, say.")
    return Endpoint(options[ENDPOINT], options.get(MODEL) or "default", os.environ.get(KEY, ""))


def budget_of(options: dict[str, str]) -> int:
    """How many pictures are sent at most. Raises WozError for what is no such number."""
    text = options.get(BUDGET) or str(USUAL_BUDGET)
    if not text.isdigit() or not PER_WINDOW <= int(text) <= MOST_BUDGET:
        raise WozError(f"{BUDGET} is a number from {PER_WINDOW} to {MOST_BUDGET}, not {text!r}.")
    return int(text)


def propose(ask: Ask, progress: Progress) -> Iterator[Proposal]:
    """Where one label follows itself, also over windows, it is one proposal."""
    endpoint, labels = endpoint_of(ask.options), ask.tier_type.offered
    if not labels:
        raise WozError(f"{ask.tier_type.name()} has no labels to choose among; give it some (woz scheme edit).")
    if not ask.media:
        raise WozError(
            "The video isn't here, so there is nothing to show to a model; bring the recording here first."
        )
    windows = windows_of(ask.duration_ns, budget_of(ask.options))
    seen: list[tuple[Interval, str, float]] = []
    for number, window in enumerate(windows):
        seen += _looked(endpoint, ask, labels, window)
        progress((number + 1) / len(windows))
    yield from _together(seen, {label.key: label for label in labels})


def windows_of(duration_ns: int, budget: int) -> list[Interval]:
    """What the model is asked about, one after the other, so that no more than `budget` pictures are sent."""
    most = max(1, min(budget // PER_WINDOW, duration_ns // LEAST_WINDOW_NS))
    edges = [duration_ns * n // most for n in range(most + 1)]
    return [Interval(a, b) for a, b in pairwise(edges) if b > a]


def _looked(
    endpoint: Endpoint, ask: Ask, labels: Sequence[Label], window: Interval
) -> list[tuple[Interval, str, float]]:
    """What the model says of each part of a window; nothing where it gives no answer."""
    shown = pictures(Film(Path(ask.media)), window, PER_WINDOW)
    answer = endpoint.ask_for(_messages(ask, labels, window, shown), _wanted(labels, len(shown))) if shown else None
    if answer is None or len(answer.keys) != len(shown):
        return []
    edges = [window.start_ns + window.duration_ns * n // len(shown) for n in range(len(shown) + 1)]
    parts = [Interval(a, b) for a, b in pairwise(edges)]
    return [(part, key, answer.sure) for part, key in zip(parts, answer.keys, strict=True)]


def _messages(ask: Ask, labels: Sequence[Label], window: Interval, shown: Sequence[bytes]) -> list[Message]:
    names = "\n".join(f"{label.key}: {label.name()}. {label.start_rule}".strip() for label in labels)
    heard = [turn for turn in ask.turns if turn.interval.start_ns < window.end_ns][-TURNS_BEFORE:]
    said = "\n".join(f"{turn.speaker}: {turn.text}" for turn in heard) or "Nothing was said."
    text = PROMPT.format(count=len(shown), labels=names) + f"\nSaid until then:\n{said}"
    return [{"role": "user", "content": [*map(picture_part, shown), {"type": "text", "text": text}]}]


def _wanted(labels: Sequence[Label], count: int) -> Wanted[Seen]:
    key = {"type": "string", "enum": [*(label.key for label in labels), NOTHING]}
    fields: dict[str, Any] = {
        "keys": {"type": "array", "items": key, "minItems": count, "maxItems": count},
        "sure": {"type": "number", "minimum": 0, "maximum": 1},
    }
    schema = {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}
    return Wanted("labels", Seen, schema)


def _together(seen: Sequence[tuple[Interval, str, float]], labels: dict[str, Label]) -> Iterator[Proposal]:
    """A boundary may be off by the time between two pictures."""
    runs: list[tuple[Interval, str, list[float]]] = []
    for part, key, sure in seen:
        if runs and runs[-1][1] == key and runs[-1][0].end_ns == part.start_ns:
            runs[-1] = (Interval(runs[-1][0].start_ns, part.end_ns), key, [*runs[-1][2], sure])
        else:
            runs.append((part, key, [sure]))
    spread = max((part.duration_ns for part, _, _ in seen), default=0)
    for span, key, sures in runs:
        if key in labels:
            mean = round(sum(sures) / len(sures), 3)
            yield Proposal(span.start_ns, span.end_ns, labels[key].id, mean, spread, spread)
