"""Makes a tier: of any scheme of the project, of those that woz brings along, or with labels of one's own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLineEdit,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ui.theme import GRID
from ui.widgets.parts import label
from ui.widgets.wrapping import wrapping_list
from woz.annotation.document import Document
from woz.annotation.edits import Edit
from woz.annotation.live_scheme import LIVE
from woz.base.counts import counted
from woz.model.ids import AnnotatorId, TierId, new_id
from woz.model.own_schemes import CONVERSATION, FREE
from woz.model.scheme import Scheme, Shape, TierType
from woz.model.tier import Tier
from woz.schemes.shipped import shipped, shipped_names

ROLE = Qt.ItemDataRole.UserRole
SHAPES = {
    Shape.INTERVAL: "intervals",
    Shape.POINT: "points",
    Shape.SESSION: "for the whole session",
    Shape.ANY: "any",
}


@dataclass(frozen=True, slots=True)
class SchemeSource:
    """`keep` takes a scheme into the project and gives it with its version there; it is called beside the window.

    `annotator` is whose a new tier is, None for a program's.
    """

    keep: Callable[[Scheme], Scheme]
    annotator: AnnotatorId | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    scheme: Scheme
    tier_type: TierType

    @property
    def words(self) -> str:
        labels = len(self.tier_type.offered)
        many = "labels of your own" if self.tier_type.open and not labels else counted(labels, "label")
        return f"{self.tier_type.name()}   {self.scheme.name}: {SHAPES[self.tier_type.shape]}, {many}"


def offers(known: Iterable[Scheme]) -> list[Offer]:
    """The newest version of each scheme of a project, then what isn't in it yet; nothing that is made live."""
    newest: dict[str, Scheme] = {}
    for scheme in sorted(known, key=lambda each: each.version):
        newest[scheme.id] = scheme
    more = (FREE, CONVERSATION, *(shipped(name) for name in shipped_names()))
    schemes = [*newest.values(), *(each for each in more if each.id not in newest)]
    return [Offer(scheme, each) for scheme in schemes if scheme.id != LIVE.id for each in scheme.tier_types]


class NewTierDialog(QDialog):
    """Asks of what, and for a name."""

    def __init__(self, parent: QWidget, offered: Sequence[Offer], taken: Iterable[str]) -> None:
        super().__init__(parent)
        self.setWindowTitle("New tier")
        self._taken = set(taken)
        self.list = wrapping_list("Of which scheme", by_keys=True)
        for each in offered:
            QListWidgetItem(each.words, self.list).setData(ROLE, each)
        self.name = QLineEdit()
        self.name.setPlaceholderText("Its name")
        self.name.setAccessibleName("Name of the tier")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID * 3, GRID * 3, GRID * 3, GRID * 3)
        layout.setSpacing(GRID)
        about = "More schemes come into a project with woz scheme import and woz scheme use."
        title = label("A tier of which scheme?", "title")
        for widget in (title, self.list, label(about, "muted", wrap=True), self.name):
            layout.addWidget(widget)
        layout.addWidget(buttons)
        self.resize(560, 460)
        self.list.currentItemChanged.connect(self._suggest)
        self.list.itemDoubleClicked.connect(lambda: self.accept())
        self.list.setCurrentRow(0)
        self.list.setFocus()

    @property
    def offer(self) -> Offer | None:
        item = self.list.currentItem()
        found: Offer | None = item.data(ROLE) if item else None
        return found

    def _suggest(self) -> None:
        """A name that no tier has yet."""
        if self.offer:
            name, number = self.offer.tier_type.name(), 2
            while name in self._taken:
                name, number = f"{self.offer.tier_type.name()} {number}", number + 1
            self.name.setText(name)


def ask_new_tier(
    parent: QWidget, document: Document, project: SchemeSource, made: Callable[[TierId], object]
) -> None:
    """`made` gets the new tier's id once it is there."""
    offered = offers(document.schemes.values())
    dialog = NewTierDialog(parent, offered, (tier.name for tier in document.tiers))
    accepted = dialog.exec() == QDialog.DialogCode.Accepted
    offer, name = dialog.offer, dialog.name.text().strip()
    dialog.deleteLater()
    if accepted and offer:
        make_tier(document, offer, name or offer.tier_type.name(), project, made)


def make_tier(
    document: Document,
    offer: Offer,
    name: str,
    project: SchemeSource,
    made: Callable[[TierId], object],
) -> None:
    def add(scheme: Scheme) -> None:
        document.know(scheme)
        new = Tier(
            TierId(new_id()),
            document.session_id,
            scheme.id,
            scheme.version,
            offer.tier_type.key,
            name,
            document.made(),
            project.annotator,
        )
        document.apply(Edit("New tier", (), (new,)))
        made(new.id)

    known = document.schemes.get((offer.scheme.id, offer.scheme.version))
    if known is not None:
        add(known)
    else:
        document.read(lambda: project.keep(offer.scheme), add)
