"""Writes sessions' data in the field's formats."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
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
    """What was written, and the sessions that are in it; `warnings` and `left_out` hold a text for each session
    concerned, `lost` a sentence for each format that could not hold everything, `refused` one for each that could
    hold nothing, or nothing of some sessions, `leaks` one for each place where a name stands that was to be
    replaced.
    """

    sessions: tuple[SessionId, ...]
    files: tuple[Path, ...]
    warnings: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    leaks: tuple[str, ...] = ()


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
    wanted = _wanted(formats, going, Writing(folder, frame_rate)) if going else []
    targets = {path: file for each in wanted for path, file in each.targets.items()}
    taken = [path for path in targets if path.exists() and not overwrite]
    if taken:
        raise WozError(f"{taken[0]} exists already; choose another folder, or overwrite it with --overwrite.")
    for path, file in targets.items():
        _write(path, file)
    held = {bundle.session.id for each in wanted if each.targets for bundle in each.of}
    return Exported(
        tuple(bundle.session.id for bundle in going if bundle.session.id in held),
        tuple(targets),
        tuple(text for may, text in judged if may and text),
        tuple(text for may, text in judged if not may),
        tuple(told for each in wanted if (told := _losses(each.format, each.of))),
        tuple(each.refused for each in wanted if each.refused),
    )


def losses(names: Sequence[str], bundles: Sequence[SessionBundle]) -> list[str]:
    """What the named formats can't hold of these sessions, a sentence each. Raises WozError for unknown ones."""
    return [told for each in map(writer, names) if (told := _losses(each, bundles))]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is to be written in a format: the files, the sessions in them, and why not others."""

    format: Format
    targets: dict[Path, OutFile] = field(default_factory=dict)
    of: Sequence[SessionBundle] = ()
    refused: str = ""


def _wanted(formats: Sequence[Format], bundles: Sequence[SessionBundle], writing: Writing) -> list[_Wanted]:
    """Raises WozError where none has anything to hold."""
    found = [_in_format(each, bundles, writing) for each in formats]
    refused = [each.refused for each in found if each.refused]
    if refused and not any(each.targets for each in found):
        raise WozError(refused[0])
    return found


def _in_format(each: Format, bundles: Sequence[SessionBundle], writing: Writing) -> _Wanted:
    """Without the sessions of which the format can hold nothing, where it can hold others."""
    assert each.write is not None
    try:
        return _Wanted(each, _files(each.write(bundles, writing), writing), bundles)
    except WozError as refusal:
        why = str(refusal)
    fitting = [bundle for bundle in bundles if _fits(each, bundle, writing)]
    if not fitting or len(fitting) == len(bundles):
        return _Wanted(each, refused=why)
    try:
        files = _files(each.write(fitting, writing), writing)
    except WozError as refusal:
        return _Wanted(each, refused=str(refusal))
    known = {bundle.session.id for bundle in fitting}
    others = ", ".join(bundle.session.id for bundle in bundles if bundle.session.id not in known)
    return _Wanted(each, files, fitting, f"{each.name} was written without {others}. {why}")


def _fits(each: Format, bundle: SessionBundle, writing: Writing) -> bool:
    assert each.write is not None
    try:
        list(each.write([bundle], writing))
    except WozError:
        return False
    return True


def _files(files: Iterable[OutFile], writing: Writing) -> dict[Path, OutFile]:
    return {writing.folder.joinpath(*PurePosixPath(file.name).parts): file for file in files}


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
