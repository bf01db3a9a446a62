"""Ten instructions for each kind of sample, written by a model for one data set, as EgoIT has them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated

from msgspec import Meta

from woz.dataset.models.asking_json import Ask, JsonAsker
from woz.dataset.models.endpoint import Message, Wanted
from woz.dataset.texts import words_of

TEN = 10
TOKENS = 1024
MOST_NAMES = 20
INSTRUCTION = "instruction"
SYSTEM = "You write instructions for training models on video that is seen through the eyes of who does a task."
PROMPT = """\
The data set shows: {shows}.
Its samples are of the kind “{kind}”: {what}.
Write ten instructions for such samples, as "instructions". Each is one sentence or two in English that tells a
model what to do with the video, whatever sample it is put before; none names a task, a step or an answer of its
own, and no two say the same in the same words. Answer in JSON alone."""
Line = Annotated[str, Meta(min_length=1, max_length=300, pattern=r"\S")]


@dataclass(frozen=True, slots=True)
class WrittenTen:
    instructions: Annotated[list[Line], Meta(min_length=TEN, max_length=TEN)]


@dataclass(frozen=True, slots=True)
class Instructions:
    """`ten` by kind of sample; `prompt` names the prompt."""

    model: str
    prompt: str
    ten: dict[str, list[Line]] = field(default_factory=dict)


def prompt_name() -> str:
    told = "\n".join((SYSTEM, PROMPT))
    return f"prompt {hashlib.sha256(told.encode()).hexdigest()[:8]}"


def write_instructions(kinds: Mapping[str, str], shows: Sequence[str], asker: JsonAsker) -> Instructions:
    """`kinds` of samples with what each is, `shows` the data set's procedures by name. Those that got no answer are
    not among them.
    """
    named = ", ".join(shows[:MOST_NAMES]) or "tasks that people do with their hands"
    asks = [Ask(kind, _messages(kind, what, named), _wanted(), TOKENS, _wrong) for kind, what in kinds.items()]
    asker.planned += len(asks)
    answers = asker.ask(INSTRUCTION, asks)
    ten = {kind: [" ".join(each.split()) for each in answer.instructions] for kind, answer in answers.items()}
    return Instructions(asker.endpoint.model, prompt_name(), dict(sorted(ten.items())))


def _messages(kind: str, what: str, named: str) -> list[Message]:
    told = PROMPT.format(shows=named, kind=kind, what=what)
    return [{"role": "system", "content": SYSTEM}, {"role": "user", "content": told}]


def _wanted() -> Wanted[WrittenTen]:
    lines = {"type": "array", "items": {"type": "string"}, "minItems": TEN, "maxItems": TEN}
    schema = {
        "type": "object",
        "properties": {"instructions": lines},
        "required": ["instructions"],
        "additionalProperties": False,
    }
    return Wanted("instructions", WrittenTen, schema)


def _wrong(written: WrittenTen) -> str:
    different = {tuple(words_of(each)) for each in written.instructions}
    return "" if len(different) == TEN else f"only {len(different)} of the ten differ"
