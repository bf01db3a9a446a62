"""What packages for annotators elsewhere ask of a project's store; `storage` answers.

All raise WozError where it can't be reached.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from woz.annotation.edits import Edit
from woz.model.ids import AnnotatorId, PackageId, SessionId
from woz.model.package import Package
from woz.model.work import Work


@dataclass(frozen=True, slots=True)
class Stamp:
    """Where an edit belongs, whose it is, when it was made; `undoes` is the project's own that it takes back."""

    session_id: SessionId
    by: AnnotatorId
    utc_ns: int
    undoes: int | None = None


class Packages(Protocol):
    def add(self, package: Package, secret: str) -> None: ...

    def secrets(self) -> Mapping[PackageId, str]:
        """The age identity of each, which opens what comes back."""
        ...

    def get(self, package_id: PackageId) -> Package:
        """Raises WozError for one that the project hasn't."""
        ...

    def all(self) -> list[Package]:
        """The oldest first; as a viewer who is blind to others, one's own alone."""
        ...

    def note_returned(self, package_id: PackageId, utc_ns: int) -> None: ...

    def note_deleted(self, package_id: PackageId, utc_ns: int) -> None: ...

    def taken(self, package_id: PackageId) -> Mapping[int, int | None]:
        """By their number in the package: the project's own edit, None where one was passed over."""
        ...

    def take(self, package_id: PackageId, nr: int, edit: Edit, at: Stamp) -> int | None:
        """Record the edit that came back under a number, and that it was taken, at once.

        The answer is the project's own edit: that of before where somebody took it meanwhile, None where it was
        passed over. Raises as `History.record` does, and keeps nothing then.
        """
        ...

    def take_work(self, package_id: PackageId, pieces: Sequence[Work]) -> int:
        """Seconds of work that came back (ns, as `WorkDone`); each return has all of them, what is new is added.

        The answer is how much that is; 0 where the project doesn't measure work.
        """
        ...

    def pass_over(self, package_id: PackageId, numbers: list[int]) -> None:
        """These are not to be taken, now or later."""
        ...
