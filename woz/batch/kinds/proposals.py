"""Drafts of annotations by a proposer, as by `woz propose`: in a machine's tier, for people to judge."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

import msgspec

from woz.annotation.proposals.asking import Ask, Proposal
from woz.annotation.proposals.known import Proposer, proposer
from woz.annotation.proposals.running import Running
from woz.base.clock import SystemClock
from woz.base.counts import counted
from woz.base.errors import WozError
from woz.base.outside import read_file
from woz.batch.items import Item
from woz.batch.kind import SESSIONS, PassedOver, Place, Planned, Result
from woz.batch.kinds.keeping import kept
from woz.batch.kinds.session_files import lost
from woz.lab.ports import Project
from woz.lab.proposing import Drafting, Prepared, keep_draft, prepare
from woz.model.ids import SessionId, TierId
from woz.model.tier import Tier

ASKS, RESULT = "asks", "proposals.json"


@dataclass(frozen=True, slots=True)
class Parameters:
    """As the options of `woz propose`; `option` is NAME=VALUE, several apart by commas.

    With `send`, pictures may go to another computer.
    """

    by: str = ""
    scheme: str = ""
    tier_type: str = ""
    option: str = ""
    send: bool = False

    def drafting(self) -> Drafting:
        """Raises WozError for what is no option."""
        pairs = [one.partition("=") for one in self.option.split(",") if one.strip()]
        if not self.by or not all(name.strip() and sign for name, sign, _ in pairs):
            raise WozError("Say who proposes with --set by=NAME, options with --set option=NAME=VALUE,NAME=VALUE.")
        options = {name.strip(): value.strip() for name, _, value in pairs}
        return Drafting(self.by, self.scheme, self.tier_type, options, send=self.send)


class _Own(threading.local):
    """A thread's own: a child answers one at a time, and Dask's workers may have several threads."""

    running: Running | None = None


class Proposals:
    """What a proposer is asked stands in a file of the project, which the workers see: they see no database.

    Each thread of a worker keeps its proposer's child process, and so the model, for as long as it lives.
    """

    name: ClassVar[str] = "proposals"
    says: ClassVar[str] = "drafts of annotations by a proposer, for people to judge"
    parameters: ClassVar[type[Any]] = Parameters

    def __init__(self) -> None:
        self._own = _Own()

    def tools(self, parameters: Any) -> dict[str, str]:
        """Raises WozError for a proposer that isn't there."""
        return {"proposals": "1", "by": proposer(parameters.drafting().by).by}

    def roots(self, project: Project, parameters: Any) -> dict[str, Path]:
        return {SESSIONS: project.sessions_dir, ASKS: project.path / "cache" / ASKS}

    def plan(
        self, project: Project, sessions: Sequence[SessionId], parameters: Any
    ) -> Iterator[Planned | PassedOver]:
        folder = self.roots(project, parameters)[ASKS]
        for session in sessions:
            if gone := lost(project, session):
                yield PassedOver(session, gone, damaged=True)
                continue
            try:
                prepared = prepare(project, session, parameters.drafting())
            except WozError as error:
                yield PassedOver(session, str(error))
                continue
            film = Path(prepared.ask.media)
            path = kept(folder, session, msgspec.json.encode(prepared, order="deterministic"))
            media = [(SESSIONS, film)] if prepared.ask.media else []
            yield Planned(session, [(ASKS, path), *media])

    def work(self, item: Item, place: Place) -> Sequence[str]:
        prepared = read_file(place.input(item, 0), Prepared)
        media = str(place.input(item, 1)) if prepared.ask.media else ""
        found = self._proposed(proposer(prepared.by), replace(prepared.ask, media=media))
        (place.out / RESULT).write_bytes(msgspec.json.encode(found))
        return () if found else ("nothing was proposed",)

    def _proposed(self, by: Proposer, ask: Ask) -> list[Proposal]:
        """After a failure the next is asked of a new one."""
        running = self._own.running
        if running is None or running.proposer != by or not running.rests:
            self._close()
            running = self._own.running = Running(by)
        try:
            return running.proposed(ask)
        except WozError:
            self._close()
            raise

    def _close(self) -> None:
        if self._own.running:
            self._own.running.close()
        self._own.running = None

    def collect(self, project: Project, results: Iterator[Result], taken: Callable[[Result], None]) -> str:
        """Each draft under an id that follows from the item, so that it is never taken in twice."""
        drafts = count = 0
        for result in results:
            found = read_file(result.folder / RESULT, list[Proposal])
            tier = TierId(result.item.key[:32])
            session = SessionId(result.item.id)
            known = {one.id for one in project.whole().annotations.load(session) if isinstance(one, Tier)}
            if found and tier not in known:
                ask = read_file(self.roots(project, None)[ASKS] / result.item.inputs[0].path, Prepared)
                keep_draft(project, ask, found, SystemClock(), tier)
                drafts, count = drafts + 1, count + len(found)
            taken(result)
        return f"{counted(count, 'proposal')} in {counted(drafts, 'session')}." if drafts else ""
