"""Masks the voices of each session for a release, as `woz voices mask` does: a file with voices is an item."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import av
import msgspec

from woz.base.counts import counted
from woz.base.errors import WozError
from woz.base.outside import read_file
from woz.batch.items import Item
from woz.batch.kind import SESSIONS, PassedOver, Place, Planned, Result
from woz.batch.kinds.keeping import kept
from woz.batch.kinds.session_files import each
from woz.batch.kinds.taking import put_all
from woz.batch.stored import StoredFiles
from woz.dataset.release.recipe import Recipe
from woz.deidentifying.voices.keys import TrackKeys
from woz.deidentifying.voices.known import MCADAMS, converter
from woz.deidentifying.voices.masking import mask, masked_path
from woz.lab.ports import Project
from woz.lab.voice_masking import keys_of, voice_files, voice_paths
from woz.model.ids import SessionId
from woz.recording.folder.session_folder import SessionFolder

KEYS = "keys"
OWNERS = 0o600
"""Read by its owner alone."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """As the options of `woz voices mask`; another voice is drawn for each release."""

    release: str = ""
    converter: str = MCADAMS


class Voices:
    """Whoever knows a key can undo its masking: keys stand in files of the project, which the workers see, until
    what was made with them is taken in.
    """

    name: ClassVar[str] = "voices"
    says: ClassVar[str] = "copies of the sound with every voice masked, for a release"
    parameters: ClassVar[type[Any]] = Parameters

    def tools(self, parameters: Any) -> dict[str, str]:
        """Raises WozError where no release is named, and for a converter that isn't there."""
        if not parameters.release:
            raise WozError("Say which release the voices are drawn for with --set release=NAME.")
        facts = converter(parameters.converter).facts
        return {"voices": "1", "av": av.__version__, facts.name: facts.version}

    def roots(self, project: Project, parameters: Any) -> dict[str, Path]:
        return {SESSIONS: project.sessions_dir, KEYS: project.path / "cache" / "voice-keys"}

    def plan(
        self, project: Project, sessions: Sequence[SessionId], parameters: Any
    ) -> Iterator[Planned | PassedOver]:
        """Raises WozError for what can't be a release's name."""
        release, folder = Recipe(parameters.release).name, self.roots(project, parameters)[KEYS]
        stored = StoredFiles(project)

        def planned(recorded: SessionFolder) -> Iterator[Planned | PassedOver]:
            session = SessionId(recorded.path.name)
            files = voice_files(project, session)
            away = [path.name for path in voice_paths(project, session) if stored.file(path)]
            if away:
                names = ", ".join(away)
                yield PassedOver(session, f"in the store alone: {names}; run woz media fetch, then plan again")
            if not (files or away):
                yield PassedOver(session, "no recording of it on this computer holds a voice")
            for file in files:
                name = file.path.relative_to(recorded.path).as_posix()
                if file.sealed:
                    yield PassedOver(session, f"{name} can't be masked, and no release takes it")
                    continue
                item = f"{session}-{re.sub(r'[^A-Za-z0-9._-]', '-', name)}"
                keys = kept(folder, item, msgspec.json.encode(keys_of(project, session, file, release)), OWNERS)
                yield Planned(item, [(SESSIONS, file.path), (KEYS, keys)], {"session": session, "file": name})

        return each(project, sessions, planned)

    def work(self, item: Item, place: Place) -> Sequence[str]:
        keys = read_file(place.input(item, 1), list[TrackKeys])
        using = converter(item.parameters["converter"])
        mask(place.input(item, 0), item.parameters["release"], keys, using, folder=place.out)
        return ()

    def collect(self, project: Project, results: Iterator[Result], taken: Callable[[Result], None]) -> str:
        sessions, files = set[str](), 0
        for result in results:
            said, (_, keys) = result.item.parameters, result.item.inputs
            media = project.session_dir(SessionId(said["session"])) / said["file"]
            put_all(result, masked_path(media, said["release"]).parent)
            taken(result)
            (self.roots(project, None)[KEYS] / keys.path).unlink(missing_ok=True)
            sessions.add(said["session"])
            files += 1
        return (
            f"The voices in {counted(files, 'recording')} of {counted(len(sessions), 'session')} are masked."
            if files
            else ""
        )
