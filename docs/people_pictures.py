"""Takes the pictures of people: consents and what rests on them, a withdrawal's plan, calibration, progress.

`python docs/people_pictures.py FOLDER [light|dark]`, from the repository's root, on a display (Xvfb does).
Those of the docs are made by `python docs/people_pictures.py docs/images light`.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from desk_pictures import SECONDS, SID
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from team_pictures import CLOCK, team

from storage import Project
from ui.application.application import application
from ui.home.people_window import PeopleWindow
from ui.home.progress_dialog import ProgressDialog
from ui.home.withdrawal_dialog import WithdrawalDialog
from woz.annotation.edits import Edit
from woz.base.interval import NS_PER_S
from woz.lab.assigning import Order, assign
from woz.lab.consenting import enter_attendance
from woz.lab.library import Released
from woz.lab.progress import plan_hours, progress_of
from woz.model.annotation import Annotation
from woz.model.assignment import Part
from woz.model.ids import AnnotationId, SessionId
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.people import Role
from woz.model.session import SessionState
from woz.schemes.shipped import shipped

MONTH_NS = 30 * 24 * 3600 * NS_PER_S
PEOPLE = (
    ("P01,privacy=2@2024-01-10,recording=2@2024-01-10/2025-12-31,transcription=2@2024-01-10", Role.TRAINEE),
    (
        "E07,privacy=2@2024-01-10,recording=2@2024-01-10,transcription=1@2024-01-10,release=1@2024-01-10",
        Role.EXPERT,
    ),
)
GOLD = ((0, 0), (1, 1), (5, 2), (9, 1), (14, 3), (18, 1), (26, 2), (33, 3))


def lab(folder: Path) -> Path:
    """The team's project, with people on record, gold, a release, and a year of other sessions."""
    place = team(folder)
    with Project.open(place, CLOCK) as project:
        for entry, role in PEOPLE:
            enter_attendance(project, SID, entry, role, CLOCK.utc_ns())
        now, session = CLOCK.utc_ns(), project.sessions.get(SID)
        for nr in range(12):
            one = replace(
                session,
                id=SessionId(f"older-{nr}"),
                title=f"Desk lamp {nr + 1}",
                state=SessionState.CLOSED,
                start_utc_ns=now - (12 - nr) * MONTH_NS,
                duration_ns=(nr % 4 + 2) * 1800 * NS_PER_S,
                participants=session.participants,
            )
            project.sessions.save(one)
        released = tuple(SessionId(f"older-{nr}") for nr in range(5))
        project.releases.add(Released("lamps", "1.0.0", "/data/releases/lamps-1.0.0", now - 3 * MONTH_NS, released))
        plan_hours(project, 30, "")
        _gold(project)
    return place


def _gold(project: Project) -> None:
    boss = project.annotators.named("C01")
    tier_id = assign(project, SID, Order("conversation", boss, boss, Part.ADJUDICATOR), CLOCK).tier_id
    (tier_type,) = [each for each in shipped("egoinstruct").tier_types if each.key == "conversation"]
    made = Made(Origin.MANUAL, boss.id, CLOCK.utc_ns())
    ends = [*(start for start, _ in GOLD[1:]), SECONDS]
    items = tuple(
        Annotation(
            AnnotationId(f"gold-{start}"),
            tier_id,
            start * NS_PER_S,
            end * NS_PER_S,
            tier_type.offered[label].id,
            made,
        )
        for (start, label), end in zip(GOLD, ends, strict=True)
    )
    project.annotations.record(SID, Edit("Mark", (), items), boss.id)


def pictures(project: Project) -> dict[str, QWidget]:
    """By the names of their files."""
    record, calibration = PeopleWindow(project, CLOCK), PeopleWindow(project, CLOCK)
    record.record.list.selectRow(1)
    calibration.show_tab(3)
    page = calibration.calibration
    page.who.setCurrentText("A02")
    page.least.setValue(1)
    page.measure()
    return {
        "people": record,
        "calibration": calibration,
        "withdrawal": WithdrawalDialog(project, "P01"),
        "progress": ProgressDialog(progress_of(project)),
    }


def main() -> None:
    folder, theme = Path(sys.argv[1]).absolute(), sys.argv[2] if len(sys.argv) > 2 else "light"
    folder.mkdir(parents=True, exist_ok=True)
    application(theme)
    with tempfile.TemporaryDirectory() as place, Project.open(lab(Path(place)), CLOCK) as project:
        for name, window in pictures(project).items():
            window.show()
            QTest.qWait(600)
            window.grab().save(str(folder / f"{name}{'-dark' if theme == 'dark' else ''}.png"))
            window.close()


if __name__ == "__main__":
    main()
