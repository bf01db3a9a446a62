"""What the scheme window asks of the project."""

from __future__ import annotations

from typing import Protocol

from woz.lab.schemes import Moved, Planned
from woz.model.scheme import Scheme


class Store(Protocol):
    """Raises WozError where the project can't be read or written."""

    def all(self) -> list[Scheme]:
        """The newest version of each, by name."""
        ...

    def planned(self, scheme: Scheme) -> Planned: ...

    def keep(self, scheme: Scheme, moving: bool) -> tuple[Scheme, list[Moved]]:
        """As the next version, with the tiers moved on to it where `moving`."""
        ...

    def sessions(self) -> list[tuple[str, str]]:
        """Ids and titles, the newest first."""
        ...

    def begin(self, scheme: Scheme, session_id: str) -> int:
        """The scheme's tiers in a session; how many are new."""
        ...
