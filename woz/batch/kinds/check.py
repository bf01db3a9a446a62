"""`woz check` of each session: its report stays in the run, its verdict is counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, ClassVar

import av
import msgspec

from woz.base.counts import counted
from woz.base.outside import Data, read_file
from woz.batch.items import Item
from woz.batch.kind import SESSIONS, PassedOver, Place, Planned, Result
from woz.batch.kinds.beside_films import Nothing
from woz.batch.kinds.session_files import all_files, each
from woz.batch.stored import StoredFiles
from woz.lab.ports import Project
from woz.model.ids import SessionId
from woz.recording.check.verification import check
from woz.recording.folder.session_folder import SessionFolder

REPORT = "report.json"


class Check:
    name: ClassVar[str] = "check"
    says: ClassVar[str] = "integrity and sync of each session"
    parameters: ClassVar[type[Any]] = Nothing

    def tools(self, parameters: Any) -> dict[str, str]:
        return {"check": "1", "av": av.__version__}

    def roots(self, project: Project, parameters: Any) -> dict[str, Path]:
        return {SESSIONS: project.sessions_dir}

    def plan(
        self, project: Project, sessions: Sequence[SessionId], parameters: Any
    ) -> Iterator[Planned | PassedOver]:
        stored = StoredFiles(project)
        return each(project, sessions, lambda folder: [Planned(folder.path.name, all_files(folder.path, stored))])

    def work(self, item: Item, place: Place) -> Sequence[str]:
        report = check(SessionFolder(place.roots[SESSIONS] / item.id))
        (place.out / REPORT).write_bytes(msgspec.json.encode(asdict(report)))
        return report.reasons

    def collect(self, project: Project, results: Iterator[Result], taken: Callable[[Result], None]) -> str:
        verdicts: Counter[str] = Counter()
        for result in results:
            verdicts[str(read_file(result.folder / REPORT, Data)["verdict"])] += 1
            taken(result)
        told = ", ".join(f"{count} {verdict}" for verdict, count in sorted(verdicts.items()))
        return f"{counted(verdicts.total(), 'session')}: {told}." if told else ""
