"""A model on a release, as by `woz evaluate run`: so many requests are an item."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar

import msgspec

from woz.base.clock import SystemClock
from woz.base.commands import quoted
from woz.base.counts import counted
from woz.base.errors import WozError
from woz.batch.items import Item
from woz.batch.kind import PassedOver, Place, Planned, Result, RunFault
from woz.dataset.evaluation.conditions import Condition
from woz.dataset.evaluation.items import Items, items_of
from woz.dataset.evaluation.released_windows import TASKS
from woz.dataset.evaluation.request import Asking, Put, request_of
from woz.dataset.evaluation.run_folder import EXCHANGES, SCORES, Settings, begin, usual_folder
from woz.dataset.evaluation.running import puts_of, scored, settings_of
from woz.dataset.evaluation.task_items import ROWS
from woz.dataset.models.asking import Asker, Limits
from woz.dataset.models.endpoint import Endpoint
from woz.dataset.models.exchanges import ExchangeLog, exchanges
from woz.dataset.release.building_folder import MANIFEST
from woz.lab.ports import Project
from woz.model.ids import SessionId

RELEASE, FOLDER = "release", "evaluations"


@dataclass(frozen=True, slots=True)
class Parameters:
    """As the options of `woz evaluate run`, several apart by commas; `release` is a name below the project's
    `releases` or a whole path, `requests` how many are an item, `out` another folder's name below `evaluations`.
    """

    release: str = ""
    endpoint: str = ""
    model: str = ""
    condition: str = "video,blind"
    task: str = ""
    windows: str = ""
    window: float = 5.0
    split: str = ""
    sound: bool = False
    requests: int = 64
    at_once: int = 4
    tries: int = 3
    reply_tokens: int = 16
    timeout: float = 60.0
    cluster: str = "group"
    seed: int = 0
    send: bool = False
    out: str = ""

    def demand(self) -> None:
        """Raises WozError for what can't be asked so."""
        if not (self.release and self.endpoint and self.model):
            raise WozError("Say what is asked with --set release=NAME, endpoint=URL and model=NAME, each its own.")
        if min(self.requests, self.at_once, self.tries, self.reply_tokens, self.timeout, self.window) <= 0:
            raise WozError("requests, at_once, tries, reply_tokens, timeout and window are more than 0.")
        if self.task and self.windows:
            raise WozError("windows goes with a release's questions, task with its tasks; give one of them.")
        _demand_of("condition", self.condition, [str(each) for each in Condition])
        _demand_of("task", self.task, [*TASKS, *ROWS])
        _demand_of("windows", self.windows, ["steps", "states"])
        _demand_of("cluster", self.cluster, ["group", "session"])
        if not self.send and not self.asked().local:
            raise WozError(f"{self.asked().host} is another computer; send=true lets the release's data go there.")

    def asked(self) -> Endpoint:
        """With the key of this node's environment. Raises WozError for what is no address."""
        return Endpoint(self.endpoint, self.model, os.environ.get("WOZ_MODEL_KEY", ""), self.timeout)

    def settings(self, items: Items) -> Settings:
        asking = Asking(self.model, self.reply_tokens, seed=self.seed)
        conditions = [Condition(each) for each in _listed(self.condition)]
        windows, tasks = _listed(self.windows), _listed(self.task)
        return settings_of(items, asking, conditions, self.sound, self.cluster, windows, self.window, tasks)


class Evaluate:
    """What came of an item is kept as it comes, so that a worker that dies asks nothing twice but what was on its
    way. Where the server is away or refuses, the run stops.
    """

    name: ClassVar[str] = "evaluate"
    says: ClassVar[str] = "a model behind an OpenAI-compatible server on a release"
    parameters: ClassVar[type[Any]] = Parameters

    def tools(self, parameters: Any) -> dict[str, str]:
        """Raises WozError for what can't be asked so."""
        parameters.demand()
        return {"evaluate": "1", "model": parameters.model}

    def roots(self, project: Project, parameters: Any) -> dict[str, Path]:
        return {RELEASE: _release(project, parameters.release)}

    def plan(
        self, project: Project, sessions: Sequence[SessionId], parameters: Any
    ) -> Iterator[Planned | PassedOver]:
        """Raises WozError for single sessions, and where there is nothing to be asked."""
        if len(sessions) < len(project.sessions.all()):
            raise WozError("A model is asked about the whole of a release; leave --session out.")
        release = _release(project, parameters.release)
        items, puts = _asked(release, parameters)
        for first in range(0, len(puts), parameters.requests):
            count = min(parameters.requests, len(puts) - first)
            facts = {"first": first, "count": count}
            yield Planned(f"{items.split}-{first:06d}", [(RELEASE, release / MANIFEST)], facts)

    def work(self, item: Item, place: Place) -> Sequence[str]:
        parameters: Parameters = msgspec.convert(item.parameters, Parameters)
        items, puts = _asked(place.roots[RELEASE], parameters)
        first, endpoint, settings = item.parameters["first"], parameters.asked(), parameters.settings(items)
        wanted = puts[first : first + item.parameters["count"]]
        requests = [request_of(each, settings.asking, items.release, endpoint) for each in wanted]
        kept = place.cache / f"{item.key}.jsonl"
        asker = Asker(SystemClock(), Limits(parameters.at_once, parameters.tries))
        try:
            with ExchangeLog(kept) as log:
                spent = asker.ask_all(requests, log)
        except WozError as error:
            raise RunFault(str(error)) from error
        shutil.copyfile(kept, place.out / EXCHANGES)
        return [f"{counted(count, 'request')} failed: {trouble}" for trouble, count in spent.troubles.items()]

    def collect(self, project: Project, results: Iterator[Result], taken: Callable[[Result], None]) -> str:
        """All that came, in a folder as `woz evaluate run` makes it, scored anew."""
        told, folder = list[str](), None
        for result in results:
            parameters = msgspec.convert(result.item.parameters, Parameters)
            if folder is None:
                folder, items, settings = _begun(project, parameters)
            _merge(folder, result)
            taken(result)
        if folder is not None:
            scored(items, settings, folder)
            page = f"woz evaluate report {quoted(folder)} --html FILE makes a page of them"
            told.append(f"The answers are in {folder}; {page}.")
        return "\n".join(told)


def _begun(project: Project, parameters: Parameters) -> tuple[Path, Items, Settings]:
    """The folder of answers; figures of before are gone from it until all is in."""
    items, _ = _asked(_release(project, parameters.release), parameters)
    name = parameters.out or usual_folder(items.release.manifest.name, parameters.model)
    folder = project.path / FOLDER / name
    settings = begin(folder, parameters.settings(items))
    (folder / SCORES).unlink(missing_ok=True)
    return folder, items, settings


def _merge(folder: Path, result: Result) -> None:
    with ExchangeLog(folder / EXCHANGES) as log:
        for each in exchanges(result.folder / EXCHANGES).values():
            if log.reply(each.key, *each.place) is None:
                log.add(each)


@lru_cache(maxsize=1)
def _asked(release: Path, parameters: Parameters) -> tuple[Items, list[Put]]:
    """Read once a worker. Raises WozError where nothing can be asked."""
    items = items_of(release, parameters.split or None, bool(parameters.task))
    puts = list(puts_of(items, parameters.settings(items)))
    if not puts:
        raise WozError(f"{release} has nothing that could be asked so; set another split, task or windows.")
    return items, puts


def _release(project: Project, name: str) -> Path:
    """Raises WozError where there is none."""
    folder = project.path / "releases" / name
    if not (folder / MANIFEST).is_file():
        raise WozError(f"There is no release {folder}; name one in {folder.parent}, or give its whole path.")
    return folder


def _listed(text: str) -> list[str]:
    return list(dict.fromkeys(each.strip() for each in text.split(",") if each.strip()))


def _demand_of(name: str, text: str, known: Sequence[str]) -> None:
    for each in _listed(text):
        if each not in known:
            raise WozError(f"There is no {name} {each}; there are {', '.join(known)}.")
