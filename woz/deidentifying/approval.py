"""Whether a blurred copy of a film may leave the lab."""

from __future__ import annotations

from pathlib import Path

from woz.deidentifying.burning import copy_path, load_copy
from woz.deidentifying.keeping import load_faces
from woz.recording.folder.session_folder import sha256_of


def unapproved(film: Path) -> str:
    """Why it may not, as its faces and the facts of its copy say, in one sentence; nothing is hashed."""
    faces, copy = load_faces(film), load_copy(film)
    if faces is None:
        return f"Faces were not looked for in {film.name}; run woz blur detect."
    if not faces.approved:
        return f"No second person signed off the faces of {film.name}; run woz blur review."
    if copy is None or copy.faces != faces.digest or not copy_path(film).is_file():
        return f"There is no blurred copy of {film.name} with the faces as they were signed off; run woz blur burn."
    return ""


def blur_objection(film: Path) -> str:
    """Why it may not, in one sentence; empty where it may.

    The tracks are signed off as they are, the copy was made of them and of this film, and is what was made.
    """
    copy = load_copy(film)
    if (why := unapproved(film)) or copy is None:
        return why
    if sha256_of(film) != copy.film_sha256:
        return f"{film.name} was changed since it was blurred; run woz blur detect --again."
    if sha256_of(copy_path(film)) != copy.copy_sha256:
        return f"{copy_path(film).name} is not as it was made; run woz blur burn."
    return ""
