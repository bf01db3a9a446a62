"""From whom is taken: by a digit, or chosen with the arrows; and of two, one's start and another's end."""

from __future__ import annotations

from woz.annotation.adjudication.rulings import Choice, taken

TAKE_KEYS = ("1", "2", "5", "6", "7", "8", "9")
"""By side: 3 and 4 mix the first two. Those after the seventh are chosen with the arrows, and taken by Enter."""

MIX = "Start of one and end of another: whom is taken next gives the start, then the end"
NOT_MIXED = "Only boundaries are mixed; take the {kind} of one of them."
NONE_CHOSEN = "Choose an annotator with Down or Up first; Enter takes theirs."


class SideChoice:
    """Sides are named by their place. `at` is the one that is chosen, None for none; `mixing` says that the next
    two that are taken give the start and the end, `start` is the first of these.
    """

    def __init__(self) -> None:
        self.at: int | None = None
        self.mixing = False
        self.start: int | None = None

    def clear(self) -> None:
        """None is chosen, nothing is mixed: at another matter, and where what was begun is left."""
        self.at, self.mixing, self.start = None, False, None

    def step(self, by: int, sides: int) -> None:
        """To the next or the previous of so many; round at the ends."""
        first = 0 if by > 0 else sides - 1
        self.at = first if self.at is None else (self.at + by) % sides

    def mix(self) -> None:
        self.mixing, self.start = True, None

    def take(self, side: int) -> Choice | None:
        """What is decided by that; None where an end is still to be taken from somebody."""
        if not self.mixing:
            return taken(side)
        if self.start is None:
            self.start = side
            return None
        choice = Choice(self.start, side)
        self.mixing, self.start = False, None
        return choice
