"""What is told where a recogniser's text was full before the model ended it: the rest of the sound has no words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from woz.base.counts import counted
from woz.model.transcript import CUT
from woz.transcription.engine import Plain
from woz.transcription.task import Heard


def marked(words: Sequence[Heard], segments: Sequence[Plain]) -> list[Heard]:
    """Words of packed sound; the last one of each segment that was cut is flagged."""
    last = {i for segment in segments if segment.get("cut") for i in inside(words, segment)[-1:]}
    return [replace(word, flag=CUT) if i in last else word for i, word in enumerate(words)]


def inside(words: Sequence[Heard], segment: Plain) -> list[int]:
    """The numbers of the words of packed sound that begin in a segment."""
    start, end = round(segment["start"] * 1e9), round(segment["end"] * 1e9)
    return [i for i, word in enumerate(words) if start <= word.start_ns < end]


@dataclass
class Tally:
    """Of a session: windows that were recognised in parts, and texts that were full all the same."""

    in_parts: int = 0
    cut: int = 0

    def count(self, segments: Sequence[Plain]) -> None:
        self.in_parts += len({tuple(segment["part_of"]) for segment in segments if "part_of" in segment})
        self.cut += sum(bool(segment.get("cut")) for segment in segments)

    @property
    def note(self) -> str:
        """Empty where no window was recognised in parts."""
        if not self.in_parts:
            return ""
        windows = "a window holds" if self.in_parts == 1 else f"{self.in_parts} windows hold"
        return f"{windows} more text than the model writes at once: recognised in parts"

    @property
    def fault(self) -> str:
        """Empty where the model ended all texts."""
        if not self.cut:
            return ""
        places = counted(self.cut, "place")
        return f"in {places} the model stopped before the end of the sound; listen after the words flagged as cut"
