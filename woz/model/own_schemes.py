"""The schemes that woz itself comes with: the steps of a procedure, and the states of the conversation."""

from __future__ import annotations

from dataclasses import replace

from woz.model.ids import LabelId, SchemeId, StepId
from woz.model.procedure import Procedure
from woz.model.scheme import AttributeType, Cover, Label, Overlap, Scheme, Shape, TierType, ValueKind

STEPS, STATES = "steps", "states"
OWN_STEPS = "steps-"
"""How the ids of procedures' schemes begin."""
"""Keys of their tier types."""
MISTAKE = "mistake"
UNSURE = "unsure"
"""The attribute by which an annotator says so; in the field's schemes, and a flag on anything."""
"""The key of the attribute which says that something went wrong in it."""
PALETTE = ("#4e79a7", "#f28e2b", "#59a14f", "#b07aa1", "#e15759", "#76b7b2", "#edc948", "#9c755f", "#ff9da7")
STEP_KEYS = (*map(str, range(1, 10)), *(f"Alt+{digit}" for digit in range(1, 10)))
"""The keys of the first steps of a procedure, in their order."""

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


_OWN_NAME = AttributeType("name", ValueKind.TEXT, {"en": "Name"})
FREE = Scheme(
    SchemeId("free-labels"),
    "Free labels",
    1,
    (
        TierType("free", {"en": "Free labels"}, open=True, attributes=(_OWN_NAME,)),
        TierType(
            "free-points",
            {"en": "Free points"},
            Shape.POINT,
            overlap=Overlap.ANY,
            open=True,
            attributes=(_OWN_NAME,),
        ),
    ),
)
"""For what no scheme was made for yet: annotators name labels as they go."""


def steps_scheme(procedure: Procedure) -> Scheme:
    """The scheme of a procedure's steps: labels are the steps' ids, in the tree of the steps."""
    shortcuts = _shortcuts(procedure)
    labels = tuple(
        replace(
            _label(str(step.id), step.name, PALETTE[i % len(PALETTE)], shortcuts.get(step.id, "")),
            parent=LabelId(step.parent_id) if step.parent_id else None,
        )
        for i, (_, step) in enumerate(procedure.walk())
    )
    steps = TierType(STEPS, {"en": "Steps"}, labels=labels, attributes=(_MISTAKE,))
    return Scheme(SchemeId(f"{OWN_STEPS}{procedure.id}"), procedure.name, 1, (steps,))


def _shortcuts(procedure: Procedure) -> dict[StepId, str]:
    """1 to 9, then Alt+1 to Alt+9: first for the steps that have no parts, since those are marked most."""
    whole = {step.parent_id for step in procedure.steps}
    steps = sorted((step for _, step in procedure.walk()), key=lambda step: step.id in whole)
    return {step.id: key for step, key in zip(steps, STEP_KEYS, strict=False)}


def with_steps(scheme: Scheme, procedure: Procedure) -> Scheme:
    """The same scheme, with the procedure's steps as labels wherever its labels come from the procedure."""
    if not any(each.labels_from for each in scheme.tier_types):
        return scheme
    (steps,) = steps_scheme(procedure).tier_types
    types = tuple(_with_labels(each, steps) if each.labels_from else each for each in scheme.tier_types)
    return replace(scheme, tier_types=types)


def _with_labels(tier_type: TierType, steps: TierType) -> TierType:
    """The tier type's own labels, and their keys, go first."""
    own = {label.id for label in tier_type.labels}
    taken = {label.shortcut for label in tier_type.labels}
    new = (
        replace(label, shortcut="" if label.shortcut in taken else label.shortcut)
        for label in steps.labels
        if label.id not in own
    )
    return replace(tier_type, labels=(*tier_type.labels, *new))
