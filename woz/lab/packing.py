"""A package for an annotator elsewhere, planned: what may go of which session, and why the rest stays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from woz.annotation.tier_states import KEEPERS
from woz.base.commands import quoted
from woz.base.errors import WozError
from woz.base.interval import Interval, seconds
from woz.capture.unplayed import kept_parts_objection
from woz.deidentifying.approval import blur_objection
from woz.deidentifying.burning import copy_path
from woz.lab.blurring import SEALED, session_objection
from woz.lab.naming import demand_judged, silent_at
from woz.lab.people import over_in
from woz.lab.ports import Project
from woz.lab.voice_masking import masked_sound, voice_objection
from woz.lab.withholding import withheld_in
from woz.model.annotator import Annotator
from woz.model.assignment import Assignment
from woz.model.ids import SessionId
from woz.model.package import end_utc_ns
from woz.model.people import ConsentKind, Participant
from woz.model.session import Session, SessionState
from woz.model.stream import Stream, StreamKind
from woz.privacy.consent import WORDS, lacking
from woz.privacy.withdrawal import OWN
from woz.recording.folder.session_folder import SessionFolder

MASKED_FOR = "remote"
"""The name under which voices are masked for packages, where the project asks for that."""
HEARD = (StreamKind.TRAINEE_VOICE, StreamKind.EXPERT_HEARD)
NAMES = {
    StreamKind.VIEW: "the view",
    StreamKind.TRAINEE_VOICE: "the trainee's voice",
    StreamKind.EXPERT_HEARD: "the expert's voice",
    StreamKind.GAZE: "the gaze",
}
"""The streams that go along; all others stay."""


@dataclass(frozen=True, slots=True)
class PackageOrder:
    """`because` says why recordings may go of people who did not agree to public release; empty where all did.
    `views` is whether further cameras' views go, too.
    """

    person: Annotator
    by: Annotator
    sessions: tuple[SessionId, ...]
    until: date
    because: str = ""
    views: bool = False


@dataclass(frozen=True, slots=True)
class SessionParts:
    """What goes of a session. `film` is what its pictures are made small of, `sound` what has its voices; None
    where it has none. `streams` have the tracks that they have in the package, `views` the films of further
    cameras by their names; it is silent at `muted`, when names are said.
    """

    session: Session
    work: tuple[Assignment, ...]
    film: Path | None
    sound: Path | None
    tracks: tuple[int, ...]
    streams: tuple[Stream, ...]
    told: tuple[str, ...] = ()
    views: Mapping[str, Path] = field(default_factory=dict)
    muted: tuple[Interval, ...] = ()

    @property
    def holds(self) -> str:
        """In words."""
        named = [f"the view {each.view}" if each.view else NAMES[each.kind] for each in self.streams]
        return f"{self.session.id}: {', '.join([*named, 'the transcript', 'tiers that they may see'])}"


@dataclass(frozen=True, slots=True)
class PackagePlan:
    order: PackageOrder
    sessions: tuple[SessionParts, ...]

    @property
    def told(self) -> tuple[str, ...]:
        return tuple(text for each in self.sessions for text in each.told)


def plan_package(project: Project, order: PackageOrder, utc_ns: int) -> PackagePlan:
    """Changes nothing. Raises WozError for what may not go, by the first reason that there is."""
    by, person = order.by, order.person
    if not KEEPERS & set(by.roles):
        raise WozError(f"Only a curator or a manager may make a package, and {by.pseudonym} is not; ask one to.")
    project = project.seen_by(by.id).whole()
    if not order.sessions:
        raise WozError("Name the sessions that go, with --session ID.")
    if end_utc_ns(order.until) <= utc_ns:
        raise WozError(f"A package until {order.until} would have ended; give a later day, as --until 2031-12-31.")
    demand_judged(project)
    work, over = project.assignments.all(annotator_id=person.id), over_in(project, utc_ns)
    for session_id in order.sessions:
        if why := over.get(session_id):
            what = f"woz people {quoted(project.path)} --due says what to do"
            raise WozError(f"{session_id} stays here. {why} {what}.")
    return PackagePlan(order, tuple(_parts(project, order, each, work) for each in dict.fromkeys(order.sessions)))


def _parts(
    project: Project, order: PackageOrder, session_id: SessionId, work: Sequence[Assignment]
) -> SessionParts:
    session, name = project.sessions.get(session_id), order.person.pseudonym
    mine = tuple(each for each in work if each.session_id == session_id)
    if not mine:
        raise WozError(
            f"{name} has no work in {session_id}; give it first with woz assign {quoted(project.path)} {name}"
            f" --tier-type KEY --session {session_id} --annotator {order.by.pseudonym}."
        )
    if session.state == SessionState.RECORDING:
        raise WozError(f"{session_id} is being recorded; make the package when it is closed.")
    people = [project.participants.get(each) for each in session.participants]
    told = list(_consents(project, order, session, people))
    gone = _withdrawn_kinds(session, people)
    return _media(project, SessionParts(session, mine, None, None, (), (), tuple(told)), gone, order.views)


def _consents(
    project: Project, order: PackageOrder, session: Session, people: Sequence[Participant]
) -> Iterator[str]:
    """What has to be told. Raises WozError where somebody's withdrawal isn't carried out, or a reason lacks."""
    for each in people:
        begun = project.withdrawals.found(each.id) if each.withdrawn else None
        if each.withdrawn and (begun is None or begun.ended_utc_ns is None):
            raise WozError(
                f"{each.pseudonym} has withdrawn from the study, and is still in {session.id}; carry it out first"
                f" with woz withdraw {quoted(project.path)} {each.pseudonym}."
            )
        if each.withdrawn:
            yield f"{session.id}: {each.pseudonym} has withdrawn; their tracks stay here."
    here = [each for each in people if not each.withdrawn]
    names = () if session.provenance else lacking(here, ConsentKind.RELEASE)
    lacks = []
    if names or not (session.provenance or here):
        lacks.append(
            f"No consent to {WORDS[ConsentKind.RELEASE]} is on record for {', '.join(names) or 'anybody in it'}"
        )
    if spans := withheld_in(project.annotations.load(session.id)):
        times = ", ".join(f"{seconds(s.start_ns):.0f}–{seconds(s.end_ns):.0f} s" for s in spans)
        lacks.append(f"{times} of it is kept out of releases, since a bystander asked, say, and would go along")
    for lack in lacks:
        if not order.because.strip():
            raise WozError(
                f"{session.id} would leave the lab. {lack}. Ask them, or say with --because WORDS why it may go to"
                f" {order.person.pseudonym}, as by a contract with them; the words are kept."
            )
        yield f"{session.id}: {lack}; it leaves the lab because: {order.because.strip()}"


def _withdrawn_kinds(session: Session, people: Sequence[Participant]) -> set[StreamKind]:
    """The streams that are a withdrawn person's own."""
    said = {each.participant_id: each.role for each in session.attendance}
    return {kind for each in people if each.withdrawn for kind in OWN[said.get(each.id, each.role)]}


def _media(project: Project, parts: SessionParts, gone: set[StreamKind], further: bool) -> SessionParts:
    """With the film, its voices and streams as they go. Raises WozError where faces or voices aren't as asked."""
    session_id = parts.session.id
    folder = SessionFolder(project.session_dir(session_id))
    streams = [
        each for each in project.streams.of_session(session_id) if each.kind in NAMES and each.kind not in gone
    ]
    if not folder.ego.is_file():
        lost = f"{session_id} has no film on this computer; its words and tiers go alone."
        return replace(parts, told=(*parts.told, lost))
    for objection in (session_objection(project, session_id), _voice_objection(project, session_id)):
        if objection:
            raise WozError(objection)
    film = copy_path(folder.ego) if project.blurring.required else folder.ego
    masked = masked_sound(project, session_id, MASKED_FOR) if project.voice_masking.required else None
    voices = [each for each in streams if each.kind in HEARD and each.path == folder.ego.name]
    tracks = tuple(dict.fromkeys(each.track for each in voices))
    laid = [replace(each, track=tracks.index(each.track)) for each in voices]
    others = [each for each in streams if each.kind in (StreamKind.VIEW, StreamKind.GAZE)]
    whole = replace(parts, film=film, sound=masked or folder.ego, tracks=tracks, streams=(*others, *laid))
    whole = replace(whole, muted=silent_at(project, session_id))
    return _further(project, whole) if further else whole


def _further(project: Project, parts: SessionParts) -> SessionParts:
    """With further cameras' views, as small films without sound. Raises WozError where faces in one aren't as
    asked."""
    folder = project.session_dir(parts.session.id)
    streams, films, told = list[Stream](), dict[str, Path](), list[str]()
    for each in project.streams.of_session(parts.session.id):
        if each.kind != StreamKind.OTHER_VIEW or not each.view:
            continue
        film = folder / each.path
        if film.suffix in SEALED or not film.is_file():
            told.append(f"{parts.session.id}: the view {each.view} stays here; this computer has no film of it.")
            continue
        if not project.blurring.required and (why := kept_parts_objection(film)):
            told.append(f"{parts.session.id}: the view {each.view} stays here. {why}")
            continue
        if project.blurring.required and (objection := blur_objection(film)):
            raise WozError(objection)
        streams.append(replace(each, path=f"views/{each.view}.mkv", track=0))
        films[each.view] = copy_path(film) if project.blurring.required else film
    return replace(parts, streams=(*parts.streams, *streams), views=films, told=(*parts.told, *told))


def _voice_objection(project: Project, session_id: SessionId) -> str:
    return voice_objection(project, session_id, MASKED_FOR) if project.voice_masking.required else ""
