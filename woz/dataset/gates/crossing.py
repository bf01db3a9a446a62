"""Whether people, places and sessions stand in two splits."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from woz.dataset.gates.item import Gate, Item

NAME = "across splits"
_WHAT: tuple[tuple[str, Callable[[Item], tuple[str, ...]]], ...] = (
    ("group", lambda item: (item.group,)),
    ("session", lambda item: (item.question.session_id,)),
    ("place", lambda item: (item.place,)),
    ("person", lambda item: item.people),
)


def crossing_gate(items: Sequence[Item]) -> Gate:
    """It judges the set, no item: nothing is flagged."""
    told = []
    for what, of in _WHAT:
        splits = dict[str, set[str]]()
        for item in items:
            for name in filter(None, of(item)):
                splits.setdefault(name, set()).add(item.split)
        crossing = sorted(name for name, found in splits.items() if len(found) > 1)
        if crossing:
            told.append(
                f"{len(crossing)} of {len(splits)} {what}s are in several splits: {', '.join(crossing[:5])}."
            )
        elif splits:
            told.append(f"No {what} is in two splits ({len(splits)} in all).")
    return Gate(NAME, len(items), whole=tuple(told))
