"""The window in which a procedure is made and changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QMainWindow, QPushButton, QSplitter, QVBoxLayout, QWidget

from ui.procedures.graph_view import GraphView
from ui.procedures.step_form import StepForm, leave_undo_to_the_window
from ui.procedures.step_tree import StepTree
from ui.theme import GRID, icon
from ui.widgets.fitting import fit
from ui.widgets.parts import Banner, action, button, help_action, label, panel, row
from ui.widgets.questions import sure
from woz.base.errors import WozError
from woz.model.ids import ProcedureId, StepId
from woz.model.procedure import Procedure
from woz.procedures.editing import Undoing, added, changed, inwards, moved, outwards, removed, requiring
from woz.procedures.words import counted

GRAPH_HEIGHT = 136
_NOTHING = Procedure(ProcedureId(""), "")


class ProcedureWindow(QMainWindow):
    """Knows no storage: it shows a procedure, and says what its user wants.

    `wanted` carries the place of a procedure in the list of those that are known, `new` asks for an empty one.
    """

    wanted = Signal(int)
    new = Signal()
    save = Signal()
    import_file = Signal()
    export_file = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setWindowIcon(icon("woz"))
        fit(self, 1240, 800)
        self._history: Undoing | None = None
        self._saved: Procedure | None = None
        self._chosen: StepId | None = None
        self._banner = Banner()
        self._build()
        self._actions()
        self._show_all()

    @property
    def procedure(self) -> Procedure | None:
        return self._history.now if self._history else None

    @property
    def unsaved(self) -> bool:
        return self.procedure != self._saved

    @property
    def told(self) -> str:
        return self._banner.text

    def show_known(self, names: list[str], at: int) -> None:
        """The procedures to choose from; -1 where the one that is shown isn't among them yet."""
        self._known.blockSignals(True)
        self._known.clear()
        self._known.addItems(names)
        self._known.setCurrentIndex(at)
        self._known.blockSignals(False)
        self._known.setVisible(bool(names))

    def show_procedure(self, procedure: Procedure, saved: bool) -> None:
        """Another one, or the same as it is now kept; with it the way back is a new one."""
        self._history = Undoing(procedure)
        self._saved = procedure if saved else None
        first = next((step.id for _, step in procedure.walk()), None)
        self._chosen = self._chosen if procedure.step(self._chosen or "") else first
        self.tell("")
        self._show_all()

    def show_saved(self, kept: Procedure) -> None:
        """What is shown was kept, perhaps under other ids; what was before can still be brought back."""
        if self._history and self.procedure:
            ids = [step.id for step in self.procedure.steps]
            if self._chosen in ids:
                self._chosen = kept.steps[ids.index(self._chosen)].id
            self._history.put(kept)
        self._saved = kept
        self._show_all()

    def tell(self, text: str) -> None:
        """A sentence about something that went wrong; hidden where it is empty."""
        self._banner.tell(text)

    def may_leave(self) -> bool:
        """Whether what isn't saved may go, which is asked."""
        return not self.unsaved or sure(self, "This procedure has changes that aren't saved.", "Discard", "Go on")

    def closeEvent(self, event: QCloseEvent) -> None:
        event.setAccepted(self.may_leave())

    # changes

    def change(self, make: Callable[[Procedure], Procedure], field: str = "") -> None:
        """Make one change; what can't be followed is told, and all stays as it was."""
        if self._history is None:
            return
        try:
            self._history.change(make(self._history.now), field)
            self.tell("")
        except WozError as error:
            self.tell(str(error))
        self._show_all()

    def _of_step(self, make: Callable[[Procedure, StepId], Procedure]) -> None:
        if self._chosen:
            step_id = self._chosen
            self.change(lambda now: make(now, step_id))

    def _enter(self, field: str, value: object) -> None:
        if self._chosen:
            step_id = self._chosen
            self.change(lambda now: changed(now, step_id, **{field: value}), f"{field} of {step_id}")

    def _enter_name(self, text: str) -> None:
        self.change(lambda now: replace(now, name=text), "the procedure's name")

    def _require(self, before: str, wanted: bool) -> None:
        self._of_step(lambda now, step_id: requiring(now, step_id, StepId(before), wanted))

    def add(self) -> None:
        """A new step after the chosen one, its name to be typed."""
        if self._history is None:
            return
        new, step_id = added(self._history.now, self._chosen)
        self._chosen = step_id
        self.change(lambda now: new)
        self._form.begin_typing()

    def _add_part(self) -> None:
        if self._history is None or self._chosen is None:
            return
        whole = self._chosen
        parts = self._history.now.parts_of(whole)
        try:
            new, step_id = added(self._history.now, parts[-1].id if parts else whole)
            new = new if parts else inwards(new, step_id)
        except WozError as error:
            self.tell(str(error))
            return
        self._chosen = step_id
        self.change(lambda now: new)
        self._form.begin_typing()

    def _remove(self) -> None:
        if self._chosen and self.procedure:
            steps = [step.id for _, step in self.procedure.walk()]
            at = steps.index(self._chosen)
            self._of_step(removed)
            left = [step.id for _, step in self.procedure.walk()]
            self._choose(left[min(at, len(left) - 1)] if left else "")
            self._tree.setFocus()

    def _go(self, step: Callable[[Undoing], bool]) -> None:
        if self._history and step(self._history):
            self.tell("")
            self._show_all()

    def _choose(self, step_id: str) -> None:
        self._chosen = StepId(step_id) if step_id else None
        self._show_all()

    # what is shown

    def _show_all(self) -> None:
        now = self.procedure
        shown = now or _NOTHING
        if self._chosen and shown.step(self._chosen) is None:
            self._chosen = next((step.id for _, step in shown.walk()), None)
        self.setWindowTitle(f"{'• ' if self.unsaved else ''}{shown.name or 'Procedure'} – woz")
        if self._name.text() != shown.name:
            self._name.setText(shown.name)
        self._tree.show_procedure(shown, self._chosen)
        self._form.show_step(shown, shown.step(self._chosen) if self._chosen else None)
        self._graph.show_procedure(shown, self._chosen)
        self._count.setText(counted(len(shown.steps), "step").capitalize())
        self._state.setText("Not saved yet" if self.unsaved else "Saved" if now else "")
        self._show_what_can_be_done(now)

    def _show_what_can_be_done(self, now: Procedure | None) -> None:
        for each in (self._save, self._name, self._add, self._export):
            each.setEnabled(now is not None)
        self._save.setEnabled(now is not None and self.unsaved)
        for each in (self._delete, self._part):
            each.setEnabled(self._chosen is not None)
        self._undo.setEnabled(bool(self._history and self._history.can_undo))
        self._redo.setEnabled(bool(self._history and self._history.can_redo))

    def _build(self) -> None:
        layout = QVBoxLayout()
        layout.setContentsMargins(GRID * 2, GRID * 2, GRID * 2, GRID * 2)
        layout.setSpacing(GRID)
        layout.addWidget(self._top())
        layout.addWidget(self._banner)
        beside = QSplitter(Qt.Orientation.Horizontal)
        beside.addWidget(self._left())
        self._form = StepForm()
        beside.addWidget(panel(label("The chosen step", "heading"), self._form))
        beside.setSizes([560, 620])
        self._graph = GraphView()
        self._graph.setMinimumHeight(GRAPH_HEIGHT)
        below = panel(label("What has to be done before what", "heading"), self._graph)
        whole = QSplitter(Qt.Orientation.Vertical)
        whole.addWidget(beside)
        whole.addWidget(below)
        whole.setSizes([430, 290])
        for splitter in (beside, whole):
            splitter.setChildrenCollapsible(False)
        layout.addWidget(whole, 1)
        centre = QWidget()
        centre.setLayout(layout)
        self.setCentralWidget(centre)
        self._form.entered.connect(self._enter)
        self._form.required.connect(self._require)
        self._graph.chosen.connect(self._choose)

    def _top(self) -> QWidget:
        self._known = QComboBox()
        self._known.setAccessibleName("Procedures of the project")
        self._known.setMinimumWidth(180)
        self._known.setPlaceholderText("Choose a procedure")
        self._known.activated.connect(self.wanted)
        self._name = QLineEdit()
        self._name.setAccessibleName("Name of the procedure")
        self._name.setPlaceholderText("Name of the procedure")
        self._name.textEdited.connect(self._enter_name)
        leave_undo_to_the_window(self._name)
        self._state = label("", "muted")
        new, imported = button("New", "new"), button("Import", "import")
        self._export, self._save = button("Export", "export"), button("Save", "step", "primary")
        for made, signal in (
            (new, self.new),
            (imported, self.import_file),
            (self._export, self.export_file),
            (self._save, self.save),
        ):
            made.clicked.connect(lambda _=False, signal=signal: signal.emit())
        called = label("Name", "muted")
        return row(self._known, new, imported, self._export, called, self._name, self._state, self._save)

    def _left(self) -> QWidget:
        self._tree = StepTree()
        self._tree.chosen.connect(self._choose)
        self._count = label("", "heading")
        self._add, self._part = button("Add step", "new"), button("Add part", "split")
        self._delete = button("Delete", "delete")
        self._undo, self._redo = button("Undo", "undo"), button("Redo", "redo")
        deeds: list[tuple[QPushButton, Callable[[], None]]] = [
            (self._add, self.add),
            (self._part, self._add_part),
            (self._delete, self._remove),
            (self._undo, lambda: self._go(Undoing.undo)),
            (self._redo, lambda: self._go(Undoing.redo)),
        ]
        for made, do in deeds:
            made.clicked.connect(lambda _=False, do=do: do())
        return panel(self._count, self._tree, row(self._add, self._part, self._delete, self._undo, self._redo))

    def _actions(self) -> None:
        procedure = [
            action(self, "New procedure", "Ctrl+N", self.new.emit),
            action(self, "Import a procedure from a file", "Ctrl+I", self.import_file.emit),
            action(self, "Export the procedure to a file", "Ctrl+E", self._export.click),
            action(self, "Save", "Ctrl+S", self._save.click),
            action(self, "Close", "Ctrl+Q", self.close),
        ]
        steps = [
            action(self, "Add a step after the chosen one", ["Ctrl+Return", "Insert"], self.add),
            action(self, "Add a part to the chosen step", "Ctrl+Shift+Return", self._add_part),
            action(self, "Delete the step and its parts", "Ctrl+Delete", self._remove),
            action(self, "Move the step up", "Alt+Up", lambda: self._of_step(lambda p, s: moved(p, s, -1))),
            action(self, "Move the step down", "Alt+Down", lambda: self._of_step(lambda p, s: moved(p, s, 1))),
            action(self, "Make it a part of the step above", "Alt+Right", lambda: self._of_step(inwards)),
            action(
                self, "Move it out of the step that it is a part of", "Alt+Left", lambda: self._of_step(outwards)
            ),
            action(self, "Undo", "Ctrl+Z", lambda: self._go(Undoing.undo)),
            action(self, "Redo", ["Ctrl+Shift+Z", "Ctrl+Y"], lambda: self._go(Undoing.redo)),
        ]
        for name, entries in (("&Procedure", procedure), ("&Steps", steps), ("&Help", [help_action(self)])):
            self.menuBar().addMenu(name).addActions(entries)
