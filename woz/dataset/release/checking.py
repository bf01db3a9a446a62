"""Whether a release is as it was frozen: each file there, and each byte."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from woz.base.errors import WozError
from woz.base.outside import Count, Data, Unsound, checked, read_file
from woz.dataset.release.building_folder import MANIFEST, sha256
from woz.dataset.release.query import Query
from woz.dataset.release.untagged import telling


@dataclass(frozen=True, slots=True)
class FileFacts:
    sha256: str
    bytes: Count


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """`participants` by pseudonym."""

    participants: list[str] = field(default_factory=list)
    split: str = ""


@dataclass(frozen=True, slots=True)
class Frozen:
    """What of a manifest is needed to check a release, and to build the next one."""

    name: str
    version: str
    files: dict[str, FileFacts]
    groups: dict[str, str] = field(default_factory=dict)
    counts: dict[str, Count] = field(default_factory=dict)
    sessions: dict[str, SessionFacts] = field(default_factory=dict)
    schema: Count = 1
    query: Data = field(default_factory=dict)

    @property
    def asked(self) -> Query:
        """How it was asked for. Raises WozError where that is written in no way that is known here."""
        try:
            return checked(self.query, Query)
        except Unsound as error:
            raise WozError(f"What {self.name} {self.version} was built by can't be read: {error}.") from error


def frozen(folder: Path) -> Frozen:
    """A release's manifest. Raises WozError for a folder that is no release."""
    try:
        found = read_file(folder / MANIFEST, Frozen)
    except FileNotFoundError:
        raise WozError(f"{folder} is no release: it has no {MANIFEST}.") from None
    except OSError as error:
        raise WozError(f"{folder / MANIFEST} can't be read ({error.strerror}).") from error
    except Unsound as error:
        raise WozError(f"{folder / MANIFEST} is no manifest of a release: {error}.") from error
    for name in found.files:
        if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
            raise WozError(f"{folder / MANIFEST} names a file outside the release: {name}.")
    return found


def looked_at(folder: Path) -> tuple[list[str], list[str]]:
    """What is not as it was frozen, and what says more than a release's media may, a sentence each.

    Raises WozError as `frozen` does.
    """
    manifest = frozen(folder)
    changed, told = list[str](), list[str]()
    for name, facts in manifest.files.items():
        if why := _problem(folder / name, name, facts):
            changed.append(why)
        else:
            told += telling(folder / name, name)
    known = manifest.files.keys() | {MANIFEST}
    return changed + [f"{name} is not of the release." for name in _files(folder) if name not in known], told


def demand_as_frozen(folder: Path, manifest: Frozen, names: Iterable[str]) -> None:
    """Raises WozError where one of these files is not as it was frozen, or is none of the release's."""
    for name in names:
        facts = manifest.files.get(name)
        why = _problem(folder / name, name, facts) if facts else f"{name} is not of the release."
        if why:
            raise WozError(f"{folder} has changed since it was frozen: {why} Get a whole copy of it.")


def _problem(path: Path, name: str, facts: FileFacts) -> str:
    try:
        size = path.stat().st_size
        if size != facts.bytes or sha256(path) != facts.sha256:
            return f"{name} is not as it was released ({size} bytes, {facts.bytes} when it was frozen)."
    except FileNotFoundError:
        return f"{name} is missing."
    except OSError as error:
        return f"{name} can't be read ({error.strerror})."
    return ""


def _files(folder: Path) -> Iterator[str]:
    for parent, _, names in sorted(os.walk(folder)):
        for name in sorted(names):
            yield (Path(parent) / name).relative_to(folder).as_posix()
