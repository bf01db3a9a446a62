"""Writes a session's data in the field's formats."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from woz.base.errors import WozError
from woz.dataset import formats
from woz.dataset.bundle import SessionBundle
from woz.dataset.released_media import released_media
from woz.model.ids import SessionId
from woz.privacy.consent import export_warning

Write = Callable[[SessionBundle, Path], str]


@dataclass(frozen=True, slots=True)
class Format:
    """`file` is the ending of the file's name after the session's id."""

    description: str
    file: str
    write: Write


FORMATS: dict[str, Format] = {
    "session": Format("what the session is, its labels, its licence, JSON", "session.json", formats.session_facts),
    "qa": Format("questions and answers, JSON Lines", "qa.jsonl", formats.question_lines),
    "webvtt": Format("turns as subtitles, WebVTT", "turns.vtt", formats.webvtt),
    "rttm": Format("who spoke when, RTTM", "turns.rttm", formats.rttm),
    "turns-csv": Format("turns as a table, CSV", "turns.csv", formats.turns_csv),
    "steps-csv": Format("steps as a table, CSV", "steps.csv", formats.steps_csv),
    "states-csv": Format("conversation states as a table, CSV", "states.csv", formats.states_csv),
}


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written of which sessions; `warnings` and `left_out` hold a text for each session concerned."""

    sessions: tuple[SessionId, ...]
    files: tuple[Path, ...]
    warnings: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


def export_sessions(
    bundles: Sequence[SessionBundle],
    folder: Path,
    names: Sequence[str] = tuple(FORMATS),
    overwrite: bool = False,
    release: bool = False,
    leave_out: bool = False,
) -> Exported:
    """Write the named formats of sessions. `release`: the files will leave the lab. `leave_out`: sessions that may
    not be exported are passed over and told, instead of refused. Annotators leave by pseudonyms.

    Raises WozError, with nothing written, for an unknown format, a file that exists, and where consent lacks
    (`woz.privacy.consent.export_warning`); and for a folder that can't be written.
    """
    unknown = [name for name in names if name not in FORMATS]
    if unknown:
        raise WozError(f"{unknown[0]!r} is no export format; the formats are {', '.join(FORMATS)}.")
    judged = [_judged(bundle, release, leave_out) for bundle in bundles]
    going = tuple(bundle for bundle, (may, _) in zip(bundles, judged, strict=True) if may)
    if release:
        going = tuple(released_media(bundle, folder) for bundle in going)
    targets = {folder / f"{b.session.id}.{FORMATS[n].file}": (FORMATS[n], b) for b in going for n in names}
    taken = [path for path in targets if path.exists() and not overwrite]
    if taken:
        raise WozError(f"{taken[0]} exists already; choose another folder, or overwrite it with --overwrite.")
    for path, (made, bundle) in targets.items():
        _write(path, made.write(bundle, folder))
    return Exported(
        tuple(bundle.session.id for bundle in going),
        tuple(targets),
        tuple(text for may, text in judged if may and text),
        tuple(text for may, text in judged if not may),
    )


def _judged(bundle: SessionBundle, release: bool, leave_out: bool) -> tuple[bool, str]:
    """Whether a session may be exported, and what has to be said of that."""
    try:
        return True, export_warning(bundle.session, bundle.participants, release)
    except WozError as refusal:
        if not leave_out:
            raise
        return False, str(refusal)


def _write(path: Path, text: str) -> None:
    temporary = path.with_name(path.name + ".tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(text, encoding="utf-8", newline="")
        temporary.replace(path)
    except OSError as error:
        raise WozError(f"{path} can't be written ({error.strerror}).") from error
