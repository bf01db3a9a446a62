"""The frame and the segments that a question set written here may rest on, to be chosen among."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from ui.widgets.parts import clock_text
from woz.annotation.document import Document
from woz.annotation.label_of import label_of
from woz.annotation.live_scheme import WITHHELD
from woz.annotation.proposals.drafts import is_draft
from woz.dataset.questions.standing_steps import standing_steps
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId

ROWS = 4
"""So many are in sight at once; the others by scrolling."""
_KEY = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class Offered:
    """`key` is a segment's id, None for the frame that is shown; `taken` says whether it is chosen at first."""

    key: AnnotationId | None
    words: str
    taken: bool = True


def steps_of(document: Document) -> list[Annotation]:
    return standing_steps([*document.tiers, *_marks(document)])


def offered(document: Document, at_ns: int, back_ns: int) -> list[Offered]:
    """The frame, and the segments of which something lies within so long before it, or at it, by time; the steps in
    which it stands are chosen at first.

    Not what nobody has decided on, nor what is kept out of releases.
    """
    standing = {step.id for step in steps_of(document) if step.start_ns is not None and at_ns in step.interval}
    found = [Offered(None, f"The frame at {clock_text(at_ns)}")]
    tiers = {each.id: each for each in document.tiers if each.tier_type != WITHHELD and not is_draft(each)}
    near = (
        each
        for each in _marks(document)
        if each.tier_id in tiers
        and each.start_ns is not None
        and each.start_ns <= at_ns
        and each.interval.end_ns >= at_ns - back_ns
    )
    for each in sorted(near, key=lambda one: (one.interval, one.id)):
        tier = tiers[each.tier_id]
        span = f"{clock_text(each.interval.start_ns)} – {clock_text(each.interval.end_ns)}"
        name = label_of(document.tier_type(tier), each).name()
        found.append(Offered(each.id, f"{tier.name}: {name}, {span}", each.id in standing))
    return found


def _marks(document: Document) -> list[Annotation]:
    return [each for tier in document.tiers for each in document.annotations(tier.id)]


class EvidenceList(QListWidget):
    """Space chooses what one stands on, or no longer."""

    def __init__(self, choices: Sequence[Offered]) -> None:
        super().__init__()
        self.setAccessibleName("Rests on")
        for each in choices:
            entry = QListWidgetItem(each.words, self)
            entry.setData(_KEY, each.key)
            entry.setFlags(entry.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            entry.setCheckState(Qt.CheckState.Checked if each.taken else Qt.CheckState.Unchecked)
        self.setCurrentRow(0)
        rows = min(ROWS, max(1, self.count()))
        self.setFixedHeight(rows * max(1, self.sizeHintForRow(0)) + 2 * self.frameWidth())

    @property
    def taken(self) -> tuple[AnnotationId | None, ...]:
        """The keys of what is chosen."""
        entries = (self.item(row) for row in range(self.count()))
        return tuple(each.data(_KEY) for each in entries if each.checkState() == Qt.CheckState.Checked)
