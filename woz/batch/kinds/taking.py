"""Puts what was made of a session beside its recording."""

from __future__ import annotations

import shutil
from pathlib import Path

from woz.base.errors import WozError, reason_of
from woz.batch.kind import Result
from woz.lab.ports import Project
from woz.model.ids import SessionId
from woz.recording.folder.session_folder import SessionFolder


def put_derived(project: Project, session: SessionId, result: Result, below: str = "") -> None:
    """All files of a result, in the session's folder of what can be made anew.

    Raises WozError where they can't be written.
    """
    derived = SessionFolder(project.session_dir(session)).derived / below
    for output in result.done.outputs:
        _put(result.folder / output.name, derived / output.name)


def _put(source: Path, target: Path) -> None:
    temporary = target.with_suffix(".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, temporary)
        temporary.replace(target)
    except OSError as error:
        raise WozError(f"{target} can't be written ({reason_of(error)}); make room, then collect again.") from error
