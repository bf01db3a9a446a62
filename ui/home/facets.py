"""What sessions have in common, with counts; what is ticked narrows the table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from ui.home.columns import SessionLine, protocol_words, tier_counts, verdict_word
from ui.theme import GRID

Chosen = dict[str, set[str]]
"""By facet what is ticked; of one facet any, of all facets each must fit."""
_VALUE = Qt.ItemDataRole.UserRole
WIDTH = 250
VALUE_WIDTH, VALUE_LINES, VALUE_PADDING = 120, 2, 16
"""What a value has room for beside its box and its count (px), into how many lines a longer one is broken, and what
stands around these (px).
"""


def _fact(name: str, otherwise: str) -> Callable[[SessionLine], Iterable[str]]:
    return lambda line: [str(getattr(line.facts, name, "") or otherwise)]


def _consent(line: SessionLine) -> Iterable[str]:
    if line.facts is None or not (line.facts.people or line.facts.lacking):
        return ["nobody on record"]
    wrong = ["missing"] if line.lacks_consent else []
    return [*wrong, *(["ended"] if line.ended else [])] or ["given"]


def _questions(line: SessionLine) -> Iterable[str]:
    facts = line.facts
    if facts is None or not facts.questions:
        return ["none"]
    return [
        "all accepted"
        if facts.accepted_questions == facts.questions
        else "some accepted"
        if facts.accepted_questions
        else "proposed"
    ]


FACETS: dict[str, Callable[[SessionLine], Iterable[str]]] = {
    "Project": lambda line: [line.project] if line.project else [],
    "Consents": _consent,
    "State": lambda line: [line.state_words],
    "Transcript": _fact("transcript", "none"),
    "Annotation": lambda line: tier_counts(line) or ["none by people"],
    "Questions": _questions,
    "Procedure": _fact("procedure", "none"),
    "Protocol": lambda line: [protocol_words(line) or "none"],
    "Scenario": lambda line: [line.facts.session.scenario or "none"] if line.facts else ["none"],
    "Place": lambda line: [line.facts.session.place or "not said"] if line.facts else ["not said"],
    "Sync check": lambda line: [verdict_word(line)],
    "Participants": lambda line: line.facts.people if line.facts else [],
}


class FacetTree(QTreeWidget):
    changed = Signal(dict)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setColumnCount(2)
        self.setHeaderHidden(True)
        self.header().setStretchLastSection(False)
        self.header().setMinimumSectionSize(GRID)
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.setWordWrap(True)
        self.setAccessibleName("Narrow the sessions")
        self.setFixedWidth(WIDTH)
        self.setIndentation(12)
        self._counts: dict[str, Counter[str]] = {}
        self._closed: set[str] = {"Participants", "Scenario", "Protocol"}
        self.itemChanged.connect(lambda *_: self.changed.emit(self.chosen))
        self.itemCollapsed.connect(lambda item: self._closed.add(item.data(0, _VALUE)))
        self.itemExpanded.connect(lambda item: self._closed.discard(item.data(0, _VALUE)))

    @property
    def chosen(self) -> Chosen:
        found: Chosen = {}
        for group in self._groups():
            ticked = {
                str(item.data(0, _VALUE)) for item in _entries(group) if item.checkState(0) == Qt.CheckState.Checked
            }
            if ticked:
                found[str(group.data(0, _VALUE))] = ticked
        return found

    def show_lines(self, lines: Sequence[SessionLine]) -> None:
        """Count anew; what was ticked stays so, also where nothing is left of it."""
        counts = {name: Counter(value for line in lines for value in of(line)) for name, of in FACETS.items()}
        if counts == self._counts:
            return
        self._counts, ticked = counts, self.chosen
        self.blockSignals(True)
        self.clear()
        for name, values in counts.items():
            if values or name in ticked:
                self._add(name, values, ticked.get(name, set()))
        self.blockSignals(False)

    def clear_choice(self) -> None:
        self.blockSignals(True)
        for group in self._groups():
            for item in _entries(group):
                item.setCheckState(0, Qt.CheckState.Unchecked)
        self.blockSignals(False)
        self.changed.emit({})

    def _add(self, name: str, values: Counter[str], ticked: set[str]) -> None:
        group = QTreeWidgetItem([name])
        group.setData(0, _VALUE, name)
        group.setFlags(Qt.ItemFlag.ItemIsEnabled)
        self.addTopLevelItem(group)
        for value in sorted({*values, *ticked}, key=lambda value: (-values[value], value)):
            item = QTreeWidgetItem([value, str(values[value])])
            item.setToolTip(0, value)
            item.setSizeHint(0, self._room(value))
            item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            item.setData(0, _VALUE, value)
            item.setFlags(
                Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsSelectable
            )
            item.setCheckState(0, Qt.CheckState.Checked if value in ticked else Qt.CheckState.Unchecked)
            group.addChild(item)
        group.setExpanded(name not in self._closed)

    def _room(self, value: str) -> QSize:
        """What a value needs that is broken; none where it is one line."""
        self.ensurePolished()
        metrics = self.fontMetrics()
        if metrics.horizontalAdvance(value) <= VALUE_WIDTH:
            return QSize()
        return QSize(VALUE_WIDTH, VALUE_LINES * metrics.height() + VALUE_PADDING)

    def _groups(self) -> list[QTreeWidgetItem]:
        found = (self.topLevelItem(at) for at in range(self.topLevelItemCount()))
        return [group for group in found if group is not None]


def _entries(group: QTreeWidgetItem) -> list[QTreeWidgetItem]:
    found = (group.child(at) for at in range(group.childCount()))
    return [item for item in found if item is not None]
