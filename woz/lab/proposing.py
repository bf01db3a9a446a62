"""Has a proposer draft annotations of a session into a machine's tier, and tells what became of earlier drafts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from woz.annotation.blindness import blind_to_machines
from woz.annotation.edits import Edit
from woz.annotation.lag import lags_ns, learnt_lag_ns
from woz.annotation.live_scheme import STEP
from woz.annotation.proposals.asking import Ask, Mark, Proposal
from woz.annotation.proposals.deciding import Outcomes, outcomes
from woz.annotation.proposals.drafts import END_SPREAD, START_SPREAD
from woz.annotation.proposals.from_marks import LAG
from woz.annotation.proposals.known import proposer
from woz.annotation.proposals.running import GoOn, proposed
from woz.base.clock import Clock
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S
from woz.lab.ports import Project
from woz.lab.proposing_by_model import MODEL, budget_of, endpoint_of
from woz.lab.releasing import shown_path
from woz.lab.sending import why_pictures_stay
from woz.model.annotation import Annotation, Attribute
from woz.model.ids import AnnotationId, SessionId, TierId, new_id
from woz.model.item import ref_to
from woz.model.kinds import Item
from woz.model.made import PROGRAM, Made
from woz.model.origin import Origin
from woz.model.own_schemes import CONVERSATION, STEPS, steps_scheme
from woz.model.scheme import Scheme, TierType
from woz.model.session import Session
from woz.model.tier import Tier
from woz.model.transcript import Turn
from woz.recording.folder.session_folder import SessionFolder

STATES_BY, STEPS_BY, MODEL_BY = "states-from-turns", "steps-from-marks", "by-model"


@dataclass(frozen=True, slots=True)
class Drafting:
    """Which proposer, into which tier type of which scheme; empty where the proposer is for one alone.

    `for_whom` is the annotator's id who asked for it, empty for nobody in particular.
    """

    by: str
    scheme: str = ""
    tier_type: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    for_whom: str = ""
    send: bool = False
    """Whether pictures may go to another computer, where a proposer sends any."""


@dataclass(frozen=True, slots=True)
class Drafted:
    """The machine's new tier, and how many proposals are in it."""

    tier: TierId
    by: str
    proposals: int
    options: Mapping[str, str]


def draft(
    project: Project, session_id: SessionId, drafting: Drafting, clock: Clock, go_on: GoOn = lambda _: True
) -> Drafted:
    """Raises WozError where nothing can be proposed, or is, and where it is cancelled; then nothing is kept."""
    prepared = prepare(project, session_id, drafting)
    return keep_draft(project, prepared, proposed(proposer(drafting.by), prepared.ask, go_on), clock)


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a proposer is to be asked about a session, and of which scheme its answer is."""

    session: SessionId
    by: str
    scheme: Scheme
    ask: Ask


def prepare(project: Project, session_id: SessionId, drafting: Drafting, held_out: bool = False) -> Prepared:
    """Where it is `held_out`, nothing is learnt from what people corrected in this session.

    Raises WozError where nothing may be proposed, or not by this proposer.
    """
    proposer(drafting.by)
    session = project.sessions.get(session_id)
    items = project.annotations.load(session_id)
    scheme, tier_type = _type_for(project, session, drafting)
    if blind_to_machines(project.annotators.scopes(session_id), drafting.for_whom, (scheme.id, tier_type.key)):
        raise WozError(
            f"You mark {tier_type.name()} of this session without a machine's help; nothing is proposed."
        )
    options = {**_learnt(project, drafting.by, session_id if held_out else None), **drafting.options}
    if drafting.by == MODEL_BY:
        refuse_sending(project, session, drafting)
    return Prepared(session_id, drafting.by, scheme, _ask(project, session, items, tier_type, options))


def keep_draft(
    project: Project, prepared: Prepared, found: Sequence[Proposal], clock: Clock, tier_id: TierId | None = None
) -> Drafted:
    """A machine's tier of what was proposed. Raises WozError where that is nothing."""
    if not found:
        raise WozError(f"{prepared.by} has nothing to propose for {prepared.session}.")
    known, session_id = proposer(prepared.by), prepared.session
    tier_type, options = prepared.ask.tier_type, prepared.ask.options
    scheme = project.schemes.keep(prepared.scheme)
    by = f"{known.by} {options[MODEL]}" if options.get(MODEL) else known.by
    made = Made(Origin.MACHINE, by, clock.utc_ns(), new_id())
    name = f"{tier_type.name()} by {known.name}"
    tier = Tier(tier_id or TierId(new_id()), session_id, scheme.id, scheme.version, tier_type.key, name, made)
    annotations = tuple(_annotation(each, tier.id, made) for each in found)
    project.annotations.record(session_id, Edit("Draft", (), (tier, *annotations)), PROGRAM)
    return Drafted(tier.id, by, len(annotations), options)


def refuse_sending(project: Project, session: Session, drafting: Drafting) -> None:
    """Raises WozError where pictures may not leave: without consent to release, or before somebody said so."""
    options = dict(drafting.options)
    host, budget = endpoint_of(options).host, budget_of(options)
    if endpoint_of(options).local:
        return
    if reason := why_pictures_stay(project, session.id):
        raise WozError(f"No picture of {session.id} goes to {host}: {reason}")
    if not drafting.send:
        raise WozError(
            f"Up to {budget} pictures of {session.id}, with what is said, would be sent to {host};"
            " give --send to send them."
        )


def outcomes_of(project: Project) -> dict[str, Outcomes]:
    """What became of all proposals of a project, by proposer."""
    history, now = [], {}
    for session in project.sessions.all():
        history += project.annotations.history(session.id)
        now.update({ref_to(item): item for item in project.annotations.load(session.id)})
    return outcomes(history, now)


def _ask(
    project: Project, session: Session, items: Sequence[Item], tier_type: TierType, options: dict[str, str]
) -> Ask:
    transcripts = project.transcripts.of_session(session.id)
    newest = transcripts[-1] if transcripts else None
    turns = tuple(i for i in items if isinstance(i, Turn) and newest and i.transcript_id == newest.id)
    folder = SessionFolder(project.session_dir(session.id))
    blurred = shown_path(project, folder)
    media = blurred if blurred.exists() else folder.ego
    return Ask(
        tier_type,
        session.duration_ns or 0,
        turns,
        tuple(Mark(t_ns, label) for label, t_ns in _starts(items, STEP, live=True)),
        str(media) if media.exists() else "",
        newest.language if newest else "",
        options,
    )


def _type_for(project: Project, session: Session, drafting: Drafting) -> tuple[Scheme, TierType]:
    """Raises WozError where it isn't clear which tier type is meant."""
    if drafting.scheme:
        schemes = [each for each in project.schemes.all() if drafting.scheme in (each.id, each.name)]
        scheme = max(schemes, key=lambda each: each.version, default=None)
    elif drafting.by == STATES_BY:
        scheme = CONVERSATION
    elif session.procedure_id:
        scheme = steps_scheme(project.procedures.get(session.procedure_id))
    else:
        raise WozError(f"{session.id} has no procedure; say with --scheme and --tier-type what is to be proposed.")
    if scheme is None:
        raise WozError(f"This project has no scheme {drafting.scheme!r}; woz scheme list names those it has.")
    key = drafting.tier_type or scheme.tier_types[0].key
    if key not in {each.key for each in scheme.tier_types}:
        known = ", ".join(each.key for each in scheme.tier_types)
        raise WozError(f"The scheme {scheme.name} has no tier type {key!r}; it has {known}.")
    return scheme, scheme.tier_type(key)


def _learnt(project: Project, by: str, without: SessionId | None) -> dict[str, str]:
    """How late live marks are, by the steps that people made of them in this project's other sessions."""
    if by != STEPS_BY:
        return {}
    lags: list[int] = []
    for session in project.sessions.all():
        if session.id == without:
            continue
        items = project.annotations.load(session.id)
        lags += lags_ns(_starts(items, STEP, live=True), _starts(items, STEPS, live=False))
    lag_ns = learnt_lag_ns(lags)
    return {} if lag_ns is None else {LAG: f"{lag_ns / NS_PER_S:.3f}"}


def _starts(items: Iterable[Item], tier_type: str, live: bool) -> list[tuple[str, int]]:
    """Label and start of the annotations of a type: those marked live, or those that a person made or mended."""
    known = list(items)
    tiers = {item.id for item in known if isinstance(item, Tier) and item.tier_type == tier_type}
    return [
        (item.label, item.start_ns)
        for item in known
        if isinstance(item, Annotation)
        and item.tier_id in tiers
        and item.start_ns is not None
        and (live or item.made.origin == Origin.MANUAL)
    ]


def _annotation(each: Proposal, tier_id: TierId, made: Made) -> Annotation:
    spreads = ((START_SPREAD, each.start_spread_ns), (END_SPREAD, each.end_spread_ns))
    attributes = tuple(Attribute(key, spread) for key, spread in spreads if spread)
    return Annotation(
        AnnotationId(new_id()),
        tier_id,
        each.start_ns,
        each.end_ns,
        each.label,
        made,
        attributes,
        each.note,
        each.score,
    )
