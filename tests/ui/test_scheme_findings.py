"""What annotations lack by their scheme: told by `woz check`, and in the way of submitting, not of saving."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from storage import Project
from tests.storage.examples import CLOCK, SESSION, SID
from ui.cli import main
from woz.annotation.edits import Edit
from woz.lab.annotators import add_annotator
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId, TierId
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.tier import Tier
from woz.schemes.shipped import shipped

MADE = Made(Origin.MANUAL)


@pytest.fixture
def lab(tmp_path: Path) -> Path:
    """A session with a tier of ProAssist's, in it one annotation without the intention that is required."""
    with Project.create(tmp_path / "lab", "Kitchen", CLOCK) as project:
        project.sessions.save(SESSION)
        scheme = project.schemes.keep(shipped("proassist"))
        person = add_annotator(project, "A01")
        tier = Tier(TierId("t"), SID, scheme.id, scheme.version, "assistant", "Assistant", MADE, person.id)
        mark = Annotation(AnnotationId("m"), tier.id, 10**9, 2 * 10**9, "initiative", MADE)
        project.annotations.record(SID, Edit("Mark", (), (tier, mark)), person.id)
    return tmp_path / "lab"


def test_check_tells_what_is_missing_and_where(lab: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", str(lab), "--json"])
    (report,) = json.loads(capsys.readouterr().out)
    assert report["annotations"] == [
        {
            "level": "error",
            "place": "Assistant, 0:01.00, Initiative",
            "sentence": "Intention is missing.",
            "item": {"kind": "annotation", "id": "m"},
        }
    ]
    main(["check", str(lab)])
    told = capsys.readouterr().out
    assert "annotations 1 error\n  error       Assistant, 0:01.00, Initiative: Intention is missing." in told


def test_a_tier_is_submitted_once_its_errors_are_mended(lab: Path, capsys: pytest.CaptureFixture[str]) -> None:
    move = ["tiers", str(lab), "--tier", "Assistant", "--annotator", "A01", "--move", "submitted"]
    assert main(move) == 1
    assert (
        "Assistant can't be submitted yet; mend this first: "
        "Assistant, 0:01.00, Initiative: Intention is missing." in capsys.readouterr().err
    )
    with Project.open(lab, CLOCK) as project:
        (mark,) = [item for item in project.annotations.load(SID) if isinstance(item, Annotation)]
        mended = mark.with_value("intention", "feedback")
        second = replace(mark, id=AnnotationId("n"))
        project.annotations.record(SID, Edit("Mend", (mark,), (mended,)), "woz")
        project.annotations.record(SID, Edit("Mark", (), (second,)), "woz")
    assert main(move) == 1
    with Project.open(lab, CLOCK) as project:
        project.annotations.record(SID, Edit("Delete", (second,), ()), "woz")
    assert main(move) == 0
