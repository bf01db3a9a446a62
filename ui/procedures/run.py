"""Opens the window of procedures on a project; what is kept is kept beside the window."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QInputDialog

from storage import Project
from storage.project import open_or_make
from ui.application.background import waited
from ui.application.projects import project_application
from ui.procedures.window import ProcedureWindow
from woz.base.clock import SystemClock
from woz.base.counts import counted
from woz.base.errors import WozError, reason_of
from woz.lab.procedures import fitting, procedure_named, written
from woz.lab.taking_in import save_procedure
from woz.model.ids import ProcedureId, new_id
from woz.model.procedure import Procedure
from woz.procedures.editing import named_ids
from woz.procedures.file_format import ProcedureFormat
from woz.procedures.formats import FORMATS, read_procedures

NEW = "New procedure"
ALL_FILES = "All files (*)"


class Procedures:
    """What the window asks for, done in a project."""

    def __init__(self, window: ProcedureWindow, project: Project) -> None:
        self._window, self._project = window, project
        self._known: list[Procedure] = []
        window.wanted.connect(self._show)
        window.new.connect(self.make_new)
        window.save.connect(self.save)
        window.import_file.connect(self._ask_import)
        window.export_file.connect(self._ask_export)

    def begin(self, name: str = "") -> None:
        """With this procedure, else with the first, or a new one where there is none. Raises WozError."""
        self._known = waited(self._project.procedures.all)
        if name:
            wanted = waited(lambda: procedure_named(self._project, name))
            self._show(next(i for i, each in enumerate(self._known) if each.id == wanted.id))
        elif self._known:
            self._show(0)
        else:
            self.make_new()

    def make_new(self) -> None:
        if self._window.may_leave():
            self._offer(Procedure(ProcedureId(new_id()), NEW))

    def save(self) -> None:
        """Under its name, which no other procedure may have."""
        now = self._window.procedure
        if now is None:
            return
        held = [step.id for each in self._known if each.id == now.id for step in each.steps]
        kept = named_ids(now, held)
        try:
            if any(each.name == kept.name and each.id != kept.id for each in self._known):
                raise WozError(f"This project has a procedure {kept.name!r} already; give this one another name.")
            waited(lambda: save_procedure(self._project, kept))
            self._known = waited(self._project.procedures.all)
        except WozError as error:
            self._window.tell(str(error))
            return
        self._window.show_saved(kept)
        self._list(kept.id)

    def take_in(self, path: Path, chosen: str = "") -> None:
        """Show a file's procedure, or that of its procedures which is named, not saved yet."""
        try:
            found = waited(lambda: read_procedures(path))
        except WozError as error:
            self._window.tell(str(error))
            return
        names = [each.name for each in found]
        if len(found) > 1 and not chosen:
            asked = f"{path.name} holds {counted(len(found), 'procedure')}."
            chosen, sure = QInputDialog.getItem(self._window, "Import", asked, names, 0, False)
            if not sure:
                return
        new = found[names.index(chosen)] if chosen in names else found[0]
        self._offer(waited(lambda: _with_free_name(self._project, new)))

    def write_out(self, path: Path, form: ProcedureFormat) -> None:
        now = self._window.procedure
        if now is None:
            return
        try:
            made = written([now], form.name)
            path.write_text(made.text, encoding="utf-8")
        except WozError as error:
            self._window.tell(str(error))
        except OSError as error:
            self._window.tell(f"{path} can't be written ({reason_of(error)}); choose another place.")
        else:
            lost = f" The format can't hold {', '.join(made.lost)}; that was left out." if made.lost else ""
            self._window.tell(f"Written to {path}.{lost}" if lost else "")

    def _show(self, at: int) -> None:
        if self._window.may_leave():
            self._window.show_procedure(self._known[at], saved=True)
        now = self._window.procedure
        self._list(now.id if now else None)

    def _offer(self, new: Procedure) -> None:
        self._window.show_procedure(new, saved=False)
        self._list(None)

    def _list(self, shown: ProcedureId | None) -> None:
        ids = [each.id for each in self._known]
        at = ids.index(shown) if shown in ids else -1
        self._window.show_known([each.name for each in self._known], at)

    def _ask_import(self) -> None:
        if not self._window.may_leave():
            return
        endings = sorted({f"*.{ending}" for form in FORMATS.values() for ending in form.endings})
        filters = f"Procedures ({' '.join(endings)});;{ALL_FILES}"
        path, _ = QFileDialog.getOpenFileName(self._window, "Import a procedure", "", filters)
        if path:
            self.take_in(Path(path))

    def _ask_export(self) -> None:
        now = self._window.procedure
        if now is None:
            return
        forms = {f"{form.title} (*.{form.endings[0]})": form for form in FORMATS.values()}
        start = os.fspath(Path.home() / f"{now.name or NEW}.yaml")
        path, kind = QFileDialog.getSaveFileName(self._window, "Export", start, ";;".join(forms))
        if path:
            self.write_out(Path(path), forms.get(kind, FORMATS["yaml"]))


def _with_free_name(project: Project, new: Procedure) -> Procedure:
    """Another name where one of the project has it, so that both can stay."""
    taken = {each.name for each in project.procedures.all()}
    name, number = new.name, 2
    while name in taken:
        name, number = f"{new.name} ({number})", number + 1
    return fitting(project, replace(new, name=name), replacing=False)


def run_procedures(path: Path, name: str, theme: str) -> int:
    """Show the window until it is closed; a new folder becomes a project. Raises WozError where the procedure isn't
    there.
    """
    with project_application(theme) as app, waited(lambda: open_or_make(path, SystemClock())) as project:
        window = ProcedureWindow()
        shown = Procedures(window, project)
        shown.begin(name)
        window.show()
        return int(app.exec())
