"""How a user names a source: KIND:WHAT?OPTION=VALUE&OPTION=VALUE."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl

from woz.base.errors import WozError

SOURCES = {
    "synthetic": "a drawn table-top task; options fps, size (pixels), task (seconds), grain (noise, luma steps)",
    "vrs:FILE": "an Aria recording of either generation; option loop=1",
    "file:FILE": "any video file; option loop=1",
    "camera:N": "the webcam number N",
    "aria1:usb|wifi": "Gen 1 glasses, live; options ip, profile, fps, record=1",
    "aria2:IP|usb": "Gen 2 glasses, live; options mode=http|webrtc, profile, record=1 and more",
    "SOURCE+aria2:IP": "view from another source, beside glasses that record for themselves; also SOURCE+aria1:usb",
    "aria2-replay:FILE": "a Gen 2 recording through the Aria Client SDK's live interface; option loop=1",
}
FORM = (
    'options follow a question mark, with & between, all in quotes: "vrs:FILE?loop=1", "synthetic?fps=10&size=704"'
)
"""As it is typed: a shell takes ? and & for its own."""

BESIDE = "+aria"
"""Between a source and glasses that record for themselves."""

_KINDS = {spec.partition(":")[0] for spec in SOURCES if BESIDE not in spec}
_USUAL = {"synthetic": "synthetic?fps=20&size=1408&task=60&grain=0", "camera": "camera:N"}
_OPTIONS = {
    "synthetic": ("fps", "size", "task", "grain"),
    "vrs": ("loop",),
    "file": ("loop",),
    "camera": (),
    "aria2-replay": ("loop",),
}
"""Those of live glasses are known to `woz.capture.aria`."""
_MISPLACED = re.compile(r"[,;&:](?=\w+=)")


@dataclass(frozen=True, slots=True)
class SourceSpec:
    kind: str
    what: str
    options: dict[str, str]


def parse_source(spec: str) -> SourceSpec:
    """Raises WozError for options in a wrong form, or that a source doesn't have, and shows the right one."""
    head, _, query = spec.partition("?")
    kind, _, what = head.partition(":")
    _check_place(spec, head, what)
    given = parse_qsl(query, keep_blank_values=True)
    known = _OPTIONS.get(kind)
    wrong = [name for name, value in given if not value or (known is not None and name not in known)]
    if wrong or (query and not given):
        raise WozError(f"{spec!r} has no option {wrong[0] if wrong else query!r}; its form is {_form(kind)}.")
    return SourceSpec(kind, what, dict(given))


def check_source(spec: str) -> None:
    """What can be told of a source before it is opened: its kind, and the form of its options. Raises WozError."""
    view, beside, glasses = spec.rpartition(BESIDE)
    for each in (view, f"aria{glasses}") if beside else (spec,):
        if parse_source(each).kind not in _KINDS:
            raise no_source(each)


def no_source(spec: str) -> WozError:
    return WozError(f"{spec!r} names no source; the sources are {', '.join(SOURCES)}.")


def _check_place(spec: str, head: str, what: str) -> None:
    misplaced = _MISPLACED.search(head)
    if misplaced and not (what and Path(what).exists()):
        options = _MISPLACED.sub("&", head[misplaced.end() :])
        right = f"{head[: misplaced.start()]}?{options}"
        raise WozError(f"{spec!r} has its options in the wrong place: they follow a question mark, {right!r}.")


def _form(kind: str) -> str:
    return repr(_USUAL.get(kind, f"{kind}:FILE?loop=1" if kind in _OPTIONS else f"{kind}:WHAT?OPTION=VALUE"))
