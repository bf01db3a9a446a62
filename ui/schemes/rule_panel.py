"""The rules of a scheme: chosen from what the scheme suggests, or written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QSignalBlocker
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFormLayout, QListWidget, QPushButton, QVBoxLayout, QWidget

from ui.schemes.draft import Draft
from ui.schemes.fields import choices, line, show_choice, show_text
from ui.schemes.tier_panel import LEVELS
from ui.theme import GRID
from ui.widgets.entering import steady
from ui.widgets.parts import button, label, row
from woz.model.scheme import Level, Rule, named
from woz.schemes import drafting
from woz.schemes.conditions.naming import faults
from woz.schemes.suggestions import Suggestion, suggestions

EXPLAINED = "Where the condition holds the annotator reads the message; an error keeps a tier from being submitted."


class RulePanel(QWidget):
    def __init__(self, draft: Draft) -> None:
        super().__init__()
        self._draft = draft
        self._key = ""
        self._suggested: list[Suggestion] = []
        self.list = QListWidget()
        self.list.setAccessibleName("Rules")
        self.list.currentRowChanged.connect(self._chosen)
        self.suggest = choices("Add a rule", (("", "Add a rule …"),), self._add_suggested)
        self.when = line("Condition", "duration < 0.5 s and not inside …", self._set_when)
        self.message = line("Message", "what the annotator reads", self._set_message)
        self.level = choices("It is", tuple(reversed(LEVELS)), self._set_level)
        self.said = label("", "warning", wrap=True)
        self.remove: QPushButton = button("Delete", "delete")
        self.remove.clicked.connect(self._remove)
        self._form = QFormLayout()
        self._build()
        draft.changed.connect(self.show_rules)
        self.show_rules()

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID * 2, GRID * 2, GRID * 2, GRID * 2)
        layout.setSpacing(GRID)
        layout.addWidget(label(EXPLAINED, "muted", wrap=True))
        layout.addWidget(self.list, 1)
        layout.addWidget(self.suggest)
        layout.addLayout(self._form)
        for name, field in (
            ("Where", self.when),
            ("Message", self.message),
            ("It is", self.level),
            ("", self.said),
            ("", row(self.remove)),
        ):
            self._form.addRow(name, field)
        steady(self)

    @property
    def _rule(self) -> Rule | None:
        return next((each for each in self._draft.scheme.rules if each.key == self._key), None)

    def show_rules(self) -> None:
        rules = self._draft.scheme.rules
        if self._rule is None:
            self._key = rules[-1].key if rules else ""
        with QSignalBlocker(self.list):
            self.list.clear()
            self.list.addItems([named(each.message, "en", each.key) for each in rules])
            self.list.setCurrentRow([each.key for each in rules].index(self._key) if self._key else -1)
        if self.isVisible():
            self._show_suggestions()
        self._show_one(self._rule)

    def showEvent(self, event: QShowEvent) -> None:
        self._show_suggestions()
        super().showEvent(event)

    def _show_suggestions(self) -> None:
        """About the chosen tier first."""
        tier_types = sorted(self._draft.scheme.tier_types, key=lambda each: each.key != self._draft.type_key)
        self._suggested = [one for each in tier_types for one in suggestions(self._draft.scheme, each)]
        with QSignalBlocker(self.suggest):
            self.suggest.clear()
            self.suggest.addItem("Add a rule …", "")
            for number, each in enumerate(self._suggested):
                self.suggest.addItem(each.title, str(number))
        self.suggest.setEnabled(bool(self._suggested))

    def _show_one(self, rule: Rule | None) -> None:
        for field in (self.when, self.message, self.level, self.remove):
            field.setEnabled(rule is not None)
        show_text(self.when, rule.when if rule else "")
        show_text(self.message, named(rule.message, "en", rule.key) if rule else "")
        show_choice(self.level, rule.level if rule else Level.ERROR)
        scheme = self._draft.scheme
        self.said.setText(next(faults(rule.when, scheme, scheme.tier_types), "") if rule else "")

    def _chosen(self, at: int) -> None:
        if 0 <= at < len(self._draft.scheme.rules):
            self._key = self._draft.scheme.rules[at].key
            self._show_one(self._rule)

    def _add_suggested(self, number: str) -> None:
        if number:
            chosen = self._suggested[int(number)]
            self._key = ""
            self._draft.apply(drafting.add_rule(self._draft.scheme, chosen.when, chosen.message))

    def _change(self, change: Callable[[Rule], Rule], tag: str = "") -> None:
        self._draft.apply(drafting.change_rule(self._draft.scheme, self._key, change), tag)

    def _set_when(self, text: str) -> None:
        self._change(lambda each: replace(each, when=text), "rule when")

    def _set_message(self, text: str) -> None:
        scheme = self._draft.scheme
        self._change(
            lambda each: replace(each, message=drafting.renamed(each.message, scheme, text)), "rule message"
        )

    def _set_level(self, value: str) -> None:
        self._change(lambda each: replace(each, level=Level(value)))

    def _remove(self) -> None:
        self._draft.apply(drafting.remove_rule(self._draft.scheme, self._key))
