"""Brings a run's results into the project, each checked against the hash that was written when it was made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from woz.base.clock import Clock
from woz.base.errors import WozError
from woz.batch.items import Done
from woz.batch.kind import Result
from woz.batch.ledger import Ledger
from woz.batch.lock import claimed
from woz.batch.registry import kind_named
from woz.lab.ports import Project
from woz.recording.folder.session_folder import sha256_of


@dataclass(slots=True)
class Collected:
    """`damaged` are items whose outputs are not what was written: they wait to be done again."""

    taken: int = 0
    before: int = 0
    missing: int = 0
    damaged: list[str] = field(default_factory=list)
    words: str = ""


def collect(project: Project, ledger: Ledger, clock: Clock) -> Collected:
    """What is done and was not taken in yet. Raises WozError where the project can't be written."""
    about = ledger.about()
    if Path(about.project) != project.path.resolve():
        raise WozError(f"The run {about.id} is one of the project {about.project}.")
    collected = Collected()

    def taken(result: Result) -> None:
        ledger.write_collected(result.done)
        collected.taken += 1

    with claimed(ledger, "collecting", clock):
        kind = kind_named(about.kind)
        collected.words = kind.collect(project, _results(ledger, collected), taken)
    return collected


def _results(ledger: Ledger, collected: Collected) -> Iterator[Result]:
    for item in ledger.items():
        done = ledger.done(item)
        if done is None:
            collected.missing += 1
        elif ledger.is_collected(done):
            collected.before += 1
        elif _is_whole(ledger, done):
            yield Result(item, done, ledger.out(done))
        else:
            ledger.undo(item)
            collected.damaged.append(item.id)


def _is_whole(ledger: Ledger, done: Done) -> bool:
    folder = ledger.out(done)
    try:
        return all(sha256_of(folder / output.name) == output.sha256 for output in done.outputs)
    except WozError:
        return False
