"""Dialogues that a model wrote, with the words that ProAssist has for users and turns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

CLOSE_S, APART_S = 0.5, 1.0
"""Turns that are closer than the first are put as far apart as the second (s)."""


class UserType(StrEnum):
    """How much the user says: nothing but the goal, something at 2 steps of 10, or at 4, also beside the task."""

    NO_TALK = "no_talk"
    TALK_SOME = "talk_some"
    TALK_MORE = "talk_more"


SHARES = {UserType.NO_TALK: 2, UserType.TALK_SOME: 4, UserType.TALK_MORE: 4}
"""Of ten dialogues of a video."""


class Role(StrEnum):
    USER = "user"
    ASSISTANT = "assistant"


class Initiative(StrEnum):
    INITIATIVE = "initiative"
    RESPONSIVE = "responsive"


class Intention(StrEnum):
    INSTRUCTION = "instruction"
    CORRECTION = "correction"
    INFO_SHARING = "info_sharing"
    FEEDBACK = "feedback"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Turn:
    """At `time` (s). Of the assistant's, `progress` sums up what has been done until then, where it was asked
    for.
    """

    time: float
    role: Role
    text: str
    initiative: Initiative | None = None
    intentions: tuple[Intention, ...] = ()
    progress: str = ""

    @property
    def by_assistant(self) -> bool:
        return self.role == Role.ASSISTANT

    @property
    def labels(self) -> str:
        """As ProAssist's files have them; empty for the user's."""
        return f"{self.initiative}|{','.join(self.intentions)}" if self.initiative else ""


@dataclass(frozen=True, slots=True)
class Quality:
    """ProAssist's, of a dialogue beside its outline: mean distances (s) of turns to the nearest beginning or end of
    a step, and of beginnings to the nearest turn; how many questions nobody answered; 10 less all that.
    """

    turns_to_steps_s: float
    steps_to_turns_s: float
    unanswered: int
    score: float


@dataclass(frozen=True, slots=True)
class Dialogue:
    """`outline` is the digest of what the model was told, `prompt` names the prompt, `nr` counts from 0 within the
    session and kind of user.
    """

    session: str
    user_type: UserType
    nr: int
    model: str
    prompt: str
    outline: str
    quality: Quality
    turns: tuple[Turn, ...] = field(default=())

    @property
    def name(self) -> str:
        return f"{self.session} {self.user_type} {self.nr}"


def counts(dialogues: int) -> dict[UserType, int]:
    """How many of each kind, as ProAssist shares ten out, by largest remainders; one at least of each, from 3
    on.
    """
    least = 1 if dialogues >= len(UserType) else 0
    rest = dialogues - least * len(UserType) if least else dialogues
    whole = sum(SHARES.values())
    wanted = {each: dialogues * share / whole - least for each, share in SHARES.items()}
    found = dict.fromkeys(UserType, least)
    for _ in range(rest):
        most = max(UserType, key=lambda each: wanted[each] - (found[each] - least))
        found[most] += 1
    return found


def spaced(turns: Sequence[Turn]) -> tuple[Turn, ...]:
    """By time; a turn that comes upon another's heels waits, but for an answer, which comes at once."""
    found = list[Turn]()
    for each in sorted(turns, key=lambda turn: turn.time):
        if not found:
            found.append(each)
            continue
        last = found[-1]
        answers = each.by_assistant and not last.by_assistant
        early = each.time < last.time or (each.time - last.time < CLOSE_S and not answers)
        found.append(replace(each, time=round(last.time + APART_S, 3)) if early else each)
    return tuple(found)
