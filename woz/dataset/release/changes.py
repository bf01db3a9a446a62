"""What a release says of the one before it: which question sets came, went, or became others."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from woz.base.errors import WozError
from woz.base.outside import Data, Unsound, read
from woz.dataset.release.building_folder import MANIFEST, sha256
from woz.dataset.release.checking import Frozen, demand_as_frozen, frozen
from woz.dataset.release.fields import SCHEMA, SINCE


@dataclass(frozen=True, slots=True)
class Earlier:
    """A release that the next one follows, in its folder."""

    folder: Path
    manifest: Frozen

    @classmethod
    def at(cls, folder: Path) -> Earlier:
        """Raises WozError for a folder that is no release."""
        return cls(folder, frozen(folder))

    @property
    def called(self) -> str:
        return f"{self.manifest.name} {self.manifest.version}"

    def facts(self) -> dict[str, str]:
        """As a manifest names it, wherever it lies."""
        facts = {"name": self.manifest.name, "version": self.manifest.version}
        return {**facts, "manifest_sha256": sha256(self.folder / MANIFEST)}


@dataclass(frozen=True, slots=True)
class _Line:
    """Where a question set stands in a file, and what it was."""

    path: Path
    at: int
    digest: bytes
    session: str


@dataclass(slots=True)
class Changes:
    """Counted as the new question sets are written; `fields` counts what changed of those that stayed."""

    since: str
    facts: dict[str, str]
    schema: int
    """Of the earlier release: fields that it hadn't yet are no change."""
    new: int = 0
    changed: int = 0
    moved: int = 0
    """To another split."""
    fields: Counter[str] = field(default_factory=Counter[str])
    fields_new: set[str] = field(default_factory=set)
    """Those of the new release's lines that came with a later schema."""
    sessions_new: set[str] = field(default_factory=set)
    _left: dict[str, _Line] = field(default_factory=dict)
    """Question sets that were there and were not seen yet, by id: no more is held of them than where they stand."""
    _sessions: set[str] = field(default_factory=set)
    _kept: set[str] = field(default_factory=set)

    @classmethod
    def since_release(cls, earlier: Earlier) -> Changes:
        """Raises WozError where its data can't be read, or were changed since it was frozen."""
        found = cls(earlier.called, earlier.facts(), earlier.manifest.schema)
        names = [f"data/{split}.jsonl" for split in earlier.manifest.counts]
        demand_as_frozen(earlier.folder, earlier.manifest, names)
        for name in names:
            found._left.update(_lines(earlier.folder / name))
        found._sessions = {line.session for line in found._left.values()}
        return found

    def add(self, record: dict[str, Any], line: str) -> None:
        """A question set of the new release, with its line as it is written."""
        self.fields_new.update(fields_after(self.schema, record))
        session = record["session"]
        (self._kept if session in self._sessions else self.sessions_new).add(session)
        old = self._left.pop(record["id"], None)
        if old is None:
            self.new += 1
        elif old.digest != _digest(line.encode()):
            fields = changed_fields(_was(old), json.loads(line), self.schema)
            self.changed += bool(fields)
            self.moved += "split" in fields
            self.fields.update(fields)

    @property
    def gone(self) -> int:
        return len(self._left)

    @property
    def sessions_gone(self) -> set[str]:
        return self._sessions - self._kept

    def told(self) -> dict[str, object]:
        """As the manifest has it: what is gone is counted, since who has withdrawn is named no more."""
        return {
            "since": self.facts,
            "new": self.new,
            "gone": self.gone,
            "changed": self.changed,
            "moved": self.moved,
            "fields": dict(sorted(self.fields.items())),
            **({"fields_new": sorted(self.fields_new)} if self.fields_new else {}),
            "sessions_new": sorted(self.sessions_new),
            "sessions_gone": len(self.sessions_gone),
        }

    def sentences(self) -> list[str]:
        said = [
            f"Question sets: {self.new} new, {self.gone} gone, {self.changed} changed, {self.moved} of them in"
            " another split."
        ]
        if self.fields:
            counts = (f"{name} in {count}" for name, count in sorted(self.fields.items()))
            said.append(f"Changed were {', '.join(counts)}.")
        if self.fields_new:
            said.append(told_new(self.fields_new, self.since, self.schema))
        if self.sessions_new:
            said.append(f"Sessions that are new: {', '.join(sorted(self.sessions_new))}.")
        if self.sessions_gone:
            said.append(f"Sessions that are gone: {len(self.sessions_gone)}.")
        return said


def _lines(path: Path) -> Iterator[tuple[str, _Line]]:
    at = 0
    try:
        with path.open("rb") as file:
            for raw in file:
                row = read(raw, Data)
                yield str(row["id"]), _Line(path, at, _digest(raw), str(row["session"]))
                at += len(raw)
    except OSError as error:
        raise WozError(f"{path} can't be read ({error.strerror}).") from error
    except (Unsound, KeyError) as error:
        raise WozError(f"{path} is not as a release has it: {error}.") from error


def _was(old: _Line) -> Data:
    with old.path.open("rb") as file:
        file.seek(old.at)
        return read(file.readline(), Data)


def changed_fields(was: Data, now: Data, schema: int) -> list[str]:
    """Of two question sets as releases write them: where they differ, by name. `schema` is the older one of the
    two releases; what came later can't be compared.
    """
    known = (was.keys() | now.keys()) - fields_after(schema, was) - fields_after(schema, now)
    return [name for name in sorted(known) if was.get(name) != now.get(name)]


def fields_after(schema: int, line: Iterable[str]) -> set[str]:
    """The fields of a line that came after a schema."""
    return {name for name in line if SINCE.get(name, 1) > schema}


def told_new(names: Iterable[str], since: str, schema: int) -> str:
    """Why what has these fields isn't counted as changed for them."""
    return (
        f"Lines have fields that they hadn't in {since} (schema {schema}, now {SCHEMA}), which are no change:"
        f" {', '.join(sorted(names))}."
    )


def _digest(line: bytes) -> bytes:
    return hashlib.blake2b(line, digest_size=16).digest()
