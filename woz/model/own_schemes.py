"""The schemes that woz itself comes with: the steps of a procedure, and the states of the conversation."""

from __future__ import annotations

from woz.model.ids import LabelId, SchemeId
from woz.model.procedure import Procedure
from woz.model.scheme import AttributeType, Cover, Label, Overlap, Scheme, TierType, ValueKind

STEPS, STATES = "steps", "states"
"""Keys of their tier types."""
MISTAKE = "mistake"
"""The key of the attribute which says that something went wrong in it."""
PALETTE = ("#4e79a7", "#f28e2b", "#59a14f", "#b07aa1", "#e15759", "#76b7b2", "#edc948", "#9c755f", "#ff9da7")

_MISTAKE = AttributeType(MISTAKE, ValueKind.BOOL, {"en": "Mistake"})


def _label(key: str, name: str, colour: str, shortcut: str) -> Label:
    return Label(LabelId(key), key, {"en": name}, colour, shortcut)


CONVERSATION = Scheme(
    SchemeId("conversation-states"),
    "Conversation states",
    1,
    (
        TierType(
            STATES,
            {"en": "Conversation states"},
            cover=Cover.PARTITION,
            overlap=Overlap.NONE,
            labels=(
                _label("trainee", "Trainee speaks", "#f28e2b", "1"),
                _label("expert", "Expert speaks", "#4e79a7", "2"),
                _label("both", "Both speak", "#b07aa1", "3"),
                _label("none", "Nobody speaks", "#8a9099", "4"),
            ),
            attributes=(_MISTAKE,),
        ),
    ),
)


def steps_scheme(procedure: Procedure) -> Scheme:
    """The scheme of a procedure's steps: labels are the steps' ids, shortcuts 1 to 9 in their order."""
    labels = tuple(
        _label(str(step.id), step.name, PALETTE[i % len(PALETTE)], str(i + 1) if i < 9 else "")
        for i, step in enumerate(procedure.steps)
    )
    steps = TierType(STEPS, {"en": "Steps"}, labels=labels, attributes=(_MISTAKE,))
    return Scheme(SchemeId(f"steps-{procedure.id}"), procedure.name, 1, (steps,))
