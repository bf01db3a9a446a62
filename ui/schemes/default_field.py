"""The value with which a new annotation's attribute begins."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QStackedWidget

from ui.schemes.fields import choices, line, show_choice, show_options, show_text
from woz.model.scheme import AttributeType, ValueKind
from woz.schemes.checking import OF_ONE_ONLY

NAME = "Begins as"
NOTHING = ("", "nothing")
_TYPED = frozenset({ValueKind.TEXT, ValueKind.NUMBER})
_WITHOUT = frozenset({ValueKind.PERSON, ValueKind.LABEL}) | OF_ONE_ONLY
Default = bool | int | float | str | None


def has_default(kind: ValueKind) -> bool:
    return kind not in _WITHOUT


class DefaultField(QStackedWidget):
    """Typed for a text or a number; chosen among what there is for all others. `changed` gets the value."""

    def __init__(self, changed: Callable[[Default], object]) -> None:
        super().__init__()
        self._changed = changed
        self._attribute: AttributeType | None = None
        self.typed = line(NAME, "nothing", self._type)
        self.chosen = choices(NAME, (NOTHING,), self._choose)
        self.addWidget(self.typed)
        self.addWidget(self.chosen)
        self.setFocusProxy(self.typed)

    def show_of(self, attribute: AttributeType) -> None:
        self._attribute = attribute
        if attribute.kind in _TYPED:
            self._turn_to(self.typed)
            shown = _as_text(attribute.default)
            if attribute.kind == ValueKind.TEXT or _number(self.typed.text()) != attribute.default:
                show_text(self.typed, shown)
            return
        self._turn_to(self.chosen)
        show_options(self.chosen, (NOTHING, *_options(attribute)))
        show_choice(self.chosen, _as_text(attribute.default))

    def _turn_to(self, field: object) -> None:
        shown = self.typed if field is self.typed else self.chosen
        self.setCurrentWidget(shown)
        self.setFocusProxy(shown)

    def _type(self, text: str) -> None:
        if self._attribute is None:
            return
        number = self._attribute.kind == ValueKind.NUMBER
        self._changed(_number(text) if number else text.strip() or None)

    def _choose(self, value: str) -> None:
        if self._attribute is None:
            return
        if self._attribute.kind == ValueKind.BOOL:
            self._changed({"true": True, "false": False}.get(value))
        else:
            self._changed(value or None)


def _options(attribute: AttributeType) -> tuple[tuple[str, str], ...]:
    if attribute.kind == ValueKind.BOOL:
        return ("true", "yes"), ("false", "no")
    return tuple((each.key, each.name()) for each in attribute.values)


def _as_text(value: Default) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else f"{value:g}"


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None
