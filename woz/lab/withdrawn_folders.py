"""Folders beside the sessions when somebody withdraws: runs of batches, evaluations, half-typed drafts.

What is there can be made again, so whole files go; of JSON lines only the lines that hold something.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from woz.base.errors import WozError
from woz.lab.ports import Project
from woz.lab.withdrawn_bytes import MEDIA, forms_of
from woz.privacy.withdrawal import Fate, FolderPlan, StrayFile

RUNS = "runs"
"""The project's own folder of batch runs."""
_LINES = frozenset({".jsonl", ".ndjson"})


@dataclass(frozen=True, slots=True)
class Traces:
    """What tells that a file holds something of somebody: their sentences (as bytes), their sessions' ids."""

    forms: tuple[bytes, ...]
    sessions: tuple[str, ...]

    @classmethod
    def of(cls, texts: Iterable[str], sessions: Iterable[str]) -> Traces:
        return cls(tuple({form.encode() for text in texts for form in forms_of(text)}), tuple(sessions))

    def said_in(self, content: bytes) -> bool:
        return any(form in content for form in self.forms)

    def names(self, path: str) -> bool:
        return any(session in path for session in self.sessions)


def working_folders(project: Project, more: Sequence[Path]) -> list[Path]:
    """Those that are there: the runs of the project, and `more`. Raises WozError for one of `more` that isn't."""
    for each in more:
        if not each.exists():
            raise WozError(f"There is no {each}; name a folder of a run, an evaluation or drafts.")
    own = project.path / RUNS
    return [*([own] if own.is_dir() else []), *more]


def plan_folders(folders: Sequence[Path], traces: Traces) -> tuple[FolderPlan, ...]:
    """Only those in which something is found. Raises WozError where a file can't be read."""
    found = []
    for folder in folders:
        files = tuple(_stray(folder, path, traces) for path in _files(folder) if _fate(folder, path, traces))
        if files:
            found.append(FolderPlan(str(folder), files))
    return tuple(found)


def clean_folders(folders: Sequence[Path], traces: Traces) -> None:
    """Carry it out; done again, it finds nothing. Raises WozError where a file can't be changed."""
    for folder in folders:
        for path in list(_files(folder)):
            fate = _fate(folder, path, traces)
            try:
                if fate == Fate.DELETED:
                    path.unlink()
                elif fate == Fate.REWRITTEN:
                    _rewrite(path, traces)
            except OSError as error:
                raise WozError(
                    f"{path} can't be changed ({error.strerror}); mend that, then withdraw again."
                ) from error


def _files(root: Path) -> Iterator[Path]:
    paths = sorted(root.rglob("*")) if root.is_dir() else [root]
    return (path for path in paths if path.is_file() and not path.is_symlink())


def _stray(folder: Path, path: Path, traces: Traces) -> StrayFile:
    fate = _fate(folder, path, traces)
    assert fate
    return StrayFile(_below(folder, path), path.stat().st_size, fate)


def _below(folder: Path, path: Path) -> str:
    return path.name if path == folder else path.relative_to(folder).as_posix()


def _fate(folder: Path, path: Path, traces: Traces) -> Fate | None:
    """None for a file that has nothing of theirs."""
    if traces.names(_below(folder, path)):
        return Fate.DELETED
    if path.suffix in MEDIA:
        return None
    try:
        content = path.read_bytes()
    except OSError as error:
        raise WozError(f"{path} can't be read ({error.strerror}); mend that, then withdraw again.") from error
    if not traces.said_in(content):
        return None
    return Fate.REWRITTEN if path.suffix in _LINES else Fate.DELETED


def _rewrite(path: Path, traces: Traces) -> None:
    part = path.with_name(f"{path.name}.part")
    kept = [line for line in path.read_bytes().splitlines(keepends=True) if not traces.said_in(line)]
    part.write_bytes(b"".join(kept))
    part.replace(path)
