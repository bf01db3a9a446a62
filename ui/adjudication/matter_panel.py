"""What is to be decided now, in words, and how each annotator has it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from ui.adjudication.side_choice import TAKE_KEYS, SideChoice
from ui.theme import GRID
from ui.widgets.parts import label, panel
from woz.annotation.adjudication.attribute_words import attribute_words
from woz.annotation.adjudication.clusters import Matter, MatterKind, values
from woz.annotation.adjudication.ends import linked_by
from woz.annotation.adjudication.origins import OWN, origins
from woz.annotation.adjudication.state import Adjudication
from woz.base import counts
from woz.model.annotation import Annotation
from woz.model.item import ItemRef
from woz.model.scheme import AttributeType

Name = Callable[[str], str]
Words = Callable[[ItemRef], str]
MORE_COLUMN, MORE_PX = 5, 120
"""Of an attribute or links, which may be long."""
ASKS = {
    MatterKind.PRESENCE: "Is it there?",
    MatterKind.LABEL: "What is it?",
    MatterKind.BOUNDARY: "Where does it start and end?",
}
HINTS = {
    MatterKind.PRESENCE: "To take it from whoever has nothing keeps it out.",
    MatterKind.LABEL: "E: another one of the scheme's.",
    MatterKind.BOUNDARY: "3: start of the first, end of the second. 4: the other way round. 0: the middle.",
    MatterKind.ATTRIBUTE: "E: another one of the scheme's.",
    MatterKind.LINK: "To take it from whoever has none leaves it without. 0: the links of all.",
}
OF_MORE = "S: start of one and end of another, each by key."
"""Of boundaries, where there are more than two sides; 3 and 4 mix the first two."""
CHOOSE = "Down, Up: choose an annotator; Enter takes theirs."
MORE = "E edit · T time · D discuss · N next · P previous · Space play"


class MatterPanel(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.count = label("", "muted")
        self.asks = label("", "title", wrap=True)
        self.hint = label("", "muted", wrap=True)
        self._table = QGridLayout()
        self._table.setHorizontalSpacing(GRID * 2)
        self._table.setVerticalSpacing(GRID)
        self._table.setColumnStretch(MORE_COLUMN, 1)
        holder = QWidget()
        holder.setLayout(self._table)
        frame = panel(self.count, self.asks, holder, self.hint, label(MORE, "muted", wrap=True))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(frame)
        layout.addStretch(1)

    def show_matter(
        self,
        state: Adjudication,
        matter: Matter | None,
        name: Name,
        words: Words,
        kind: AttributeType | None,
        sides: SideChoice,
    ) -> None:
        """`matter` is None where all is decided. `name` is of a label, `words` are of an item that a link leads to,
        `kind` is of the attribute that is asked for, `sides` says which annotator is chosen.
        """
        self.count.setText(counted(state))
        if matter is None:
            self.asks.setText("All is decided." if state.matters else "Nothing is disputed.")
            self.hint.setText("Ctrl+Return submits the gold." + (" A takes what agrees." if state.to_take else ""))
            self._fill([])
            return
        self.asks.setText(_asks(matter, name, kind))
        self.hint.setText(_hint(state, matter, sides))

        def more(mark: Annotation) -> str:
            if matter.kind == MatterKind.ATTRIBUTE:
                return attribute_words(values(mark, matter.key), kind, name)
            return _links(state, matter, mark, words)

        def cells(mark: Annotation | None) -> tuple[str, str, str, str]:
            if mark is None:
                return "nothing", "", "", ""
            return name(mark.label), _time(mark.start_ns), _time(mark.end_ns), more(mark)

        rows = [
            (_key(at, sides), side.name, *cells(member))
            for at, (side, member) in enumerate(zip(state.sides, matter.cluster.members, strict=True))
        ]
        gold = state.gold_of(matter.cluster)
        if gold:
            rows.append(("", "gold", *cells(gold)))
            told = origins(gold, state.sides)
            rows.append(("", "from", told.label, told.start, told.end, _linked(state, matter, gold)))
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
                made: QLabel = label(text, "heading" if column == 0 else "", wrap=column == MORE_COLUMN)
                made.setMinimumWidth(MORE_PX if text and column == MORE_COLUMN else 0)
                made.setAlignment(Qt.AlignmentFlag.AlignLeft)
                self._table.addWidget(made, at, column)


def counted(state: Adjudication) -> str:
    """As "34 of 200 decided"."""
    return f"{len(state.matters) - len(state.open)} of {len(state.matters)} decided"


def agreed_left(state: Adjudication) -> list[str]:
    """As "4 agreed items to take (A)"; nothing where none are left."""
    return [f"{counts.counted(state.to_take, 'agreed item')} to take (A)"] if state.to_take else []


def versions_words(state: Adjudication) -> str:
    """That they coded in several versions of the scheme, by which one the gold is judged; empty where in one."""
    if len({side.tier.scheme_version for side in state.sides}) < 2:
        return ""
    told = ", ".join(f"{side.name} in version {side.tier.scheme_version}" for side in state.sides)
    return (
        f"The scheme changed between their codings ({told}). The gold is in version {state.gold.scheme_version}: a"
        " label that this one lacks is to be changed in the editor, on the gold tier, before it is submitted."
    )


def left_to_do(state: Adjudication) -> str:
    """What has to be done before the gold can be submitted, in one sentence; empty where nothing has."""
    left = [f"{len(state.open)} to decide"] if state.open else []
    left += agreed_left(state)
    return f"There are still {' and '.join(left)}." if left else ""


def _key(at: int, sides: SideChoice) -> str:
    """By which a side is taken; the chosen one's is Enter, too."""
    key = TAKE_KEYS[at] if at < len(TAKE_KEYS) else ""
    return f"▸ {key or 'Enter'}" if at == sides.at else key or "Down"


def _hint(state: Adjudication, matter: Matter, sides: SideChoice) -> str:
    """Of a mix that is begun, what is asked next; else the keys of a matter."""
    if sides.mixing:
        first = "Whose start?" if sides.start is None else f"Start of {state.sides[sides.start].name}; whose end?"
        return f"{first} Press their key, or choose them and press Enter. Escape leaves it."
    parts = [HINTS[matter.kind]]
    if len(state.sides) > 2:
        parts += [OF_MORE] if matter.kind == MatterKind.BOUNDARY else []
        parts.append(CHOOSE)
    return " ".join(parts)


def _asks(matter: Matter, name: Name, kind: AttributeType | None) -> str:
    if matter.kind == MatterKind.LINK:
        return f"“{name(matter.key)}”: to what?"
    if matter.kind == MatterKind.ATTRIBUTE:
        return f"“{kind.name() if kind else matter.key}”: which?"
    return ASKS[matter.kind]


def _links(state: Adjudication, matter: Matter, mark: Annotation, words: Words) -> str:
    """Those that are asked for, a line each."""
    if matter.kind != MatterKind.LINK:
        return ""
    found = sorted(state.ends.of(mark).items(), key=lambda each: each[0])
    told = [
        f"→ {words(link.target)}" if end.onward else f"← {words(link.source)}"
        for end, link in found
        if end.type == matter.key
    ]
    return "\n".join(told) or "no link"


def _linked(state: Adjudication, matter: Matter, gold: Annotation) -> str:
    """From whom the gold's links are, in their order."""
    if matter.kind != MatterKind.LINK:
        return ""
    found = sorted(state.ends.of(gold).items(), key=lambda each: each[0])
    of_type = (link for end, link in found if end.type == matter.key)
    return "\n".join(linked_by(link, matter.cluster, state.sides, state.ends) or OWN for link in of_type)


def _time(t_ns: int | None) -> str:
    return "" if t_ns is None else f"{t_ns / 1e9:.2f} s"
