"""Has a model write dialogues, part by part, and a summary of the progress at each of the assistant's turns.

Source: ProAssist (arXiv 2506.05904; dialog_simulation.py of pro-assist/ProAssist, 9d0b2b2): dialogues of three
kinds of user from steps with their times, clip by clip with what was written before, then a summary at each turn
of the assistant. There the labels of initiative and intention come by a second request that also rewrites; here
they are asked for at once, and nothing is rewritten. The goal and the task's steps are the procedure's, where there
they are inferred.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from woz.dataset.models.asking_json import Ask, JsonAsker
from woz.dataset.synthesis.dialogue import Dialogue, Turn, UserType, counts, spaced
from woz.dataset.synthesis.outline import Outline, Part
from woz.dataset.synthesis.prompts import (
    SUMMARY_TOKENS,
    TURN_TOKENS,
    WrittenPart,
    WrittenSummary,
    asked_part,
    asked_summary,
    most_turns,
    prompt_name,
    wanted_part,
    wanted_summary,
    wrong_in,
)
from woz.dataset.synthesis.quality import LEAST_TRAIN, quality

TEMPERATURE = 0.7
"""Above 0, so that dialogues of one kind differ; each has a seed of its own."""
DIALOGUE, PROGRESS = "dialogue", "progress"


@dataclass(slots=True)
class Draft:
    """A dialogue that is being written; `stopped` where a part got no answer."""

    session: str
    outline: Outline
    user_type: UserType
    nr: int
    parts: list[Part]
    written: int = 0
    turns: list[Turn] = field(default_factory=list)
    stopped: bool = False

    @property
    def name(self) -> str:
        return f"{self.session} {self.user_type} {self.nr}"

    @property
    def open(self) -> bool:
        return not self.stopped and self.written < len(self.parts)

    @property
    def whole(self) -> bool:
        return self.written == len(self.parts) and any(each.by_assistant for each in self.turns)

    def ask(self) -> Ask[WrittenPart]:
        part = self.parts[self.written]
        return Ask(
            f"{self.name} {self.written}",
            asked_part(self.outline, part, self.user_type, self.turns),
            wanted_part(part),
            TURN_TOKENS * most_turns(part),
            wrong_in(part, self.user_type, first=self.written == 0),
            {"temperature": TEMPERATURE, "seed": self.nr},
        )

    def take(self, answer: WrittenPart | None) -> None:
        if answer is None:
            self.stopped = True
            return
        self.turns = list(spaced([*self.turns, *(each.turn() for each in answer.turns)]))
        self.written += 1


def drafts_of(outlines: Mapping[str, Outline], dialogues: int) -> list[Draft]:
    """So many of each session, shared out to the kinds of user as ProAssist does."""
    return [
        Draft(session, outline, user_type, nr, outline.parts())
        for session, outline in outlines.items()
        for user_type, count in counts(dialogues).items()
        for nr in range(count)
    ]


def write_dialogues(drafts: Sequence[Draft], asker: JsonAsker) -> None:
    """Fill drafts as far as the budget goes, and the server answers."""
    asker.planned += sum(len(each.parts) for each in drafts)
    while waiting := {ask.id: (each, ask) for each in drafts if each.open for ask in [each.ask()]}:
        answers = asker.ask(DIALOGUE, [ask for _, ask in waiting.values()])
        for key, (draft, _) in waiting.items():
            draft.take(answers.get(key))


def write_progress(
    dialogues: Sequence[Dialogue], outlines: Mapping[str, Outline], asker: JsonAsker
) -> list[Dialogue]:
    """The same with summaries, of those that are good enough to be used; where one failed, all of its dialogue."""
    asks = [
        Ask(
            f"{each.name} {n}",
            asked_summary(outlines[each.session], each.turns[: n + 1]),
            wanted_summary(),
            SUMMARY_TOKENS,
        )
        for each in dialogues
        if each.quality.score >= LEAST_TRAIN
        for n, turn in enumerate(each.turns)
        if turn.by_assistant
    ]
    asker.planned += len(asks)
    answers: dict[str, WrittenSummary] = asker.ask(PROGRESS, asks)
    return [replace(each, turns=_summed(each, answers)) for each in dialogues]


def _summed(dialogue: Dialogue, answers: Mapping[str, WrittenSummary]) -> tuple[Turn, ...]:
    return tuple(
        replace(turn, progress=_progress(turn, answers.get(f"{dialogue.name} {n}")))
        for n, turn in enumerate(dialogue.turns)
    )


def _progress(turn: Turn, answer: WrittenSummary | None) -> str:
    """With the time, as ProAssist's begin; empty where there is no answer."""
    return f"{turn.time:.1f} s have passed since the start. {' '.join(answer.summary.split())}" if answer else ""


def finished(drafts: Sequence[Draft], model: str) -> list[Dialogue]:
    """Those that are whole, with their score."""
    found = []
    for each in drafts:
        scored = quality(each.turns, each.outline) if each.whole else None
        if scored:
            made = (each.session, each.user_type, each.nr, model, prompt_name(), each.outline.digest, scored)
            found.append(Dialogue(*made, turns=tuple(each.turns)))
    return found
