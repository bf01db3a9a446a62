"""What sessions are called where several stand beside each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from woz.model.ids import SessionId


def told_apart(titles: Mapping[SessionId, str]) -> dict[SessionId, str]:
    """The titles; with its id where another one has the same."""
    times = Counter(titles.values())
    return {key: title if times[title] == 1 else f"{title}  ({key})" for key, title in titles.items()}
