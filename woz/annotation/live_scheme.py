"""The scheme of what is marked while a session is recorded; woz brings it along."""

from __future__ import annotations

from woz.annotation.label_of import NAME
from woz.model.ids import LabelId, SchemeId
from woz.model.scheme import AttributeType, Label, LinkType, Overlap, Scheme, Shape, TierType, ValueKind

STEP, MISTAKE, CORRECTION, MARK = "live-step", "live-mistake", "live-correction", "live-mark"
NOTE, CUE, STROKE, SNAPSHOT = "live-note", "live-cue", "live-stroke", "live-snapshot"
CORRECTS = "corrects"
WITHHELD = "withheld"
"""The tier type whose stretches go into nothing that leaves the lab."""


def _attribute(key: str, name: str, kind: ValueKind, unit: str = "") -> AttributeType:
    return AttributeType(key, kind, {"en": name}, unit=unit)


def _named(key: str, name: str, shape: Shape) -> TierType:
    """Its labels are the names that the expert's steps or marks have."""
    return TierType(
        key,
        {"en": name},
        shape,
        overlap=Overlap.ANY,
        open=True,
        attributes=(_attribute(NAME, "Name", ValueKind.TEXT),),
    )


def _plain(key: str, name: str, colour: str, *attributes: AttributeType, shape: Shape = Shape.POINT) -> TierType:
    label = Label(LabelId(key), key, {"en": name}, colour)
    return TierType(
        key, {"en": f"Live {name.lower()}s"}, shape, overlap=Overlap.ANY, labels=(label,), attributes=attributes
    )


LIVE = Scheme(
    SchemeId("woz-live"),
    "Marked live",
    1,
    (
        _named(STEP, "Live steps", Shape.INTERVAL),
        _plain(MISTAKE, "Mistake", "#e15759"),
        _plain(CORRECTION, "Correction", "#59a14f"),
        _named(MARK, "Live marks", Shape.POINT),
        _plain(NOTE, "Note", "#9c755f"),
        _plain(
            CUE,
            "Cue",
            "#76b7b2",
            _attribute("begin", "Spoken from", ValueKind.NUMBER, "ns"),
            _attribute("end", "Spoken until", ValueKind.NUMBER, "ns"),
        ),
        _plain(
            STROKE,
            "Stroke",
            "#edc948",
            _attribute("drawing", "Drawing", ValueKind.DRAWING),
            shape=Shape.INTERVAL,
        ),
        _plain(
            SNAPSHOT,
            "Snapshot",
            "#4e79a7",
            _attribute("file", "File", ValueKind.TEXT),
            _attribute("captured", "Captured at", ValueKind.NUMBER, "ns"),
        ),
    ),
    (LinkType(CORRECTS, (CORRECTION,), (MISTAKE,), {"en": "corrects"}, high=1),),
)

KEPT_OUT = Scheme(
    SchemeId("woz-withheld"),
    "Kept out of releases",
    1,
    (
        TierType(
            WITHHELD,
            {"en": "Kept out of releases"},
            Shape.INTERVAL,
            overlap=Overlap.ANY,
            labels=(
                Label(LabelId("bystander"), "bystander", {"en": "A bystander asked"}, "#b07aa1"),
                Label(LabelId("other-reason"), "other-reason", {"en": "Another reason"}, "#bab0ac"),
            ),
        ),
    ),
)
"""Apart from what is marked live, since people go on with it: move its stretches, and mark others."""
