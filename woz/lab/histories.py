"""What became of a session's items: who changed what, when and why, in words and for programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from woz.annotation.change_words import FieldChange, field_changes
from woz.annotation.logged import ItemChange, LoggedEdit
from woz.annotation.taken_back import taken_back
from woz.base.clock import iso_utc
from woz.base.errors import WozError
from woz.lab.item_names import ItemNames, pseudonyms
from woz.lab.ports import Project
from woz.model.annotation import Annotation
from woz.model.ids import SessionId
from woz.model.item_merge import differences


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """An edit, or what it did to one item: `who` is a pseudonym or a program's name."""

    edit: LoggedEdit
    who: str
    undone: bool


def session_history(project: Project, session_id: SessionId, item_id: str = "") -> list[HistoryEntry]:
    """The edits of a session, or of one item of it, the oldest first.

    Raises WozError for an item that the session never had.
    """
    edits = project.annotations.history(session_id)
    names = pseudonyms(project)
    gone = taken_back(edits)
    of_item = [e for e in edits if not item_id or any(change.item.id == item_id for change in e.changes)]
    if item_id and not of_item:
        raise WozError(
            f"Nobody ever changed an item {item_id} in {session_id}; woz history without --item names them."
        )
    return [HistoryEntry(edit, names.get(edit.by, edit.by), edit.id in gone) for edit in of_item]


def entry_words(entry: HistoryEntry, names: ItemNames, item_id: str = "") -> str:
    """One paragraph: the edit in a line, and a line for each item that it changed."""
    edit = entry.edit
    undoes = f" (takes back {edit.undoes})" if edit.undoes is not None else ""
    gone = " [taken back]" if entry.undone else ""
    why = f"\n      why: {edit.why}" if edit.why else ""
    head = f"{edit.id:>5}  {iso_utc(edit.made_utc_ns)}  {entry.who}  {edit.name}{undoes}{gone}{why}"
    return "\n".join([head, *(_change_words(change, names) for change in _of_item(edit, item_id))])


def entry_facts(entry: HistoryEntry, item_id: str = "") -> dict[str, Any]:
    """The same for programs: fields with their values as JSON has them."""
    edit = entry.edit
    return {
        "version": edit.id,
        "by": entry.who,
        "made_utc_ns": edit.made_utc_ns,
        "name": edit.name,
        "why": edit.why,
        "takes_back": edit.undoes,
        "taken_back": entry.undone,
        "items": [_change_facts(change) for change in _of_item(edit, item_id)],
    }


def changes_of(edit: LoggedEdit, item_id: str, names: ItemNames) -> tuple[FieldChange, ...]:
    """What an edit changed of one item."""
    return tuple(field for change in _of_item(edit, item_id) for field in _fields(change, names))


def start_of(edit: LoggedEdit, item_id: str) -> int | None:
    """Where an item stood after an edit; None where it has no time, or is gone."""
    after = next((change.after for change in _of_item(edit, item_id)), None)
    return after.start_ns if isinstance(after, Annotation) else None


def _of_item(edit: LoggedEdit, item_id: str) -> list[ItemChange]:
    return [change for change in edit.changes if not item_id or change.item.id == item_id]


def _change_words(change: ItemChange, names: ItemNames) -> str:
    fields = "; ".join(str(field) for field in _fields(change, names))
    return f"       {change.item.kind} {change.item.id}: {fields or 'who made it'}"


def _fields(change: ItemChange, names: ItemNames) -> tuple[FieldChange, ...]:
    return field_changes(change.before, change.after, names.of(change.after or change.before))


def _change_facts(change: ItemChange) -> dict[str, Any]:
    before, after = change.before, change.after
    fields: dict[str, Any] = {}
    if before is not None and after is not None:
        fields = {name: {"before": a, "after": b} for name, (a, b) in differences(before, after).items()}
    what = "changed" if before and after else "made" if after else "taken away"
    return {
        "kind": change.item.kind,
        "id": change.item.id,
        "what": what,
        "fields": msgspec.to_builtins(fields),
        "before": msgspec.to_builtins(before),
        "after": msgspec.to_builtins(after),
    }
