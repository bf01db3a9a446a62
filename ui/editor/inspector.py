"""The chosen annotation beside the time line: label, times, attributes as its scheme has them, note."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QFrame,
    QLabel,
    QLineEdit,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ui.editor.attribute_fields import attribute_field
from ui.editor.transport import stamp
from ui.theme import GRID
from ui.widgets.parts import label, row
from woz.annotation import commands
from woz.annotation.attribute_edits import attributes_of, lacks
from woz.annotation.edits import Edit
from woz.annotation.label_of import label_of
from woz.base.interval import NS_PER_S
from woz.model.annotation import Annotation, Attribute
from woz.model.scheme import AttributeType, Label, TierType, ValueKind
from woz.model.tier import Tier

LEAST_HEIGHT, MOST_HEIGHT, SCROLL_BAR = 64, 260, 24
"""Of what is scrolled, and how wide the bar beside it is."""
Apply = Callable[[Callable[[Annotation], Edit]], bool]


@dataclass(frozen=True, slots=True)
class _Form:
    """Which annotation's attributes are shown, and what they say."""

    item: str
    kinds: tuple[AttributeType, ...]
    values: tuple[Attribute, ...]

    @property
    def fields(self) -> tuple[str, tuple[AttributeType, ...]]:
        return self.item, self.kinds


class Inspector(QWidget):
    """Shows an annotation; what is changed here is an edit of it. `back` is called when a field is done with."""

    note_typed = Signal(str, str)
    """The chosen annotation's id, and its note as it is typed."""

    def __init__(self, apply: Apply, labels_of: Callable[[str], Sequence[Label]], back: Callable[[], None]) -> None:
        super().__init__()
        self._apply_edit, self._labels_of, self._back = apply, labels_of, back
        self._chosen_id, self._noted = "", ""
        self._shown: _Form | None = None
        self._own = False
        self._fields: dict[str, QWidget] = {}
        self._shown_fields: QWidget | None = None
        self.name = label("", "heading", wrap=True)
        self._span = label("", "muted")
        self._rule = label("", "muted", wrap=True)
        self._rule.hide()
        self.links = label("", "muted", wrap=True)
        self.links.hide()
        self.feedback = label("", wrap=True)
        self.feedback.hide()
        self._labels = QComboBox()
        self._labels.setAccessibleName("Label of the segment")
        self._labels.activated.connect(self._relabel)
        self.note = QLineEdit()
        self.note.setPlaceholderText("Note, Enter to keep it")
        self.note.setAccessibleName("Note of the segment")
        self.note.returnPressed.connect(self._back)
        self.note.editingFinished.connect(self._keep_note)
        self.note.textEdited.connect(lambda text: self.note_typed.emit(self._chosen_id, text))
        self._form = QScrollArea()
        self._form.setWidgetResizable(True)
        self._form.setFrameShape(QFrame.Shape.NoFrame)
        self._form.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._form.hide()
        self._form.viewport().setAutoFillBackground(False)
        self._form.setAccessibleName("Rules, links and attributes")
        self._form.setWidget(self._scrolled())
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, GRID, 0, 0)
        layout.setSpacing(GRID)
        for widget in (self.name, self._span, row(self._labels), self._form, self.note):
            layout.addWidget(widget)

    def _scrolled(self) -> QWidget:
        """What may be too much for a small screen: the label's rule, links, attributes."""
        holder = QWidget()
        holder.setObjectName("attributes")
        holder.setStyleSheet("#attributes { background: transparent; }")
        self._column = QVBoxLayout(holder)
        self._column.setContentsMargins(0, 0, GRID, 0)
        self._column.setSpacing(GRID)
        for widget in (self.feedback, self._rule, self.links):
            self._column.addWidget(widget)
        self._column.addStretch(1)
        return holder

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """As high as all of it, if there is room."""
        told = (self.feedback, self._rule, self.links)
        shown = bool(self._fields) or not all(each.isHidden() for each in told)
        self._form.setVisible(shown)
        width = max(200, self.width() - SCROLL_BAR)
        tall = self._column.hasHeightForWidth()
        needed = self._column.heightForWidth(width) if tall else self._column.sizeHint().height()
        wanted = min(MOST_HEIGHT, needed + 2)
        self._form.setMaximumHeight(wanted)
        self._form.setMinimumHeight(min(wanted, LEAST_HEIGHT))

    def show_annotation(
        self, tier: Tier | None, tier_type: TierType | None, chosen: Annotation | None, count: int = 1
    ) -> None:
        """None for what isn't there; says then what can be done. `count` are chosen with it, and change with it."""
        self._labels.setEnabled(chosen is not None)
        self.note.setEnabled(chosen is not None)
        self._fill_labels(tier_type, chosen)
        self._chosen_id = str(chosen.id) if chosen else ""
        if chosen is None or tier_type is None:
            self.name.setText(f"{tier.name}: nothing chosen" if tier else "No tier yet")
            self._span.setText(_hint(tier, tier_type))
            self._rule.hide()
            self.note.clear()
            self._show_form(None, None)
            return
        found = label_of(tier_type, chosen)
        self.name.setText(found.name() if count == 1 else f"{count} items chosen")
        self._span.setText(_span_words(chosen) if count == 1 else "What you change here changes all of them")
        self._rule.setText(_rule_words(found))
        self._rule.setVisible(bool(self._rule.text()))
        if not self.note.hasFocus():
            self.note.setText(chosen.note)
            self._noted = chosen.note
        self._show_form(tier_type, chosen)

    def show_links(self, words: str) -> None:
        """Those of the chosen one, a line each."""
        self.links.setText(words)
        self.links.setVisible(bool(words))
        self._fit()

    def show_feedback(self, words: str) -> None:
        """What others said of the chosen one, and changed of it, a line each."""
        self.feedback.setText(words)
        self.feedback.setVisible(bool(words))
        self._fit()

    def focus_attributes(self) -> bool:
        """Go to the first attribute, one that is required and missing before others; False where there is none."""
        if not self._fields:
            return False
        lacking = [key for key, field in self._fields.items() if field.property("lacking")]
        field = self._fields[lacking[0] if lacking else next(iter(self._fields))]
        field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._form.ensureWidgetVisible(field)
        return True

    def _fill_labels(self, tier_type: TierType | None, chosen: Annotation | None) -> None:
        self._labels.clear()
        for each in tier_type.labels if tier_type else ():
            if not each.retired or (chosen and chosen.label == each.id):
                self._labels.addItem(f"{each.shortcut}  {each.name()}" if each.shortcut else each.name(), each.id)
        if chosen and tier_type:
            if self._labels.findData(chosen.label) < 0:
                self._labels.addItem(label_of(tier_type, chosen).name(), chosen.label)
            self._labels.setCurrentIndex(self._labels.findData(chosen.label))

    def _show_form(self, tier_type: TierType | None, chosen: Annotation | None) -> None:
        """Made anew where something else is to be shown; what was changed here the fields show already."""
        kinds = attributes_of(tier_type, chosen) if tier_type and chosen else ()
        shown = _Form(str(chosen.id), kinds, chosen.attributes) if chosen else None
        before, self._shown = self._shown, shown
        if shown == before or (self._own and shown and before and shown.fields == before.fields):
            if chosen:
                self._mark_lacking(kinds, chosen)
            self._fit()
            return
        held = next((key for key, field in self._fields.items() if _has_keyboard(field)), None)
        self._make_fields(kinds, chosen)
        if held in self._fields and before and shown and shown.item == before.item:
            self._fields[held].setFocus(Qt.FocusReason.OtherFocusReason)
        self._fit()

    def _make_fields(self, kinds: Sequence[AttributeType], chosen: Annotation | None) -> None:
        self._fields = {}
        fields = QWidget()
        form = QFormLayout(fields)
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(GRID // 2)
        for kind in kinds:
            assert chosen
            field = attribute_field(kind, chosen, self._labels_of(kind.of), self._apply)
            self._fields[kind.key] = field
            form.addRow(QLabel(), field)
        self._replace_fields(fields if kinds else None)
        if chosen:
            self._mark_lacking(kinds, chosen)

    def _mark_lacking(self, kinds: Sequence[AttributeType], chosen: Annotation) -> None:
        """What is required and missing has a star."""
        form = self._shown_fields.layout() if self._shown_fields else None
        if not isinstance(form, QFormLayout):
            return
        for kind in kinds:
            field, missing = self._fields[kind.key], lacks(kind, chosen)
            field.setProperty("lacking", missing)
            name = "" if kind.kind == ValueKind.BOOL else kind.name()
            beside = form.labelForField(field)
            assert isinstance(beside, QLabel)
            beside.setText(name + (" *" if missing else ""))

    def _replace_fields(self, fields: QWidget | None) -> None:
        before, self._shown_fields = self._shown_fields, fields
        if before is not None:
            self._column.removeWidget(before)
            before.hide()
            before.deleteLater()
        if fields is not None:
            self._column.insertWidget(3, fields)
            fields.show()

    def _apply(self, make: Callable[[Annotation], Edit]) -> bool:
        self._own = True
        try:
            return self._apply_edit(make)
        finally:
            self._own = False

    def _relabel(self, index: int) -> None:
        wanted = self._labels.itemData(index)
        self._apply_edit(lambda chosen: commands.relabel(chosen, wanted))
        self._back()

    def _keep_note(self) -> None:
        """Also where the field is left otherwise: what was typed is not lost."""
        text = self.note.text().strip()
        if self._chosen_id and text != self._noted:
            self._noted = text
            self._apply_edit(lambda chosen: commands.set_note(chosen, text))
        self.note_typed.emit(self._chosen_id, text)


def _has_keyboard(field: QWidget) -> bool:
    focused = field.window().focusWidget()
    return focused is not None and (focused is field or field.isAncestorOf(focused))


def _hint(tier: Tier | None, tier_type: TierType | None) -> str:
    if tier is None:
        return "Ctrl+N makes a tier of one of this project's schemes"
    if tier_type and not tier_type.offered:
        return "Press F and type a label's name"
    return "Click one, or press a label's key for a new one"


def _span_words(chosen: Annotation) -> str:
    if chosen.start_ns is None:
        return "For the whole session"
    if chosen.end_ns is None:
        return f"At {stamp(chosen.start_ns)}"
    length = chosen.interval.duration_ns / NS_PER_S
    return f"{stamp(chosen.start_ns)} – {stamp(chosen.end_ns)}   ({length:.3f} s)"


def _rule_words(found: Label) -> str:
    rules = (("Starts", found.start_rule), ("Ends", found.end_rule), ("For example", "; ".join(found.examples)))
    return "\n".join(f"{name}: {rule}" for name, rule in rules if rule)
