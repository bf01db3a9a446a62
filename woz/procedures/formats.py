"""All file formats of procedures; reading a file of any of them, and writing one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from woz.base.errors import WozError, unread
from woz.base.nearest import choices
from woz.base.outside import MOST_FILE_BYTES
from woz.model.procedure import Procedure
from woz.procedures.captaincook import CAPTAINCOOK
from woz.procedures.file_format import ProcedureFormat
from woz.procedures.keysteps import KEYSTEPS
from woz.procedures.outline import TEXT
from woz.procedures.problems import require_sound
from woz.procedures.recipes import RECIPE
from woz.procedures.yaml_file import YAML

FORMATS = {each.name: each for each in (YAML, RECIPE, TEXT, KEYSTEPS, CAPTAINCOOK)}
"""By name; among those with the same ending the more particular one comes first."""


def format_named(name: str) -> ProcedureFormat:
    """Raises WozError where there is none."""
    if name not in FORMATS:
        raise WozError(f"{name!r} is no format of procedures; {choices(name, FORMATS)}")
    return FORMATS[name]


def format_for(path: Path) -> ProcedureFormat:
    """The first that a file's name fits. Raises WozError where none does."""
    ending = path.suffix.lower().removeprefix(".")
    endings = sorted({each for form in FORMATS.values() for each in form.endings})
    found = next((form for form in (YAML, TEXT, CAPTAINCOOK) if ending in form.endings), None)
    if found is None:
        raise WozError(f"{path.name} has no ending of a procedure's file ({', '.join(endings)}); name the format.")
    return found


def read_procedures(path: Path, form: str = "", name: str = "") -> list[Procedure]:
    """The procedures of a file, `name` being that of a single one; the format is found where none is named.

    Raises WozError, with the file's name, where it can't be read or holds no procedure that can be followed.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_FILE_BYTES + 1)
        if len(raw) > MOST_FILE_BYTES:
            raise WozError(f"it is larger than {MOST_FILE_BYTES // 1024**2} MB, too large for a procedure.")
        found = (format_named(form) if form else _recognised(path, raw)).read(raw, name or path.stem)
        if name and len(found) == 1:
            found = [replace(found[0], name=name)]
        for procedure in found:
            require_sound(procedure)
    except (OSError, UnicodeDecodeError) as error:
        raise WozError(unread(path, error)) from error
    except WozError as error:
        raise WozError(f"{path}: {error}") from error
    return found


def write_procedures(procedures: Sequence[Procedure], form: ProcedureFormat) -> str:
    """Raises WozError where the format holds one procedure, and these are more or none."""
    if len(procedures) != 1 and not form.several:
        raise WozError(f"A file of the format {form.name} holds one procedure; name one.")
    return form.write(procedures)


def _recognised(path: Path, raw: bytes) -> ProcedureFormat:
    ending = path.suffix.lower().removeprefix(".")
    for form in FORMATS.values():
        if ending in form.endings and form.recognised(raw):
            return form
    raise WozError(f"it is none of the formats of procedures that are known ({', '.join(FORMATS)}).")
