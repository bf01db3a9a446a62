"""A label: its name, colour and key, and the rules by which annotators set its edges."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QColorDialog, QFormLayout, QPushButton, QWidget

from ui.schemes.draft import Draft
from ui.schemes.fields import choices, line, show_choice, show_options, show_text
from ui.schemes.label_tree import swatch
from ui.theme import GRID
from ui.widgets.entering import steady
from ui.widgets.parts import button, row
from woz.model.own_schemes import PALETTE
from woz.model.scheme import Label
from woz.schemes import drafting

EXAMPLES = " | "
"""Between examples, in their field."""


class LabelPanel(QWidget):
    def __init__(self, draft: Draft) -> None:
        super().__init__()
        self._draft = draft
        self.name = line("Name of the label", "", self._rename)
        self.others = line("Names in other languages", "it: Taglia | ja: 切る", self._translate)
        self.key = line("Key", "one letter or digit", self._set_key)
        self.start_rule = line("It starts", "From the first touch of …", lambda t: self._set_text("start_rule", t))
        self.end_rule = line("It ends", "Until the hands leave …", lambda t: self._set_text("end_rule", t))
        self.examples = line("Examples", "one | another", self._set_examples)
        self.other_colour: QPushButton = button("Other…", "annotate")
        self.other_colour.clicked.connect(self._ask_colour)
        self.colours = [self._colour_button(colour) for colour in PALETTE]
        self.merge = choices("Merge into", (("", "choose a label"),), self._merge)
        self._build()
        draft.changed.connect(self.show_label)
        self.show_label()

    def _build(self) -> None:
        form = QFormLayout(self)
        form.setContentsMargins(GRID * 2, GRID * 2, GRID * 2, GRID * 2)
        form.setVerticalSpacing(GRID)
        form.addRow("Name", self.name)
        form.addRow("Also", self.others)
        form.addRow("Key", self.key)
        form.addRow("Colour", row(*self.colours, spacing=2))
        form.addRow("", self.other_colour)
        form.addRow("It starts", self.start_rule)
        form.addRow("It ends", self.end_rule)
        form.addRow("Examples", self.examples)
        form.addRow("Merge into", self.merge)
        steady(self)

    def _colour_button(self, colour: str) -> QPushButton:
        made = button("", "record")
        made.setIcon(swatch(colour, 18))
        made.setAccessibleName(f"Colour {colour}")
        made.setFixedWidth(30)
        made.setStyleSheet("padding: 4px;")
        made.clicked.connect(lambda: self._change(lambda each: replace(each, colour=colour)))
        return made

    def show_label(self) -> None:
        tier_type, chosen = self._draft.tier_type, self._draft.label_id
        label = tier_type.label(chosen) if tier_type and chosen else None
        self.setEnabled(label is not None)
        show_text(self.name, label.name() if label else "")
        show_text(self.others, drafting.other_names(label.names, self._draft.scheme) if label else "")
        show_text(self.key, label.shortcut.upper() if label else "")
        show_text(self.start_rule, label.start_rule if label else "")
        show_text(self.end_rule, label.end_rule if label else "")
        show_text(self.examples, EXAMPLES.join(label.examples) if label else "")
        others = tier_type.offered if tier_type else ()
        names = [(str(each.id), each.name()) for each in others if each.id != chosen]
        show_options(self.merge, [("", "choose a label"), *names])
        show_choice(self.merge, "")

    def _change(self, change: Callable[[Label], Label], tag: str = "") -> None:
        draft = self._draft
        draft.apply(drafting.change_label(draft.scheme, draft.type_key, draft.label_id, change), tag)

    def _rename(self, name: str) -> None:
        scheme = self._draft.scheme
        self._change(lambda each: replace(each, names=drafting.renamed(each.names, scheme, name)), "label name")

    def _translate(self, text: str) -> None:
        draft = self._draft
        label = draft.tier_type.label(draft.label_id) if draft.tier_type and draft.label_id else None
        if label is not None and draft.label_id:
            names = drafting.translated(label.names, draft.scheme, text)
            scheme = drafting.speaking(draft.scheme, names)
            named = partial(replace, names=names)
            draft.apply(drafting.change_label(scheme, draft.type_key, draft.label_id, named), "label names")

    def _set_key(self, text: str) -> None:
        """The last character that was typed; nothing clears it."""
        key = text.strip()[-1:].lower()
        self._change(lambda each: replace(each, shortcut=key), "key")

    def _set_text(self, field: str, text: str) -> None:
        self._change(lambda each: replace(each, **{field: text}), field)  # type: ignore[arg-type]

    def _set_examples(self, text: str) -> None:
        found = tuple(part.strip() for part in text.split(EXAMPLES.strip()) if part.strip())
        self._change(lambda each: replace(each, examples=found), "examples")

    def _ask_colour(self) -> None:
        tier_type = self._draft.tier_type
        if tier_type and self._draft.label_id:
            now = QColor(tier_type.label(self._draft.label_id).colour)
            chosen = QColorDialog.getColor(now, self, "Colour of the label")
            if chosen.isValid():
                self._change(lambda each: replace(each, colour=chosen.name()))

    def _merge(self, into: str) -> None:
        draft = self._draft
        if into and draft.label_id:
            merged = drafting.merge_label(draft.scheme, draft.type_key, draft.label_id, into)
            draft.apply(merged)
            draft.choose(draft.type_key, into)
