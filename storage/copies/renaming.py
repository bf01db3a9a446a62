"""What a session's rows are called in the project that they come into: ids, edits' numbers, schemes' versions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from woz.annotation.live_scheme import KEPT_OUT, LIVE
from woz.model.annotator import ANY_SCHEME
from woz.model.item import kind_of
from woz.model.item_json import from_json, to_json
from woz.model.kinds import Item
from woz.model.own_schemes import CONVERSATION, FREE, OWN_STEPS

SchemeKey = tuple[str, int]
_OWN = frozenset({LIVE.id, KEPT_OUT.id, CONVERSATION.id, FREE.id})


def keeps_its_id(scheme_id: str) -> bool:
    """Whether a scheme is woz's own, which has one id in every project, whatever its version says."""
    return scheme_id in _OWN or scheme_id.startswith(OWN_STEPS)


@dataclass(frozen=True, slots=True)
class Renaming:
    """What isn't in a map keeps its name; an edit that isn't does not come along. Texts lose NUL, which PostgreSQL
    can't keep."""

    ids: Mapping[str, str] = field(default_factory=dict)
    schemes: Mapping[SchemeKey, SchemeKey] = field(default_factory=dict)
    edits: Mapping[int, int] = field(default_factory=dict)

    def row(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Of a table; what a column holds as JSON stays as it is."""
        return {name: self._text(value) if isinstance(value, str) else value for name, value in row.items()}

    def item(self, item: Item) -> Item:
        return from_json(kind_of(item).name, self.json(to_json(item)))

    def json(self, text: str) -> str:
        """Of an item."""
        return json.dumps(self._value(json.loads(text)), ensure_ascii=False, separators=(",", ":"))

    def scheme(self, scheme_id: str) -> str:
        """Of a blind scope: every scheme where the project that it comes from has none of this id, since nothing
        says what it is called here."""
        return self._called.get(scheme_id, scheme_id if keeps_its_id(scheme_id) else ANY_SCHEME)

    @property
    def _called(self) -> dict[str, str]:
        """The new id of each scheme that came along."""
        return {there: here for (there, _), (here, _) in self.schemes.items()}

    def edit(self, edit_id: int | None) -> int | None:
        return None if edit_id is None else self.edits.get(edit_id)

    def _text(self, text: str) -> str:
        return self.ids.get(text, text).replace("\0", "")

    def _value(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, list):
            return [self._value(each) for each in value]
        if isinstance(value, dict):
            return self._object({key: self._value(each) for key, each in value.items()})
        return value

    def _object(self, found: dict[str, Any]) -> dict[str, Any]:
        """A tier names its scheme's version, also one that no tier is in any more; a source the edit that it was as
        it was after.
        """
        if "scheme_version" in found:
            scheme_id, version = found["scheme_id"], found["scheme_version"]
            same_number = (self._called.get(scheme_id, scheme_id), version)
            found["scheme_id"], found["scheme_version"] = self.schemes.get((scheme_id, version), same_number)
        if "edit_id" in found:
            found["edit_id"] = self.edit(found["edit_id"])
        return found
