"""What is wrong with a scheme, or with what was annotated by it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from woz.model.item import ItemRef
from woz.model.scheme import Level


@dataclass(frozen=True, slots=True)
class Finding:
    """`sentence` says what is wrong, `place` where; `item` is the annotation or link that it is about, if any."""

    level: Level
    place: str
    sentence: str
    item: ItemRef | None = None

    @property
    def words(self) -> str:
        return f"{self.place}: {self.sentence}" if self.place else self.sentence


def errors(findings: Iterable[Finding]) -> list[Finding]:
    return [each for each in findings if each.level == Level.ERROR]
