"""Keeps a film's faces in a file beside it: `faces/ego.json` for `ego.mkv`.

They are no annotations: a track has a box for each of its frames, thousands of numbers, and each decision on it
would be kept in the history with all of them again. The file has the film's hash, and is written as a
whole or not at all.
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from woz.base.errors import WozError
from woz.base.outside import Unsound, read_file
from woz.deidentifying.faces import Faces


class DamagedFacesError(WozError):
    """A film's file of faces can't be read."""


class NoFacesError(WozError):
    """Faces weren't looked for in a film."""


def faces_path(film: Path) -> Path:
    return film.parent / "faces" / f"{film.stem}.json"


def load_faces(film: Path) -> Faces | None:
    """None where they weren't looked for. Raises DamagedFacesError for a file that can't be read."""
    path = faces_path(film)
    try:
        return read_file(path, Faces)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise DamagedFacesError(
            f"{path} can't be read ({error.strerror}); check the folder's permissions."
        ) from error
    except Unsound as error:
        raise DamagedFacesError(
            f"{path} holds no faces that woz knows ({error}); bring back a copy of it."
        ) from error


def wanted_faces(film: Path) -> Faces:
    """Raises NoFacesError where they weren't looked for, DamagedFacesError for a file that can't be read."""
    faces = load_faces(film)
    if faces is None:
        raise NoFacesError(f"Faces were not looked for in {film.name} yet; run: woz blur detect PROJECT")
    return faces


def save_faces(film: Path, faces: Faces, instead_of: Faces | None) -> None:
    """Raises WozError where somebody else changed them since `instead_of` was read, or the disk takes no more."""
    path = faces_path(film)
    if load_faces(film) != instead_of:
        raise WozError(f"Somebody else changed the faces of {film.name} meanwhile; open them again.")
    part = path.with_suffix(f".{os.getpid()}.part")
    try:
        path.parent.mkdir(exist_ok=True)
        part.write_bytes(msgspec.json.encode(faces))
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise WozError(f"{path} can't be written ({error.strerror}); make room and try again.") from error
