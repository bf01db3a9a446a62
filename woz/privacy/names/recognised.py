"""What a recogniser of names gives for a text, and how it says that it can't."""

from __future__ import annotations

from dataclasses import dataclass

from woz.base.errors import WozError
from woz.privacy.names.listing import NameKind


class UnknownLanguageError(WozError):
    """The recogniser knows nothing of a text's language."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """The characters from `start` to `end` are a name."""

    start: int
    end: int
    kind: NameKind
