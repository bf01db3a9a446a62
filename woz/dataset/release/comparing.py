"""What differs between two releases, and which files of a release hold something of a person."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from woz.base.errors import WozError
from woz.base.outside import Data, Unsound, lines_of, read
from woz.dataset.release.building_folder import MANIFEST
from woz.dataset.release.changes import changed_fields, fields_after
from woz.dataset.release.checking import Frozen, demand_as_frozen, frozen


@dataclass(slots=True)
class Difference:
    """Ids of question sets by what became of them; `fields` counts what changed of those that stayed, `fields_new`
    are those that one release's schema hadn't yet, which are no change.
    """

    gone: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    fields: dict[str, int] = field(default_factory=dict)
    fields_new: list[str] = field(default_factory=list)
    sessions_gone: list[str] = field(default_factory=list)
    sessions_new: list[str] = field(default_factory=list)
    files_changed: int = 0
    new_splits: bool = False
    """Whether the other one's splits were dealt anew."""


def difference(one: Path, other: Path) -> Difference:
    """What the other has, and no longer has. Raises WozError for what is no release, or whose data was changed."""
    old, new = _lines(one), _lines(other)
    both = sorted(old.keys() & new.keys())
    manifests = [frozen(folder) for folder in (one, other)]
    schema = min(each.schema for each in manifests)
    apart = {key: changed_fields(old[key], new[key], schema) for key in both}
    fields = Counter(name for names in apart.values() for name in names)
    later = {name for lines in (old, new) for line in lines.values() for name in fields_after(schema, line)}
    sessions = [{line["session"] for line in lines.values()} for lines in (old, new)]
    files = [each.files for each in manifests]
    return Difference(
        sorted(old.keys() - new.keys()),
        sorted(new.keys() - old.keys()),
        [key for key in both if apart[key]],
        [key for key in both if old[key]["split"] != new[key]["split"]],
        dict(sorted(fields.items())),
        sorted(later),
        sorted(sessions[0] - sessions[1]),
        sorted(sessions[1] - sessions[0]),
        sum(files[0][name] != files[1][name] for name in files[0].keys() & files[1].keys()),
        manifests[1].asked.new_splits,
    )


def reached(folder: Path, person: str) -> dict[str, str]:
    """The files that hold something of a person, by pseudonym, each with why; empty where none does.

    Files that hold others as well have to be made anew. Raises WozError for a folder that is no release, or whose
    data was changed, since it could hold more than is seen.
    """
    manifest = frozen(folder)
    found, said = dict[str, str](), set[str]()
    sessions = {key for key, facts in manifest.sessions.items() if person in facts.participants}
    for split, line in _each(folder, manifest):
        if person in line.get("participants", []):
            sessions.add(line["session"])
            found[f"data/{split}.jsonl"] = "question sets of theirs stand in it, beside others'"
            found |= {name: "cut of their session" for name in (line["clip"], *line["frames"]) if name}
            said.add(line["answer"])
    for split, line in _each(folder, manifest) if said else ():
        if said & set(line["options"]):
            found.setdefault(f"data/{split}.jsonl", "what was said in their session stands in it as a wrong answer")
    for name in manifest.files:
        if any(part == key or part.startswith(f"{key}.") for key in sessions for part in name.split("/")):
            found[name] = "made of their session"
    found |= dict.fromkeys(_naming(folder, manifest, sessions), "what was made of their session stands in it")
    if found or sessions:
        found |= {name: "counts and names them" for name in manifest.files if "/" not in name}
        found[MANIFEST] = "lists their session"
    return dict(sorted(found.items()))


def _naming(folder: Path, manifest: Frozen, sessions: set[str]) -> Iterator[str]:
    """The tasks' files in which one of these sessions is named."""
    if not sessions:
        return
    named = re.compile("|".join(rf"(?<![\w-]){re.escape(each)}(?![\w-])" for each in sorted(sessions)))
    for name in manifest.files:
        path = folder / name
        if name.startswith("tasks/") and path.is_file() and named.search(path.read_text(encoding="utf-8")):
            yield name


def _lines(folder: Path) -> dict[str, dict[str, Any]]:
    return {str(line["id"]): line for _, line in _each(folder, frozen(folder))}


def _each(folder: Path, manifest: Frozen) -> Iterator[tuple[str, dict[str, Any]]]:
    for split in manifest.counts:
        name = f"data/{split}.jsonl"
        demand_as_frozen(folder, manifest, [name])
        path = folder / name
        try:
            for raw in lines_of(path):
                yield split, read(raw, Data)
        except OSError as error:
            raise WozError(f"{path} can't be read ({error.strerror}).") from error
        except Unsound as error:
            raise WozError(f"{path} is not as a release has it: {error}.") from error
