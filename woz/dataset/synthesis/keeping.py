"""What models wrote for tasks, as files below a project: exchanges word for word, dialogues, instructions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from woz.base.errors import WozError
from woz.base.outside import Unsound, lines_of, read, read_file
from woz.dataset.synthesis.dialogue import Dialogue
from woz.dataset.synthesis.instructing import Instructions

EXCHANGES = "models/synthetic.jsonl"
DIALOGUES = "models/dialogues.jsonl"
INSTRUCTIONS = "models/instructions.json"
"""Below the project's folder."""


@dataclass(frozen=True, slots=True)
class Generated:
    """`dialogues` by session, in their order. `hashes` (SHA-256) of the files it was read from, by name."""

    dialogues: Mapping[str, tuple[Dialogue, ...]] = field(default_factory=dict)
    instructions: Instructions | None = None
    hashes: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.dialogues or self.instructions)

    def facts(self) -> dict[str, Any]:
        """What a manifest says of it: the files by hash, which models wrote, by which prompts."""
        written = [each for those in self.dialogues.values() for each in those]
        prompts = {f"{each.model}: {each.prompt}" for each in written}
        if self.instructions:
            prompts.add(f"{self.instructions.model}: {self.instructions.prompt}")
        return {"files": dict(sorted(self.hashes.items())), "written_by": sorted(prompts)}


def generated(folder: Path) -> Generated:
    """What is kept of a project. Raises WozError where a file can't be read."""
    dialogues = dict[str, list[Dialogue]]()
    for each in dialogues_in(folder):
        dialogues.setdefault(each.session, []).append(each)
    by_session = {key: tuple(those) for key, those in sorted(dialogues.items())}
    names = [name for name in (DIALOGUES, INSTRUCTIONS) if (folder / name).is_file()]
    hashes = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names}
    return Generated(by_session, instructions_in(folder), hashes)


def dialogues_in(folder: Path) -> list[Dialogue]:
    path = folder / DIALOGUES
    try:
        return [read(raw, Dialogue) for raw in lines_of(path) if raw.strip()] if path.is_file() else []
    except OSError as error:
        raise WozError(f"{path} can't be read ({error.strerror}).") from error
    except Unsound as error:
        raise _broken(path, error) from error


def keep_dialogues(folder: Path, new: Iterable[Dialogue], sessions: Iterable[str], model: str) -> None:
    """In the stead of those that this model wrote of these sessions before. Raises WozError where it can't be."""
    asked = set(sessions)
    others = [each for each in dialogues_in(folder) if each.session not in asked or each.model != model]
    whole = sorted([*others, *new], key=lambda each: (each.session, each.model, each.user_type, each.nr))
    lines = (json.dumps(asdict(each), ensure_ascii=False) + "\n" for each in whole)
    _write(folder / DIALOGUES, "".join(lines))


def instructions_in(folder: Path) -> Instructions | None:
    path = folder / INSTRUCTIONS
    try:
        return read_file(path, Instructions) if path.is_file() else None
    except OSError as error:
        raise WozError(f"{path} can't be read ({error.strerror}).") from error
    except Unsound as error:
        raise _broken(path, error) from error


def keep_instructions(folder: Path, new: Instructions) -> None:
    """Raises WozError where it can't be."""
    _write(folder / INSTRUCTIONS, json.dumps(asdict(new), ensure_ascii=False, indent=1) + "\n")


def _broken(path: Path, error: Unsound) -> WozError:
    return WozError(f"{path} is not as woz release synthesize writes it ({error}); delete it, and run that again.")


def _write(path: Path, text: str) -> None:
    part = path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(text, encoding="utf-8", newline="")
        part.replace(path)
    except OSError as error:
        raise WozError(
            f"{path} can't be written ({error.strerror}); make room or see to its folder's rights."
        ) from error
