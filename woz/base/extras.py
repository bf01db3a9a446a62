"""How what woz can do without is added, where it isn't here: by the means that woz itself was installed with."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from woz.base.commands import quoted
from woz.base.outside import Unsound, read, read_file, read_toml

UV_NOTE, PIPX_NOTE = "uv-receipt.toml", "pipx_metadata.json"
"""What uv and pipx leave in the environment of a tool that they installed."""
ORIGIN = "direct_url.json"
"""Where an installed package came from, if from no index (PEP 610)."""
REQUIREMENTS = Path("packaging", "requirements")
_EXTRAS = re.compile(r"\[([^\[\]/\\]*)\](?=$|\s*@)")


@dataclass(frozen=True, slots=True)
class _Folder:
    editable: bool = False


@dataclass(frozen=True, slots=True)
class _Origin:
    url: str = ""
    dir_info: _Folder | None = None

    @property
    def editable(self) -> bool:
        return self.dir_info is not None and self.dir_info.editable

    def with_extras(self, extras: frozenset[str]) -> str:
        """As uv, pipx and pip take it."""
        from urllib.request import url2pathname

        names, address = ",".join(sorted(extras)), urlsplit(self.url)
        if address.scheme == "file":
            return f"{url2pathname(address.path)}[{names}]"
        return f"woz[{names}] @ {self.url}" if self.url else f"woz[{names}]"


@dataclass(frozen=True, slots=True)
class _Required:
    name: str
    extras: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Tool:
    requirements: tuple[_Required, ...] = ()


@dataclass(frozen=True, slots=True)
class _UvNote:
    tool: _Tool


@dataclass(frozen=True, slots=True)
class _Package:
    package_or_url: str


@dataclass(frozen=True, slots=True)
class _PipxNote:
    main_package: _Package


def how_to_add(extra: str) -> str:
    """The end of a sentence. The program without Python holds no packages of others' choice."""
    if getattr(sys, "frozen", False):
        return (
            f"this program can't hold it: install woz's wheel by uv, with its extra {extra} (see Installing woz)."
        )
    return f"run: {_command(extra)}"


def _command(extra: str) -> str:
    """uv and pipx make a tool's environment anew, so the extras that it has are named again."""
    room, origin = Path(sys.prefix), _origin()
    editable = "--editable " if origin.editable else ""
    if (note := room / UV_NOTE).is_file():
        return f"uv tool install --force {editable}{quoted(origin.with_extras(_of_uv(note) | {extra}))}"
    if (note := room / PIPX_NOTE).is_file():
        return f"pipx install --force {editable}{quoted(origin.with_extras(_of_pipx(note) | {extra}))}"
    pins = Path(__file__).parents[2] / REQUIREMENTS / f"{extra}.txt"
    if pins.is_file():
        return f"{installer()} -r {quoted(str(pins))}"
    return f"{installer()} {editable}{quoted(origin.with_extras(frozenset({extra})))}"


def _origin() -> _Origin:
    try:
        return read(importlib.metadata.distribution("woz").read_text(ORIGIN) or "{}", _Origin)
    except (importlib.metadata.PackageNotFoundError, Unsound):
        return _Origin()


def _of_uv(note: Path) -> frozenset[str]:
    """The extras that the tool was installed with."""
    try:
        required = read_toml(note, _UvNote).tool.requirements
    except (OSError, Unsound):
        return frozenset()
    return frozenset(extra for each in required if each.name == "woz" for extra in each.extras)


def _of_pipx(note: Path) -> frozenset[str]:
    """The extras that the tool was installed with."""
    try:
        named = _EXTRAS.search(read_file(note, _PipxNote).main_package.package_or_url)
    except (OSError, Unsound):
        return frozenset()
    return frozenset(filter(None, map(str.strip, named[1].split(",")))) if named else frozenset()


def installer() -> str:
    """The command's beginning for the environment that this program runs in, which uv makes without a pip."""
    python = quoted(sys.executable)
    return f"{python} -m pip install" if importlib.util.find_spec("pip") else f"uv pip install --python {python}"
