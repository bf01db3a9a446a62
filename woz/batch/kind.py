"""What a kind of work is: it plans items of a project, works on one on any node, and collects the results."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Protocol, runtime_checkable

from woz.base.errors import WozError
from woz.base.outside import Data
from woz.batch.items import Done, Item
from woz.lab.ports import Project
from woz.model.ids import SessionId


class RunFault(WozError):  # noqa: N818
    """What is no item's fault: the whole run stops, with this sentence."""


SESSIONS, MODELS = "sessions", "models"
"""Names of roots."""


@dataclass(frozen=True, slots=True)
class Planned:
    """An item before its inputs are hashed: files, each below the root of this name."""

    id: str
    files: Sequence[tuple[str, Path]]
    parameters: Data = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A session that this kind has nothing to do for; `damaged` where it would, and its files can't be read."""

    session: str
    reason: str
    damaged: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where an item is worked on: its roots as this node sees them, and the empty folder for what it makes."""

    roots: Mapping[str, Path]
    out: Path
    cache: Path
    """Shared by the run's workers, for what can be made anew."""

    def input(self, item: Item, number: int) -> Path:
        one = item.inputs[number]
        return self.roots[one.root] / one.path


@dataclass(frozen=True, slots=True)
class Result:
    """An item's checked outputs, for `collect`."""

    item: Item
    done: Done
    folder: Path


class Kind(Protocol):
    """`parameters` is a dataclass whose fields `--set NAME=VALUE` fills."""

    name: ClassVar[str]
    says: ClassVar[str]
    parameters: ClassVar[type[Any]]

    def tools(self, parameters: Any) -> dict[str, str]:
        """Names and versions of all that makes another result. Raises WozError where something is missing."""
        ...

    def roots(self, project: Project, parameters: Any) -> dict[str, Path]: ...

    def plan(
        self, project: Project, sessions: Sequence[SessionId], parameters: Any
    ) -> Iterator[Planned | PassedOver]:
        """Raises WozError for what is no session's own fault: that ends the plan of all."""
        ...

    def work(self, item: Item, place: Place) -> Sequence[str]:
        """Leaves at least one file in `place.out`; the answer are warnings.

        Runs in a worker, without the database. Raises WozError where the item can't be done, RunFault where no
        other one could be done either.
        """
        ...

    def collect(self, project: Project, results: Iterator[Result], taken: Callable[[Result], None]) -> str:
        """Takes results into the project, tells `taken` of each as it is in, and sums up in a sentence.

        It may be asked again with results that are in already, after a crash: taking in twice changes nothing.
        """
        ...


@runtime_checkable
class ForGpus(Protocol):
    """A kind that says so; all others work on processors."""

    def uses_gpu(self, parameters: Any) -> bool:
        """Whether its work runs on a GPU where there is one: each worker gets one then, and there are no more."""
        ...
