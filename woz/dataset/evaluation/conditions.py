"""What a model is shown of a question: pictures, what was said, the bare text, or less."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from woz.dataset.evaluation.items import Items
from woz.dataset.harness.released import Line
from woz.dataset.harness.vlmevalkit import NO_QUESTION


class Condition(StrEnum):
    VIDEO = "video"
    BLIND = "blind"
    OPTIONS = "options"
    TRANSCRIPT = "transcript"
    BOTH = "both"
    FIRST_FRAME = "first-frame"
    WRONG_VIDEO = "wrong-video"

    @property
    def seen(self) -> bool:
        """Whether pictures are shown."""
        return self in (Condition.VIDEO, Condition.BOTH, Condition.FIRST_FRAME, Condition.WRONG_VIDEO)

    @property
    def heard(self) -> bool:
        """Whether what was said within the clip is told."""
        return self in (Condition.TRANSCRIPT, Condition.BOTH)


WHAT = {
    Condition.VIDEO: "the clip's pictures",
    Condition.BLIND: "question and options alone",
    Condition.OPTIONS: "options alone, with a fixed sentence for the question",
    Condition.TRANSCRIPT: "what was said within the clip before the question",
    Condition.BOTH: "the clip's pictures and what was said",
    Condition.FIRST_FRAME: "the first picture alone",
    Condition.WRONG_VIDEO: "pictures of another session",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A prompt with the names of the release's pictures, and of the clip whose sound is sent, if it is."""

    text: str
    frames: tuple[str, ...] = ()
    clip: str = ""


class Showing:
    """`sound` sends the clip's sound wherever all of its pictures are sent."""

    def __init__(self, items: Items, sound: bool = False, seed: int = 0) -> None:
        self._items = items
        self._sound = sound
        self._seed = seed

    def shown(self, condition: Condition, line: Line) -> Shown | None:
        """None where there is nothing of this kind to show: no pictures, nothing said, no other session."""
        if condition == Condition.OPTIONS:
            return Shown(line.prompt_for(NO_QUESTION))
        source: Line | None = line
        if condition == Condition.WRONG_VIDEO:
            source = self._another(line)
        frames = self._frames(condition, source) if source else ()
        heard = line.context if condition.heard else []
        if (condition.seen and not frames) or (condition.heard and not heard):
            return None
        whole = condition.seen and condition != Condition.FIRST_FRAME
        clip = source.clip if source and self._sound and whole else ""
        return Shown("\n".join((*_told(heard), line.prompt)), frames, clip)

    def _frames(self, condition: Condition, line: Line) -> tuple[str, ...]:
        if not condition.seen:
            return ()
        return tuple(line.frames[:1] if condition == Condition.FIRST_FRAME else line.frames)

    def _another(self, line: Line) -> Line | None:
        """A question of another session, of the same procedure where there is one, drawn by seed and id."""
        others = [each for each in self._items.lines.values() if each.session != line.session and each.frames]
        alike = [each for each in others if each.procedure == line.procedure]
        return min(alike or others, key=lambda each: self._drawn(line, each), default=None)

    def _drawn(self, line: Line, other: Line) -> bytes:
        return hashlib.sha256(f"{self._seed}\n{line.id}\n{other.id}".encode()).digest()


def _told(heard: Sequence[str]) -> list[str]:
    return ["Said before:", *heard, ""] if heard else []
