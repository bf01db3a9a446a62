"""The links of a scheme: what may be joined to what."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QFormLayout, QListWidget, QPushButton, QVBoxLayout, QWidget

from ui.schemes.draft import Draft
from ui.schemes.fields import Entry, choices, show_choice, show_options
from ui.theme import GRID
from ui.widgets.entering import steady
from ui.widgets.parts import button, label
from woz.model.scheme import LinkType, named
from woz.schemes import drafting

EXPLAINED = "As from a mistake to the turn that corrects it, or from an answer to its question."
OTHERS = (("turn", "a turn of the transcript"), ("question", "a question"))
NEEDED = (("never", "may have one"), ("always", "needs one"))


class LinkPanel(QWidget):
    def __init__(self, draft: Draft) -> None:
        super().__init__()
        self._draft = draft
        self._key = ""
        self.list = QListWidget()
        self.list.setAccessibleName("Links")
        self.list.currentRowChanged.connect(self._chosen)
        self.entry = Entry("New link", "New link: its name, then Enter", self._add)
        self.source = choices("From", (), lambda v: self._set(source=(v,)))
        self.target = choices("To", (), lambda v: self._set(target=(v,)))
        self.required = choices("Each one", NEEDED, lambda v: self._set(required=v))
        self.remove: QPushButton = button("Delete", "delete")
        self.remove.clicked.connect(self._remove)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID * 2, GRID * 2, GRID * 2, GRID * 2)
        layout.setSpacing(GRID)
        layout.addWidget(label(EXPLAINED, "muted", wrap=True))
        layout.addWidget(self.list, 1)
        layout.addWidget(self.entry)
        form = QFormLayout()
        for name, field in (
            ("From", self.source),
            ("To", self.target),
            ("Each one", self.required),
            ("", self.remove),
        ):
            form.addRow(name, field)
        layout.addLayout(form)
        steady(self)
        draft.changed.connect(self.show_links)
        self.show_links()

    @property
    def _link(self) -> LinkType | None:
        return next((each for each in self._draft.scheme.links if each.key == self._key), None)

    def show_links(self) -> None:
        links = self._draft.scheme.links
        if self._link is None:
            self._key = links[-1].key if links else ""
        with QSignalBlocker(self.list):
            self.list.clear()
            self.list.addItems([named(each.names, "en", each.key) for each in links])
            self.list.setCurrentRow([each.key for each in links].index(self._key) if self._key else -1)
        ends = [*((each.key, each.name()) for each in self._draft.scheme.tier_types), *OTHERS]
        for field in (self.source, self.target):
            show_options(field, ends)
        self._show_one()

    def _show_one(self) -> None:
        link = self._link
        for field in (self.source, self.target, self.required, self.remove):
            field.setEnabled(link is not None)
        if link is not None:
            show_choice(self.source, link.source[0] if link.source else "")
            show_choice(self.target, link.target[0] if link.target else "")
            show_choice(self.required, "always" if link.required == "always" else "never")

    def _chosen(self, at: int) -> None:
        if 0 <= at < len(self._draft.scheme.links):
            self._key = self._draft.scheme.links[at].key
            self._show_one()

    def _add(self, name: str) -> None:
        draft = self._draft
        self._key = ""
        draft.apply(drafting.add_link(draft.scheme, name, draft.type_key or "turn", "turn"))

    def _set(self, **fields: object) -> None:
        scheme = self._draft.scheme
        links = tuple(
            replace(each, **fields) if each.key == self._key else each  # type: ignore[arg-type]
            for each in scheme.links
        )
        self._draft.apply(replace(scheme, links=links))

    def _remove(self) -> None:
        self._draft.apply(drafting.remove_link(self._draft.scheme, self._key))
