"""From a command line to the plan of a session, and from the plan into the project."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from woz.base.clock import Clock
from woz.base.errors import WozError
from woz.capture.tabletop import PROCEDURE
from woz.lab.consenting import merged_consents
from woz.lab.ports import Project
from woz.lab.taking_in import save_procedure
from woz.model.ids import ProcedureId, new_id, new_session_id
from woz.model.people import Attendance, Consent, ConsentKind, Participant, Role
from woz.model.plan import Person, Plan, person_of, protocol_named, with_consent
from woz.model.procedure import Procedure
from woz.model.protocol import PROACTIVE, Protocol
from woz.model.session import Session, SessionState
from woz.procedures.formats import read_procedures


@dataclass(frozen=True, slots=True)
class PlanOptions:
    """A session as the command line says it; empty where it says nothing."""

    procedure: str = ""
    steps: Path | None = None
    scenario: str = ""
    protocol: str = ""
    protocol_version: str = ""
    gaze_shown: bool = False
    pointing_allowed: bool = False
    cue_delay_ms: int = 0
    trainee: str = ""
    expert: str = ""
    others: Sequence[str] = ()

    @property
    def enough(self) -> bool:
        """Whether a session may begin on them without the form."""
        return bool(self.trainee and self.protocol and (self.procedure or self.steps))


def draft(project: Project, options: PlanOptions, source: str, now_utc_ns: int) -> Plan:
    """Raises WozError for an option that can't be understood."""
    known = project.participants.all()
    return Plan(
        _procedure(project, options, source),
        _protocol(options),
        options.scenario,
        _people(options, known, now_utc_ns),
    )


def save_plan(project: Project, plan: Plan) -> Plan:
    """Keep procedure and people, and return the plan with its people as they were kept: what is entered is kept
    only of a session that is recorded. What came of somebody since the plan was made and isn't changed by it stays:
    that they have withdrawn, or took a consent back.
    """
    save_procedure(project, plan.procedure)
    with project.at_once():
        met = _met(project, plan)
        for participant in met.participants:
            project.participants.save(participant)
    return replace(met, people=tuple(replace(each, before=each.participant) for each in met.people))


def with_recording(plan: Plan, names: Container[str], version: str, given_utc_ns: int) -> Plan:
    """The plan, in which those of these pseudonyms agreed to be recorded, to a version of the text."""
    given = Consent(ConsentKind.RECORDING, version, given_utc_ns)

    def agreed(person: Person) -> Person:
        who = person.participant
        if who.pseudonym not in names:
            return person
        return replace(person, participant=replace(who, consents=with_consent(who.consents, given)))

    return replace(plan, people=tuple(map(agreed, plan.people)))


def _met(project: Project, plan: Plan) -> Plan:
    """What the plan changed of its people, on what the project knows of them now."""
    known = {each.id: each for each in project.participants.all()}

    def met(person: Person) -> Person:
        now = known.get(person.participant.id)
        return replace(person, participant=_as_entered(person, now) if now else person.participant, before=now)

    return replace(plan, people=tuple(map(met, plan.people)))


def _as_entered(person: Person, now: Participant) -> Participant:
    entered, before = person.participant, person.before
    shown, spoken = (before.consents, before.languages) if before else ((), ())
    return replace(
        now,
        consents=merged_consents(shown, entered.consents, now.consents),
        languages=now.languages if entered.languages == spoken else entered.languages,
    )


def planned_session(plan: Plan, clock: Clock) -> Session:
    """The session to come; nothing is stored."""
    now_ns = clock.utc_ns()
    return Session(
        new_session_id(now_ns),
        plan.procedure.name,
        SessionState.RECORDING,
        now_ns,
        procedure_id=plan.procedure.id,
        participants=tuple(person.id for person in plan.participants),
        scenario=plan.scenario,
        protocol=plan.protocol,
        attendance=tuple(person.attendance for person in plan.people),
    )


def plan_anew(project: Project, plan: Plan, another: bool) -> Plan:
    """The plan as it was, with what it changed of its people on what the project knows of them now. Who was new,
    and is entered elsewhere since by the same pseudonym, is that person.

    `another`: for another session, for which people are asked anew what holds for one session only.
    """
    known = {each.pseudonym: each for each in project.participants.all()}
    ids = {each.id for each in known.values()}
    people = tuple(each if each.participant.id in ids else _found(each, known) for each in plan.people)
    met = _met(project, replace(plan, people=people))
    if not another:
        return met
    return replace(met, people=tuple(replace(each, attendance=_unasked(each.attendance)) for each in met.people))


def _found(new: Person, known: Mapping[str, Participant]) -> Person:
    """Somebody whom the project doesn't have by their id, by the one that their pseudonym has by now. All consents
    of theirs are new, whichever a form showed before.
    """
    now = known.get(new.participant.pseudonym, new.participant)
    return Person(replace(new.participant, id=now.id), replace(new.attendance, participant_id=now.id), before=None)


def _unasked(was: Attendance) -> Attendance:
    return Attendance(was.participant_id, was.role)


def own_protocols(project: Project) -> list[Protocol]:
    """The protocols of earlier sessions, each once, the newest first."""
    return list(dict.fromkeys(session.protocol for session in project.sessions.all() if session.protocol))


def _protocol(options: PlanOptions) -> Protocol:
    named = protocol_named(options.protocol, options.protocol_version) if options.protocol else PROACTIVE
    if not 0 <= options.cue_delay_ms <= 60_000:
        raise WozError("A cue may wait for 0 to 60000 ms; correct --cue-delay-ms.")
    return replace(
        named,
        gaze_shown=options.gaze_shown,
        pointing_allowed=options.pointing_allowed,
        cue_delay_ms=options.cue_delay_ms,
    )


def _people(options: PlanOptions, known: Sequence[Participant], now_utc_ns: int) -> tuple[Person, ...]:
    named = [(Role.TRAINEE, options.trainee), (Role.EXPERT, options.expert)]
    named += [(Role.OTHER, text) for text in options.others]
    return tuple(person_of(role, text, known, now_utc_ns) for role, text in named if text)


def _procedure(project: Project, options: PlanOptions, source: str) -> Procedure:
    """The procedure by its name; with a file of it, or of its steps, it is made anew."""
    if not options.procedure and not options.steps:
        return PROCEDURE if source.startswith("synthetic") else Procedure(ProcedureId("free"), "Free session")
    if options.procedure == PROCEDURE.name:
        return PROCEDURE
    name = options.procedure or (options.steps.stem if options.steps else "")
    known = next((p for p in project.procedures.all() if p.name == name), None)
    if known:
        return known
    if options.steps is None:
        raise WozError(f"This project has no procedure {name!r}; give its steps, one a line, with --steps FILE.")
    found = read_procedures(options.steps, name=options.procedure)
    if len(found) > 1:
        raise WozError(f"{options.steps} holds {len(found)} procedures; take them in with woz procedure import.")
    return replace(found[0], id=ProcedureId(new_id()))
