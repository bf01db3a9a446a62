"""Whether there is a newer woz: asked only of an address that the lab has set, told and never installed.

Asked by `woz doctor` and by the home window when it opens; a station or a console asks nobody anything.
"""

from __future__ import annotations

import os
import re
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_config_path

from woz import __version__
from woz.base.errors import WozError
from woz.base.outside import Unsound, read, read_toml

VARIABLE = "WOZ_NEWER_AT"
MOST_BYTES = 64 * 1024
WITHIN_S = 5.0
_NUMBERS = re.compile(r"\d+(\.\d+)*")


@dataclass(frozen=True, slots=True)
class Newest:
    """What a lab writes into the file at the address; `notes` say what is new, and where it is."""

    version: str
    notes: str = ""


@dataclass(frozen=True, slots=True)
class _Settings:
    address: str = ""


def address() -> str:
    """Where to ask: an https address, or a file's path; empty, as it is at first, for nowhere.

    Raises WozError for a settings file that can't be read.
    """
    path = user_config_path("woz") / "newer.toml"
    try:
        return os.environ.get(VARIABLE) or read_toml(path, _Settings).address
    except FileNotFoundError:
        return ""
    except (OSError, Unsound) as error:
        raise WozError(f"{path} can't be read as settings ({error}).") from error


def newer_words() -> str:
    """A sentence where there is a newer woz than this one; else empty.

    Raises WozError where the address doesn't answer, or answers something else.
    """
    where = address()
    if not where:
        return ""
    found = _newest(where)
    if _numbers(found.version) <= _numbers(__version__):
        return ""
    notes = f": {found.notes}" if found.notes else ""
    return f"woz {found.version} is there, this is {__version__}{notes}"


def _newest(where: str) -> Newest:
    try:
        found = read(_fetched(where), Newest)
        _numbers(found.version)
    except (OSError, ValueError) as error:
        raise WozError(f"Whether there is a newer woz can't be read at {where} ({error}).") from error
    return found


def _fetched(where: str) -> bytes:
    if "://" not in where:
        with Path(where).open("rb") as file:
            return file.read(MOST_BYTES)
    if not where.startswith("https://"):
        raise ValueError("only https addresses and files are asked")
    with urllib.request.urlopen(where, timeout=WITHIN_S) as answer:
        body: bytes = answer.read(MOST_BYTES)
    return body


def _numbers(version: str) -> tuple[int, ...]:
    """Raises ValueError for what is no version, as 1.2.3 is one."""
    if not _NUMBERS.fullmatch(version):
        raise ValueError(f"{version!r} is no version")
    return tuple(int(part) for part in version.split("."))
