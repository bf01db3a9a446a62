"""The attributes of a tier type."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QFormLayout, QListWidget, QPushButton, QVBoxLayout, QWidget

from ui.schemes.default_field import NAME, DefaultField, has_default
from ui.schemes.draft import Draft
from ui.schemes.fields import Entry, choices, line, show_choice, show_options, show_text
from ui.theme import GRID
from ui.widgets.entering import steady
from ui.widgets.parts import button
from woz.model.scheme import AttributeType, Choice, ValueKind, named
from woz.schemes import drafting
from woz.schemes.checking import OF_ONE_ONLY
from woz.schemes.conditions.quoting import quoted

KINDS = (
    (ValueKind.TEXT, "a text"),
    (ValueKind.BOOL, "yes or no"),
    (ValueKind.CHOICE, "one of some values"),
    (ValueKind.ORDERED, "one of some values in order"),
    (ValueKind.SEVERAL, "several of some values"),
    (ValueKind.SEVERAL_WITH_TEXT, "several, each with a text"),
    (ValueKind.NUMBER, "a number"),
    (ValueKind.PERSON, "a person"),
    (ValueKind.LABEL, "a label of another tier"),
    (ValueKind.DRAWING, "a drawing on the picture"),
    (ValueKind.SOUND, "a recorded sound"),
)
CARRIED = (("no", "no"), ("yes", "from the annotation before it"))
REQUIRED = (("never", "not needed"), ("always", "always needed"), ("when", "needed where …"))
_CHOSEN = frozenset({ValueKind.CHOICE, ValueKind.ORDERED, ValueKind.SEVERAL, ValueKind.SEVERAL_WITH_TEXT})


class AttributePanel(QWidget):
    def __init__(self, draft: Draft) -> None:
        super().__init__()
        self._draft = draft
        self._key = ""
        self.list = QListWidget()
        self.list.setAccessibleName("Attributes")
        self.list.currentRowChanged.connect(self._chosen)
        self.entry = Entry("New attribute", "New attribute: its name, then Enter", self._add)
        self.kind = choices("Kind", KINDS, self._set_kind)
        self.values = line("Values", "one, another", self._set_values)
        self.of = choices("Labels of", (), lambda v: self._set(of=v))
        self.low = line("Lowest", "", lambda t: self._set_number("low", t))
        self.high = line("Highest", "", lambda t: self._set_number("high", t))
        self.unit = line("Unit", "", lambda t: self._change(lambda a: replace(a, unit=t), "unit"))
        self.required = choices("Needed", REQUIRED, self._set_required)
        self.when = line("Needed where", "label is …", self._set_when)
        self.default = DefaultField(lambda value: self._change(lambda a: replace(a, default=value), "default"))
        self.carried = choices("Carried over", CARRIED, lambda v: self._set(carry_over=v == "yes"))
        self.remove: QPushButton = button("Delete", "delete")
        self.remove.clicked.connect(self._remove)
        self._form = QFormLayout()
        self._build()
        draft.changed.connect(self.show_attributes)
        self.show_attributes()

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID * 2, GRID * 2, GRID * 2, GRID * 2)
        layout.setSpacing(GRID)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.entry)
        layout.addLayout(self._form)
        for name, field in (
            ("It is", self.kind),
            ("Values", self.values),
            ("Labels of", self.of),
            ("Lowest", self.low),
            ("Highest", self.high),
            ("Unit", self.unit),
            ("Needed", self.required),
            ("Where", self.when),
            (NAME, self.default),
            ("Carried over", self.carried),
            ("", self.remove),
        ):
            self._form.addRow(name, field)
        steady(self)

    @property
    def _attribute(self) -> AttributeType | None:
        tier_type = self._draft.tier_type
        return next((each for each in (tier_type.attributes if tier_type else ()) if each.key == self._key), None)

    def show_attributes(self) -> None:
        tier_type = self._draft.tier_type
        self.setEnabled(tier_type is not None)
        attributes = tier_type.attributes if tier_type else ()
        if self._attribute is None:
            self._key = attributes[-1].key if attributes else ""
        with QSignalBlocker(self.list):
            self.list.clear()
            self.list.addItems([_words(each) for each in attributes])
            self.list.setCurrentRow([each.key for each in attributes].index(self._key) if self._key else -1)
        others = [(one.key, one.name()) for one in self._draft.scheme.tier_types]
        show_options(self.of, others)
        self._show_one(self._attribute)

    def _show_one(self, attribute: AttributeType | None) -> None:
        kind = attribute.kind if attribute else ValueKind.TEXT
        required = attribute.required if attribute else "never"
        when = required not in ("never", "always")
        for field, shown in (
            (self.kind, attribute is not None),
            (self.values, attribute is not None and kind in _CHOSEN),
            (self.of, attribute is not None and kind == ValueKind.LABEL),
            (self.low, kind == ValueKind.NUMBER),
            (self.high, kind == ValueKind.NUMBER),
            (self.unit, kind == ValueKind.NUMBER),
            (self.required, attribute is not None and kind != ValueKind.BOOL),
            (self.when, when),
            (self.default, attribute is not None and has_default(kind)),
            (self.carried, attribute is not None and kind not in OF_ONE_ONLY),
            (self.remove, attribute is not None),
        ):
            self._form.setRowVisible(field, shown)
        if attribute is None:
            return
        show_choice(self.kind, kind)
        show_choice(self.required, "when" if when else required)
        show_text(self.when, required if when else "")
        show_choice(self.carried, "yes" if attribute.carry_over else "no")
        show_choice(self.of, attribute.of)
        texts = [named(each.names, "en", each.key) for each in attribute.values]
        if [part.strip() for part in self.values.text().split(",") if part.strip()] != texts:
            show_text(self.values, ", ".join(texts))
        for number, value in ((self.low, attribute.low), (self.high, attribute.high)):
            if _number(number.text()) != value:
                show_text(number, "" if value is None else f"{value:g}")
        show_text(self.unit, attribute.unit)
        self.default.show_of(attribute)

    def _chosen(self, at: int) -> None:
        tier_type = self._draft.tier_type
        if tier_type and 0 <= at < len(tier_type.attributes):
            self._key = tier_type.attributes[at].key
            self._show_one(self._attribute)

    def _add(self, name: str) -> None:
        draft = self._draft
        scheme = drafting.add_attribute(draft.scheme, draft.type_key, name)
        self._key = ""
        draft.apply(scheme)

    def _change(self, change: Callable[[AttributeType], AttributeType], tag: str = "") -> None:
        draft = self._draft
        draft.apply(drafting.change_attribute(draft.scheme, draft.type_key, self._key, change), tag)

    def _set(self, **fields: Any) -> None:
        self._change(lambda each: replace(each, **fields))

    def _set_kind(self, value: str) -> None:
        """What has no meaning for the kind goes."""
        kind = ValueKind(value)
        numeric, other = kind == ValueKind.NUMBER, self._draft.type_key if kind == ValueKind.LABEL else ""
        self._change(
            lambda each: replace(
                each,
                kind=kind,
                values=each.values if kind in _CHOSEN else (),
                of=other,
                low=each.low if numeric else None,
                high=each.high if numeric else None,
                default=None,
                required="never" if kind == ValueKind.BOOL else each.required,
                carry_over=each.carry_over and kind not in OF_ONE_ONLY,
            )
        )

    def _set_values(self, text: str) -> None:
        names = list(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
        attribute = self._attribute
        known = {named(each.names, "en", each.key): each for each in attribute.values} if attribute else {}
        taken = {each.key for each in known.values()}
        made = []
        for name in names:
            choice = known.get(name) or Choice(drafting.free_id(name, taken), {"en": name})
            taken.add(choice.key)
            made.append(choice)
        keys = {each.key for each in made}
        self._change(
            lambda each: replace(each, values=tuple(made), default=each.default if each.default in keys else None),
            "values",
        )

    def _set_number(self, field: str, text: str) -> None:
        number = _number(text)
        self._change(lambda each: replace(each, **{field: number}), field)  # type: ignore[arg-type]

    def _set_required(self, value: str) -> None:
        tier_type = self._draft.tier_type
        first = tier_type.offered[0].id if tier_type and tier_type.offered else ""
        condition = f"label is {quoted(first)}" if first else "duration > 1"
        self._set(required=condition if value == "when" else value)

    def _set_when(self, text: str) -> None:
        self._change(lambda each: replace(each, required=text), "when")

    def _remove(self) -> None:
        draft = self._draft
        draft.apply(drafting.remove_attribute(draft.scheme, draft.type_key, self._key))


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None


def _words(attribute: AttributeType) -> str:
    kind = next(words for value, words in KINDS if value == attribute.kind)
    needed = "" if attribute.required == "never" else ", needed"
    return f"{named(attribute.names, 'en', attribute.key)} – {kind}{needed}"
