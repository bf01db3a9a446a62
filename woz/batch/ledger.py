"""A run's folder: plan.jsonl, done/, failed/, out/. Whatever is killed when, what stands here is whole.

No file is ever changed in place: each is written beside its place and renamed. A record that isn't sound, as one
that a power cut left empty, counts as not there.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from woz.base.errors import WozError, reason_of
from woz.base.outside import MOST_LINE_BYTES, Unsound, lines_of, read, read_file
from woz.batch.items import About, Done, Failed, Item
from woz.model.ids import new_id

T = TypeVar("T")

PATHS = "WOZ_BATCH_PATHS"
"""For nodes that see the shared disk elsewhere: HERE=THERE, several apart by the system's path separator."""
_ITS_DISK = "see that its disk is there, and who may read it"
_ANOTHER = "make room, or name another folder with --out"


class Ledger:
    """Raises WozError in all methods where the disk can't be read or takes no more."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def open(cls, path: Path) -> Ledger:
        """Raises WozError where no run was planned."""
        ledger = cls(path)
        ledger.about()
        return ledger

    @property
    def plan_path(self) -> Path:
        return self.path / "plan.jsonl"

    @property
    def lock_path(self) -> Path:
        return self.path / ".lock"

    @property
    def claim_path(self) -> Path:
        return self.path / "running.json"

    @property
    def cache(self) -> Path:
        """For what workers can make anew."""
        return self.path / "cache"

    # the plan

    def about(self) -> About:
        try:
            return read_file(self.path / "run.json", About)
        except FileNotFoundError:
            raise WozError(f"{self.path} is no run: make one with woz batch plan KIND PROJECT.") from None
        except OSError as error:
            raise WozError(f"The run {self.path} can't be read ({reason_of(error)}); {_ITS_DISK}.") from error
        except Unsound as error:
            raise WozError(f"{self.path / 'run.json'} is damaged ({error}); plan the run again.") from error

    def make(self) -> None:
        try:
            for name in ("done", "failed", "out", "collected"):
                (self.path / name).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise WozError(f"The run can't be made in {self.path} ({reason_of(error)}); {_ANOTHER}.") from error

    def write_plan(self, lines: Iterator[bytes]) -> int:
        """The plan whole or not at all; the answer is how many items it has, for `write_about`.

        What was done before stays done where its key is the same.
        """
        temporary = self.plan_path.with_suffix(".tmp")
        count = 0
        try:
            with temporary.open("wb") as file:
                for line in lines:
                    file.write(line)
                    count += 1
            temporary.replace(self.plan_path)
        except OSError as error:
            raise WozError(f"The plan can't be written in {self.path} ({reason_of(error)}); {_ANOTHER}.") from error
        return count

    def write_about(self, about: About) -> None:
        self._write(self.path / "run.json", about)

    def write_claim(self, claim: object) -> None:
        self._write(self.claim_path, claim)

    def items(self) -> Iterator[Item]:
        """In the order of the plan, read as they are asked for."""
        try:
            for line in lines_of(self.plan_path):
                yield read(line, Item)
        except OSError as error:
            raise WozError(f"The plan {self.plan_path} can't be read ({reason_of(error)}); {_ITS_DISK}.") from error
        except Unsound as error:
            raise WozError(f"The plan {self.plan_path} is damaged ({error}); plan the run again.") from error

    # what became of items

    def done(self, item: Item) -> Done | None:
        """None where it isn't done, or was done of other inputs, or by another version."""
        record = _sound(self.path / "done" / f"{item.id}.json", Done)
        return record if record and record.key == item.key else None

    def failures(self) -> dict[str, Failed]:
        """The last attempt of each item that failed, by its id, but for those that are to be tried again."""
        found: dict[str, Failed] = {}
        for path in (self.path / "failed").glob("*.json"):
            record = _sound(path, Failed)
            if record and (record.id not in found or found[record.id].attempt < record.attempt):
                found[record.id] = record
        return found

    def write_done(self, record: Done) -> None:
        self._write(self.path / "done" / f"{record.id}.json", record)

    def write_failed(
        self, item: Item, error: str, lines: tuple[str, ...], node: str, seconds: float = 0.0
    ) -> Failed:
        attempt = 1
        while any(path.exists() for path in self._attempt(item.id, attempt)):
            attempt += 1
        record = Failed(item.id, item.key, attempt, error, lines, node, round(seconds, 3))
        self._write(self._attempt(item.id, attempt)[0], record)
        return record

    def forgive(self, failure: Failed) -> None:
        """Its attempts so far count no more; they are kept under another name."""
        for attempt in range(1, failure.attempt + 1):
            counted, forgiven = self._attempt(failure.id, attempt)
            if counted.exists():
                counted.replace(forgiven)

    def _attempt(self, item_id: str, attempt: int) -> tuple[Path, Path]:
        path = self.path / "failed" / f"{item_id}.{attempt}.json"
        return path, path.with_suffix(".retried")

    def lives(self, item: Item) -> tuple[float, ...]:
        """Until when (seconds of Unix time) the workers lived that began with it and came to no end of it."""
        return tuple(_sound(self._tried(item), list[float]) or ())

    def write_lives(self, item: Item, until_s: tuple[float, ...]) -> None:
        with contextlib.suppress(OSError):
            self._tried(item).parent.mkdir(exist_ok=True)
        self._write(self._tried(item), until_s)

    def forget_lives(self, item: Item) -> None:
        with contextlib.suppress(OSError):
            self._tried(item).unlink(missing_ok=True)

    def _tried(self, item: Item) -> Path:
        return self.path / "tried" / f"{item.id}.json"

    def undo(self, item: Item) -> None:
        """It is to be done anew, since its outputs are not what they were."""
        (self.path / "done" / f"{item.id}.json").unlink(missing_ok=True)

    def is_collected(self, done: Done) -> bool:
        record = _sound(self.path / "collected" / f"{done.id}.json", dict)
        return record == {"key": done.key}

    def write_collected(self, done: Done) -> None:
        self._write(self.path / "collected" / f"{done.id}.json", {"key": done.key})

    def out(self, done: Done) -> Path:
        return self.path / "out" / done.folder

    def sweep(self) -> None:
        """Take away what killed workers left half made. Only while nobody works on the run."""
        kept = {record.folder for path in (self.path / "done").glob("*.json") if (record := _sound(path, Done))}
        for path in (self.path / "out").iterdir():
            if path.name not in kept:
                shutil.rmtree(path, ignore_errors=True)
        shutil.rmtree(self.path / "tried", ignore_errors=True)
        for folder in ("done", "failed", "collected"):
            for begun in (self.path / folder).glob(".*"):
                begun.unlink(missing_ok=True)

    def _write(self, path: Path, record: object) -> None:
        temporary = path.with_name(f".{path.name}.{new_id()[:8]}")
        try:
            temporary.write_bytes(msgspec.json.encode(record))
            temporary.replace(path)
        except OSError as error:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
            raise DiskError(self.path, error) from error


class DiskError(WozError):
    """The run's disk takes no more: no fault of an item, so the whole run stops."""

    def __init__(self, path: Path, error: OSError) -> None:
        super().__init__(
            f"The run's disk takes no more ({reason_of(error)}): {path}; make room, then run it again."
        )

    def __reduce__(self) -> Any:
        return (WozError, (str(self),))


def here(path: str) -> Path:
    """Where this node sees a path of the run, by `WOZ_BATCH_PATHS`."""
    for pair in filter(None, os.environ.get(PATHS, "").split(os.pathsep)):
        there, _, mine = pair.partition("=")
        if mine and (path == there or path.startswith(there.rstrip("/") + "/")):
            return Path(mine + path[len(there.rstrip("/")) :])
    return Path(path)


def line_of(item: Item) -> bytes:
    """Of the plan. Raises WozError where the plan's reader would pass it over."""
    line = msgspec.json.encode(item) + b"\n"
    if len(line) >= MOST_LINE_BYTES:
        raise WozError(
            f"{item.id} has too many files for a batch ({len(item.inputs)}); take out of its folder what is no part"
            " of the session."
        )
    return line


def _sound(path: Path, kind: type[T]) -> T | None:
    try:
        return read_file(path, kind)
    except FileNotFoundError:
        return None
    except Unsound:
        return None
    except OSError as error:
        raise WozError(f"{path} can't be read ({reason_of(error)}); {_ITS_DISK}.") from error
