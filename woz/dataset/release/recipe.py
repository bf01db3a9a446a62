"""What a release is to hold, and how it is made: with the database, all that its bytes follow from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace

from woz.base.errors import WozError
from woz.base.interval import NS_PER_S
from woz.dataset.release.changes import Earlier
from woz.dataset.splits.assigning import SHARES, demand_shares
from woz.dataset.splits.groups import GroupBy
from woz.dataset.splits.settled import Settled
from woz.dataset.synthesis.keeping import Generated
from woz.dataset.tasks.task import Settings
from woz.model.question import ReviewStatus
from woz.model.review import WRONG_ANSWERS
from woz.model.tier import SETTLED, TierState


@dataclass(frozen=True, slots=True)
class Recipe:
    """`fewest_wrong` is how many wrong answers a question set must have; `earlier` the release that this
    one follows: what changed since is said. Its splits are kept, and those that other releases of the project
    `settled`, unless `new_splits` are asked for.

    `clips` and `frames` are cut from the films; a question has `frames` pictures.
    """

    name: str
    version: str = "1.0.0"
    statuses: tuple[ReviewStatus, ...] = (ReviewStatus.ACCEPTED,)
    fewest_wrong: int = 1
    wrong_answers: int = WRONG_ANSWERS
    """How many it is to have: the card says how many have fewer."""
    judges: int = 0
    """So many people or more must have judged the words of a question set."""
    english: bool = False
    """Whether what is not known to be English is taken only with an English text that a person has checked."""
    tier_states: tuple[TierState, ...] = SETTLED
    split_by: GroupBy = GroupBy.PARTICIPANT
    shares: Mapping[str, float] = field(default_factory=lambda: dict(SHARES))
    seed: int = 0
    earlier: Earlier | None = None
    settled: Settled = field(default_factory=Settled)
    new_splits: bool = False
    clips: bool = True
    clip_ns: int | None = None
    """The clips' length; None takes each question's own."""
    frames: int = 8
    licence: str = "other"
    title: str = ""
    authors: tuple[str, ...] = ()
    """As they want to be cited; "the authors of" it where none are named."""
    tasks: tuple[str, ...] = ()
    """By name, in `woz.dataset.tasks.registry`."""
    task_settings: Settings = field(default_factory=Settings)
    task_pictures: float | None = None
    """Pictures a second of the sessions that tasks take; None takes none."""

    @property
    def shows(self) -> bool:
        """Whether anything of it is a picture of a film."""
        return self.clips or self.task_pictures is not None

    @property
    def before(self) -> Settled:
        """The splits that earlier releases settled; those of the one that it follows count before others'."""
        if self.earlier is None:
            return self.settled
        return self.settled.then(self.earlier.called, self.earlier.manifest.groups)

    def kept(self, members: Mapping[str, str]) -> Settled:
        """Those of them that are kept, by groups; `members` has who is in which."""
        return Settled() if self.new_splits else self.before.of(members)

    def __post_init__(self) -> None:
        """Raises WozError for a recipe that can't be followed."""
        if not self.name or any(not (c.isascii() and (c.isalnum() or c in "-_")) for c in self.name):
            raise WozError(
                "A release's name has letters, digits, - and _ only, since folders and tools are named so."
            )
        if self.judges < 0:
            raise WozError("How many people must have judged a question set is 0 or more.")
        if self.fewest_wrong < 0:
            raise WozError("How many wrong answers a question set must have is 0 or more.")
        if not 1 <= self.frames <= 256 or (self.clip_ns or 1) <= 0:
            raise WozError("A release has 1 to 256 frames a question, and clips that are longer than 0 s.")
        if self.task_pictures is not None and not (self.tasks and 0.01 <= self.task_pictures <= 100):
            raise WozError("Pictures are taken for tasks, 0.01 to 100 a second; name a task as well.")
        if not all(each.strip() for each in self.authors):
            raise WozError("An author has a name; give it with --author, or leave that out.")
        if self.earlier and self.earlier.called == f"{self.name} {self.version}":
            raise WozError(
                f"{self.earlier.called} is the release that this one follows; give the next one another version,"
                " with --release-version 1.1.0, say."
            )
        was = self.earlier.manifest.asked.split_by if self.earlier else self.split_by
        if self.earlier and not self.new_splits and was != self.split_by:
            raise WozError(
                f"{self.earlier.called} was split by {was}, so its splits can't be kept by {self.split_by}; give"
                f" --split-by {was}, or deal new ones with --new-splits."
            )
        demand_shares(self.shares)

    def query(self, kept: Settled) -> dict[str, object]:
        """All of it, as the manifest names it, with the splits that were kept."""
        settings = self.task_settings
        plain = replace(
            self, earlier=None, settled=Settled(), task_settings=replace(settings, generated=Generated())
        )
        facts = asdict(plain)
        del facts["settled"]
        facts["task_settings"]["generated"] = settings.generated.facts() if settings.generated else None
        facts["earlier"] = self.earlier.facts() if self.earlier else None
        facts["locked"] = dict(sorted(kept.splits.items()))
        facts["locked_by"] = sorted(set(kept.by.values()))
        facts["clip_s"] = None if self.clip_ns is None else self.clip_ns / NS_PER_S
        del facts["clip_ns"]
        return facts
