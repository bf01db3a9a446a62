"""The procedures of a project: found by name, taken in from files, written to files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from woz.base.errors import WozError
from woz.formats.datasets.procedure_understanding import understanding
from woz.lab.exporting import export_bundle
from woz.lab.ports import Project
from woz.lab.taking_in import save_procedure
from woz.model.ids import ProcedureId, SessionId
from woz.model.procedure import Procedure, Step
from woz.procedures.formats import format_for, format_named, read_procedures, write_procedures
from woz.procedures.making import free_id
from woz.procedures.problems import problems


def procedure_named(project: Project, name: str) -> Procedure:
    """By its name or its id. Raises WozError where there is none."""
    known = project.procedures.all()
    found = next((p for p in known if name in (p.name, p.id)), None)
    if found is None:
        names = ", ".join(repr(p.name) for p in known) or "none yet"
        raise WozError(f"This project has no procedure {name!r}; it has {names}.")
    return found


def import_procedures(
    project: Project, path: Path, form: str = "", name: str = "", replacing: bool = False
) -> list[Procedure]:
    """All procedures of a file. One that has the name of one that is there takes its place where `replacing`.

    Raises WozError, with nothing taken in, where the file can't be read or a name is taken.
    """
    found = read_procedures(path, form, name)
    if name and len(found) > 1:
        raise WozError(f"{path} holds {len(found)} procedures with names of their own; leave --name out.")
    ready = [fitting(project, procedure, replacing) for procedure in found]
    for procedure in ready:
        save_procedure(project, procedure)
    return ready


def fitting(project: Project, new: Procedure, replacing: bool) -> Procedure:
    """With an id that is free, or that of the procedure whose place it takes. Raises WozError for a taken name."""
    known = project.procedures.all()
    same = next((each for each in known if each.name == new.name), None)
    if same and not replacing:
        raise WozError(
            f"This project has a procedure {new.name!r} already; give this one another name, or let it take that"
            " one's place (--name, --replace)."
        )
    if same:
        return replace(new, id=same.id)
    return replace(new, id=ProcedureId(free_id(new.id, {str(each.id) for each in known})))


@dataclass(frozen=True, slots=True)
class Written:
    """The text of a file, and what of the procedures it can't hold."""

    text: str
    form: str
    lost: Sequence[str]


def written(procedures: Sequence[Procedure], form: str = "", out: Path | None = None) -> Written:
    """In the format that is named, else the one that the file's ending says, else woz's own."""
    chosen = format_named(form) if form else format_for(out) if out else format_named("yaml")
    return Written(write_procedures(procedures, chosen), chosen.name, chosen.loses(procedures))


def procedure_facts(procedure: Procedure) -> dict[str, Any]:
    """For programs."""
    return {
        "id": procedure.id,
        "name": procedure.name,
        "description": procedure.description,
        "tools": procedure.tools,
        "steps": [_step_facts(step) for _, step in procedure.walk()],
        "problems": problems(procedure),
    }


def _step_facts(step: Step) -> dict[str, Any]:
    return {
        "id": step.id,
        "name": step.name,
        "parent": step.parent_id,
        "requires": step.prerequisites,
        "optional": step.optional,
        "repeatable": step.repeatable,
        "description": step.description,
        "tools": step.tools,
        "global_id": step.global_id or None,
    }


def understanding_of(project: Project, session_id: SessionId, name: str = "") -> dict[str, Any]:
    """How a session's steps follow its procedure, or the one that is named. Raises WozError without one."""
    bundle = export_bundle(project, session_id)
    procedure = procedure_named(project, name) if name else bundle.procedure
    if procedure is None:
        raise WozError(f"{session_id} has no procedure; name one with --procedure NAME.")
    return understanding(bundle, procedure)
