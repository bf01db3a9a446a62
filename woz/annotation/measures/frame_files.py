"""Label files of the MS-TCN line of work: a folder with a text file a video, a label a frame."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from woz.annotation.measures.segmentation_scores import Frames
from woz.base.errors import WozError, unread

RESULT_HEAD = "### Frame level recognition: ###"
"""The first line of a result as the reference program writes it; the labels follow in one line."""


def read_frames(path: Path) -> Frames:
    """The labels of a video's frames: a line each, or all in one line after the head. Raises WozError."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise WozError(unread(path, error)) from error
    if lines and lines[0].strip() == RESULT_HEAD:
        return " ".join(lines[1:]).split()
    labels = [line.strip() for line in lines]
    while labels and not labels[-1]:
        labels.pop()
    if not labels or not all(labels):
        raise WozError(f"{path} has no label on some of its lines; it needs one a frame.")
    return labels


def paired_folders(
    reference: Path, predicted: Path, listed: Path | None = None
) -> Mapping[str, tuple[Frames, Frames]]:
    """Both label sequences of each video, by its name; the ending `.txt` of a file may lack. `listed` is a file of
    a split, a name a line: of the reference these videos alone are taken.

    Raises WozError where a video lacks in one of the folders, or has other lengths in both: no figure is made from
    a part of the data.
    """
    known, told = _files(reference), _files(predicted)
    if not known:
        raise WozError(f"{reference} holds no label files; it needs a text file a video.")
    if listed:
        known = _listed(listed, known, reference)
    for missing, folder in ((known.keys() - told.keys(), predicted), (told.keys() - known.keys(), reference)):
        if missing:
            first = sorted(missing)[0]
            raise WozError(
                f"{folder} lacks {len(missing)} of the videos, {first} among them; add them, or take them out."
            )
    return {name: _of_one_length(name, read_frames(known[name]), read_frames(told[name])) for name in sorted(known)}


def _listed(path: Path, known: Mapping[str, Path], reference: Path) -> dict[str, Path]:
    try:
        names = [line.strip().removesuffix(".txt") for line in path.read_text(encoding="utf-8-sig").splitlines()]
    except (OSError, UnicodeDecodeError) as error:
        raise WozError(unread(path, error)) from error
    wanted = [name for name in names if name]
    unknown = [name for name in wanted if name not in known]
    if unknown or not wanted:
        raise WozError(f"{path} names {unknown[0] if unknown else 'no video'}, which {reference} doesn't hold.")
    return {name: known[name] for name in wanted}


def _files(folder: Path) -> dict[str, Path]:
    if not folder.is_dir():
        raise WozError(f"{folder} is no folder; name one with a text file a video.")
    found = dict[str, Path]()
    for path in sorted(folder.iterdir()):
        name = path.stem if path.suffix == ".txt" else path.name
        if path.name.startswith(".") or not path.is_file():
            continue
        if name in found:
            raise WozError(f"{folder} holds {name} twice, as {found[name].name} and {path.name}; keep one.")
        found[name] = path
    return found


def _of_one_length(name: str, reference: Frames, predicted: Frames) -> tuple[Frames, Frames]:
    if len(reference) != len(predicted):
        raise WozError(
            f"{name} has {len(reference)} frames in the reference and {len(predicted)} in the prediction;"
            " predict each frame once."
        )
    return reference, predicted
