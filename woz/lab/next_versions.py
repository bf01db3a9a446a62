"""The next version of a release, built as its manifest says that it was."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from woz.base.clock import Clock
from woz.base.errors import WozError
from woz.base.interval import nanoseconds
from woz.dataset.release.building_folder import MANIFEST, sha256
from woz.dataset.release.changes import Earlier
from woz.dataset.release.recipe import Recipe
from woz.dataset.tasks.task import Settings
from woz.lab.library import Released
from woz.lab.ports import Project
from woz.lab.releasing import build_release
from woz.lab.settled_splits import keeping_splits, released_before
from woz.privacy.withdrawal import NextVersion, Rebuilt


def next_versions(project: Project, folders: Iterable[Path], into: Path) -> tuple[NextVersion, ...]:
    """Of each release's name the one after the newest of these folders, as a folder of its own below `into`; where
    a later one was built from the project and lies there, that one.

    Raises WozError for a folder that is no release, or one of another project, and for a manifest that can't be
    followed.
    """
    known, newest = project.releases.all(), dict[str, Earlier]()
    given = [Earlier.at(each.absolute()) for each in folders]
    for earlier in sorted(given, key=lambda each: _made_utc_ns(each, known)):
        newest[earlier.manifest.name] = earlier
    passed = {each.folder for each in given}
    return tuple(_next(earlier, known, passed, into.absolute()) for earlier in newest.values())


def rebuilt(
    project: Project, versions: Iterable[NextVersion], clock: Clock, tell: Callable[[str], None]
) -> Iterator[Rebuilt]:
    """Builds each that isn't there yet; of one that can't be built the answer says why."""
    for each in versions:
        out = Path(each.path)
        try:
            if not (out / MANIFEST).is_file():
                _build(project, each, clock, tell)
            yield Rebuilt(each.called, each.path, sha256(out / MANIFEST))
        except WozError as error:
            yield Rebuilt(each.called, each.path, why=str(error))


def recipe_again(earlier: Earlier, version: str) -> Recipe:
    """What the next version holds, and how it is made: as the earlier one, whose splits it keeps.

    Raises WozError where that can't be followed.
    """
    query = earlier.manifest.asked
    of_tasks = query.task_settings
    return Recipe(
        name=earlier.manifest.name,
        version=version,
        statuses=query.statuses,
        fewest_wrong=query.fewest_wrong,
        wrong_answers=query.wrong_answers,
        judges=query.judges,
        english=query.english,
        tier_states=query.tier_states,
        split_by=query.split_by,
        shares=query.shares,
        seed=query.seed,
        earlier=earlier,
        clips=query.clips,
        clip_ns=None if query.clip_s is None else nanoseconds(query.clip_s),
        frames=query.frames,
        licence=query.licence,
        title=query.title,
        authors=query.authors,
        tasks=query.tasks,
        task_settings=Settings(of_tasks.rate, of_tasks.alpha, of_tasks.folds, of_tasks.seed, of_tasks.tiers),
        task_pictures=query.task_pictures,
    )


def _build(project: Project, each: NextVersion, clock: Clock, tell: Callable[[str], None]) -> None:
    recipe = recipe_again(Earlier.at(Path(each.release)), each.version)
    recipe, _ = keeping_splits(recipe, released_before(project, recipe.name, recipe.version))

    def cut(done: int, of: int) -> None:
        tell(f"{each.called}: clip {done} of {of}")

    tell(each.called)
    build_release(project, recipe, Path(each.path), cut, clock.utc_ns())


def _next(earlier: Earlier, known: Sequence[Released], passed: set[Path], into: Path) -> NextVersion:
    name, folder = earlier.manifest.name, str(earlier.folder)
    built = [each for each in known if each.name == name]
    if not any(each.called == earlier.called for each in built):
        raise WozError(
            f"This project didn't build {earlier.called} ({folder}); its next version is built by the one that did."
        )
    later = built[-1]
    if later.called != earlier.called and Path(later.path) not in passed and _lies_there(later):
        return NextVersion(folder, name, later.version, later.path)
    version, taken = _after(earlier.manifest.version), {each.version for each in built}
    while version in taken or _place(into, name, version).exists():
        version = _after(version)
    recipe_again(earlier, version)
    return NextVersion(folder, name, version, str(_place(into, name, version)))


def _made_utc_ns(earlier: Earlier, known: Iterable[Released]) -> int:
    """When it was built last, -1 where the project doesn't know it."""
    return max((each.made_utc_ns for each in known if each.called == earlier.called), default=-1)


def _lies_there(released: Released) -> bool:
    with contextlib.suppress(WozError):
        return Earlier.at(Path(released.path)).called == released.called
    return False


def _after(version: str) -> str:
    """1.0.1 after 1.0.0; of what ends in no number the first one after it."""
    front, dot, last = version.rpartition(".")
    if last.isascii() and last.isdecimal():
        return f"{front}{dot}{int(last) + 1}"
    return f"{version}.1"


def _place(into: Path, name: str, version: str) -> Path:
    plain = "".join(each if each.isalnum() or each in "-_." else "-" for each in version)
    return into / f"{name}-{plain}"
