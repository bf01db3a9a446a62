"""`woz export`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ui.application.answers import as_seen_by, chosen_sessions
from ui.cli.pseudonyms import add_pseudonym
from woz.base.clock import SystemClock
from woz.base.counts import counted

if TYPE_CHECKING:
    from woz.dataset.export import Exported

FEW = 5
"""So many sessions are named; of more it is told how many."""
_PLURALS = {"is": "are", "stays": "stay"}


def options(parser: argparse.ArgumentParser) -> None:
    from woz.formats.registry import writers

    parser.add_argument("project", type=Path, help="the project's folder")
    parser.add_argument(
        "--session", action="append", default=[], help="may be given again; the newest where it is left out"
    )
    parser.add_argument("--all", action="store_true", help="all sessions that may be exported")
    parser.add_argument("--release", action="store_true", help="the files leave the lab; all must have agreed")
    parser.add_argument("--out", type=Path, default=Path("exports"), help="the folder to write to (exports)")
    formats = "; ".join(f"{name}: {made.title}" for name, made in writers().items())
    usual = ", ".join(name for name, made in writers().items() if made.by_default)
    parser.add_argument(
        "--format",
        "--formats",
        dest="formats",
        action="append",
        default=[],
        metavar="NAME",
        help=(
            "one or more of the formats, with commas between; may be given again. Where none is named:"
            f" {usual}. All: {formats}"
        ).replace("%", "%%"),
    )
    parser.add_argument("--frame-rate", type=float, help="frames a second, for formats that count frames")
    parser.add_argument("--overwrite", action="store_true", help="write over files of an earlier export")
    add_pseudonym(parser, "--as", "viewer", "what this annotator may see")
    parser.add_argument("--json", action="store_true", help="one JSON object, nothing else")


def run(arguments: argparse.Namespace) -> int:
    from storage import Project
    from woz.lab.exporting import export_sessions

    names = [name.strip() for text in arguments.formats for name in text.split(",")]
    out = arguments.out.absolute()
    with Project.open(arguments.project, SystemClock()) as opened:
        project = as_seen_by(opened, arguments.viewer)
        known = len(project.sessions.all())
        chosen = chosen_sessions(project, arguments.session, arguments.all)
        made = export_sessions(
            project,
            chosen,
            out,
            names,
            arguments.overwrite,
            arguments.release,
            leave_out=arguments.all,
            frame_rate=arguments.frame_rate,
        )
    told = (
        *_grouped(made.warnings, FEW),
        *_grouped(made.left_out),
        *made.refused,
        *made.lost,
        *_leaking(made, out),
    )
    for text in () if arguments.json else told:
        print(f"woz: {text}", file=sys.stderr)
    print(json.dumps(_facts(made)) if arguments.json else _words(made, out, known, arguments))
    return 1 if made.left_out or made.refused or made.leaks else 0


def _leaking(made: Exported, out: Path) -> Iterator[str]:
    yield from made.leaks
    if made.leaks:
        yield (
            f"{out} is not to leave the lab; write it anew with --overwrite once the names are gone there, or once"
            " what is only like one was judged (woz names review --keep, --replace)."
        )


def _facts(made: Exported) -> dict[str, list[str]]:
    files = [str(path) for path in made.files]
    return {
        "sessions": list(made.sessions),
        "files": files,
        "warnings": list(made.warnings),
        "left_out": list(made.left_out),
        "lost": list(made.lost),
        "refused": list(made.refused),
        "leaks": list(made.leaks),
    }


def _grouped(texts: Sequence[str], most: int | None = None) -> Iterator[str]:
    """Texts that begin with a session and say the same of each are one; more sessions than `most` are counted."""
    by_rest: dict[str, list[str]] = {}
    for text in texts:
        session, _, rest = text.partition(" ")
        by_rest.setdefault(rest, []).append(session)
    for rest, sessions in by_rest.items():
        verb, _, more = rest.partition(" ")
        said = f"{_PLURALS.get(verb, verb)} {more}" if len(sessions) > 1 else rest
        yield f"{_who(sessions, most)} {said}"


def _who(sessions: Sequence[str], most: int | None) -> str:
    return ", ".join(sessions) if most is None or len(sessions) <= most else f"{len(sessions)} sessions"


def _words(made: Exported, out: Path, known: int, arguments: argparse.Namespace) -> str:
    lines = [str(path) for path in made.files]
    count = counted(len(made.files), "file")
    sessions = _who(made.sessions, FEW) or "no session"
    lines.append(f"{count} of {sessions} in {out}")
    if known > 1 and not (arguments.all or arguments.session):
        lines.append(f"This is the newest of {known} sessions; --session takes another, --all takes all.")
    return "\n".join(lines)
