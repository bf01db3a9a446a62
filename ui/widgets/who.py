"""Who sits at a window: named on the command line, or asked for; never this computer's account."""

from __future__ import annotations

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QDialog

from storage import Project
from ui.application.background import waited
from ui.widgets.annotator_dialog import AnnotatorDialog
from woz.base.errors import WozError
from woz.lab.annotators import add_annotator, annotator_named
from woz.model.annotator import Annotator

LAST = "last_annotator"


def logged_in(project: Project) -> Annotator | None:
    """Whose login on the project's server this is; None where that says nothing."""
    own = project.logins.mine()
    return next((each for each in project.annotators.all() if each.id == own), None) if own else None


def annotator_of(project: Project, pseudonym: str, settings: QSettings) -> Annotator | None:
    """The annotator of a pseudonym, or whoever is chosen in a dialog; None where it was left. Who logs in on the
    project's server is who they are.

    Raises WozError for a pseudonym that the project doesn't know, or that isn't the login's.
    """
    if own := waited(lambda: logged_in(project)):
        if pseudonym not in ("", own.pseudonym):
            raise WozError(f"You log in as {own.pseudonym}, not as {pseudonym}; leave --annotator out.")
        return own
    if pseudonym:
        return waited(lambda: annotator_named(project, pseudonym))
    known = [person.pseudonym for person in waited(project.annotators.all) if not person.retired]
    dialog = AnnotatorDialog(known, str(settings.value(LAST, "")))
    if dialog.exec() != QDialog.DialogCode.Accepted:
        return None
    chosen = dialog.pseudonym
    settings.setValue(LAST, chosen)
    return waited(lambda: add_annotator(project, chosen) if dialog.new else annotator_named(project, chosen))
