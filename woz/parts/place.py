"""Where the parts lie on this machine, and how a module of woz is run in one."""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_data_path

import woz
from woz.base.outside import Unsound, read_file
from woz.parts.known import Part

NOTE = "part.json"
START = Path(woz.__file__).parent / "parts" / "start.py"


@dataclass(frozen=True, slots=True)
class Made:
    """What is noted in an environment once it is whole."""

    pins: str
    device: str
    woz: str


def folder_of(part: Part) -> Path:
    """It stays where it is when the program is updated or goes."""
    return user_data_path("woz") / "parts" / part.name


def made(part: Part) -> Made | None:
    """None where it isn't here, or isn't whole."""
    try:
        found = read_file(folder_of(part) / NOTE, Made)
    except (OSError, Unsound):
        return None
    return found if python_in(folder_of(part)).is_file() else None


def is_current(part: Part, found: Made) -> bool:
    """Whether it holds the versions that this program asks for; older ones serve until they are made anew."""
    return found.pins == pins_hash(part)


def pins_hash(part: Part) -> str:
    return hashlib.sha256(part.pins.read_bytes()).hexdigest()


def python_in(environment: Path) -> Path:
    return environment / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def is_here(part: Part, modules: Iterable[str] = ()) -> bool:
    """In this program's own environment, or in the part's; nothing is imported to find out."""
    return in_own_environment(modules or part.modules) or made(part) is not None


def in_own_environment(modules: Iterable[str]) -> bool:
    return all(importlib.util.find_spec(name.partition(".")[0]) for name in modules)


def version_of(part: Part, package: str) -> str:
    """Of a package of a part, where `command` runs it; “none” where it isn't there."""
    if in_own_environment(part.modules) or made(part) is None:
        found = importlib.metadata.distributions(name=package)
    else:
        places = [str(path) for path in _packages_in(folder_of(part))]
        found = importlib.metadata.distributions(name=package, path=places)
    return next((one.version for one in found), "none")


def _packages_in(environment: Path) -> list[Path]:
    return [*environment.glob("lib/python*/site-packages"), *environment.glob("Lib/site-packages")]


def command(part: Part, module: str, *arguments: str) -> list[str]:
    """To run a module of woz with what a part brings: as this program runs, where it has that itself."""
    if in_own_environment(part.modules) or made(part) is None:
        return [sys.executable, "-m", module, *arguments]
    return within(folder_of(part), module, *arguments)


def within(environment: Path, module: str, *arguments: str) -> list[str]:
    """To run a module of woz, as this program has it, by the Python of an environment without woz."""
    return [str(python_in(environment)), "-P", "-B", str(START), module, *arguments]
