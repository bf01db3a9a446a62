"""What is to be decided now, in words, and how each annotator has it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from ui.theme import GRID
from ui.widgets.parts import label, panel
from woz.annotation.adjudication.clusters import Matter, MatterKind, values
from woz.annotation.adjudication.origins import origins
from woz.annotation.adjudication.rulings import attribute_words
from woz.annotation.adjudication.state import Adjudication
from woz.model.annotation import Annotation

Name = Callable[[str], str]
TAKE_KEYS = ("1", "2", "5", "6", "7", "8")
"""By side: 3 and 4 mix the first two."""
ASKS = {
    MatterKind.PRESENCE: "Is it there?",
    MatterKind.LABEL: "What is it?",
    MatterKind.BOUNDARY: "Where does it start and end?",
}
HINTS = {
    MatterKind.PRESENCE: "To take it from whoever has nothing keeps it out.",
    MatterKind.LABEL: "",
    MatterKind.BOUNDARY: "3: start of the first, end of the second. 4: the other way round. 0: the middle.",
    MatterKind.ATTRIBUTE: "",
}
MORE = "E edit · D discuss · N next · P previous · Space play"


class MatterPanel(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.count = label("", "muted")
        self.asks = label("", "title", wrap=True)
        self.hint = label("", "muted", wrap=True)
        self._table = QGridLayout()
        self._table.setHorizontalSpacing(GRID * 2)
        self._table.setVerticalSpacing(GRID)
        holder = QWidget()
        holder.setLayout(self._table)
        frame = panel(self.count, self.asks, holder, self.hint, label(MORE, "muted", wrap=True))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(frame)
        layout.addStretch(1)

    def show_matter(self, state: Adjudication, matter: Matter | None, name: Name) -> None:
        """None where all is decided."""
        self.count.setText(counted(state))
        if matter is None:
            self.asks.setText("All is decided." if state.matters else "Nothing is disputed.")
            self.hint.setText("Ctrl+Return submits the gold." + (" A takes what agrees." if state.agreed else ""))
            self._fill([])
            return
        self.asks.setText(f"Which {matter.key}?" if matter.kind == MatterKind.ATTRIBUTE else ASKS[matter.kind])
        self.hint.setText(HINTS[matter.kind])
        rows = [
            (key, side.name, *_cells(member, matter, name))
            for key, side, member in zip(TAKE_KEYS, state.sides, matter.cluster.members, strict=False)
        ]
        gold = state.gold_of(matter.cluster)
        if gold:
            rows.append(("", "gold", *_cells(gold, matter, name)))
            told = origins(gold, state.sides)
            rows.append(("", "from", told.label, told.start, told.end, ""))
        self._fill(rows)

    def _fill(self, rows: Sequence[tuple[str, ...]]) -> None:
        while (item := self._table.takeAt(0)) is not None:
            if widget := item.widget():
                widget.deleteLater()
        heads = ("Key", "Annotator", "Label", "Start", "End", "") if rows else ()
        for column, text in enumerate(heads):
            self._table.addWidget(label(text, "muted"), 0, column)
        for at, cells in enumerate(rows, 1):
            for column, text in enumerate(cells):
                made: QLabel = label(text, "heading" if column == 0 else "")
                made.setAlignment(Qt.AlignmentFlag.AlignLeft)
                self._table.addWidget(made, at, column)


def counted(state: Adjudication) -> str:
    """As "34 of 200 decided"."""
    return f"{len(state.matters) - len(state.open)} of {len(state.matters)} decided"


def _cells(mark: Annotation | None, matter: Matter, name: Name) -> tuple[str, str, str, str]:
    if mark is None:
        return "nothing", "", "", ""
    attribute = attribute_words(values(mark, matter.key)) if matter.kind == MatterKind.ATTRIBUTE else ""
    return name(mark.label), _time(mark.start_ns), _time(mark.end_ns), attribute


def _time(t_ns: int | None) -> str:
    return "" if t_ns is None else f"{t_ns / 1e9:.2f} s"
