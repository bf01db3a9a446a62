"""What a run's ledger says, line by line and file by file: values that travel as JSON."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from woz.base.outside import Count, Data

Name = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$")]
"""Of an item: it is part of file names."""
Digest = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
Seconds = Annotated[float, Meta(ge=0)]


@dataclass(frozen=True, slots=True)
class Input:
    """A file that an item reads, below one of the run's roots; `mtime_ns` only saves hashing it anew."""

    root: str
    path: str
    size: Count
    mtime_ns: int
    sha256: Digest


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of work. `id` is the same in every plan; `tools` names what makes a result another one."""

    id: Name
    kind: str
    inputs: tuple[Input, ...]
    parameters: Data = field(default_factory=dict)
    tools: dict[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """A digest of all that the result follows from."""
        inputs = [(one.root, one.path, one.size, one.sha256) for one in self.inputs]
        text = msgspec.json.encode([self.kind, inputs, self.parameters, self.tools], order="deterministic")
        return hashlib.sha256(text).hexdigest()


@dataclass(frozen=True, slots=True)
class Output:
    """A file that an item made, by its name in the item's folder."""

    name: str
    size: Count
    sha256: Digest


@dataclass(frozen=True, slots=True)
class Done:
    """Written when all of an item is there. `folder` holds the outputs, below the run's `out`."""

    id: Name
    key: Digest
    folder: Name
    outputs: tuple[Output, ...]
    seconds: Seconds
    node: str
    version: str
    warnings: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """All warnings in a line; empty where there are none."""
        return "; ".join(each.rstrip(".") for each in self.warnings)


@dataclass(frozen=True, slots=True)
class Failed:
    """One attempt that failed. `lines` are the last ones of its trace, for whoever mends it."""

    id: Name
    key: Digest
    attempt: Annotated[int, Meta(ge=1)]
    error: str
    lines: tuple[str, ...]
    node: str
    seconds: Seconds = 0.0


@dataclass(frozen=True, slots=True)
class About:
    """What holds for a whole run. By `token` a worker knows the disk; `roots` are where the inputs lie."""

    id: str
    kind: str
    token: str
    project: str
    roots: dict[str, str]
    parameters: Data
    tools: dict[str, str]
    items: Count
    planned_utc_ns: int
    sessions: tuple[str, ...] = ()
    passed_over: tuple[str, ...] = ()
    """Sessions that this kind has nothing to do for, with the reason."""
    damaged: tuple[str, ...] = ()
    """Sessions that could not be planned, with the fault of their files."""


def tools_line(tools: dict[str, Any]) -> str:
    return ", ".join(f"{name} {version}" for name, version in sorted(tools.items()))
