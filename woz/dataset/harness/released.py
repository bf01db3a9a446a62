"""A release's lines read back, and the prompt that every form shares."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from woz.base.errors import WozError
from woz.base.outside import Count, Unsound, lines_of, read
from woz.dataset.models.replies import LETTERS
from woz.dataset.release.checking import Frozen, frozen
from woz.model.language import is_english

ASK = "Answer with the letter of the right option alone."
ENGLISH = "-english"
"""What follows the name of a release of which the English texts are taken."""
ASK_TEXT = "Answer with the text of one option alone."


def prompt(question: str, options: Sequence[str]) -> str:
    """A question with its options by letter; where there are more than letters, by their texts."""
    if len(options) > len(LETTERS):
        return "\n".join((question, *options, ASK_TEXT))
    listed = (f"{letter}. {text}" for letter, text in zip(LETTERS, options, strict=False))
    return "\n".join((question, *listed, ASK))


@dataclass(frozen=True, slots=True)
class Line:
    """What of a release's line the tools are given."""

    id: str
    split: str
    group: str
    session: str
    question: str
    options: list[str]
    answer_index: Count
    answer: str
    procedure: str = ""
    scenario: str = ""
    kind: str = ""
    type: str = ""
    language: str = ""
    clip: str = ""
    frames: list[str] = field(default_factory=list)
    frame_times_s: list[float] = field(default_factory=list)
    context: list[str] = field(default_factory=list)
    asked_at_s: float = 0.0
    question_english: str = ""
    options_english: list[str] = field(default_factory=list)
    english_checked: bool = False
    evidence_turns: list[str] = field(default_factory=list)
    evidence_segments: list[str] = field(default_factory=list)
    evidence_segment_starts_s: list[float] = field(default_factory=list)
    evidence_segment_ends_s: list[float] = field(default_factory=list)
    evidence_frames_s: list[float] = field(default_factory=list)

    @property
    def letter(self) -> str:
        return LETTERS[self.answer_index]

    @property
    def in_english(self) -> Line | None:
        """As it is where it is English; its English texts where a person has checked them; else None. What was said
        before, which nobody has translated, isn't in it.
        """
        if is_english(self.language):
            return self
        if not self.english_checked or len(self.options_english) != len(self.options):
            return None
        right = self.options_english[self.answer_index]
        new = replace(self, question=self.question_english, options=self.options_english, answer=right)
        return replace(new, language="en", context=[])

    @property
    def prompt(self) -> str:
        return self.prompt_for(self.question)

    def prompt_for(self, question: str) -> str:
        """The options under another question."""
        return prompt(question, self.options)


@dataclass(frozen=True, slots=True)
class Released:
    """With `english`, its lines are those that there are in English."""

    folder: Path
    manifest: Frozen
    english: bool = False

    @classmethod
    def open(cls, folder: Path, english: bool = False) -> Released:
        """Raises WozError for a folder that is no release, and where nothing of it is there in English."""
        found = cls(folder.absolute(), frozen(folder), english)
        if english and not found.splits():
            raise WozError(f"{folder} holds nothing in English that a person has checked.")
        return found

    @property
    def name(self) -> str:
        return f"{self.manifest.name}{ENGLISH}" if self.english else self.manifest.name

    def without_english(self) -> int:
        """How many lines are in another language, without an English text that a person has checked."""
        return sum(line.in_english is None for split in self._filled() for line in self._lines(split))

    def splits(self) -> list[str]:
        """Those that hold something."""
        return [split for split in self._filled() if not self.english or next(self.lines(split), None)]

    def _filled(self) -> list[str]:
        return [split for split, count in self.manifest.counts.items() if count]

    def data(self, split: str) -> Path:
        return self.folder / "data" / f"{split}.jsonl"

    def lines(self, split: str) -> Iterator[Line]:
        """Raises WozError where they can't be read."""
        for line in self._lines(split):
            told = line.in_english if self.english else line
            if told is not None:
                yield told

    def _lines(self, split: str) -> Iterator[Line]:
        path = self.data(split)
        try:
            for raw in lines_of(path):
                line = read(raw, Line)
                if line.answer_index >= len(line.options):
                    raise Unsound("its answer is none of its options")
                yield line
        except OSError as error:
            raise WozError(f"{path} can't be read ({error.strerror}).") from error
        except Unsound as error:
            raise WozError(f"{path} is not as a release has it: {error}.") from error

    def demand_clips(self) -> None:
        """Raises WozError for a release that was built without them."""
        if not any(name.startswith("clips/") for name in self.manifest.files):
            raise WozError(f"{self.folder} has no clips; build the release again, with them.")
