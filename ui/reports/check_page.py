"""The report of `woz check` as one page of HTML that needs nothing else: to be archived beside the session."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

from ui.reports.plots import bars, course, dots, plot, stems
from woz import __version__
from woz.base.clock import iso_utc
from woz.base.counts import counted
from woz.base.new_file import new_file
from woz.recording.check.figures import NAMES, ClockFigures
from woz.recording.check.sound_losses import loss_words
from woz.recording.check.verdict import Verdict
from woz.recording.check.verification import Report, Sync

VERDICTS = {
    Verdict.GOOD: "Good. Nothing amiss was found.",
    Verdict.DOUBTFUL: "Doubtful. It can be used, with these things in mind:",
    Verdict.NONE: "No recording.",
    Verdict.BAD: "Bad. Don't use it before these things are settled:",
}
SYNCS = {
    "View against the trainee's voice": "view_audio",
    "View against its own device's sound": "view_own",
    "Expert's own recording against session time": "expert_said",
    "Expert as heard against as played": "expert_heard",
}
OWN = "view_own"
"""Told only where there is such a track."""
STYLE = """
body{font:15px/1.5 system-ui,sans-serif;color:#1d2329;background:#fff;max-width:900px;margin:2em auto;padding:0 1em}
h1{font-size:1.5em;margin:0}h2{font-size:1.05em;margin:1.8em 0 .4em}p{margin:.3em 0}
.sub{color:#5b6670}.verdict{display:block;padding:.7em 1em;margin:1em 0;border-left:6px solid;background:#f5f7f8}
.good{border-color:#1b7f4b}.doubtful{border-color:#b7791f}.bad{border-color:#b3261e}
table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.25em .7em .25em 0;
border-bottom:1px solid #dde2e6;vertical-align:top}th{font-weight:600}td.n,th.n{text-align:right;
font-variant-numeric:tabular-nums;white-space:nowrap}
svg{max-width:100%;height:auto;display:block}svg text{font:11px system-ui,sans-serif;fill:#5b6670}
.grid{stroke:#e3e7ea}.there{fill:#4a7fb5}.gap{fill:#c8372d}.course{fill:none;stroke-width:1.4}
.course.c0{stroke:#2f6ca3}.course.c1{stroke:#c26a16}.course.c2{stroke:#2c8a57}.course.c3{stroke:#8a4fa3}
.dot.c0{fill:#2f6ca3}.dot.c1{fill:#c26a16}.dot.c2{fill:#2c8a57}.dot.c3{fill:#8a4fa3}
.legend span{margin-right:1.4em}.key{display:inline-block;width:.8em;height:.8em;margin-right:.4em}
.k0{background:#2f6ca3}.k1{background:#c26a16}.k2{background:#2c8a57}.k3{background:#8a4fa3}
@media print{body{margin:0;max-width:none}}
"""


def write_page(path: Path, reports: Sequence[Report], made_utc_ns: int) -> None:
    """One page for all reports. Raises WozError where the file exists or can't be written."""
    text = page(reports, made_utc_ns)
    with new_file(path) as file:
        file.write(text)


def page(reports: Sequence[Report], made_utc_ns: int) -> str:
    title = ", ".join(report.session_id for report in reports) or "no session"
    foot = f'<p class="sub">Made by woz {__version__} on {iso_utc(made_utc_ns)}.</p>'
    body = "".join(map(_session, reports))
    head = f'<meta charset="utf-8"><title>woz check: {escape(title)}</title><style>{STYLE}</style>'
    return f'<!doctype html><html lang="en"><head>{head}</head><body>{body}{foot}</body></html>\n'


def _session(report: Report) -> str:
    seconds = report.duration_ns / 1e9
    minutes, rest = divmod(round(seconds), 60)
    head = f"<h1>{escape(report.session_id)}</h1>"
    sub = f'<p class="sub">{escape(report.state)}, {minutes} min {rest:02d} s</p>'
    parts = (_figures(report), _streams(report), _frames(report), _syncs(report), _clocks(report), _files(report))
    return head + sub + _verdict(report) + "".join(parts)


def _verdict(report: Report) -> str:
    reasons = "".join(f"<li>{escape(_sentence(reason))}</li>" for reason in report.reasons)
    list_of = f"<ul>{reasons}</ul>" if reasons else ""
    return f'<div class="verdict {report.verdict}"><b>{VERDICTS[report.verdict]}</b>{list_of}</div>'


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")


def _figures(report: Report) -> str:
    lost = report.frames_captured - report.frames_in_file
    rows = [
        ("Frames", f"{report.frames_in_file} of {report.frames_captured} captured, {lost} lost"),
        ("Gaps", f"{report.view_gaps} in the view, {report.voice_gaps} in the voices"),
        ("Sound", "; ".join(loss_words(report.losses)) or "none that a device or a recorder lost"),
        ("Checksums", "as recorded" if report.checksums_ok else "differ"),
    ]
    shown = {name: getattr(report, field) for name, field in SYNCS.items() if field != OWN or report.view_own}
    rows += [(name, _sync_words(sync)) for name, sync in shown.items()]
    return _table((), [(f"<b>{escape(a)}</b>", escape(b)) for a, b in rows])


def _sync_words(sync: Sync | None) -> str:
    if sync is None:
        return "no marks to measure it by"
    return (
        f"largest error {sync.worst_ms:.1f} ms, median {sync.median_ms:+.1f} ms, over {counted(sync.marks, 'mark')}"
    )


def _streams(report: Report) -> str:
    if not report.streams:
        return ""
    rows = []
    for stream in report.streams:
        gaps = [(gap.start_s, gap.end_s) for gap in report.gaps if gap.stream == stream.stream]
        rows.append((_name(stream.stream), stream.start_s, stream.end_s, gaps))
    length = max([report.duration_ns / 1e9, *(stream.end_s for stream in report.streams)])
    rows = [(name, max(0.0, start), end, gaps) for name, start, end, gaps in rows]
    return "<h2>Streams and gaps</h2>" + bars(rows, length)


def _frames(report: Report) -> str:
    if not report.frame_steps:
        return ""
    picture = plot([("", report.frame_steps)], "ms", report.duration_ns / 1e9, stems, (0.0,))
    return "<h2>Longest distance between two frames</h2>" + picture


def _syncs(report: Report) -> str:
    found = [(name, sync.errors) for name, field in SYNCS.items() if (sync := getattr(report, field))]
    if not found:
        return ""
    return "<h2>Errors at the sync marks</h2>" + plot(found, "ms", report.duration_ns / 1e9, dots, (-1, 1))


def _clocks(report: Report) -> str:
    if not report.clocks:
        return ""
    head = ("Clock of", "offset", "drift", "residuals 50 / 95 / 99%", "largest", "readings", "valid")
    rows = [
        (
            escape(_name(clock.stream)),
            f"{clock.offset_ms / 1e3:.4f} s",
            f"{clock.drift_ppm:+.2f} ppm",
            *_residuals(clock),
            str(clock.readings or "none"),
            f"{clock.valid_s[0]:.1f} to {clock.valid_s[1]:.1f} s" if clock.valid_s else "not known",
        )
        for clock in report.clocks
    ]
    bent = [(_name(clock.stream), clock.bend) for clock in report.clocks if len(clock.bend) > 2]
    picture = plot(bent, "ms", report.duration_ns / 1e9, course, (-0.1, 0.1)) if bent else ""
    told = "<p>How far each map is from the straight line between its ends:</p>" if bent else ""
    return "<h2>Clock maps</h2>" + _table(head, rows, numbers=True) + told + picture


def _residuals(clock: ClockFigures) -> tuple[str, str]:
    if not clock.readings:
        return "not known", "not known"
    percentiles = (clock.residual_p50_ms, clock.residual_p95_ms, clock.residual_p99_ms)
    return " / ".join(f"{ms:.2f}" for ms in percentiles) + " ms", f"{clock.residual_max_ms:.2f} ms"


def _files(report: Report) -> str:
    rows = [(escape(file.path), escape(file.problem or "as recorded")) for file in report.files]
    return "<h2>Files</h2>" + _table(("File", "Against its checksum"), rows) if rows else ""


def _name(stream: str) -> str:
    name = NAMES.get(stream, stream)
    return name[:1].upper() + name[1:]


def _table(head: Sequence[str], rows: Iterable[Sequence[str]], numbers: bool = False) -> str:
    def cell(tag: str, i: int, text: str) -> str:
        return f'<{tag} class="n">{text}</{tag}>' if numbers and i else f"<{tag}>{text}</{tag}>"

    top = "".join(cell("th", i, text) for i, text in enumerate(head))
    body = ("<tr>" + "".join(cell("td", i, text) for i, text in enumerate(row)) + "</tr>" for row in rows)
    return f"<table>{f'<tr>{top}</tr>' if top else ''}{''.join(body)}</table>"
