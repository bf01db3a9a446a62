"""`woz demo`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from ui.application.answers import quiet, say
from ui.cli.sources import add_source
from woz.base.clock import SystemClock
from woz.base.counts import counted
from woz.base.errors import WozError

SHORTEST_S = 20
BUSY_CORES = 0.2
"""With less left of all cores, sound and pictures come late."""


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--headless", action="store_true", help="windows run offscreen and leave screenshots")
    parser.add_argument("--seconds", type=_seconds, default=60, help=f"how long; {SHORTEST_S} at least (60)")
    add_source(parser, "")
    parser.add_argument("--out", type=Path, help="a new folder for all that it makes")
    parser.add_argument("--virtual-sound", action="store_true", help="no sound system: devices inside the program")
    parser.add_argument("--model", help="a Whisper model's name or folder; without one the script is imported")
    parser.add_argument("--json", action="store_true", help="one JSON object, nothing else")


def _seconds(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or int(text) < SHORTEST_S:
        raise argparse.ArgumentTypeError(f"the demo's dialogue needs {SHORTEST_S} seconds or more, not {text}")
    return int(text)


def run(arguments: argparse.Namespace) -> int:
    import os

    from ui.cli.demo_session import Demo, DemoOptions
    from woz.lab.transcribing import named_model

    headless = arguments.headless or not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    out = arguments.out or Path("demo-out") / SystemClock().utc_ns().__str__()[:10]
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise WozError(f"{out} is not empty; give the demo a new folder with --out.")
    options = DemoOptions(
        out.absolute(),
        arguments.seconds,
        arguments.source,
        headless,
        Path(model) if (model := named_model(arguments.model)) else None,
        arguments.theme,
        arguments.virtual_sound,
    )
    tell = quiet if arguments.json else say
    summary = Demo(options, tell).run()
    _shoot_editor(summary, options.out / "screenshots" / "editor.png", arguments.theme)
    print(json.dumps(summary) if arguments.json else _demo_words(summary), flush=True)
    if not headless and not arguments.json:
        return _open_editor(Path(summary["project"]), summary["session_id"], arguments.theme)
    return 0


def _shoot_editor(summary: dict[str, Any], target: Path, theme: str) -> None:
    """The editor's picture, taken in a process of its own, offscreen."""
    import os
    import subprocess

    command = [sys.executable, "-m", "ui.cli", "annotate", summary["project"], "--session", summary["session_id"]]
    command += ["--shot", str(target), "--theme", theme]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["it ended"])[-1].removeprefix("woz: ")
        raise WozError(f"The editor could not be opened on the demo's session: {said}")
    summary["screenshots"].append(str(target))


def _open_editor(project: Path, session_id: str, theme: str) -> int:
    from ui.application.opening import opening

    with opening("Opening the editor", theme):
        from ui.editor.run import run_editor

        return run_editor(project, session_id, "", theme, None)


def _demo_words(summary: dict[str, Any]) -> str:
    frames, latency, sync = summary["frames"], summary["latency_ms"], summary["sync_ms"]
    marks = ", ".join(
        f"{name.replace('_', ' ')} {'no marks' if value is None else f'{value:.1f} ms'}"
        for name, value in sync.items()
    )
    return "\n".join(
        (
            f"Session    {summary['session_id']}, {summary['seconds']:.1f} s, in {summary['project']}",
            f"Frames     {frames['captured']} captured, {frames['recorded']} recorded, {frames['shown']} shown",
            f"Delay      {latency['p50']} ms capture to shown (median), {latency['p95']} ms (95th percentile)",
            f"Sync       {marks} (largest error)",
            f"Dialogue   {counted(summary['turns'], 'turn')} ({summary['transcript_origin']}),"
            f" {counted(summary['states'], 'state')}",
            f"Annotated  {counted(summary['steps'], 'step')}, {counted(summary['questions'], 'question')}",
            f"Verdict    {summary['check']['verdict']}: {_reasons(summary)}",
            *_machine(summary),
            f"Exports    {counted(len(summary['exports']), 'file')} in {Path(summary['exports'][0]).parent}",
            f"Pictures   {', '.join(summary['screenshots'])}",
        )
    )


def _machine(summary: dict[str, Any]) -> tuple[str, ...]:
    """Where the machine had no time left, it may be the reason of what is amiss."""
    if summary["cores_left"] > BUSY_CORES:
        return ()
    return (f"Machine    busy: only {summary['cores_left']:.2f} of a core was left while the demo recorded",)


def _reasons(summary: dict[str, Any]) -> str:
    return "; ".join(summary["check"]["reasons"]) or "nothing amiss"
