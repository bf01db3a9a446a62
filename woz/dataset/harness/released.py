"""A release's lines read back, and the prompt that every form shares."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from woz.base.errors import WozError
from woz.base.outside import Count, Unsound, lines_of, read
from woz.dataset.models.replies import LETTERS
from woz.dataset.release.checking import Frozen, frozen

ASK = "Answer with the letter of the right option alone."
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

    @property
    def letter(self) -> str:
        return LETTERS[self.answer_index]

    @property
    def prompt(self) -> str:
        return self.prompt_for(self.question)

    def prompt_for(self, question: str) -> str:
        """The options under another question."""
        return prompt(question, self.options)


@dataclass(frozen=True, slots=True)
class Released:
    folder: Path
    manifest: Frozen

    @classmethod
    def open(cls, folder: Path) -> Released:
        """Raises WozError for a folder that is no release."""
        return cls(folder.absolute(), frozen(folder))

    def splits(self) -> list[str]:
        """Those that hold something."""
        return [split for split, count in self.manifest.counts.items() if count]

    def data(self, split: str) -> Path:
        return self.folder / "data" / f"{split}.jsonl"

    def lines(self, split: str) -> Iterator[Line]:
        """Raises WozError where they can't be read."""
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
