"""What the reporting commands say in words."""

from __future__ import annotations

from woz.base.counts import counted
from woz.recording.check.figures import ClockFigures
from woz.recording.check.sound_losses import loss_words
from woz.recording.check.verdict import Verdict
from woz.recording.check.verification import Report, Sync

MOST_GAPS = 20


def report_words(report: Report) -> str:
    """A checked session in some lines."""
    seconds = report.duration_ns / 1e9
    if report.verdict == Verdict.NONE:
        return f"{report.session_id}   {report.verdict}   annotations alone, {seconds:.1f} s"
    lost = report.frames_captured - report.frames_in_file
    lines = [
        f"{report.session_id}   {report.verdict}   {report.state}, {seconds:.1f} s",
        f"  frames      {report.frames_in_file} of {report.frames_captured} captured ({lost} lost), "
        f"{counted(report.view_gaps, 'gap')} in the view, {report.voice_gaps} in the voices",
        f"  checksums   {'as recorded' if report.checksums_ok else 'DIFFER'}",
        f"  view/sound  {_sync_words(report.view_audio)}",
        f"  said        {_sync_words(report.expert_said)}",
        f"  heard       {_sync_words(report.expert_heard)}",
    ]
    if report.view_own:
        lines.append(f"  view/own    {_sync_words(report.view_own)}")
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


def _sync_words(sync: Sync | None) -> str:
    if sync is None:
        return "no marks to measure it by"
    return (
        f"largest error {sync.worst_ms:.1f} ms, median {sync.median_ms:+.1f} ms, over {counted(sync.marks, 'mark')}"
    )
