"""How a kind of item is declared: one declaration beside its value, from which all else follows.

An item is what an edit can make, change or take away. Its JSON form, its table, how it is compared and merged, its
history and its copies in other databases follow from the value's fields and from what is said here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ItemRef:
    """Names an item: its kind's name, and its id."""

    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class ItemKind:
    """What is declared of a kind.

    `owner` is the name of what an item belongs to (session, tier, transcript, procedure); `owner_field` holds that
    one's id. Fields in one of `together` have a meaning only with each other, and are merged as one. Of a field in
    `by_key`, a tuple of values, those with the same key are merged on their own; the key is the named field of each
    value. What `follows` says who made the item, and goes with whoever changed it last. A field in `own_table` is
    kept as rows of the named table, all others in the item's row.
    """

    name: str
    value: type[Any]
    table: str
    owner: str
    owner_field: str
    together: tuple[tuple[str, ...], ...] = ()
    by_key: Mapping[str, str] = field(default_factory=dict)
    follows: frozenset[str] = frozenset()
    own_table: Mapping[str, str] = field(default_factory=dict)

    @property
    def field_names(self) -> tuple[str, ...]:
        return tuple(each.name for each in fields(self.value))

    def owner_of(self, item: Any) -> str:
        return str(getattr(item, self.owner_field))


_by_type: dict[type[Any], ItemKind] = {}


def item_kind(
    name: str,
    *,
    owner: str,
    table: str = "",
    owner_field: str = "",
    together: tuple[tuple[str, ...], ...] = (),
    by_key: Mapping[str, str] | None = None,
    follows: frozenset[str] = frozenset(),
    own_table: Mapping[str, str] | None = None,
) -> Callable[[type[T]], type[T]]:
    """Declares a frozen dataclass with an `id` as a kind of item; see `ItemKind`."""

    def declare(value: type[T]) -> type[T]:
        if any(kind.name == name for kind in _by_type.values()):
            raise ValueError(f"there are two kinds of item named {name}")
        _by_type[value] = ItemKind(
            name,
            value,
            table or name,
            owner,
            owner_field or f"{owner}_id",
            together,
            by_key or {},
            follows,
            own_table or {},
        )
        return value

    return declare


def kind_of(item: object) -> ItemKind:
    """Raises KeyError for what is no item."""
    return _by_type[type(item)]


def kind_declared(value: type[Any]) -> ItemKind:
    """Raises KeyError for a type that is no kind of item."""
    return _by_type[value]


def ref_to(item: Any) -> ItemRef:
    return ItemRef(kind_of(item).name, str(item.id))
