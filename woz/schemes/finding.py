"""What is wrong with a scheme, or with what was annotated by it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from woz.model.item import ItemRef
from woz.model.scheme import Level


@dataclass(frozen=True, slots=True)
class Finding:
    """`sentence` says what is wrong, `place` where; `item` is the annotation or link that it is about, if any.

    `unbegun`: nothing is in a tier that must be filled, which is no fault yet.
    """

    level: Level
    place: str
    sentence: str
    item: ItemRef | None = None
    unbegun: bool = False

    @property
    def words(self) -> str:
        return f"{self.place}: {self.sentence}" if self.place else self.sentence


def blocking(findings: Iterable[Finding]) -> list[Finding]:
    """What keeps a tier from being submitted."""
    return [each for each in findings if each.level == Level.ERROR or each.unbegun]


def errors(findings: Iterable[Finding]) -> list[Finding]:
    return [each for each in findings if each.level == Level.ERROR]
