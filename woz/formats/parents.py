"""Items in an order in which each comes after what it hangs on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar


class Child(Protocol):
    @property
    def id(self) -> str: ...

    @property
    def parent_id(self) -> str | None: ...


C = TypeVar("C", bound=Child)


def parents_first(items: Iterable[C]) -> Iterator[C]:
    """In their order but for children that come too early; those whose parent isn't among them stay in place.

    Whatever lies in itself by way of its parents comes last.
    """
    items = list(items)
    coming = {each.id for each in items}
    waiting: dict[str, list[C]] = {}
    for item in items:
        if item.parent_id in coming:
            waiting.setdefault(str(item.parent_id), []).append(item)
            continue
        ready = [item]
        while ready:
            each = ready.pop()
            yield each
            coming.discard(each.id)
            ready += reversed(waiting.pop(each.id, []))
    for left in waiting.values():
        yield from left
