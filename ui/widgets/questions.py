"""Asks before something that can't be taken back, in verbs: "Stop and save" or "Keep recording", not Yes or No."""

from __future__ import annotations

from PySide6.QtWidgets import QMessageBox, QWidget

from ui.theme import colours, icon

Role = QMessageBox.ButtonRole


def sure(parent: QWidget | None, question: str, do: str, leave: str, more: str = "", image: str = "") -> bool:
    """Whether `do` was chosen. Enter and Escape leave all as it is, as does closing the question.

    `do` and `leave` are verbs that say what will be; `more` stands below the question in smaller print.
    """
    asked = question_box(parent, question, do, leave, more, image)
    asked.exec()
    clicked = asked.clickedButton()
    asked.deleteLater()
    return clicked is not None and asked.buttonRole(clicked) == Role.DestructiveRole


def question_box(
    parent: QWidget | None, question: str, do: str, leave: str, more: str = "", image: str = ""
) -> QMessageBox:
    """The question as a window, not yet shown."""
    box = QMessageBox(QMessageBox.Icon.Question, "woz", question, QMessageBox.StandardButton.NoButton, parent)
    box.setInformativeText(more)
    doing, leaving = box.addButton(do, Role.DestructiveRole), box.addButton(leave, Role.RejectRole)
    doing.setProperty("role", "danger")
    doing.style().polish(doing)
    if image:
        doing.setIcon(icon(image, colours().on_accent))
    for button in (doing, leaving):
        button.setAccessibleName(button.text())
    box.setDefaultButton(leaving)
    box.setEscapeButton(leaving)
    return box
