"""A session of woz's own steps in data sets' formats: its steps leave, what nobody said is not made up."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.core.format_room import parts_of
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S
from woz.formats.bundle import SessionBundle
from woz.formats.format import Writing
from woz.formats.registry import writer
from woz.model.annotation import Annotation, Attribute
from woz.model.ids import AnnotationId, ProcedureId, SessionId, StepId, TierId
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.own_schemes import MISTAKE, STEPS, steps_scheme
from woz.model.procedure import Procedure, Step
from woz.model.session import Session, SessionState
from woz.model.tier import Tier

MADE = Made(Origin.MANUAL, "ada")
TENT = Procedure(
    ProcedureId("tent"),
    "Pitch a tent",
    (Step(StepId("poles"), "Join poles", 0), Step(StepId("pegs"), "Set pegs", 1)),
)
SCHEME = steps_scheme(TENT)
SID = SessionId("20260101-000000-0000")
TIER = Tier(TierId("t"), SID, SCHEME.id, 1, STEPS, "Steps", MADE)


def _step(name: str, start_s: int, end_s: int, *attributes: Attribute) -> Annotation:
    return Annotation(AnnotationId(name), TIER.id, start_s * NS_PER_S, end_s * NS_PER_S, name, MADE, attributes)


BUNDLE = SessionBundle(
    Session(SID, "Tent", SessionState.CLOSED, 0, 9 * NS_PER_S),
    Path("ego.mkv"),
    (),
    None,
    (),
    (TIER,),
    (_step("poles", 0, 4, Attribute(MISTAKE, True)), _step("pegs", 4, 8)),
    {(SCHEME.id, 1): SCHEME},
    (),
    procedure=TENT,
)


def _written(name: str, folder: Path) -> dict[str, str]:
    chosen = writer(name)
    assert chosen.write
    return {file.name: "".join(file.text) for file in chosen.write([BUNDLE], Writing(folder))}


def test_steps_leave_as_key_steps_with_the_procedure_as_taxonomy(tmp_path: Path) -> None:
    [text] = _written("egoexo4d-keysteps", tmp_path).values()
    told = json.loads(text)
    [take] = told["annotations"].values()
    segments = [(each["step_name"], each["start_time"], each["end_time"]) for each in take["segments"]]
    assert segments == [("Join poles", 0, 4), ("Set pegs", 4, 8)]
    assert {"Join poles", "Set pegs"} <= {node["name"] for node in told["taxonomy"]["Pitch a tent"].values()}
    path = tmp_path / "keystep.json"
    path.write_text(text, encoding="utf-8")
    labels = [part.label for part in parts_of("egoexo4d-keysteps", path) if isinstance(part, Annotation)]
    assert len([label for label in labels if label != "file"]) == 2
    losses = {lost.what: lost.count for lost in writer("egoexo4d-keysteps").losses([BUNDLE])}
    assert losses == {"marks that a step was a mistake": 1}


def test_a_marked_mistake_leaves_as_captaincooks_error(tmp_path: Path) -> None:
    steps = json.loads(_written("captaincook4d", tmp_path)["step_annotations.json"])[str(SID)]["steps"]
    assert [(each["description"], each["has_errors"]) for each in steps] == [
        ("Join poles", True),
        ("Set pegs", False),
    ]
    assert list(writer("captaincook4d").losses([BUNDLE])) == []


def test_wtags_steps_are_the_procedures(tmp_path: Path) -> None:
    files = _written("wtag", tmp_path)
    [steps] = [text for name, text in files.items() if name.endswith("StepDetection.txt")]
    assert "Join poles" in steps
    assert "Set pegs" in steps


@pytest.mark.parametrize("name", ["epic", "holoassist", "proassist", "egoexo4d-atomic", "egoexo4d-proficiency"])
def test_what_nobody_said_is_refused_in_a_sentence(name: str, tmp_path: Path) -> None:
    with pytest.raises(WozError, match="no tier of the scheme"):
        _written(name, tmp_path)
