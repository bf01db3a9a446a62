"""Proves how well the faces of films are covered, and keeps what a second person counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from woz.base.errors import WozError, reason_of
from woz.base.outside import Unsound, read_file
from woz.deidentifying.burning import copy_path, load_copy
from woz.deidentifying.faces import Faces
from woz.deidentifying.keeping import faces_path, wanted_faces
from woz.deidentifying.proving import Count, Known, measured, together
from woz.deidentifying.sampling import Blurred, drawn, read_counts, write_samples
from woz.lab.blurring import SessionFilm


class NoCopyError(WozError):
    """A film has no blurred copy that was made of its faces as they are."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What `by` counted on a copy that was made of these faces."""

    faces: str
    by: str
    count: Count


def draw_samples(films: Mapping[str, SessionFilm], count: int, seed: int, folder: Path) -> tuple[Path, int]:
    """The table to fill in, and how many samples there are, of all films together; these by what they are called in
    the table. Raises WozError where there is no copy to look at.
    """
    copies = {name: _copy(film, len(films) > 1) for name, film in films.items()}
    samples = drawn(copies, count, seed)
    return write_samples(copies, samples, folder), sum(map(len, samples.values()))


def counted_by(films: Mapping[str, SessionFilm], table: Path, by: str) -> Count:
    """Of all films together; keep it, of each film its part.

    Raises WozError where `by` decided on the faces, or the table isn't filled in or of other faces.
    """
    digests, decided = dict[str, str](), set[str]()
    for name, film in films.items():
        faces = burned_faces(film)
        digests[name] = faces.digest
        if by in faces.reviewers():
            decided.add(name)
    counts = read_counts(table, digests)
    if own := next((name for name in counts if name in decided), None):
        raise WozError(f"{by} decided on the faces of {own}; somebody else has to count.")
    for name, count in counts.items():
        _keep(films[name].path, Proof(digests[name], by, count))
    return together(counts.values())


def _keep(film: Path, proof: Proof) -> None:
    path = _path(film)
    try:
        path.write_bytes(msgspec.json.encode(proof))
    except OSError as error:
        raise WozError(f"{path} can't be written ({error.strerror}); make room and try again.") from error


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


def burned_faces(film: SessionFilm) -> Faces:
    """Those that its blurred copy was made of. Raises NoCopyError where there is none of the faces as they are, and
    as `wanted_faces` does.
    """
    faces, copy = wanted_faces(film.path), load_copy(film.path)
    if copy is None or copy.faces != faces.digest or not copy_path(film.path).is_file():
        raise NoCopyError(f"There is no blurred copy of {film.path.name} with these faces; run woz blur burn.")
    return faces


def _copy(film: SessionFilm, apart: bool) -> Blurred:
    within = f"{film.path.parent.name}/{film.path.stem}" if apart else ""
    return Blurred.of(copy_path(film.path), film.index, burned_faces(film), within)


def _path(film: Path) -> Path:
    return faces_path(film).with_suffix(".proof.json")
