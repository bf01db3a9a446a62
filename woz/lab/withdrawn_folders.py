"""Folders beside the sessions when somebody withdraws: runs of batches, evaluations, half-typed drafts, releases
that were begun.

What is there can be made again, so whole files go; of JSON lines only the lines that hold something, and where
models wrote of sessions, or a window keeps what isn't stored yet, all lines of theirs. What a build of a release
left goes whole: its clips are named by question sets, and a later build cuts them again.
"""

from __future__ import annotations

import contextlib
import re
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from woz.base.errors import WozError
from woz.dataset.release.building_folder import is_hidden_folder
from woz.lab.begun_releases import begun_releases
from woz.lab.ports import Project
from woz.lab.withdrawn_bytes import MEDIA, forms_of
from woz.privacy.withdrawal import Fate, FolderPlan, StrayFile

WRITTEN = "models"
"""What models were asked about question sets and sessions, and what they wrote of them."""
HEARD = "cache/transcription"
"""What a recogniser heard, word by word, of every session that was transcribed."""
OWN = ("runs", "evaluations", "cache/asks", "cache/voice-keys", HEARD, WRITTEN)
"""The project's own folders: of batches, of what models answered in them, and of what a batch asks and masks by."""
_STAGE = re.compile(r"\w+-[0-9a-f]{32}\.(json|\d+\.tmp)")
"""A stage of a transcription in the cache of a run, or half written."""
PROJECT_FILES = ("project.sqlite", "project.toml")
_LINES = frozenset({".jsonl", ".ndjson"})
Goes = Callable[[bytes], bool]
"""Tells that a content goes."""


@dataclass(frozen=True, slots=True)
class Traces:
    """What tells that a file holds something of somebody: their sentences (as bytes), their sessions' ids.
    `longer` are ids of other sessions in which one of these lies.
    """

    forms: tuple[bytes, ...]
    sessions: tuple[str, ...]
    longer: tuple[str, ...] = ()

    @classmethod
    def of(cls, texts: Iterable[str], sessions: Collection[str], all_sessions: Iterable[str]) -> Traces:
        others = {each for each in all_sessions if each not in sessions}
        longer = sorted((o for o in others if any(each in o for each in sessions)), key=len, reverse=True)
        forms = {form.encode() for text in texts for form in forms_of(text)}
        return cls(tuple(forms), tuple(sessions), tuple(longer))

    def said_in(self, content: bytes) -> bool:
        return any(form in content for form in self.forms)

    def names(self, path: str) -> bool:
        """An id within a longer one is of another session."""
        for other in self.longer:
            path = path.replace(other, "/")
        return any(re.search(rf"(?<![^\W_]){re.escape(each)}(?![^\W_])", path) for each in self.sessions)


def demand_there(folders: Iterable[Path]) -> None:
    """Raises WozError for a folder that was named and isn't there."""
    for each in folders:
        if not each.exists():
            raise WozError(f"There is no {each}; name a folder of a run, an evaluation or drafts.")


def working_folders(project: Project, more: Sequence[Path]) -> list[Path]:
    """The project's own, what builds of its releases left, and those of `more`, that are there: a draft goes once
    its window has stored it.

    Raises WozError for one with a project or its sessions in it, which can't be made again.
    """
    for each in more:
        if _keeps(project, each):
            raise WozError(
                f"{each} has a project or its sessions in it, and whole files would be deleted there; name a folder"
                " of a run, an evaluation or drafts alone."
            )
    own = [path for name in OWN if (path := project.path / name).is_dir()]
    own += begun_releases(project.path)
    return [*own, *(each for each in more if each not in own and each.exists())]


def _keeps(project: Project, folder: Path) -> bool:
    """Whether there is something that isn't made again."""
    at, sessions = folder.resolve(), project.sessions_dir.resolve()
    near = at.is_relative_to(sessions) or any(
        each.is_relative_to(at) for each in (project.path.resolve(), sessions)
    )
    return near or any(next(folder.rglob(name), None) for name in PROJECT_FILES)


def plan_folders(folders: Sequence[Path], traces: Traces, drafts: Collection[Path] = ()) -> tuple[FolderPlan, ...]:
    """Only those in which something is found; those in `drafts` are files that windows keep. Raises WozError where
    a file can't be read.
    """
    found = []
    for folder in folders:
        goes = _holding(folder, traces, drafts)
        files = tuple(stray for path in _files(folder) if (stray := _stray(folder, path, traces, goes)))
        if files:
            found.append(FolderPlan(str(folder), files))
    return tuple(found)


def clean_folders(folders: Sequence[Path], traces: Traces, drafts: Collection[Path] = ()) -> None:
    """Carry out what `plan_folders` plans; done again, it finds nothing, and a file that goes meanwhile is none.

    Raises WozError where a file can't be changed.
    """
    for folder in folders:
        goes = _holding(folder, traces, drafts)
        for path in list(_files(folder)):
            fate = _fate(folder, path, traces, goes)
            try:
                with contextlib.suppress(FileNotFoundError):
                    if fate == Fate.DELETED:
                        path.unlink()
                    elif fate == Fate.REWRITTEN:
                        _rewrite(path, goes)
            except OSError as error:
                raise WozError(
                    f"{path} can't be changed ({error.strerror}); mend that, then withdraw again."
                ) from error
        if traces.sessions and is_hidden_folder(folder):
            shutil.rmtree(folder, ignore_errors=True)


def _files(root: Path) -> Iterator[Path]:
    paths = sorted(root.rglob("*")) if root.is_dir() else [root]
    return (path for path in paths if path.is_file() and not path.is_symlink())


def _stray(folder: Path, path: Path, traces: Traces, goes: Goes) -> StrayFile | None:
    """None for a file that has nothing of theirs, or is gone."""
    fate = _fate(folder, path, traces, goes)
    if fate is None:
        return None
    try:
        return StrayFile(_below(folder, path), path.stat().st_size, fate)
    except FileNotFoundError:
        return None


def _below(folder: Path, path: Path) -> str:
    return path.name if path == folder else path.relative_to(folder).as_posix()


def _fate(folder: Path, path: Path, traces: Traces, goes: Goes) -> Fate | None:
    """None for a file that has nothing of theirs, or is gone."""
    if traces.sessions and is_hidden_folder(folder):
        return Fate.DELETED
    if traces.names(_below(folder, path)) or (traces.sessions and _heard(folder, path)):
        return Fate.DELETED
    if path.suffix in MEDIA:
        return None
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise WozError(f"{path} can't be read ({error.strerror}); mend that, then withdraw again.") from error
    if not goes(content):
        return None
    return Fate.REWRITTEN if path.suffix in _LINES else Fate.DELETED


def _heard(folder: Path, path: Path) -> bool:
    """Whether it holds words one by one, in which no sentence is found; of whom, its name doesn't say."""
    of_project = folder.parts[-2:] == Path(HEARD).parts
    return of_project or (path.parent.name == "cache" and bool(_STAGE.fullmatch(path.name)))


def _holding(folder: Path, traces: Traces, drafts: Collection[Path]) -> Goes:
    """What models wrote follows from what is done in a session, with no word of anybody's, and names it; what
    somebody typed who judges there repeats a part of what was said, or mends it.
    """
    if folder.name != WRITTEN and folder not in drafts:
        return traces.said_in
    return lambda content: traces.said_in(content) or traces.names(content.decode(errors="replace"))


def _rewrite(path: Path, goes: Goes) -> None:
    part = path.with_name(f"{path.name}.part")
    kept = [line for line in path.read_bytes().splitlines(keepends=True) if not goes(line)]
    part.write_bytes(b"".join(kept))
    part.replace(path)
