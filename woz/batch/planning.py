"""Makes a run of a project: its items in plan.jsonl. The same wishes give the same run, to go on with."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import msgspec

from woz import __version__
from woz.base.clock import Clock
from woz.batch.hashes import input_of
from woz.batch.items import About, Item
from woz.batch.kind import Kind, PassedOver
from woz.batch.ledger import Ledger
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
) -> Ledger:
    """The run of this kind with these parameters, planned anew where it was planned before.

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
        _write(ledger, about, kind, project, parameters)
    return ledger


def run_id(name: str, parameters: Mapping[str, Any], sessions: Sequence[SessionId]) -> str:
    """By kind and parameters, so that the same wishes come to the same run; all sessions are no wish."""
    text = msgspec.json.encode([parameters, sorted(sessions)], order="deterministic")
    return f"{name.rpartition(':')[2]}-{hashlib.sha256(text).hexdigest()[:8]}"


def _write(ledger: Ledger, about: About, kind: Kind, project: Project, parameters: Any) -> None:
    hashes = KnownHashes(project.path / "cache" / "hashes.json")
    bases = {root: Path(path) for root, path in about.roots.items()}
    stored, passed = StoredFiles(project), list[str]()

    def items() -> Iterator[Item]:
        wanted = [SessionId(one) for one in about.sessions] or [one.id for one in project.sessions.all()]
        for planned in kind.plan(project, wanted, parameters):
            if isinstance(planned, PassedOver):
                passed.append(f"{planned.session}: {planned.reason}")
                continue
            inputs = tuple(
                stored.input_of(root, path) or input_of(hashes, root, bases[root], path.resolve())
                for root, path in planned.files
            )
            yield Item(planned.id, about.kind, inputs, {**about.parameters, **planned.parameters}, about.tools)

    try:
        ledger.write_plan(about, items(), passed)
    finally:
        hashes.keep()
