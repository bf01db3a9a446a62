"""What was made of a session is put beside its recording."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from woz.base.errors import WozError, reason_of
from woz.batch.kind import Result
from woz.lab.ports import Project
from woz.model.ids import SessionId
from woz.recording.folder.session_folder import SessionFolder


def derived(
    project: Project, results: Iterator[Result], taken: Callable[[Result], None], below: str = ""
) -> Iterator[Result]:
    """Each result, once its files are in its session's folder of what can be made anew, and `taken` was told.

    An item's session is its parameter `session`, else its id. Raises WozError where a file can't be written.
    """
    for result in results:
        session = SessionId(result.item.parameters.get("session", result.item.id))
        put_all(result, SessionFolder(project.session_dir(session)).derived / below)
        taken(result)
        yield result


def put_all(result: Result, folder: Path, last: str = "") -> None:
    """The file `last`, which vouches for the others, goes first and comes last: it is never beside older ones.

    Raises WozError where a file can't be written.
    """
    if last:
        (folder / last).unlink(missing_ok=True)
    for name in sorted((output.name for output in result.done.outputs), key=lambda name: name == last):
        _put(result.folder / name, folder / name)


def _put(source: Path, target: Path) -> None:
    temporary = target.with_suffix(".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, temporary)
        temporary.replace(target)
    except OSError as error:
        raise WozError(f"{target} can't be written ({reason_of(error)}); make room, then collect again.") from error
