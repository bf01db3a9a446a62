"""Writes a session's data in the field's formats."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from woz.dataset import formats
from woz.dataset.bundle import SessionBundle
from woz.errors import WozError

Write = Callable[[SessionBundle, Path], str]


@dataclass(frozen=True, slots=True)
class Format:
    """`file` is the ending of the file's name after the session's id."""

    description: str
    file: str
    write: Write


FORMATS: dict[str, Format] = {
    "qa": Format("questions and answers, JSON Lines", "qa.jsonl", formats.question_lines),
    "webvtt": Format("turns as subtitles, WebVTT", "turns.vtt", formats.webvtt),
    "rttm": Format("who spoke when, RTTM", "turns.rttm", formats.rttm),
    "turns-csv": Format("turns as a table, CSV", "turns.csv", formats.turns_csv),
    "steps-csv": Format("steps as a table, CSV", "steps.csv", formats.steps_csv),
    "states-csv": Format("conversation states as a table, CSV", "states.csv", formats.states_csv),
}


def export_session(
    bundle: SessionBundle, folder: Path, names: Sequence[str] = tuple(FORMATS), overwrite: bool = False
) -> list[Path]:
    """Write the named formats; the answer is the files.

    Raises WozError for an unknown format, a file that exists, a folder that can't be written, and where a
    participant has withdrawn.
    """
    unknown = [name for name in names if name not in FORMATS]
    if unknown:
        raise WozError(f"{unknown[0]!r} is no export format; the formats are {', '.join(FORMATS)}.")
    withdrawn = [person.pseudonym for person in bundle.participants if person.withdrawn]
    if withdrawn:
        raise WozError(f"{withdrawn[0]} has withdrawn from the study; this session may not be exported.")
    targets = {folder / f"{bundle.session.id}.{FORMATS[name].file}": FORMATS[name] for name in names}
    taken = [path for path in targets if path.exists() and not overwrite]
    if taken:
        raise WozError(f"{taken[0]} exists already; choose another folder, or overwrite it with --overwrite.")
    for path, made in targets.items():
        _write(path, made.write(bundle, folder))
    return list(targets)


def _write(path: Path, text: str) -> None:
    temporary = path.with_name(path.name + ".tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(text, encoding="utf-8", newline="")
        temporary.replace(path)
    except OSError as error:
        raise WozError(f"{path} can't be written ({error.strerror}).") from error
