"""A withdrawal from the study: planned, carried out, searched for what is left, and certified."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from woz.annotation.withdrawn import Scope
from woz.base.clock import Clock
from woz.base.commands import quoted
from woz.base.errors import WozError
from woz.dataset.release.comparing import reached
from woz.lab.library import Released
from woz.lab.ports import Project
from woz.lab.withdrawal_ports import Begun, Extent
from woz.lab.withdrawn_bytes import Searched, forms_of, needles, search_files
from woz.lab.withdrawn_files import change_files, demand_closed, replaced_files, silent_already, sizes_of
from woz.lab.withdrawn_folders import Traces, clean_folders, demand_there, plan_folders, working_folders
from woz.lab.worklists import WorkLists
from woz.model.ids import SessionId
from woz.model.package import PackageState
from woz.model.people import Participant
from woz.privacy.certificate import Certificate, Changed, limits_of
from woz.privacy.withdrawal import (
    CopyPlan,
    Fate,
    PackagePlan,
    Plan,
    Rebuilt,
    SessionPlan,
    Share,
    plan_files,
    shares,
)
from woz.recording.folder.session_folder import SessionFolder
from woz.recording.folder.staging import IMPORT, PACKAGE, sweep

UNHEARD = (
    "Nothing of theirs is transcribed here, so where others' tracks let them be heard isn't known: listen to them."
)
DATABASE = "project.sqlite"
"""Where it isn't, the rows are on a server, and are read there."""
OLD_DATABASES = "project.sqlite.backup-*"
"""Kept beside the database before a newer program brought it up to date."""
Tell = Callable[[int, str], None]
"""Called with how much is done, in percent, and what comes now."""


@dataclass(frozen=True, slots=True)
class Task:
    """Who withdraws, from which sessions, who carries it out."""

    project: Project
    person: Participant
    by: str
    clock: Clock


def person_named(project: Project, pseudonym: str) -> Participant:
    """Raises WozError for somebody whom the project doesn't know."""
    found = next((each for each in project.participants.all() if each.pseudonym == pseudonym), None)
    if found is None:
        lists = f"woz consent {quoted(project.path)} lists them"
        raise WozError(f"This project has no participant {pseudonym!r}; {lists}.")
    return found


def plan_withdrawal(
    project: Project,
    pseudonym: str,
    releases: Sequence[Path] = (),
    backups: Sequence[Path] = (),
    folders: Sequence[Path] = (),
    drafts: Sequence[Path] = (),
) -> Plan:
    """All that a withdrawal would reach; changes nothing. Releases that the project knows are looked into anyway,
    and so are its runs and evaluations; `folders` are other ones of runs, evaluations, drafts, and `drafts` files
    that windows keep, which may go meanwhile.

    Raises WozError for somebody whom the project doesn't know, for a folder that is no release, and for one of
    `folders` that isn't there.
    """
    person = person_named(project, pseudonym)
    demand_there(folders)
    parts, working = _shares(project, person), working_folders(project, [*folders, *drafts])
    extents = extents_of(project, person, parts)
    built = _built_from(project, parts)
    here = {Path(each.path) for each in built if (Path(each.path) / "manifest.json").is_file()}
    known = dict.fromkeys([*releases, *sorted(here)])
    return Plan(
        pseudonym,
        tuple(_plan_session(project, person, *each) for each in zip(parts, extents, strict=True)),
        {str(folder): found for folder in known if (found := reached(folder, pseudonym))},
        tuple(CopyPlan(str(path), _bytes_in(path)) for path in backups),
        tuple(CopyPlan(str(path), path.stat().st_size) for path in _old_databases(project)),
        tuple(_packages(project, {share.session_id for share in parts})),
        plan_folders(working, _traces(project, parts, extents), drafts) if working else (),
        tuple(f"{one.called} ({one.path})" for one in built if Path(one.path) not in here),
        refused=project.withdrawals.refused(),
    )


def _built_from(project: Project, parts: Sequence[Share]) -> list[Released]:
    theirs = {share.session_id for share in parts}
    return [each for each in project.releases.all() if theirs & set(each.sessions)]


def _traces(project: Project, parts: Sequence[Share], extents: Iterable[Extent]) -> Traces:
    """Their own sentences that nobody else said, and their sessions: what is made of one goes, and is made anew."""
    texts = [text for extent in extents for text in extent.words.texts]
    sessions, known = [str(share.session_id) for share in parts], map(str, (s.id for s in project.sessions.all()))
    return Traces.of(needles(texts, _said(project, texts)), sessions, known)


def _said(project: Project, but: Sequence[str]) -> set[str]:
    """What is said in all sessions, without these texts."""
    own = set(but)
    return {
        turn.text
        for session in project.sessions.all()
        for transcript in project.transcripts.of_session(session.id)
        for turn in project.transcripts.turns(transcript.id)
        if turn.text not in own
    }


def carry_out(
    task: Task,
    plan: Plan,
    tell: Tell,
    copies: Callable[[Tell], Sequence[CopyPlan]] = lambda _: (),
    rebuild: Callable[[Tell], Sequence[Rebuilt]] = lambda _: (),
    keep: Callable[[Certificate], None] = lambda _: None,
    folders: Sequence[Path] = (),
    drafts: Sequence[Path] = (),
) -> Certificate:
    """Do what was planned. Killed at any moment, it goes on when called again, by the plan that it began with.

    `copies` carries it out in the backups that are known, and answers which those were; `rebuild` builds the next
    versions of releases, in which is searched, too, for what is left; `keep` writes the certificate, before which
    nothing counts as ended. Of `folders` and `drafts` those that are gone are passed
    over. Raises WozError, with all that was done so far kept, where something can't be changed; with nothing done,
    who may not carry it out whole.
    """
    if refused := task.project.withdrawals.refused():
        raise WozError(refused)
    scopes = {share.session_id: scope_of(task.person, share) for share in _shares(task.project, task.person)}
    for scope in scopes.values():
        demand_closed(task.project, scope)
        _demand_empty(task.project, scope)
    begun = task.project.withdrawals.begin(task.person.id, task.by, msgspec.json.encode(plan).decode())
    first = _with_new(msgspec.json.decode(begun.plan, type=Plan), plan)
    working, texts = working_folders(task.project, [*folders, *drafts]), list[str]()
    withdrawals = task.project.withdrawals.reading_once()
    if working:
        tell(0, "runs, evaluations and drafts")
        parts = _shares(task.project, task.person)
        extents = withdrawals.extents([scope_of(task.person, share) for share in parts])
        traces = _traces(task.project, parts, extents)
        clean_folders(working, traces, drafts)
    for nr, session in enumerate(plan.sessions):
        tell(80 * nr // len(plan.sessions), str(session.session_id))
        scope = scopes[session.session_id]
        extent = withdrawals.extent(scope)
        texts += extent.words.texts
        change_files(task.project, scope, extent, session.files, task.clock.utc_ns)
        withdrawals.erase(scope)
    WorkLists(task.project.path).forget_titles({each.session_id for each in plan.sessions if each.whole})
    tell(80, "the database is written anew")
    for path in _old_databases(task.project):
        path.unlink(missing_ok=True)
    sweep(task.project.path, PACKAGE)
    sweep(task.project.sessions_dir, IMPORT)
    task.project.withdrawals.scrub()
    done, new = copies(tell), rebuild(tell)
    tell(95, "search for what is left")
    there = [Path(each.path) for each in new if not each.why]
    found = _search(task.project, texts, done, [*working, *there])
    limits = limits_of(first, bool(_said_in(first) - _said_in(plan)))
    certificate = _certificate(task, first, begun, found, done, new, limits)
    keep(certificate)
    task.project.withdrawals.end(task.person.id, msgspec.json.encode(certificate).decode())
    return certificate


def _demand_empty(project: Project, scope: Scope) -> None:
    """Raises WozError where somebody is in a session: their window would still show what is gone."""
    if names := project.withdrawals.at_work(scope.session_id):
        raise WozError(f"{' and '.join(names)} has {scope.session_id} open; ask them to close it, then withdraw.")


def _with_new(first: Plan, now: Plan) -> Plan:
    """What it began with, and the releases and backups that were named since; of next versions those of now."""
    copies = {copy.path: copy for copy in (*now.backups, *first.backups)}
    folders = {each.path: each for each in (*now.folders, *first.folders)}
    return replace(
        first,
        releases={**now.releases, **first.releases},
        backups=tuple(copies.values()),
        folders=tuple(folders.values()),
        away=tuple(dict.fromkeys((*first.away, *now.away))),
        next=now.next,
    )


def scope_of(person: Participant, share: Share) -> Scope:
    return Scope(share.session_id, person.pseudonym, frozenset(share.roles), share.alone)


def extents_of(project: Project, person: Participant, parts: Iterable[Share]) -> list[Extent]:
    return project.withdrawals.extents([scope_of(person, share) for share in parts])


def _shares(project: Project, person: Participant) -> tuple[Share, ...]:
    return shares(person, project.sessions.all(), project.participants.all())


def _plan_session(project: Project, person: Participant, share: Share, extent: Extent) -> SessionPlan:
    folder = SessionFolder(project.session_dir(share.session_id))
    streams, done = project.streams.of_session(share.session_id), silent_already(folder, person.pseudonym)
    files = plan_files(share, streams, sizes_of(folder), bool(extent.spoken), done)
    silent = any(file.fate == Fate.SILENCED for file in files)
    return SessionPlan(
        share.session_id,
        share.roles,
        share.alone,
        dict(extent.rows),
        files,
        project.withdrawals.annotators(share.session_id),
        tuple(_blind_spots(share, silent and not extent.spoken)),
    )


def _blind_spots(share: Share, unheard: bool) -> Iterator[str]:
    if share.alone:
        return
    if unheard:
        yield UNHEARD
    if share.alike:
        names = " and ".join(share.alike)
        yield f"{names} had the same role here; whose turns are whose isn't known, so all of them go."


def _packages(project: Project, reached_sessions: set[SessionId]) -> Iterator[PackagePlan]:
    """Those that an annotator may still have, with a session of the person."""
    for each in project.whole().packages.all():
        if each.state != PackageState.DELETED and reached_sessions & set(each.sessions):
            pairs = zip(each.sessions, each.holds, strict=True)
            holds = tuple(text for session_id, text in pairs if session_id in reached_sessions)
            yield PackagePlan(str(each.id), each.pseudonym, str(each.state), each.until.isoformat(), holds)


def _old_databases(project: Project) -> list[Path]:
    return sorted(path for path in project.path.glob(OLD_DATABASES) if path.is_file())


def _bytes_in(path: Path) -> int:
    files: Iterable[Path] = path.rglob("*") if path.is_dir() else [path]
    return sum(each.stat().st_size for each in files if each.is_file())


def _search(
    project: Project, texts: Sequence[str], copies: Sequence[CopyPlan], folders: Sequence[Path]
) -> Searched:
    roots = [project.path, project.sessions_dir, *(Path(copy.path) for copy in copies), *folders]
    wanted = needles(texts, _said(project, ()))
    found = search_files(roots, wanted)
    if (project.path / DATABASE).exists():
        return found
    tables = project.withdrawals.holding([form for text in wanted for form in forms_of(text)])
    return replace(found, found=(*found.found, *(f"the table {name} on the server" for name in tables)))


def _said_in(plan: Plan) -> set[SessionId]:
    """The sessions that hold words of theirs."""
    return {each.session_id for each in plan.sessions if "turns" in each.rows}


def _certificate(
    task: Task,
    plan: Plan,
    begun: Begun,
    found: Searched,
    copies: Sequence[CopyPlan],
    new: Sequence[Rebuilt],
    limits: tuple[str, ...],
) -> Certificate:
    changed = tuple(
        Changed(session.session_id, each.path, each.was, each.now)
        for session in plan.sessions
        for each in replaced_files(SessionFolder(task.project.session_dir(session.session_id)), plan.person)
    )
    return Certificate(
        plan,
        begun.by,
        begun.begun_utc_ns,
        task.clock.utc_ns(),
        changed,
        tuple(copy.path for copy in copies),
        found.texts,
        found.files,
        found.found,
        limits,
        tuple(new),
    )
