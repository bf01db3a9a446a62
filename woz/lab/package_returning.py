"""An opened package: for whom it is, and what its annotator did in it, to be sent back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from woz.base.clock import Clock
from woz.base.errors import WozError
from woz.lab.ports import Project
from woz.remote.facts import PackageFacts, package_in
from woz.remote.returned import Returned, write_returned


def facts_of(project: Project) -> PackageFacts:
    """Raises WozError for a project that is no opened package."""
    facts = package_in(project.path)
    if facts is None:
        raise WozError(f"{project.path} is no opened package; open one with woz package open FILE.")
    return facts


def return_package(project: Project, out: Path, clock: Clock) -> Returned:
    """Write all that the annotator did; what was sent before goes again, and is taken once."""
    facts = facts_of(project)
    edits = (
        edit
        for session_id in facts.sessions
        for edit in project.annotations.history(session_id)
        if edit.by == facts.annotator_id
    )
    mine = facts.annotator_id
    returned = Returned(
        facts.id,
        mine,
        clock.utc_ns(),
        tuple(sorted(edits, key=lambda edit: edit.id)),
        tuple(
            each if each.closed_by == mine else replace(each, closed_by=None, closed_utc_ns=None)
            for each in project.comments.all()
            if mine in (each.by, each.closed_by)
        ),
        tuple(project.work.all(by=mine)),
    )
    write_returned(returned, facts.recipient, out)
    return returned
