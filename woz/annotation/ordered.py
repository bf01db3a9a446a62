"""Items by time: found, put in and taken out without a look at all of them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import Any, Generic, Protocol, TypeVar, overload

from woz.base.interval import Interval


class Timed(Protocol):
    @property
    def id(self) -> Any: ...

    @property
    def interval(self) -> Interval: ...


T = TypeVar("T", bound=Timed)
Key = tuple[int, int, str]


class Ordered(Sequence[T], Generic[T]):
    """Sorted by start, end, and id. Changes as items do: who wants to keep it makes a tuple of it."""

    def __init__(self, items: Iterable[T] = ()) -> None:
        pairs = sorted(((_key(item), item) for item in items), key=lambda pair: pair[0])
        self._keys = [key for key, _ in pairs]
        self._items = [item for _, item in pairs]
        self._longest = max((key[1] - key[0] for key in self._keys), default=0)
        self.version = 0
        """Rises with each change, so that who keeps a picture of it knows that it is old."""

    def __len__(self) -> int:
        return len(self._items)

    @overload
    def __getitem__(self, at: int) -> T: ...

    @overload
    def __getitem__(self, at: slice) -> list[T]: ...

    def __getitem__(self, at: int | slice) -> T | list[T]:
        return self._items[at]

    def add(self, item: T) -> None:
        key = _key(item)
        at = bisect_left(self._keys, key)
        self._keys.insert(at, key)
        self._items.insert(at, item)
        self._longest = max(self._longest, key[1] - key[0])
        self.version += 1

    def remove(self, item: T) -> None:
        at = self.place(item)
        del self._keys[at], self._items[at]
        self.version += 1

    def place(self, item: T) -> int:
        """Where it stands. Raises ValueError where it isn't in here."""
        key = _key(item)
        at = bisect_left(self._keys, key)
        if at == len(self._keys) or self._keys[at] != key:
            raise ValueError(f"{item.id} is not among these")
        return at

    def between(self, start_ns: int, end_ns: int) -> list[T]:
        """Those that begin before `end_ns` and end after `start_ns`.

        No more are looked at than begin within the longest one's length before it.
        """
        first = bisect_left(self._keys, (start_ns - self._longest,))
        last = bisect_left(self._keys, (end_ns,))
        return [
            item
            for key, item in zip(self._keys[first:last], self._items[first:last], strict=True)
            if key[1] > start_ns
        ]

    def starting(self, start_ns: int, end_ns: int) -> list[T]:
        """Those that begin from one time on, up to before another; points, too."""
        return self._items[bisect_left(self._keys, (start_ns,)) : bisect_left(self._keys, (end_ns,))]

    def edge_after(self, t_ns: int) -> int | None:
        """The first start or end after a time; None where there is none."""
        at = bisect_left(self._keys, (t_ns + 1,))
        start_ns = self._keys[at][0] if at < len(self._keys) else None
        begun = self._keys[bisect_left(self._keys, (t_ns - self._longest,)) : at]
        ends = (key[1] for key in begun if key[1] > t_ns)
        return min(ends if start_ns is None else (start_ns, *ends), default=None)

    def edge_before(self, t_ns: int) -> int | None:
        """The last start or end before a time; None where there is none."""
        at = bisect_left(self._keys, (t_ns,))
        if not at:
            return None
        start_ns = self._keys[at - 1][0]
        begun = self._keys[bisect_left(self._keys, (start_ns - self._longest,)) : at]
        return max((start_ns, *(key[1] for key in begun if key[1] < t_ns)))

    def at(self, t_ns: int) -> T | None:
        """The first one that a time lies in."""
        return next((item for item in self.between(t_ns, t_ns + 1) if t_ns in item.interval), None)


def _key(item: Timed) -> Key:
    span = item.interval
    return span.start_ns, span.end_ns, str(item.id)
