"""Takes the pictures of what people do together: questions judged, work shared out, agreement, adjudication.

`python docs/team_pictures.py FOLDER [light|dark]`, from the repository's root, on a display (Xvfb does).
Those of the docs are made by `python docs/team_pictures.py docs/images light`, and again with `dark`.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from desk_pictures import SECONDS, SID, recorded

from storage import Project
from woz.annotation.edits import Edit
from woz.base.clock import SystemClock
from woz.base.interval import NS_PER_S, Interval
from woz.lab.annotators import add_annotator
from woz.lab.assigning import Order, assign
from woz.lab.questions import propose_questions
from woz.lab.schemes import take_in_scheme
from woz.lab.taking_in import take_in_turns, transcript_of
from woz.lab.tiers import move_tier
from woz.model.annotation import Annotation
from woz.model.annotator import Annotator, AnnotatorRole
from woz.model.assignment import Part
from woz.model.ids import AnnotationId, TurnId
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.people import Role
from woz.model.tier import TierState
from woz.model.transcript import Turn
from woz.schemes.shipped import shipped

CLOCK = SystemClock()
TURNS = (
    (Role.TRAINEE, 1, "Which screw goes into the base?"),
    (Role.EXPERT, 4, "The long one with the washer."),
    (Role.TRAINEE, 9, "Do I turn it to the left?"),
    (Role.EXPERT, 12, "No, to the right, until it stops."),
    (Role.TRAINEE, 18, "Where does the cable go?"),
    (Role.EXPERT, 21, "Through the hole at the back."),
    (Role.EXPERT, 28, "Now press the shade on the socket."),
)
ADA = ((0, 0), (1, 1), (5, 2), (9, 1), (14, 3), (18, 1), (24, 0), (26, 2), (33, 0))
BEN = ((0, 0), (1, 1), (6, 2), (9, 1), (13, 2), (18, 1), (26, 2), (35, 3))
"""From when on which of the states holds."""


def team(folder: Path) -> Path:
    """The project of two annotators and a curator."""
    with recorded(folder) as project:
        take_in_scheme(project, shipped("egoinstruct"))
        roles = tuple(AnnotatorRole)
        boss = add_annotator(project, "C01", roles)
        _talk(project)
        for name, marks, part in (("A01", ADA, Part.FIRST), ("A02", BEN, Part.SECOND)):
            _code(project, add_annotator(project, name), boss, marks, part)
    return folder / "lab"


def _talk(project: Project) -> None:
    transcript = transcript_of(SID, Origin.MANUAL, "C01", CLOCK, "en")
    turns = [
        Turn(TurnId(f"turn{n}"), transcript.id, who, Interval(at * NS_PER_S, (at + 3) * NS_PER_S), text)
        for n, (who, at, text) in enumerate(TURNS)
    ]
    take_in_turns(project, transcript, turns)
    propose_questions(project, [SID], CLOCK)


def _code(
    project: Project, whose: Annotator, boss: Annotator, marks: tuple[tuple[int, int], ...], part: Part
) -> None:
    tier_id = assign(project, SID, Order("conversation", whose, boss, part), CLOCK).tier_id
    (tier_type,) = [each for each in shipped("egoinstruct").tier_types if each.key == "conversation"]
    made = Made(Origin.MANUAL, whose.id, CLOCK.utc_ns())
    items = tuple(
        Annotation(
            AnnotationId(f"{whose.pseudonym}-{start}"),
            tier_id,
            start * NS_PER_S,
            end * NS_PER_S,
            tier_type.offered[label].id,
            made,
        )
        for (start, label), (end, _) in pairwise((*marks, (SECONDS, 0)))
    )
    project.annotations.record(SID, Edit("Mark", (), items), whose.id)
    move_tier(project, SID, tier_id, TierState.SUBMITTED, whose, "")


def main() -> None:
    folder, theme = Path(sys.argv[1]).absolute(), sys.argv[2] if len(sys.argv) > 2 else "light"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        lab = str(team(Path(place)))
        commands = {
            "questions": ["questions", "review", lab, "--annotator", "A01"],
            "agreement": ["agree", lab, "--tier-type", "conversation", "--window"],
            "assignments": ["assign", lab, "--open", "--annotator", "C01"],
            "adjudication": ["adjudicate", lab, "--tier-type", "conversation", "--annotator", "C01"],
        }
        for name, command in commands.items():
            shot = folder / f"{name}{'-dark' if theme == 'dark' else ''}.png"
            woz = [sys.executable, str(Path(__file__).with_name("picture_size.py")), "ui.cli"]
            whole = [*woz, "--theme", theme, *command, "--shot", str(shot)]
            subprocess.run(whole, check=True)


if __name__ == "__main__":
    main()
