"""How far a run is."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

from woz.batch.items import About, Failed, Item
from woz.batch.ledger import Ledger
from woz.batch.lock import Claim, holder


@dataclass(frozen=True, slots=True)
class Warned:
    id: str
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Status:
    """Counts of items; `median_s` is of those that are done, `failures` the last attempt of each that failed.

    `warned` are those that are done with warnings.
    """

    about: About
    done: int
    collected: int
    failed: int
    waiting: int
    warned: tuple[Warned, ...]
    seconds: float
    median_s: float | None
    running: Claim | None
    failures: tuple[Failed, ...]


def status_of(ledger: Ledger) -> Status:
    """Raises WozError where the run can't be read."""
    about, failures = ledger.about(), ledger.failures()
    seconds: list[float] = []
    collected = count = 0
    failed: list[Failed] = []
    warned: list[Warned] = []
    for item in ledger.items():
        count += 1
        if done := ledger.done(item):
            seconds.append(done.seconds)
            collected += ledger.is_collected(done)
            if done.warnings:
                warned.append(Warned(done.id, done.warnings))
        elif failure := failed_of(item, failures):
            failed.append(failure)
    return Status(
        about,
        len(seconds),
        collected,
        len(failed),
        count - len(seconds) - len(failed),
        tuple(warned),
        sum(seconds),
        median(seconds) if seconds else None,
        holder(ledger),
        tuple(failed),
    )


def failed_of(item: Item, failures: dict[str, Failed]) -> Failed | None:
    """Its failure, where it failed with the inputs and tools that the plan has now."""
    failure = failures.get(item.id)
    return failure if failure and failure.key == item.key else None
