"""What a model is asked for a dialogue and for a summary of its progress, and the form of its answers."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Literal

from msgspec import Meta

from woz.base.interval import seconds
from woz.dataset.models.endpoint import Message, Wanted
from woz.dataset.synthesis.dialogue import Initiative, Intention, Role, Turn, UserType
from woz.dataset.synthesis.outline import Outline, Part

SYSTEM = """\
You write spoken dialogues between a user, who does a task with a camera on the head, and an assistant, who sees
what the camera sees and helps."""
SUMMING = "You sum up what has been done in a task so far. Be faithful, and leave nothing out that matters later."
USERS = {
    UserType.NO_TALK: "The user says what the task is at the very beginning, then follows and says nothing more.",
    UserType.TALK_SOME: "The user asks or makes sure of something at about 2 steps of 10.",
    UserType.TALK_MORE: "The user likes to talk: at about 4 steps of 10, about the task or about something else.",
}
RULES = """\
The assistant speaks first of all in time: it tells the next step just before the user begins it, without being
asked, and covers every step that matters. What the user says is answered at once, at the same time or within a
second. Turns are a second apart at least. Sentences are short, as people speak; no step is read out as it is
written. Where a step is marked as a mistake, the assistant does not tell the user to do it: it says what is right,
and helps to mend it. Praise now and then, not each time.
Of each turn give "time" in seconds, "role" (user or assistant) and "text". Of the assistant's turns give
"initiative" (initiative: of its own accord; responsive: to what the user said) and "intentions", one or more of
instruction, correction, info_sharing, feedback, other. Of the user's turns, "initiative" is none and "intentions"
is empty.
Answer in JSON alone."""
MOST_TURNS, MOST_BEFORE = 400, 20
TURN_TOKENS, SUMMARY_TOKENS = 80, 512
OUTSIDE_S = 1.0
"""A turn may be so much (s) before or after the part that is asked for."""
NO_INITIATIVE = "none"
_TIME = re.compile(r"\[\d+(?:\.\d+)?s")
Text = Annotated[str, Meta(min_length=1, max_length=1000, pattern=r"\S")]
Meant = Literal["instruction", "correction", "info_sharing", "feedback", "other"]
Seconds = Annotated[float, Meta(ge=0, le=86_400 * 30)]


@dataclass(frozen=True, slots=True)
class WrittenTurn:
    time: Seconds
    role: Literal["user", "assistant"]
    text: Text
    initiative: Literal["initiative", "responsive", "none"] = "none"
    intentions: list[Meant] = field(default_factory=list)

    def turn(self) -> Turn:
        """What nobody said of an assistant's turn is ProAssist's own default: of its own accord, for something
        else.
        """
        text, role = " ".join(self.text.split()), Role(self.role)
        if role == Role.USER:
            return Turn(self.time, role, text)
        own = Initiative.INITIATIVE if self.initiative == NO_INITIATIVE else Initiative(self.initiative)
        meant = tuple(dict.fromkeys(Intention(each) for each in self.intentions)) or (Intention.OTHER,)
        return Turn(self.time, role, text, own, meant)


@dataclass(frozen=True, slots=True)
class WrittenPart:
    turns: Annotated[list[WrittenTurn], Meta(max_length=MOST_TURNS)]


@dataclass(frozen=True, slots=True)
class WrittenSummary:
    summary: Text


def most_turns(part: Part) -> int:
    """What the form of an answer leaves room for, so that a model that finds no end is stopped."""
    return min(MOST_TURNS, 4 * len(part.lines) + 4)


def wanted_part(part: Part) -> Wanted[WrittenPart]:
    intentions = {"type": "array", "items": {"type": "string", "enum": [*Intention]}}
    fields = {
        "time": {"type": "number"},
        "role": {"type": "string", "enum": [*Role]},
        "text": {"type": "string"},
        "initiative": {"type": "string", "enum": [*Initiative, NO_INITIATIVE]},
        "intentions": intentions,
    }
    turns = {"type": "array", "items": _object(fields), "maxItems": most_turns(part)}
    return Wanted("dialogue", WrittenPart, _object({"turns": turns}))


def wanted_summary() -> Wanted[WrittenSummary]:
    return Wanted("progress", WrittenSummary, _object({"summary": {"type": "string"}}))


def _object(fields: dict[str, object]) -> dict[str, object]:
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


def prompt_name() -> str:
    """How a dialogue names it: all its texts by hash, so that another text is told from it."""
    told = "\n".join((SYSTEM, *USERS.values(), RULES, SUMMING))
    return f"prompt {hashlib.sha256(told.encode()).hexdigest()[:8]}"


def asked_part(outline: Outline, part: Part, user: UserType, before: Sequence[Turn]) -> list[Message]:
    """`before` is what was written for the parts before; the last of it goes along."""
    told = [f"The task: {outline.goal}"]
    told += ["Its steps, as it should be done:", outline.knowledge] if outline.knowledge else []
    told += ["What the user does, in seconds of the video:", *map(str, part.lines)]
    told += ["The dialogue until now:", *(said(each) for each in before[-MOST_BEFORE:])] if before else []
    start, end = seconds(part.start_ns), seconds(part.end_ns)
    told += [f"Write the dialogue from {start:.1f} s to {end:.1f} s, and nothing outside.", USERS[user], RULES]
    return [{"role": "system", "content": SYSTEM}, {"role": "user", "content": "\n".join(told)}]


def asked_summary(outline: Outline, turns: Sequence[Turn]) -> list[Message]:
    """Of what was said until now, and nothing that comes later."""
    told = (
        f"The task: {outline.goal}",
        *map(said, turns),
        'In one line, as "summary": what the task is, what has been done, what else the user asked, and what is'
        " being done now. Answer in JSON alone.",
    )
    return [{"role": "system", "content": SUMMING}, {"role": "user", "content": "\n".join(told)}]


def said(turn: Turn) -> str:
    return f"[{turn.time:.1f}s] {turn.role}: {turn.text}"


def wrong_in(part: Part, user: UserType, first: bool) -> Callable[[WrittenPart], str]:
    """What is wrong with a part that has the right form: times outside it, a user who should say nothing, words of
    what was asked in somebody's mouth, as small models put them there.
    """
    start, end = seconds(part.start_ns) - OUTSIDE_S, seconds(part.end_ns) + OUTSIDE_S

    def check(written: WrittenPart) -> str:
        for nr, each in enumerate(written.turns, 1):
            if not start <= each.time <= end:
                return f"turn {nr} is at {each.time:g} s, outside {max(0.0, start):g} to {end:g} s"
            if _TIME.search(each.text) or USERS[user] in each.text:
                return f"turn {nr} repeats what you were asked in the stead of what is said"
        talks = sum(Role(each.role) == Role.USER for each in written.turns)
        if user == UserType.NO_TALK and talks > int(first):
            return "the user says more than the task at the beginning"
        return "" if written.turns or not first else "nobody says anything"

    return check
