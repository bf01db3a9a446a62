"""What a package says of itself: `package.json` in its folder, beside the project that it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import msgspec

from woz.base.commands import quoted
from woz.base.errors import WozError
from woz.base.outside import Unsound, Whole, read_file
from woz.model.ids import AnnotatorId, PackageId, SessionId
from woz.model.package import end_utc_ns

FILE = "package.json"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class PackageFacts:
    """`recipient` is the age recipient of what goes back; who doesn't have it can make nothing that is taken."""

    id: PackageId
    project: str
    annotator_id: AnnotatorId
    pseudonym: str
    sessions: tuple[SessionId, ...]
    made_utc_ns: Whole
    until: date
    recipient: str
    format: int = FORMAT

    def ended(self, utc_ns: int) -> bool:
        return utc_ns >= end_utc_ns(self.until)

    def save(self, folder: Path) -> None:
        (folder / FILE).write_bytes(msgspec.json.format(msgspec.json.encode(self), indent=1))


def package_in(folder: Path) -> PackageFacts | None:
    """None for a folder that is no opened package. Raises WozError for one whose facts are damaged or of a newer
    woz.
    """
    try:
        found = read_file(folder / FILE, PackageFacts)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise WozError(f"{folder / FILE} can't be read ({error.strerror}); check the folder.") from error
    except Unsound as error:
        raise WozError(f"{folder / FILE} is damaged ({error}); open the package again.") from error
    if found.format > FORMAT:
        raise WozError(f"{folder} was made by a newer woz; update the program.")
    return found


def demand_in_time(folder: Path, utc_ns: int) -> PackageFacts | None:
    """The facts of an opened package; None for any other project. Raises WozError for a package after its last day.

    A clock can be set back: the date is an agreement, and the lab judges what comes back by its own clock.
    """
    facts = package_in(folder)
    if facts is not None and facts.ended(utc_ns):
        raise WozError(
            f"This package ended on {facts.until}. Return what you have with woz package return {quoted(folder)}"
            " --out FILE; then ask the lab for a new one."
        )
    return facts
