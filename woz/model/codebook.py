"""Named labels that a tier's segments may carry."""

from __future__ import annotations

from dataclasses import dataclass

from woz.model.annotation import TierKind
from woz.model.ids import CodebookId
from woz.model.procedure import Procedure


@dataclass(frozen=True, slots=True)
class Label:
    """One entry of a codebook: `key` is stored, `name` shown, `colour` an #rrggbb value, `shortcut` one key."""

    key: str
    name: str
    colour: str
    shortcut: str = ""


@dataclass(frozen=True, slots=True)
class Codebook:
    id: CodebookId
    name: str
    kind: TierKind
    labels: tuple[Label, ...]

    def label(self, key: str) -> Label:
        """The label with this key; a grey one by that name where the codebook has none."""
        return next((label for label in self.labels if label.key == key), Label(key, key, "#888888"))


PALETTE = ("#4e79a7", "#f28e2b", "#59a14f", "#b07aa1", "#e15759", "#76b7b2", "#edc948", "#9c755f", "#ff9da7")

STATES = Codebook(
    CodebookId("conversation-states"),
    "Conversation states",
    TierKind.STATES,
    (
        Label("trainee", "Trainee speaks", "#f28e2b", "1"),
        Label("expert", "Expert speaks", "#4e79a7", "2"),
        Label("both", "Both speak", "#b07aa1", "3"),
        Label("none", "Nobody speaks", "#8a9099", "4"),
    ),
)


def steps_codebook(procedure: Procedure) -> Codebook:
    """The codebook of a procedure's steps: keys are the steps' ids, shortcuts 1 to 9 in their order."""
    labels = tuple(
        Label(str(step.id), step.name, PALETTE[i % len(PALETTE)], str(i + 1) if i < 9 else "")
        for i, step in enumerate(procedure.steps)
    )
    return Codebook(CodebookId(f"steps-{procedure.id}"), procedure.name, TierKind.STEPS, labels)
