"""The gates that ask models about a project's question sets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from woz.base.clock import Clock
from woz.base.counts import counted
from woz.base.errors import WozError
from woz.dataset.gates.conditions import PICTURES, Condition, Task, messages, told, turned_on
from woz.dataset.gates.item import Gate, Item
from woz.dataset.gates.model_gate import Rule, Tally, gate_of
from woz.dataset.gates.showing import another_clip, first_picture, pictures
from woz.dataset.models.asking import Asker, Limits, Spent
from woz.dataset.models.endpoint import Endpoint
from woz.dataset.models.exchanges import ExchangeLog
from woz.dataset.models.replies import Choice, read_choice
from woz.dataset.models.requests import Request
from woz.dataset.release.clips import Film
from woz.dataset.release.record import Told
from woz.lab.exporting import export_bundle
from woz.lab.ports import Project
from woz.lab.releasing import film_of_session
from woz.lab.sending import staying, why_pictures_stay
from woz.model.ids import SessionId

ASKED = "models/asked.jsonl"
"""Below the project's folder: every request with its raw reply."""
TOKENS = 16


@dataclass(frozen=True, slots=True)
class Models:
    """Who is asked, what, and how much. `most_tokens` bounds a reply; `tell` hears what is spent, of how many."""

    endpoints: Sequence[Endpoint]
    conditions: Sequence[Condition]
    rule: Rule = field(default_factory=Rule)
    limits: Limits = field(default_factory=Limits)
    most_tokens: int = TOKENS
    send: bool = False
    tell: Callable[[Condition, Spent, int], None] = lambda *_: None


def model_gates(project: Project, items: Sequence[Item], models: Models, seed: int, clock: Clock) -> list[Gate]:
    """A gate a condition. Raises WozError where a server fails, and where words would leave unasked; what was
    answered before is kept, and not asked again.
    """
    names = [endpoint.model for endpoint in models.endpoints]
    if len(set(names)) < len(names):
        raise WozError("Two of the models have one name; each needs its own, since replies are told apart by it.")
    stay = _staying(project, items, models)
    asker = _Asker(project, [each for each in items if each.question.session_id not in stay], models, seed)
    with ExchangeLog(project.path / ASKED, shared=True) as log:
        gates = [asker.gate(condition, log, clock) for condition in models.conditions]
    return [_with_staying(gate, stay) for gate in gates]


def _staying(project: Project, items: Sequence[Item], models: Models) -> dict[SessionId, str]:
    counts = Counter(item.question.session_id for item in items)
    seen = any(each.seen for each in models.conditions)
    what = "pictures and what was said" if seen else "what was said before them"
    found = dict[SessionId, str]()
    for endpoint in models.endpoints:
        found |= staying(project, counts, endpoint, models.send, what, pictures=seen)
    return found


def _with_staying(gate: Gate, stay: dict[SessionId, str]) -> Gate:
    if not stay:
        return gate
    line = f"{counted(len(stay), 'session was', 'sessions were')} not sent: {next(iter(stay.values()))}"
    return Gate(gate.name, gate.judged, gate.findings, (*gate.whole, line))


class _Asker:
    def __init__(self, project: Project, items: Sequence[Item], models: Models, seed: int) -> None:
        self._items = [item for item in items if len(item.options) > 1]
        self._models = models
        self._seed = seed
        self._scenes = _Scenes(project, all(each.local for each in models.endpoints))

    def gate(self, condition: Condition, log: ExchangeLog, clock: Clock) -> Gate:
        plan = _Plan()
        requests = self._requests(condition, plan)
        models, rule = self._models, self._models.rule
        count = sum(len(item.options) for item in self._items) * len(models.endpoints)
        asker = Asker(clock, models.limits)
        spent = asker.ask_all(requests, log, lambda spent: models.tell(condition, spent, count))
        tallies = [plan.tally(item, log, models.endpoints) for item in self._items if item.question.id in plan.keys]
        gate = gate_of(condition, tallies, [each.model for each in models.endpoints], rule)
        return Gate(gate.name, gate.judged, gate.findings, (*gate.whole, *self._lines(spent, plan)))

    def _requests(self, condition: Condition, plan: _Plan) -> Iterator[Request]:
        for item in self._items:
            shown = self._shown(condition, item)
            if shown is None:
                continue
            lines, seen = shown
            for endpoint in self._models.endpoints:
                for turned in range(len(item.options)):
                    said = messages(condition, item, turned, lines, seen)
                    body, name = endpoint.body(said, self._models.most_tokens), f"{item.question.id}@{turned}"
                    request = Request.of(endpoint, body, str(condition), name)
                    plan.add(item, endpoint, request)
                    yield request

    def _shown(self, condition: Condition, item: Item) -> tuple[list[str], list[bytes]] | None:
        """Lines and pictures; None where the condition has nothing to show."""
        lines = told(condition, item, self._scenes.task(item) if condition == Condition.STEPS else Task())
        if lines is None or not condition.seen:
            return None if lines is None else (lines, [])
        seen = self._scenes.pictures(condition, item, self._seed)
        return (lines, seen) if seen else None

    def _lines(self, spent: Spent, plan: _Plan) -> Iterator[str]:
        nothing = len(self._items) - len(plan.keys)
        if nothing:
            yield f"{counted(nothing, 'question has', 'questions have')} nothing that this could show."
        if spent.left:
            left = counted(spent.left, "request was", "requests were")
            yield f"The budget was spent: {left} not put; what was answered is kept."
        for trouble, count in sorted(spent.troubles.items()):
            yield f"{counted(count, 'request')} failed: {trouble}."


@dataclass(slots=True)
class _Plan:
    """The requests' keys, by question and model, in the order of the options' turns."""

    keys: dict[str, dict[str, list[str]]] = field(default_factory=dict)

    def add(self, item: Item, endpoint: Endpoint, request: Request) -> None:
        self.keys.setdefault(item.question.id, {}).setdefault(endpoint.model, []).append(request.key)

    def tally(self, item: Item, log: ExchangeLog, endpoints: Sequence[Endpoint]) -> Tally:
        tally = Tally(item.question.id, item.right, len(item.options))
        for endpoint in endpoints:
            keys = self.keys[item.question.id][endpoint.model]
            tally.add(endpoint.model, [_choice(log.reply(key), item, n) for n, key in enumerate(keys)])
        return tally


def _choice(reply: str | None, item: Item, turned: int) -> Choice | None:
    """By the item's own numbers; None where no answer came."""
    if reply is None:
        return None
    choice = read_choice(reply, turned_on(item.options, turned))
    if choice.option is None:
        return choice
    return Choice((choice.option + turned) % len(item.options), choice.how)


class _Scenes:
    """What is done and seen in sessions; one session's steps are held at a time."""

    def __init__(self, project: Project, local: bool) -> None:
        self._project = project
        self._local = local
        self._films = dict[SessionId, Film | None]()
        self._last: tuple[SessionId, Told] | None = None

    def task(self, item: Item) -> Task:
        session_id = item.question.session_id
        if self._last is None or self._last[0] != session_id:
            self._last = session_id, Told(export_bundle(self._project, session_id))
        told, procedure = self._last[1], self._last[1].bundle.procedure
        steps = tuple(step.name for _, step in procedure.walk()) if procedure else ()
        name = procedure.name if procedure else ""
        return Task(name, steps, tuple(told.steps_before(item.question.at_ns)))

    def pictures(self, condition: Condition, item: Item, seed: int) -> list[bytes]:
        """Empty where there is no film, or no other session of the procedure that has one."""
        question = item.question
        if condition == Condition.FIRST_FRAME:
            film = self._film(question.session_id)
            return first_picture(film, question.clip) if film else []
        others = list(self._others(question.session_id))
        found = another_clip(question.id, question.clip.duration_ns, others, seed)
        return pictures(*found, PICTURES) if found else []

    def _others(self, session_id: SessionId) -> Iterator[tuple[Film, int]]:
        own = self._project.sessions.get(session_id)
        for other in sorted(self._project.sessions.all(), key=lambda each: each.id):
            akin = other.id != own.id and own.procedure_id is not None and other.procedure_id == own.procedure_id
            may_go = akin and (self._local or not why_pictures_stay(self._project, other.id))
            film = self._film(other.id) if may_go else None
            if film and other.duration_ns:
                yield film, other.duration_ns

    def _film(self, session_id: SessionId) -> Film | None:
        if session_id not in self._films:
            self._films[session_id] = film_of_session(self._project, session_id)
        return self._films[session_id]
