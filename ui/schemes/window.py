"""The scheme window: the list of schemes, and one that is made or changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QInputDialog,
    QListWidget,
    QListWidgetItem,
    QMainWindow,
    QScrollArea,
    QSplitter,
    QTabBar,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from ui.schemes.attribute_panel import AttributePanel
from ui.schemes.draft import Draft
from ui.schemes.fields import Entry, line, show_text
from ui.schemes.keep_dialog import KeepDialog
from ui.schemes.label_panel import LabelPanel
from ui.schemes.label_tree import LabelTree
from ui.schemes.link_panel import LinkPanel
from ui.schemes.preview import Preview
from ui.schemes.rule_panel import RulePanel
from ui.schemes.store import Store
from ui.schemes.tier_panel import TierPanel
from ui.theme import GRID
from ui.widgets.fitting import fit
from ui.widgets.parts import Banner, action, button, help_action, label, panel, row
from ui.widgets.questions import sure
from woz.base.counts import counted
from woz.base.errors import WozError
from woz.model.ids import SchemeId
from woz.model.scheme import Level, Scheme
from woz.schemes import drafting
from woz.schemes.checking import check
from woz.schemes.finding import errors
from woz.schemes.reading import scheme_from_file
from woz.schemes.shipped import shipped, shipped_names
from woz.schemes.writing import scheme_to_text

OURS = Qt.ItemDataRole.UserRole
LIST_WIDTH = 250
PREVIEW_HEIGHT, LEAST_PREVIEW = 132, 64
MOST_FINDINGS = 3
FILES = "Schemes (*.yaml *.yml)"


class SchemeWindow(QMainWindow):
    """Changes a draft; nothing is kept before Keep, which tells first what it would do."""

    def __init__(self, store: Store, project: str) -> None:
        super().__init__()
        self._store = store
        self._ids: set[str] = set()
        self.draft = Draft(drafting.new_scheme("New scheme"))
        self.setWindowTitle(f"Schemes – {project}[*]")
        self.schemes = QListWidget()
        self.schemes.setAccessibleName("Schemes")
        self.schemes.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.schemes.itemActivated.connect(self._open_item)
        self.schemes.itemClicked.connect(self._open_item)
        self.name = line("Name of the scheme", "Name of the scheme", self._rename)
        self.tiers = QTabBar()
        self.tiers.setAccessibleName("Tiers")
        self.tiers.setExpanding(False)
        self.tiers.currentChanged.connect(self._choose_tier)
        self.new_tier = Entry("New tier", "New tier: its name, then Enter", self._add_tier)
        self.labels = LabelTree(self.draft)
        self.tier_panel, self.label_panel = TierPanel(self.draft), LabelPanel(self.draft)
        self.attributes, self.rules = AttributePanel(self.draft), RulePanel(self.draft)
        self.links, self.preview = LinkPanel(self.draft), Preview(self.draft)
        self.pages = QTabWidget()
        self.keep = button("Keep", "step", "primary")
        self.keep.clicked.connect(self.keep_draft)
        self._banner, self._said = Banner(), label("", "muted", wrap=True)
        self._build()
        self._add_actions()
        self.draft.changed.connect(self._show_draft)
        self.name.returnPressed.connect(self.new_tier.setFocus)
        self._refresh()
        self._show_draft()

    # how it looks

    def _build(self) -> None:
        for page, name in (
            (self.tier_panel, "Tier"),
            (self.label_panel, "Label"),
            (self.attributes, "Attributes"),
            (self.rules, "Rules"),
            (self.links, "Links"),
        ):
            self.pages.addTab(scrolled(page), name)
        split = QSplitter()
        split.setChildrenCollapsible(False)
        for widget, wide in ((self._list_panel(), 0), (self._middle(), 1), (self.pages, 1)):
            split.addWidget(widget)
            split.setStretchFactor(split.count() - 1, wide)
        split.setSizes([LIST_WIDTH, 420, 480])
        holder = QWidget()
        layout = QVBoxLayout(holder)
        layout.setContentsMargins(GRID * 2, GRID * 2, GRID * 2, GRID * 2)
        layout.setSpacing(GRID)
        layout.addWidget(self._banner)
        layout.addWidget(split, 1)
        layout.addWidget(panel(label("What the annotator will see", "muted"), self._preview_room()))
        layout.addWidget(self._said)
        self.setCentralWidget(holder)
        fit(self, 1240, 780)

    def _list_panel(self) -> QWidget:
        new, copy, use = button("New", "new"), button("Copy", "copy"), button("Use in a session", "annotate")
        new.clicked.connect(self.begin)
        copy.clicked.connect(self.copy)
        use.clicked.connect(self.use)
        for one, tip in (
            (new, "A scheme from nothing (Ctrl+N)"),
            (copy, "A scheme of its own, as the shown one is"),
            (use, "Begin its tiers in a session, to be filled in the editor"),
        ):
            one.setToolTip(tip)
        return panel(label("Schemes", "heading"), self.schemes, row(new, copy), use)

    def _middle(self) -> QWidget:
        top = row(self.name, self.keep)
        return panel(top, row(self.tiers), self.new_tier, self.labels)

    def _preview_room(self) -> QWidget:
        room = scrolled(self.preview)
        room.setMinimumHeight(LEAST_PREVIEW)
        room.setMaximumHeight(PREVIEW_HEIGHT)
        return room

    def _add_actions(self) -> None:
        scheme = [
            action(self, "New scheme", "Ctrl+N", self.begin),
            action(self, "Keep", "Ctrl+S", self.keep_draft),
            action(self, "Import a file", "Ctrl+I", self._ask_import),
            action(self, "Export to a file", "Ctrl+E", self._ask_export),
            action(self, "Use in a session", "Ctrl+U", self.use),
            action(self, "Close", "Ctrl+Q", self.close),
        ]
        edit = [
            action(self, "Undo", "Ctrl+Z", self.draft.undo),
            action(self, "Redo", ["Ctrl+Shift+Z", "Ctrl+Y"], self.draft.redo),
            action(self, "New tier", "Ctrl+T", self.new_tier.setFocus),
            action(self, "New label", "Ctrl+L", self.labels.entry.setFocus),
            *(
                action(self, f"Show {self.pages.tabText(i).lower()}", f"Alt+{i + 1}", lambda i=i: self._page(i))  # type: ignore[misc]
                for i in range(self.pages.count())
            ),
        ]
        for name, entries in (("&Scheme", scheme), ("&Edit", edit), ("&Help", [help_action(self)])):
            self.menuBar().addMenu(name).addActions(entries)

    def show_page(self, page: QWidget) -> None:
        """One of the panels on the right."""
        names = [self.pages.widget(i) for i in range(self.pages.count())]
        self.pages.setCurrentIndex(next(i for i, each in enumerate(names) if each and each.isAncestorOf(page)))

    def _page(self, number: int) -> None:
        self.pages.setCurrentIndex(number)
        entry = self.pages.currentWidget().findChild(Entry)
        if entry:
            entry.setFocus()

    def _refresh(self) -> None:
        """The project's schemes, then those of woz."""
        known = self._store.all()
        self._ids = {str(each.id) for each in known}
        with QSignalBlocker(self.schemes):
            self.schemes.clear()
            for scheme in known:
                self._add_item(f"{scheme.name}, version {scheme.version}", scheme)
            for name in shipped_names():
                if name not in self._ids:
                    self._add_item(f"{shipped(name).name} (woz’s)", shipped(name))

    def _add_item(self, words: str, scheme: Scheme) -> None:
        item = QListWidgetItem(words)
        item.setData(OURS, scheme)
        item.setToolTip(words)
        self.schemes.addItem(item)

    def _show_draft(self) -> None:
        scheme = self.draft.scheme
        show_text(self.name, scheme.name)
        keys = [each.key for each in scheme.tier_types]
        with QSignalBlocker(self.tiers):
            while self.tiers.count() > len(keys):
                self.tiers.removeTab(self.tiers.count() - 1)
            for number, each in enumerate(scheme.tier_types):
                if number >= self.tiers.count():
                    self.tiers.addTab("")
                self.tiers.setTabText(number, each.name())
            if self.draft.type_key in keys:
                self.tiers.setCurrentIndex(keys.index(self.draft.type_key))
        self._show_findings()
        self.setWindowModified(self.draft.unkept)

    def _show_findings(self) -> None:
        found = check(self.draft.scheme)
        wrong = [each for each in found if each.level == Level.ERROR] or found
        words = [each.words for each in wrong[:MOST_FINDINGS]]
        if len(wrong) > MOST_FINDINGS:
            words.append(f"and {len(wrong) - MOST_FINDINGS} more")
        self._said.setText("\n".join(words) or "Nothing is wrong with it.")
        self.keep.setEnabled(not errors(found))

    # what is done

    def _rename(self, name: str) -> None:
        """One that the project hasn't kept yet gets its id from its name."""
        scheme = replace(self.draft.scheme, name=name)
        if scheme.id not in self._ids:
            scheme = replace(scheme, id=SchemeId(drafting.free_id(name, self._taken)))
        self.draft.apply(scheme, "scheme name")

    @property
    def _taken(self) -> set[str]:
        return self._ids | set(shipped_names())

    def _choose_tier(self, number: int) -> None:
        if 0 <= number < len(self.draft.scheme.tier_types):
            self.draft.choose(self.draft.scheme.tier_types[number].key)

    def _add_tier(self, name: str) -> None:
        scheme = drafting.add_tier_type(self.draft.scheme, name)
        self.draft.apply(scheme)
        self.draft.choose(scheme.tier_types[-1].key)
        self.show_page(self.tier_panel)
        self.labels.entry.setFocus()

    def _open_item(self, item: QListWidgetItem) -> None:
        if self._may_leave():
            self.open_scheme(item.data(OURS))

    def open_scheme(self, scheme: Scheme) -> None:
        self._banner.tell("")
        self.draft.load(scheme)

    def begin(self) -> None:
        if self._may_leave():
            self.open_scheme(drafting.new_scheme("New scheme", self._taken))
            self.name.setFocus()
            self.name.selectAll()

    def copy(self) -> None:
        if self._may_leave():
            name = f"{self.draft.scheme.name} (copy)"
            new = SchemeId(drafting.free_id(name, self._taken))
            self.open_scheme(replace(self.draft.scheme, id=new, name=name, version=1, moves=()))
            self.name.setFocus()
            self.name.selectAll()

    def keep_draft(self) -> None:
        """Asks where it becomes a new version of what the project has."""
        if not self.keep.isEnabled():
            return
        try:
            plan = self._store.planned(self.draft.scheme)
            moving = False
            if plan.new and str(plan.scheme.id) in self._ids:
                asked = KeepDialog(plan, self)
                accepted, moving = asked.exec(), asked.moving
                asked.deleteLater()
                if not accepted:
                    return
            kept, moved = self._store.keep(self.draft.scheme, moving)
        except WozError as error:
            self._banner.tell(str(error))
            return
        self._refresh()
        self.open_scheme(kept)
        stayed = [each for each in moved if each.edit_id is None]
        self._banner.tell(f"{stayed[0].session_id} stays in its version: {stayed[0].why_not}" if stayed else "")
        self.statusBar().showMessage(f"{kept.name} is kept as version {kept.version}.", 8000)

    def use(self) -> None:
        """In a session that is chosen from a list."""
        if self.draft.unkept or str(self.draft.scheme.id) not in self._ids:
            self._banner.tell("Keep the scheme first, then use it.")
            return
        try:
            sessions = self._store.sessions()
            names = [f"{title} ({session_id})" for session_id, title in sessions]
            if not names:
                self._banner.tell("This project has no session yet.")
                return
            chosen, agreed = QInputDialog.getItem(self, "Use in a session", "Which session?", names, 0, False)
            if agreed:
                count = self._store.begin(self.draft.scheme, sessions[names.index(chosen)][0])
                self.statusBar().showMessage(f"{chosen} has {counted(count, 'new tier')}.", 8000)
        except WozError as error:
            self._banner.tell(str(error))

    def _ask_import(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, "Import a scheme", "", FILES)
        if path and self._may_leave():
            self.import_file(Path(path))

    def import_file(self, path: Path) -> None:
        """As a draft, to be looked at; it is kept as any other."""
        try:
            scheme = scheme_from_file(path)
        except WozError as error:
            self._banner.tell(str(error))
            return
        self.open_scheme(scheme)
        self.draft.kept = replace(scheme, name="")
        self._show_draft()

    def _ask_export(self) -> None:
        path, _ = QFileDialog.getSaveFileName(self, "Export the scheme", f"{self.draft.scheme.id}.yaml", FILES)
        if path:
            try:
                Path(path).write_text(scheme_to_text(self.draft.scheme), encoding="utf-8", newline="\n")
            except OSError as error:
                self._banner.tell(f"{path} can't be written ({error.strerror}); choose another place.")

    def _may_leave(self) -> bool:
        return not self.draft.unkept or sure(
            self, "The scheme was changed and not kept.", "Leave the changes", "Go on changing"
        )

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._may_leave():
            event.accept()
        else:
            event.ignore()

    def close_unasked(self) -> None:
        self.draft.kept = self.draft.scheme
        self.close()

    @property
    def shown_findings(self) -> Sequence[str]:
        return self._said.text().splitlines()


def scrolled(page: QWidget) -> QScrollArea:
    """What doesn't fit a small window is scrolled to."""
    room = QScrollArea()
    room.setProperty("role", "inside")
    room.setFrameShape(QFrame.Shape.NoFrame)
    room.setWidgetResizable(True)
    room.setWidget(page)
    return room
