"""woz's own file of a procedure: YAML that people read and write. What it needs is a name and steps.

name: Mug cake
steps:
  - Set out the bowl
  - id: whisk
    name: Whisk the batter
    requires: [Set out the bowl]
    steps: [Add the water, Stir]
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated

import msgspec
from msgspec import Meta, field

from woz.base.errors import WozError
from woz.base.yaml_places import Words, sentence_of
from woz.base.yaml_text import filled, node_of, text_of, tree_of
from woz.model.ids import StepId
from woz.model.procedure import Procedure, Step
from woz.procedures.file_format import FEATURES, ProcedureFormat
from woz.procedures.making import Draft, made_procedure, steps_of

Word = Annotated[str, Meta(min_length=1, max_length=200)]
Name = Annotated[str, Meta(min_length=1, max_length=2000)]
Text = Annotated[str, Meta(max_length=20_000)]
WORDS = Words("procedure", {"steps": "step"}, named_by=("id", "name"))


class _Form(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    pass


class StepForm(_Form):
    """`steps` are its parts."""

    name: Name
    id: Text = ""
    description: Text = ""
    tools: tuple[Word, ...] = ()
    optional: bool = False
    repeatable: bool = False
    requires: tuple[Name, ...] = ()
    global_id: Text = field(default="", name="global id")
    steps: tuple[Name | StepForm, ...] = ()


class ProcedureForm(_Form):
    name: Name
    procedure: Text = ""
    description: Text = ""
    tools: tuple[Name, ...] = ()
    steps: tuple[Name | StepForm, ...] = ()


def procedures_from_yaml(raw: bytes, _: str) -> list[Procedure]:
    node = node_of(raw, "procedure", "name: and steps:")
    try:
        form = msgspec.convert(filled(tree_of(node)), ProcedureForm, strict=False)
    except msgspec.ValidationError as error:
        raise WozError(sentence_of(str(error), node, WORDS)) from None
    steps = steps_of(list(_drafts(form.steps, 0)))
    return [made_procedure(form.name, steps, form.procedure, form.description, form.tools)]


def yaml_of(procedures: Sequence[Procedure]) -> str:
    """Read again, it gives an equal procedure: its steps in their order, counted from 0 within what they are of."""
    [procedure] = procedures
    below: dict[StepId | None, list[Step]] = {}
    for _, step in procedure.walk():
        below.setdefault(step.parent_id, []).append(step)
    steps = tuple(_form(step, below) for step in below.get(None, []))
    form = ProcedureForm(procedure.name, procedure.id, procedure.description, procedure.tools, steps)
    data = msgspec.to_builtins(form)
    return text_of({"procedure": procedure.id} | data)


def _form(step: Step, below: dict[StepId | None, list[Step]]) -> StepForm:
    return StepForm(
        step.name,
        step.id,
        step.description,
        step.tools,
        step.optional,
        step.repeatable,
        tuple(step.prerequisites),
        step.global_id,
        tuple(_form(part, below) for part in below.get(step.id, [])),
    )


def _drafts(forms: Sequence[str | StepForm], depth: int) -> Iterator[Draft]:
    for form in forms:
        if isinstance(form, str):
            yield Draft(form, depth)
            continue
        yield Draft(
            form.name,
            depth,
            form.id,
            form.requires,
            form.description,
            form.tools,
            form.optional,
            form.repeatable,
            form.global_id,
        )
        yield from _drafts(form.steps, depth + 1)


YAML = ProcedureFormat(
    "yaml",
    "woz's own, all of a procedure",
    ("yaml", "yml"),
    frozenset(FEATURES),
    procedures_from_yaml,
    yaml_of,
    lambda raw: True,
)
