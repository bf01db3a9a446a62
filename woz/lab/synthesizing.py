"""Dialogues and instructions that a model writes for a project's tasks, with consent where steps leave the lab."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from woz.base.clock import Clock
from woz.base.errors import WozError
from woz.dataset.models.asking import Limits, Spent
from woz.dataset.models.asking_json import JsonAsker
from woz.dataset.models.endpoint import Endpoint
from woz.dataset.models.exchanges import ExchangeLog
from woz.dataset.release.recipe import Recipe
from woz.dataset.release.sessions_out import for_tasks
from woz.dataset.synthesis.dialogue import Dialogue, UserType
from woz.dataset.synthesis.instructing import write_instructions
from woz.dataset.synthesis.keeping import EXCHANGES, keep_dialogues, keep_instructions
from woz.dataset.synthesis.outline import Outline
from woz.dataset.synthesis.quality import LEAST_EVALUATED, LEAST_TRAIN
from woz.dataset.synthesis.writing import drafts_of, finished, write_dialogues, write_progress
from woz.dataset.tasks.instructions import WHAT, kinds_in
from woz.dataset.tasks.outlining import outline_of
from woz.dataset.tasks.task import Settings
from woz.formats.bundle import SessionBundle
from woz.lab.exporting import export_bundle
from woz.lab.naming import demand_judged, leaving
from woz.lab.ports import Project
from woz.lab.seeing_all import demand_seeing_all
from woz.lab.sending import staying
from woz.lab.withholding import without_withheld
from woz.model.ids import SessionId
from woz.model.tier import SETTLED, TierState

_WHAT = "what is written for a release"


@dataclass(frozen=True, slots=True)
class Writing:
    """How a model is asked. `tier_states` and `settings` are those of the release that is to be built."""

    endpoint: Endpoint
    limits: Limits
    send: bool
    dialogues: int = 10
    summaries: bool = True
    tier_states: tuple[TierState, ...] = SETTLED
    settings: Settings = field(default_factory=Settings)
    tell: Callable[[Spent, int], None] = lambda *_: None


@dataclass(slots=True)
class Written:
    """`wanted` dialogues, `whole` ones by kind of user, those that `train` and evaluation (`evaluated`) may take by
    their score; `unfit` answers were twice not as asked for. `stayed` are sessions with why.
    """

    wanted: int = 0
    whole: dict[str, int] = field(default_factory=dict)
    train: int = 0
    evaluated: int = 0
    kinds: list[str] = field(default_factory=list)
    unfit: int = 0
    spent: Spent = field(default_factory=Spent)
    stayed: dict[SessionId, str] = field(default_factory=dict)

    @property
    def usable(self) -> int:
        """How many dialogues, or kinds of samples with their ten instructions, a release could take."""
        return self.train + len(self.kinds)


def write_for_tasks(project: Project, sessions: Sequence[SessionId], writing: Writing, clock: Clock) -> Written:
    """Ten dialogues a session, and summaries. What was answered before is not asked again; what is whole is kept in
    the project, also where the budget ends or the server goes away.

    Raises WozError, with nothing sent, where something would go to another computer without `send`, where nothing
    can be asked about, and for who doesn't see all; and where the server can't be asked.
    """
    demand_seeing_all(project, sessions, _WHAT)
    demand_judged(project)
    outlines = {str(key): found for key in sessions if (found := _outline(project, key, writing))}
    if not outlines:
        states = ", ".join(writing.tier_states)
        raise WozError(f"No session has a tier of steps that is {states}; annotate some, or name --tier-state.")
    done = Written()
    counts = {SessionId(key): writing.dialogues for key in outlines}
    what = "the times and names of steps and the texts of descriptions"
    done.stayed = staying(
        project,
        counts,
        writing.endpoint,
        writing.send,
        what,
        of=("dialogue to be written", "dialogues to be written"),
    )
    outlines = {key: each for key, each in outlines.items() if key not in done.stayed}
    drafts = drafts_of(outlines, writing.dialogues)
    done.wanted = len(drafts)
    with ExchangeLog(project.path / EXCHANGES) as log:
        asker = JsonAsker(writing.endpoint, log, clock, writing.limits, writing.tell)
        write_dialogues(drafts, asker)
        whole = finished(drafts, writing.endpoint.model)
        kept = write_progress(whole, outlines, asker) if writing.summaries else whole
        keep_dialogues(project.path, kept, outlines, writing.endpoint.model)
    asker.demand_server()
    _count(done, whole)
    done.spent, done.unfit = asker.spent, asker.unfit
    return done


def write_instructions_for(
    project: Project, sessions: Sequence[SessionId], writing: Writing, clock: Clock
) -> Written:
    """Ten instructions for each kind of sample that the project gives; procedures' names alone are told.

    Raises WozError where the endpoint is another computer and `send` is not given, where it can't be asked, and for
    who doesn't see all.
    """
    demand_seeing_all(project, sessions, _WHAT)
    endpoint, done = writing.endpoint, Written()
    bundles = [_leaving(project, key, writing) for key in sessions]
    kinds = sorted({kind for each in bundles for kind in kinds_in(each)})
    if not kinds:
        raise WozError(
            "No session has steps, accepted question sets or descriptions that instructions could be for."
        )
    if not endpoint.local and not writing.send:
        raise WozError(f"The names of procedures would be sent to {endpoint.host}; give --send to send them.")
    shows = sorted({each.procedure.name for each in bundles if each.procedure})
    with ExchangeLog(project.path / EXCHANGES) as log:
        asker = JsonAsker(endpoint, log, clock, writing.limits, writing.tell)
        written = write_instructions({kind: WHAT[kind] for kind in kinds}, shows, asker)
    asker.demand_server()
    if written.ten:
        keep_instructions(project.path, written)
    done.wanted, done.kinds, done.unfit, done.spent = len(kinds), sorted(written.ten), asker.unfit, asker.spent
    return done


def _count(done: Written, whole: Sequence[Dialogue]) -> None:
    done.whole = {str(kind): sum(each.user_type == kind for each in whole) for kind in UserType}
    done.train = sum(each.quality.score >= LEAST_TRAIN for each in whole)
    done.evaluated = sum(each.quality.score >= LEAST_EVALUATED for each in whole)


def _outline(project: Project, session_id: SessionId, writing: Writing) -> Outline | None:
    return outline_of(_leaving(project, session_id, writing), writing.settings)


def _leaving(project: Project, session_id: SessionId, writing: Writing) -> SessionBundle:
    """As a release takes it: without what is kept out, and without names."""
    bundle = leaving(project, without_withheld(export_bundle(project, session_id), questions=False))
    return for_tasks(bundle, Recipe("x", tier_states=writing.tier_states))
