"""What a task is to a release: what it needs of a session, and what makes its files."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from woz.base.errors import WozError
from woz.dataset.synthesis.keeping import Generated
from woz.formats.bundle import SessionBundle
from woz.formats.format import OutFile


@dataclass(frozen=True, slots=True)
class Settings:
    """`rate` is how many frames a second have a label (1/s), `alpha` Exo2Ego's, in s (None: of the data set).

    `folds` is into how many parts groups are drawn for cross-validation, by `seed`. `tiers` names the tier type
    that a task is made of, by the task's name, where it isn't one of the usual ones. `generated` is what models
    wrote for tasks.
    """

    rate: float = 15.0
    alpha: float | None = None
    folds: int = 5
    seed: int = 0
    tiers: Mapping[str, str] = field(default_factory=dict)
    generated: Generated = field(default_factory=Generated)

    def __post_init__(self) -> None:
        """Raises WozError for settings that can't be followed."""
        if not 0.01 <= self.rate <= 1000:
            raise WozError("A task's frame rate is from 0.01 to 1000 frames a second.")
        if self.alpha is not None and not 0.001 <= self.alpha <= 10_000:
            raise WozError("Exo2Ego's alpha is a number of seconds above 0, 1.92 say.")
        if not 2 <= self.folds <= 100:
            raise WozError("Cross-validation has 2 to 100 folds.")


@dataclass(frozen=True, slots=True)
class Given:
    """A session that goes into the release, with no tiers but those that it takes."""

    bundle: SessionBundle
    split: str
    group: str


class Making(ABC):
    """The files of one task: sessions are given one at a time, by id. Names are below the task's folder."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.items: Counter[str] = Counter()
        """How many by split."""
        self.notes: Counter[str] = Counter()
        """What its user must know, with how often it is so."""
        self.sentences: list[str] = []
        """The same of the whole."""
        self.figures: dict[str, float] = {}
        self.written_by: set[str] = set()
        """Models, each with its prompt's name, that wrote texts of it."""

    def told(self) -> list[str]:
        """In words, for manifest and card."""
        counted = [f"{what[0].upper()}{what[1:]}: {count}." for what, count in sorted(self.notes.items()) if count]
        return [*counted, *self.sentences]

    @abstractmethod
    def add(self, given: Given) -> Iterator[OutFile]:
        """What a session gives by itself."""

    @abstractmethod
    def finish(self) -> Iterator[OutFile]:
        """What is of all sessions together."""


@dataclass(frozen=True, slots=True)
class Task:
    """`needs` and `makes` are for people; `source` is where its formula is from, `scored` what `woz evaluate` does.

    `fits` tells whether a session has what it needs. `synthetic`: a model wrote all that is said in it.
    """

    name: str
    title: str
    needs: str
    makes: str
    source: str
    scored: str
    fits: Callable[[SessionBundle, Settings], bool]
    making: Callable[[Settings], Making]
    synthetic: bool = False
