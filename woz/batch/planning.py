"""Makes a run of a project: its items in plan.jsonl. The same wishes give the same run, to go on with."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import msgspec

from woz import __version__
from woz.base.clock import Clock
from woz.base.errors import UnreachableError, WozError
from woz.batch.hashes import input_of
from woz.batch.items import About, Input, Item
from woz.batch.kind import SESSIONS, PassedOver, Planned
from woz.batch.ledger import Ledger, line_of
from woz.batch.lock import claimed
from woz.batch.registry import kind_named, parameters_of
from woz.batch.stored import StoredFiles
from woz.lab.ports import Project
from woz.model.ids import SessionId, new_id
from woz.recording.folder.known_hashes import KnownHashes


def plan(
    project: Project,
    name: str,
    given: Mapping[str, Any],
    sessions: Sequence[SessionId],
    clock: Clock,
    out: Path | None = None,
    tell: Callable[[int], object] = lambda _: None,
) -> Ledger:
    """The run of this kind with these parameters, planned anew where it was planned before.

    `tell` is told how many bytes of files were read so far for their hashes, which takes hours for many films.

    Raises WozError for what the kind doesn't know, inputs that can't be read, and a run that somebody works on.
    """
    kind = kind_named(name)
    parameters = parameters_of(kind, given)
    chosen = asdict(parameters)
    ledger = Ledger(out or project.path / "runs" / run_id(name, chosen, sessions))
    ledger.make()
    with claimed(ledger, "planning", clock):
        tools = {"woz": __version__, **kind.tools(parameters)}
        roots = kind.roots(project, parameters)
        about = About(
            id=ledger.path.name,
            kind=name,
            token=new_id(),
            project=str(project.path.resolve()),
            roots={root: str(path.resolve()) for root, path in roots.items()},
            parameters=chosen,
            tools=tools,
            items=0,
            planned_utc_ns=clock.utc_ns(),
            sessions=tuple(sessions),
        )
        listing = _Listing(project, about, roots, tell)
        wanted = list(sessions) or [one.id for one in project.sessions.all()]
        count = ledger.write_plan(listing.lines(kind.plan(project, wanted, parameters)))
        ledger.write_about(
            replace(about, items=count, passed_over=tuple(listing.passed), damaged=tuple(listing.damaged))
        )
    return ledger


def run_id(name: str, parameters: Mapping[str, Any], sessions: Sequence[SessionId]) -> str:
    """By kind and parameters, so that the same wishes come to the same run; all sessions are no wish."""
    text = msgspec.json.encode([parameters, sorted(sessions)], order="deterministic")
    return f"{name.rpartition(':')[2]}-{hashlib.sha256(text).hexdigest()[:8]}"


class _Listing:
    """The lines of a plan, and what is told of sessions that have none: known when all lines have come."""

    def __init__(
        self, project: Project, about: About, roots: Mapping[str, Path], tell: Callable[[int], object]
    ) -> None:
        """`roots` as the kind says its files' paths."""
        self.passed, self.damaged = list[str](), list[str]()
        self._about, self._roots = about, roots
        self._hashes = KnownHashes(project.path / "cache" / "hashes.json", tell)
        self._stored = StoredFiles(project)

    def lines(self, found: Iterator[Planned | PassedOver]) -> Iterator[bytes]:
        try:
            for one in found:
                if isinstance(one, PassedOver):
                    (self.damaged if one.damaged else self.passed).append(f"{one.session}: {one.reason}")
                elif line := self._line(one):
                    yield line
        finally:
            self._hashes.keep()

    def _line(self, planned: Planned) -> bytes:
        """Empty where a file of its session can't be read. Raises WozError for other files."""
        inputs = list[Input]()
        for root, path in planned.files:
            try:
                inputs.append(self._input(root, path))
            except UnreachableError:
                raise
            except WozError as error:
                if root != SESSIONS:
                    raise
                return self._told(planned, error)
        about = self._about
        item = Item(planned.id, about.kind, tuple(inputs), {**about.parameters, **planned.parameters}, about.tools)
        try:
            return line_of(item)
        except WozError as error:
            return self._told(planned, error)

    def _input(self, root: str, path: Path) -> Input:
        return self._stored.input_of(root, path) or input_of(self._hashes, root, self._roots[root], path)

    def _told(self, planned: Planned, error: WozError) -> bytes:
        self.damaged.append(f"{planned.parameters.get('session', planned.id)}: {error}")
        return b""
