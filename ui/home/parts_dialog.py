"""The heavy parts: which are here, what each would take, and a button that brings it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from ui.reports.parts_words import part_facts, part_words, takes_words, usual_device
from ui.theme import GRID
from ui.widgets.fitting import grow_with_words
from ui.widgets.parts import button, label, row
from woz.parts.known import PARTS

WIDTH = 640


@dataclass(frozen=True, slots=True)
class Offer:
    """A part by its name: what it does, how it stands, what it would take, and what its button says."""

    name: str
    does: str
    stands: str
    takes: str
    button: str
    """Empty where there is nothing to bring."""


class PartsDialog(QDialog):
    """Accepted once a part is wanted; `wanted` is its name."""

    def __init__(self, offers: Sequence[Offer], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Heavy parts")
        self.resize(WIDTH, 0)
        grow_with_words(self)
        self.wanted = ""
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID * 3, GRID * 3, GRID * 3, GRID * 3)
        layout.setSpacing(GRID * 2)
        layout.addWidget(label("Heavy parts", "title"))
        words = "Each has an environment of its own, which stays when woz is updated."
        layout.addWidget(label(words, "muted", wrap=True))
        for offer in offers:
            layout.addWidget(self._one(offer))
        close = button("Close", "stop")
        close.clicked.connect(self.reject)
        layout.addWidget(row(close))

    def _one(self, offer: Offer) -> QWidget:
        bring = button(offer.button, "import")
        bring.setAutoDefault(False)
        bring.clicked.connect(lambda: self._want(offer.name))
        shown = QWidget()
        layout = QVBoxLayout(shown)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addWidget(label(f"{offer.name.capitalize()} {offer.does}.", wrap=True))
        for text in (offer.stands, offer.takes if offer.button else ""):
            if text:
                layout.addWidget(label(text, "muted", wrap=True))
        if offer.button:
            layout.addWidget(row(bring))
        return shown

    def _want(self, name: str) -> None:
        self.wanted = name
        self.accept()


def part_offers() -> list[Offer]:
    """Asks the machine which device it has, which takes a moment."""
    device, offers = usual_device(), []
    for part in PARTS:
        facts, takes = part_facts(part, device), takes_words(part, device)
        bring = f"Add {part.name} {'again' if facts['here'] else 'now'}"
        offers.append(
            Offer(part.name, part.does, part_words(part), takes, "" if facts["of_the_program"] else bring)
        )
    return offers
