"""What the reporting commands say in words."""

from __future__ import annotations

import asyncio
import importlib.util
import platform
import shutil
from pathlib import Path

from woz.capture.sound import devices
from woz.errors import WozError
from woz.link.ice_check import server_faults
from woz.recording.figures import ClockFigures
from woz.recording.folder import free_bytes
from woz.recording.sound_losses import loss_words
from woz.recording.verification import Report, Sync
from woz.transcription.diagnosis import ask, findings
from woz.transcription.models import is_installed

MOST_GAPS = 20


def report_words(report: Report) -> str:
    """A checked session in some lines."""
    seconds = report.duration_ns / 1e9
    lost = report.frames_captured - report.frames_in_file
    lines = [
        f"{report.session_id}   {report.verdict}   {report.state}, {seconds:.1f} s",
        f"  frames      {report.frames_in_file} of {report.frames_captured} captured ({lost} lost), "
        f"{report.view_gaps} gaps in the view, {report.voice_gaps} in the voices",
        f"  checksums   {'as recorded' if report.checksums_ok else 'DIFFER'}",
        f"  view/sound  {_sync_words(report.view_audio)}",
        f"  said        {_sync_words(report.expert_said)}",
        f"  heard       {_sync_words(report.expert_heard)}",
    ]
    lines += [f"  sound       {words}" for words in loss_words(report.losses)]
    lines += [f"  clock       {clock_words(clock)}" for clock in report.clocks]
    lines += [
        f"  gap         {gap.stream}: {gap.start_s:.2f} to {gap.end_s:.2f} s" for gap in report.gaps[:MOST_GAPS]
    ]
    lines += [f"  note        {reason}" for reason in report.reasons]
    return "\n".join(lines)


def clock_words(clock: ClockFigures) -> str:
    """A clock map in one line."""
    valid = f", valid {clock.valid_s[0]:.1f} to {clock.valid_s[1]:.1f} s" if clock.valid_s else ""
    return (
        f"{clock.stream}: drift {clock.drift_ppm:+.1f} ppm, residuals {clock.residual_p50_ms:.2f} / "
        f"{clock.residual_p95_ms:.2f} / {clock.residual_p99_ms:.2f} ms (50th, 95th, 99th percentile) of "
        f"{clock.readings} readings{valid}"
    )


def doctor() -> dict[str, str]:
    """One finding a line about this machine."""
    return {
        "system": f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
        "sound": _sound(),
        "ffmpeg": shutil.which("ffmpeg") or "not installed (only tests need it)",
        "espeak-ng": shutil.which("espeak-ng") or "not installed (the demo's voices need it)",
        "aria files": _package("projectaria_tools", "Aria recordings can't be replayed here"),
        "aria glasses": _package("aria", "live glasses need it: pip install 'woz[aria]'"),
        "network": _network(),
        **_recognition(),
        "disk": f"{free_bytes(Path.cwd()) / 1e9:.0f} GB free here",
    }


def _recognition() -> dict[str, str]:
    """What transcription needs, and the command that mends what is amiss."""
    if not is_installed():
        return {"transcription": "not installed: pip install 'woz[transcribe]'"}
    found = findings(ask())
    told = {f.name: f"{f.text}; run: {f.command}" if f.command else f.text for f in found}
    return {"transcription": "installed", **told}


def _sync_words(sync: Sync | None) -> str:
    if sync is None:
        return "no marks to measure it by"
    return f"largest error {sync.worst_ms:.1f} ms, median {sync.median_ms:+.1f} ms, over {sync.marks} marks"


def _sound() -> str:
    try:
        found = devices()
    except WozError as error:
        return str(error)
    inputs, outputs = sum(d.inputs > 0 for d in found), sum(d.outputs > 0 for d in found)
    names = ", ".join(f"{d.index} {d.name}" for d in found[:6])
    return f"{inputs} microphones, {outputs} outputs: {names}" if found else "no sound device"


def _network() -> str:
    from ui.reaching import network_file, reach_of

    try:
        ice = reach_of().ice
        faults = asyncio.run(server_faults(ice))
    except WozError as error:
        return str(error)
    servers = " and ".join(name for name in (ice.stun, ice.turn) if name)
    return " ".join(faults) or (
        f"{servers}: all well" if servers else f"no STUN or TURN server in {network_file()}"
    )


def _package(name: str, without: str) -> str:
    return "installed" if importlib.util.find_spec(name) else f"not installed: {without}"
