"""A field for each attribute that a scheme says an annotation may have."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from woz.annotation.attribute_edits import number_of, set_several, set_value, values_of
from woz.annotation.drawing import strokes_of, wiped
from woz.annotation.edits import Edit
from woz.model.annotation import Annotation, Attribute, Value
from woz.model.item import ItemRef
from woz.model.scheme import AttributeType, Label, ValueKind

Apply = Callable[[Callable[[Annotation], Edit]], bool]
"""Has the chosen annotation edited; the answer says whether that was done."""
SEVERAL = (ValueKind.SEVERAL, ValueKind.SEVERAL_WITH_TEXT)


def attribute_field(kind: AttributeType, annotation: Annotation, labels: Sequence[Label], apply: Apply) -> QWidget:
    """Shows the values of an annotation, and has each change made an edit; `labels` are those it may name."""
    made = _made(kind, annotation, labels, apply)
    made.setAccessibleName(kind.name())
    return made


def _made(kind: AttributeType, annotation: Annotation, labels: Sequence[Label], apply: Apply) -> QWidget:
    if kind.kind == ValueKind.BOOL:
        return _check_box(kind, annotation, apply)
    if kind.kind in (ValueKind.CHOICE, ValueKind.ORDERED):
        return _choice(kind, annotation, [(each.key, each.name()) for each in kind.values], apply)
    if kind.kind == ValueKind.LABEL:
        return _choice(kind, annotation, [(str(each.id), each.name()) for each in labels], apply)
    if kind.kind in SEVERAL:
        return _Several(kind, annotation, apply)
    if kind.kind == ValueKind.DRAWING:
        return _drawing(kind, annotation, apply)
    if kind.kind == ValueKind.SOUND:
        return QLabel(_shown(annotation.value(kind.key)) or "none")
    return _text(kind, annotation, apply)


def _drawing(kind: AttributeType, annotation: Annotation, apply: Apply) -> QWidget:
    """How much is drawn; the lines themselves lie over the picture."""
    lines = sum(len(strokes_of(each.place)) for each in annotation.attributes if each.key == kind.key)
    if not lines:
        return QLabel("none")
    wipe = QPushButton(f"Wipe {'1 line' if lines == 1 else f'{lines} lines'}")
    wipe.clicked.connect(lambda: apply(lambda chosen: wiped(kind, chosen)))
    return wipe


def _check_box(kind: AttributeType, annotation: Annotation, apply: Apply) -> QCheckBox:
    box = QCheckBox(kind.name())
    box.setChecked(annotation.value(kind.key) is True)
    box.clicked.connect(lambda on: apply(lambda chosen: set_value(chosen, kind, True if on else None)))
    return box


def _choice(kind: AttributeType, annotation: Annotation, offered: list[tuple[str, str]], apply: Apply) -> QComboBox:
    box = QComboBox()
    box.addItem("", None)
    for key, name in offered:
        box.addItem(name, key)
    now = annotation.value(kind.key)
    if now is not None and box.findData(_shown(now)) < 0:
        box.addItem(_shown(now), _shown(now))
    box.setCurrentIndex(max(0, box.findData(_shown(now))) if now is not None else 0)
    box.activated.connect(lambda i: apply(lambda chosen: set_value(chosen, kind, box.itemData(i))))
    return box


def _text(kind: AttributeType, annotation: Annotation, apply: Apply) -> QLineEdit:
    """For texts, numbers and people; kept with Enter, and where the field is left."""
    field = QLineEdit(_shown(annotation.value(kind.key)))
    field.setPlaceholderText(_hint(kind))
    field.setMaxLength(20_000)

    def keep() -> None:
        text = field.text().strip()
        if kind.kind == ValueKind.NUMBER:
            done = apply(lambda chosen: set_value(chosen, kind, number_of(kind, text)))
        else:
            done = apply(lambda chosen: set_value(chosen, kind, text or None))
        if not done:
            field.selectAll()

    field.editingFinished.connect(keep)
    return field


def _hint(kind: AttributeType) -> str:
    if kind.kind == ValueKind.NUMBER and kind.low is not None and kind.high is not None:
        return f"{kind.low:g} to {kind.high:g} {kind.unit}".strip()
    return kind.unit


class _Several(QWidget):
    """A box for each value, and beside it a line for its text where there may be one."""

    def __init__(self, kind: AttributeType, annotation: Annotation, apply: Apply) -> None:
        super().__init__()
        self._kind, self._apply = kind, apply
        self._boxes: list[tuple[str, QCheckBox, QLineEdit | None]] = []
        has = {_shown(each.value): each for each in values_of(annotation, kind)}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        for choice in kind.values:
            box = QCheckBox(choice.name())
            box.setChecked(choice.key in has)
            box.clicked.connect(self._keep)
            layout.addWidget(box)
            line = self._line(has.get(choice.key)) if kind.kind == ValueKind.SEVERAL_WITH_TEXT else None
            if line:
                line.setAccessibleName(f"About {choice.name()}")
                layout.addWidget(line)
            self._boxes.append((choice.key, box, line))
        if self._boxes:
            self.setFocusProxy(self._boxes[0][1])

    def _line(self, has: Attribute | None) -> QLineEdit:
        line = QLineEdit(has.note if has else "")
        line.setEnabled(has is not None)
        line.setPlaceholderText("about it")
        line.editingFinished.connect(self._keep)
        return line

    def _keep(self) -> None:
        values = tuple(
            Attribute(self._kind.key, key, line.text().strip() if line else "")
            for key, box, line in self._boxes
            if box.isChecked()
        )
        for _, box, line in self._boxes:
            if line:
                line.setEnabled(box.isChecked())
        self._apply(lambda chosen: set_several(chosen, self._kind, values))


def _shown(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, ItemRef):
        return value.id
    return f"{value:g}" if isinstance(value, float) else str(value)
