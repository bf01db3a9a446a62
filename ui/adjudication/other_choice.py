"""Another label or value than any of theirs, of those that the scheme has, chosen by keyboard."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from PySide6.QtWidgets import QInputDialog, QWidget

from woz.model.annotation import Value
from woz.model.scheme import AttributeType, ValueKind

T = TypeVar("T")


def chosen(parent: QWidget, asked: str, choices: Sequence[tuple[str, T]], now: T) -> T | None:
    """One of the choices, which are what each is called and what it is; None where nothing was chosen. `now` is
    offered first; of several that are called alike each has its number.
    """
    names = [name for name, _ in choices]
    told = [name if names.count(name) == 1 else f"{name} ({at})" for at, name in enumerate(names, 1)]
    first = next((at for at, (_, each) in enumerate(choices) if each == now), 0)
    text, sure = QInputDialog.getItem(parent, "Decide otherwise", asked, told, first, False)
    return choices[told.index(text)][1] if sure and text in told else None


def choices_of(kind: AttributeType) -> list[tuple[str, Value]]:
    """What may be given as an attribute; nothing where that isn't one of several choices."""
    if kind.kind == ValueKind.BOOL:
        return [("yes", True), ("no", False)]
    one_of = kind.kind in (ValueKind.CHOICE, ValueKind.ORDERED)
    return [(each.name(), each.key) for each in kind.values] if one_of else []
