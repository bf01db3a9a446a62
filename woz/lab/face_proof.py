"""Proves how well a film's faces are covered, and keeps what a second person counted."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import msgspec

from woz.base.errors import WozError, reason_of
from woz.base.outside import Unsound, read_file
from woz.deidentifying.burning import copy_path, load_copy
from woz.deidentifying.faces import Faces
from woz.deidentifying.keeping import faces_path, wanted_faces
from woz.deidentifying.proving import Count, Known, measured
from woz.deidentifying.sampling import drawn, read_count, write_samples
from woz.lab.blurring import SessionFilm


@dataclass(frozen=True, slots=True)
class Proof:
    """What `by` counted on a copy that was made of these faces."""

    faces: str
    by: str
    count: Count


def draw_samples(film: SessionFilm, count: int, seed: int, folder: Path) -> tuple[Path, int]:
    """The table to fill in, and how many samples there are. Raises WozError where there is no copy to look at."""
    faces = _burned(film)
    samples = drawn(faces, film.index().times, count, seed)
    return write_samples(copy_path(film.path), film.index(), samples, folder, faces.digest), len(samples)


def counted_by(film: SessionFilm, table: Path, by: str) -> Count:
    """Keep it. Raises WozError where `by` decided on the faces, or the table isn't filled in or of other faces."""
    faces = _burned(film)
    if by in faces.reviewers():
        raise WozError(f"{by} decided on these faces; somebody else has to count.")
    proof = Proof(faces.digest, by, read_count(table, faces.digest))
    path = _path(film.path)
    try:
        path.write_bytes(msgspec.json.encode(proof))
    except OSError as error:
        raise WozError(f"{path} can't be written ({error.strerror}); make room and try again.") from error
    return proof.count


def measured_on(film: SessionFilm, known: Path) -> Count:
    """Raises WozError for boxes that can't be read, or are of another film."""
    try:
        boxes = read_file(known, list[Known])
    except (OSError, Unsound) as error:
        reason = reason_of(error) if isinstance(error, OSError) else error
        raise WozError(
            f"{known} holds no boxes ({reason}); write them as"
            ' [{"first": 0, "boxes": [[left, top, width, height], …]}, …].'
        ) from error
    return measured(wanted_faces(film.path), film.index().times, boxes)


def proof_of(film: Path, faces: Faces) -> Proof | None:
    """None where nobody counted on a copy with the faces as they are."""
    try:
        proof = read_file(_path(film), Proof)
    except (OSError, Unsound):
        return None
    return proof if proof.faces == faces.digest else None


def _burned(film: SessionFilm) -> Faces:
    faces, copy = wanted_faces(film.path), load_copy(film.path)
    if copy is None or copy.faces != faces.digest or not copy_path(film.path).is_file():
        raise WozError(f"There is no blurred copy of {film.path.name} with these faces; run woz blur burn.")
    return faces


def _path(film: Path) -> Path:
    return faces_path(film).with_suffix(".proof.json")
