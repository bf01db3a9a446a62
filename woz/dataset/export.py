"""Writes sessions' data in the field's formats."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from woz.base.errors import WozError
from woz.dataset.released_media import released_media
from woz.formats.bundle import SessionBundle
from woz.formats.format import Format, OutFile, Writing
from woz.formats.registry import writer, writers
from woz.model.ids import SessionId
from woz.privacy.consent import export_warning


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written of which sessions; `warnings` and `left_out` hold a text for each session concerned, `lost`
    a sentence for each format that could not hold everything, `refused` one for each that could hold nothing.
    """

    sessions: tuple[SessionId, ...]
    files: tuple[Path, ...]
    warnings: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


def usual_formats() -> tuple[str, ...]:
    """Those that are written where none is named."""
    return tuple(name for name, each in writers().items() if each.by_default)


def export_sessions(
    bundles: Sequence[SessionBundle],
    folder: Path,
    names: Sequence[str] = (),
    overwrite: bool = False,
    release: bool = False,
    leave_out: bool = False,
    frame_rate: float | None = None,
    over: Mapping[SessionId, str] | None = None,
) -> Exported:
    """Write the named formats of sessions; the usual ones where none is named. `release`: the files will leave the
    lab. `leave_out`: sessions that may not be exported are passed over and told, instead of refused. Annotators
    leave by pseudonyms. `frame_rate` is for formats that count frames. `over` are sessions that don't leave the lab
    since they are due to go, and why.

    Raises WozError, with nothing written, for an unknown format, a file that exists, and where consent lacks
    (`woz.privacy.consent.export_warning`) or a session is `over`; and for a folder that can't be written.
    """
    formats = [writer(name) for name in names or usual_formats()]
    judged = [_judged(bundle, release, leave_out, (over or {}).get(bundle.session.id, "")) for bundle in bundles]
    going = tuple(bundle for bundle, (may, _) in zip(bundles, judged, strict=True) if may)
    if release:
        going = tuple(released_media(bundle, folder) for bundle in going)
    targets, refused = _targets(formats, going, Writing(folder, frame_rate)) if going else ({}, {})
    taken = [path for path in targets if path.exists() and not overwrite]
    if taken:
        raise WozError(f"{taken[0]} exists already; choose another folder, or overwrite it with --overwrite.")
    for path, file in targets.items():
        _write(path, file)
    return Exported(
        tuple(bundle.session.id for bundle in going),
        tuple(targets),
        tuple(text for may, text in judged if may and text),
        tuple(text for may, text in judged if not may),
        tuple(losses([each.name for each in formats if each.name not in refused], going)),
        tuple(refused.values()),
    )


def losses(names: Sequence[str], bundles: Sequence[SessionBundle]) -> list[str]:
    """What the named formats can't hold of these sessions, a sentence each. Raises WozError for unknown ones."""
    return [told for each in map(writer, names) if (told := _losses(each, bundles))]


def _targets(
    formats: Sequence[Format], bundles: Sequence[SessionBundle], writing: Writing
) -> tuple[dict[Path, OutFile], dict[str, str]]:
    """Also why a format, by its name, has nothing to hold. Raises WozError where none has anything."""
    found: dict[Path, OutFile] = {}
    refused: dict[str, str] = {}
    for each in formats:
        assert each.write is not None
        try:
            files = list(each.write(bundles, writing))
        except WozError as refusal:
            refused[each.name] = str(refusal)
        else:
            found.update({writing.folder.joinpath(*PurePosixPath(file.name).parts): file for file in files})
    if refused and not found:
        raise WozError(next(iter(refused.values())))
    return found, refused


def _losses(each: Format, bundles: Sequence[SessionBundle]) -> str:
    count = Counter[str]()
    for lost in each.losses(bundles):
        count[lost.what] += lost.count
    told = ", ".join(f"{what} ({n})" for what, n in count.items() if n)
    return f"{each.name} can't hold everything; left out: {told}." if told else ""


def _judged(bundle: SessionBundle, release: bool, leave_out: bool, over: str) -> tuple[bool, str]:
    """Whether a session may be exported, and what has to be said of that."""
    try:
        if over and release:
            raise WozError(f"{bundle.session.id} stays here. {over} woz people PROJECT --due says what to do.")
        return True, export_warning(bundle.session, bundle.participants, release)
    except WozError as refusal:
        if not leave_out:
            raise
        return False, str(refusal)


def _write(path: Path, file: OutFile) -> None:
    """The file gets its name once it is whole."""
    temporary = path.with_name(path.name + ".tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("w", encoding="utf-8", newline="") as out:
            out.writelines(file.text)
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise WozError(f"{path} can't be written ({error.strerror}).") from error
    except WozError:
        temporary.unlink(missing_ok=True)
        raise
