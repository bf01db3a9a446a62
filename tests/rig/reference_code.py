"""Functions of other people's programs, loaded from copies that lie outside of this repository.

A function is taken out of its file by its name, so that what it isn't about, Python 2's print statements among it,
need not run.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np

REPOSITORIES = {
    "ms-tcn": "yabufarha/ms-tcn at 33ed91c",
    "ActivityNet": "activitynet/ActivityNet at 82304fa",
    "ego-exo4d-proficiency": "EGO4D/ego-exo4d-proficiency at 7d65bd0",
    "long-short-term-transformer": "amazon-research/long-short-term-transformer at 899b0c2",
    "OVO-Bench": "JoeLeelyf/OVO-Bench at c34093f",
    "StreamingBench": "THUNLP-MT/StreamingBench at 8929923",
    "ProAssist": "pro-assist/ProAssist at 9d0b2b2",
    "VideoChat3": "MCG-NJU/VideoChat3 at 189754e, which has ProactiveVideoQA's PAUC",
}
"""The folders that are looked for, and what lies in them: a clone, or its files."""


class _OldNumpy(ModuleType):
    """Numpy with the names that it had until 1.24."""

    float = float

    def __getattr__(self, name: str) -> Any:
        return getattr(np, name)


def loaded(path: Path, *names: str, given: Mapping[str, Any] | None = None) -> SimpleNamespace:
    """The functions and classes of these names. Raises FileNotFoundError, and LookupError for one that lacks."""
    text = path.read_text(encoding="utf-8")
    module = ModuleType(path.stem)
    module.__dict__.update({"np": _OldNumpy("np"), **(given or {})})
    sys.modules[path.stem] = module
    for name in names:
        found = re.search(
            rf"^(?:@.*\n)*(?:def|class) {name}\b.*\n(?:(?:[ \t#)\]].*)?\n)*", text + "\n", re.MULTILINE
        )
        if found is None:
            raise LookupError(f"{path} has no {name}")
        exec(compile(found[0], str(path), "exec", dont_inherit=True), module.__dict__)
    return SimpleNamespace(**{name: module.__dict__[name] for name in names})


def method(path: Path, name: str, given: Mapping[str, Any]) -> Any:
    """A method of a class as a function."""
    text = path.read_text(encoding="utf-8")
    found = re.search(rf"^    def {name}\b.*\n(?:(?:     .*|    \).*)?\n)*", text + "\n", re.MULTILINE)
    if found is None:
        raise LookupError(f"{path} has no {name}")
    lines = [line.removeprefix("    ") for line in found[0].splitlines()]
    space: dict[str, Any] = {"np": _OldNumpy("np"), **given}
    exec(compile("\n".join(lines), str(path), "exec", dont_inherit=True), space)
    return space[name]
