"""Takes in many sessions by one table: row by row, each whole or not at all; what is in already is passed over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from woz.base.errors import WozError, permitted
from woz.importing.material import Say, require_file
from woz.lab.media_import import MediaOptions, demand_importable, hdr_words, import_media
from woz.lab.ports import Project
from woz.lab.session_table import TableRow
from woz.model.events import EventKind
from woz.model.ids import SessionId
from woz.recording.folder.session_folder import sha256_of

Tell = Callable[[int, str], None]
"""Called with how much is done, in percent, and what comes now."""
Take = Callable[[MediaOptions], dict[str, Any]]
"""Imports a row's recordings, and sums up what was made; empty where nothing is written."""


class RowState(StrEnum):
    NEW = "new"
    IMPORTED = "imported"
    THERE = "there"
    FAULTY = "faulty"


@dataclass(frozen=True, slots=True)
class RowResult:
    """`said` is one sentence: what is wrong, or why nothing is done. `session_id` may be empty for a new one."""

    row: int
    view: str
    state: RowState
    session_id: str = ""
    said: str = ""


@dataclass(slots=True)
class _Seen:
    """What the table's earlier rows hold."""

    views: dict[Path, int] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)
    steps: dict[str, Path] = field(default_factory=dict)
    """Of a procedure, by its name."""
    sizes: dict[int, list[tuple[int, Path]]] = field(default_factory=lambda: defaultdict(list))
    """Rows without a fault, with their views, by the size of these."""


def look_through(project: Project, rows: Sequence[TableRow], tell: Tell) -> list[RowResult]:
    """What an import would do with each row; nothing is written."""
    return list(_each(project, rows, tell, lambda options: {}))


def import_rows(project: Project, rows: Sequence[TableRow], tell: Tell, say: Say) -> Iterator[RowResult]:
    """Import row by row; a row with a fault is left out, those after it come in.

    May be repeated: a session is known again by the bytes of its view's file, whatever its name.
    """

    def take(options: MediaOptions) -> dict[str, Any]:
        return import_media(project, options, say)

    return _each(project, rows, tell, take)


def _each(project: Project, rows: Sequence[TableRow], tell: Tell, take: Take) -> Iterator[RowResult]:
    known, seen = _Known(project), _Seen()
    for at, row in enumerate(rows):
        shown = row.cells.get("view", "")
        tell(at * 100 // len(rows), f"row {row.number}: {shown}")
        try:
            with permitted():
                result = _one(project, row, known, seen, take)
        except WozError as fault:
            result = RowResult(row.number, shown, RowState.FAULTY, said=str(fault))
        yield result


def _one(project: Project, row: TableRow, known: _Known, seen: _Seen, take: Take) -> RowResult:
    """Raises WozError for a fault."""
    options = row.options()
    require_file(options.view)
    _demand_once(row, options, seen)
    _demand_another_film(row, options.view, known, seen)
    shown = row.cells["view"]
    if session_id := known.session_of(options.view):
        if options.session_id not in ("", session_id):
            raise WozError(
                f"{shown} is in the project as {session_id}, and the row's id is {options.session_id}; correct it."
            )
        result = RowResult(row.number, shown, RowState.THERE, session_id, "It is in the project already.")
    else:
        options = _with_steps(options, seen)
        demand_importable(project, options)
        made = take(options)
        state = RowState.IMPORTED if made else RowState.NEW
        made_id = str(made.get("session_id", options.session_id))
        result = RowResult(row.number, shown, state, made_id, hdr_words(made))
    seen.sizes[options.view.stat().st_size].append((row.number, options.view))
    return result


def _with_steps(options: MediaOptions, seen: _Seen) -> MediaOptions:
    """A procedure whose steps an earlier row gave need not give them again."""
    plan = options.plan
    if plan.steps:
        seen.steps[plan.procedure or plan.steps.stem] = plan.steps
    return replace(options, plan=replace(plan, steps=plan.steps or seen.steps.get(plan.procedure)))


def _demand_once(row: TableRow, options: MediaOptions, seen: _Seen) -> None:
    view, name = options.view.resolve(), options.session_id
    if (before := seen.views.setdefault(view, row.number)) != row.number:
        raise WozError(f"The view {row.cells['view']} stands in row {before}, too; take one of both out.")
    if name and (before := seen.ids.setdefault(name, row.number)) != row.number:
        raise WozError(f"The id {name} stands in row {before}, too; give each session its own.")


def _demand_another_film(row: TableRow, view: Path, known: _Known, seen: _Seen) -> None:
    """Whatever its name; only files of the same size are read."""
    for number, earlier in seen.sizes.get(view.stat().st_size, ()):
        if known.sum(earlier) == known.sum(view):
            raise WozError(
                f"The view {row.cells['view']} holds the same as {earlier.name} in row {number}; it is one session:"
                " take one of both rows out."
            )


class _Known:
    """The views that the project's sessions were made of. Only files of the same size, or, where a session was
    imported before sizes were kept, of the same name, are read whole."""

    def __init__(self, project: Project) -> None:
        self._by_size: dict[int, dict[str, SessionId]] = defaultdict(dict)
        self._by_name: dict[str, dict[str, SessionId]] = defaultdict(dict)
        self._sums: dict[Path, str] = {}
        for session_id, event in project.events.of_kind(EventKind.SOURCE):
            name, digest, size = (event.data.get(key) for key in ("imported", "sha256", "bytes"))
            if not isinstance(name, str) or not isinstance(digest, str) or "placed_by" in event.data:
                continue
            if isinstance(size, int):
                self._by_size[size][digest] = session_id
            else:
                self._by_name[name][digest] = session_id

    def sum(self, view: Path) -> str:
        """Of a file, read once."""
        if view not in self._sums:
            self._sums[view] = sha256_of(view)
        return self._sums[view]

    def session_of(self, view: Path) -> SessionId | None:
        candidates = {**self._by_name.get(view.name, {}), **self._by_size.get(view.stat().st_size, {})}
        return candidates.get(self.sum(view)) if candidates else None
