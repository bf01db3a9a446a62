"""The scheme that is being changed, and what it was before, step by step."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from woz.model.scheme import Scheme, TierType

MOST_STEPS = 500


class Draft(QObject):
    """`changed` comes after each change, and after a choice of another tier type or label."""

    changed = Signal()

    def __init__(self, scheme: Scheme) -> None:
        super().__init__()
        self._begin(scheme)

    def _begin(self, scheme: Scheme) -> None:
        self.scheme = self.kept = scheme
        self.type_key = scheme.tier_types[0].key if scheme.tier_types else ""
        self.label_id = ""
        self._before: list[Scheme] = []
        self._after: list[Scheme] = []
        self._tag = ""

    def load(self, scheme: Scheme) -> None:
        """Go on with another scheme; what was undone or not kept is forgotten."""
        self._begin(scheme)
        self.changed.emit()

    @property
    def tier_type(self) -> TierType | None:
        """The chosen one."""
        return next((each for each in self.scheme.tier_types if each.key == self.type_key), None)

    @property
    def unkept(self) -> bool:
        return self.scheme != self.kept

    def choose(self, type_key: str, label_id: str = "") -> None:
        if (type_key, label_id) != (self.type_key, self.label_id):
            self.type_key, self.label_id, self._tag = type_key, label_id, ""
            self.changed.emit()

    def apply(self, scheme: Scheme, tag: str = "") -> None:
        """Changes with the same tag, one after the other, are undone as one."""
        if scheme == self.scheme:
            return
        if not tag or tag != self._tag:
            self._before = [*self._before[-MOST_STEPS:], self.scheme]
        self._after, self._tag = [], tag
        self._show(scheme)

    def undo(self) -> None:
        if self._before:
            self._after.append(self.scheme)
            self._tag = ""
            self._show(self._before.pop())

    def redo(self) -> None:
        if self._after:
            self._before.append(self.scheme)
            self._show(self._after.pop())

    def _show(self, scheme: Scheme) -> None:
        """What is chosen and no longer there is let go."""
        self.scheme = scheme
        keys = [each.key for each in scheme.tier_types]
        if self.type_key not in keys:
            self.type_key = keys[-1] if keys else ""
        tier_type = self.tier_type
        if tier_type is None or self.label_id not in {label.id for label in tier_type.labels}:
            self.label_id = ""
        self.changed.emit()
