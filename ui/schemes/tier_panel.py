"""What a tier type is: its name, and what it demands of its annotations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtWidgets import QCheckBox, QFormLayout, QPushButton, QWidget

from ui.schemes.draft import Draft
from ui.schemes.fields import choices, line, show_choice, show_options, show_text
from ui.theme import GRID
from ui.widgets.entering import steady
from ui.widgets.parts import button
from woz.model.scheme import Cover, Level, Overlap, Parent, Relation, Shape, Subject, TierType
from woz.schemes import drafting

SHAPES = (
    (Shape.INTERVAL, "from … to …"),
    (Shape.POINT, "at one time"),
    (Shape.SESSION, "the whole session"),
    (Shape.ANY, "any of them"),
)
COVERS = ((Cover.FREE, "gaps are allowed"), (Cover.PARTITION, "no gaps"))
OVERLAPS = (
    (Overlap.NONE, "none may overlap"),
    (Overlap.OTHER_LABEL, "only those with other labels"),
    (Overlap.ANY, "all may overlap"),
)
RELATIONS = (
    (Relation.INSIDE, "lies inside one"),
    (Relation.SUBDIVIDES, "divides one without gaps"),
    (Relation.ONE_TO_ONE, "one for each"),
)
LEVELS = ((Level.WARNING, "told as a warning"), (Level.ERROR, "an error"))
SUBJECTS = (
    (Subject.NONE, "nobody in particular"),
    (Subject.ROLE, "trainee or expert"),
    (Subject.FREE, "whom the annotator names"),
)


class TierPanel(QWidget):
    def __init__(self, draft: Draft) -> None:
        super().__init__()
        self._draft = draft
        self.name = line("Name of the tier", "", self._rename)
        self.shape = choices("Shape", SHAPES, lambda v: self._set(shape=Shape(v)))
        self.cover = choices("Gaps", COVERS, lambda v: self._set(cover=Cover(v)))
        self.overlap = choices("Overlaps", OVERLAPS, lambda v: self._set(overlap=Overlap(v)))
        self.subject = choices("About whom", SUBJECTS, lambda v: self._set(subject=Subject(v)))
        self.parent_type = choices("Parent tier", (("", "none"),), lambda _: self._set_parent())
        self.relation = choices("How it lies there", RELATIONS, lambda _: self._set_parent())
        self.level = choices("Where it doesn't", LEVELS, lambda _: self._set_parent())
        self.from_procedure = QCheckBox("The procedure's steps are labels, too")
        self.from_procedure.clicked.connect(lambda on: self._set(labels_from="procedure" if on else ""))
        self.open = QCheckBox("Annotators may add labels")
        self.open.clicked.connect(lambda on: self._set(open=on))
        self.remove: QPushButton = button("Delete this tier", "delete")
        self.remove.clicked.connect(self._remove)
        self._build()
        draft.changed.connect(self.show_type)
        self.show_type()

    def _build(self) -> None:
        form = QFormLayout(self)
        form.setContentsMargins(GRID * 2, GRID * 2, GRID * 2, GRID * 2)
        form.setVerticalSpacing(GRID)
        for name, field in (
            ("Name", self.name),
            ("An annotation is", self.shape),
            ("Gaps", self.cover),
            ("Overlaps", self.overlap),
            ("It tells of", self.subject),
            ("Parent tier", self.parent_type),
            ("Each", self.relation),
            ("Where it doesn't", self.level),
        ):
            form.addRow(name, field)
        for widget in (self.from_procedure, self.open, self.remove):
            form.addRow("", widget)
        steady(self)

    def show_type(self) -> None:
        tier_type = self._draft.tier_type
        self.setEnabled(tier_type is not None)
        each = tier_type or TierType("")
        show_text(self.name, each.name() if tier_type else "")
        for field, value in (
            (self.shape, each.shape),
            (self.cover, each.cover),
            (self.overlap, each.overlap),
            (self.subject, each.subject),
        ):
            show_choice(field, value)
        others = [(one.key, one.name()) for one in self._draft.scheme.tier_types if one.key != each.key]
        show_options(self.parent_type, [("", "none"), *others])
        parent = each.parent
        show_choice(self.parent_type, parent.tier_type if parent else "")
        show_choice(self.relation, parent.relation if parent else Relation.INSIDE)
        show_choice(self.level, parent.level if parent else Level.WARNING)
        for field in (self.relation, self.level):
            field.setEnabled(parent is not None)
        self.from_procedure.setChecked(bool(each.labels_from))
        self.open.setChecked(each.open)

    def _change(self, change: Callable[[TierType], TierType], tag: str = "") -> None:
        self._draft.apply(drafting.with_type(self._draft.scheme, self._draft.type_key, change), tag)

    def _set(self, **fields: Any) -> None:
        self._change(lambda each: replace(each, **fields))

    def _rename(self, name: str) -> None:
        scheme = self._draft.scheme
        self._change(lambda each: replace(each, names=drafting.renamed(each.names, scheme, name)), "tier name")

    def _set_parent(self) -> None:
        key = str(self.parent_type.currentData())
        relation, level = Relation(self.relation.currentData()), Level(self.level.currentData())
        self._set(parent=Parent(key, relation, level) if key else None)

    def _remove(self) -> None:
        self._draft.apply(drafting.remove_tier_type(self._draft.scheme, self._draft.type_key))
