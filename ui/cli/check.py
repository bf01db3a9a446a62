"""`woz check`."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from ui.application.answers import chosen_session, progress
from woz.base.clock import SystemClock
from woz.base.errors import WozError
from woz.base.machine_faults import SHORT, answered
from woz.model.ids import SessionId
from woz.recording.check.how_far import unheard

if TYPE_CHECKING:
    from storage import Project
    from woz.recording.check.how_far import Tell
    from woz.recording.check.verification import Report


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project's folder")
    parser.add_argument("--session", help="its id; all where it is left out")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write a page with plots, to be archived")
    steps = "tell each step as on a terminal, also beside --json; elsewhere one line a session is told"
    parser.add_argument("--progress", action="store_true", help=steps)
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    from storage import Project
    from woz.lab.findings import finding_facts, findings_words, session_findings

    with Project.open(arguments.project, SystemClock()) as project:
        ids = (
            [chosen_session(project, arguments.session)]
            if arguments.session
            else [s.id for s in project.sessions.all()]
        )
        tell, faults = progress(arguments.json and not arguments.progress), 0
        far = _of_many if arguments.progress or sys.stderr.isatty() else _begun
        reports: list[Report] = []
        annotations = [session_findings(project, i) for i in ids]
        for number, i in enumerate(ids):
            report, fault = _of_session(project, i, far(tell, i, number, len(ids)))
            reports.append(report)
            faults += fault
    if arguments.html:
        from ui.reports.check_page import write_page

        write_page(arguments.html, reports, SystemClock().utc_ns())
    if arguments.json:
        told = [list(map(finding_facts, found)) for found in annotations]
        print(json.dumps([{**asdict(r), "annotations": t} for r, t in zip(reports, told, strict=True)]))
    else:
        from ui.reports.check_words import report_words

        words = [
            "\n".join([report_words(report), *findings_words(found)])
            for report, found in zip(reports, annotations, strict=True)
        ]
        print("\n\n".join(words) or "This project has no session yet.")
    return int(faults > 0)


def _of_many(tell: Tell, session_id: SessionId, number: int, count: int) -> Tell:
    """How far all sessions are, from how far one is."""

    def tell_one(percent: int, what: str) -> None:
        tell((number * 100 + percent) // count, f"{what}{_which(number, count)}")

    return tell_one


def _begun(tell: Tell, session_id: SessionId, number: int, count: int) -> Tell:
    """A file that is written or a program that reads along has one line of each session, as it begins."""
    tell(number * 100 // count, f"{session_id}{_which(number, count)}")
    return unheard


def _which(number: int, count: int) -> str:
    return f", session {number + 1} of {count}" if count > 1 else ""


def _of_session(project: Project, session_id: SessionId, tell: Tell) -> tuple[Report, bool]:
    from woz.lab.annotation_import import has_annotations_alone
    from woz.recording.check.verification import without_recording

    folder, session = project.session_dir(session_id), project.sessions.get(session_id)
    if has_annotations_alone(project, session_id):
        return without_recording(session_id, session.state, session.duration_ns or 0), False
    return _checked(session_id, folder, tell)


def _checked(session_id: str, folder: Path, tell: Tell) -> tuple[Report, bool]:
    """A session that can't be checked is bad, says why, and keeps no other one from being checked; True with it."""
    from woz.recording.check.verdict import keep_verdict
    from woz.recording.check.verification import check, unchecked
    from woz.recording.folder.session_folder import SessionFolder

    try:
        report = check(SessionFolder(folder), tell)
        keep_verdict(SessionFolder(folder), report.verdict, report.worst_ms, SystemClock().utc_ns())
        return report, False
    except WozError as fault:
        if answered(fault, SHORT):
            raise WozError(f"{fault} End other programs, and check again; no file is damaged for that.") from fault
        return unchecked(session_id, fault), True
