"""A package made as it was planned: a project of its own with what one annotator may see, sealed in one file."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import av

from woz.annotation.edits import Edit
from woz.base.clock import Clock
from woz.base.errors import WozError
from woz.base.interval import Interval
from woz.lab.commenting import talks
from woz.lab.packing import PackagePlan, SessionParts
from woz.lab.ports import Project
from woz.model.annotator import Annotator, AnnotatorRole
from woz.model.comment import Comment
from woz.model.ids import PackageId, SessionId, new_id
from woz.model.kinds import Item
from woz.model.made import PROGRAM
from woz.model.package import Package
from woz.model.question import Question
from woz.model.stream import Stream, StreamKind, frames_of
from woz.model.tier import Tier
from woz.model.transcript import Turn
from woz.playback.small_film import write_small_film
from woz.privacy.names.listing import NameList
from woz.privacy.names.replacing import cleaned
from woz.recording.folder.manifest import Manifest
from woz.recording.folder.session_folder import SessionFolder, sha256_of
from woz.recording.folder.silencing import silence
from woz.recording.folder.staging import PACKAGE, staged
from woz.remote.facts import PackageFacts
from woz.remote.keys import Lock, new_identity, recipient_of
from woz.remote.sealing import seal

Tell = Callable[[int, str], None]
Founding = Callable[[Path, str], contextlib.AbstractContextManager[Project]]
"""Makes a new project in a folder, by a name."""
TAKEN_ALONG = "Take along in a package"
KEY_COLUMN, STAMP = 3, "pts"
T = TypeVar("T")


def make_package(
    project: Project, plan: PackagePlan, lock: Lock, out: Path, found: Founding, clock: Clock, tell: Tell
) -> Package:
    """Raises WozError, with nothing written or noted, where something can't be read or written."""
    if out.exists():
        raise WozError(f"{out} is there already; choose another file.")
    order, secret = plan.order, new_identity()
    holds = tuple(each.holds for each in plan.sessions)
    made = Package(
        PackageId(new_id()[:12]),
        order.person.id,
        order.person.pseudonym,
        tuple(each.session.id for each in plan.sessions),
        holds,
        clock.utc_ns(),
        order.by.pseudonym,
        order.until,
        order.because.strip(),
    )
    with _room(project) as folder:
        _fill(project, plan, made, folder, found, tell)
        _facts(project, made, recipient_of(secret)).save(folder)
        seal(folder, out, lock, lambda percent, what: tell(90 + percent // 10, what))
    try:
        project.packages.add(made, secret)
    except BaseException:
        out.unlink(missing_ok=True)
        raise
    return made


@contextlib.contextmanager
def _room(project: Project) -> Iterator[Path]:
    """A folder for what isn't encrypted yet: with the project, since the file may go where others read. What a
    killed make has left goes first."""
    with contextlib.ExitStack() as stack:
        try:
            room = stack.enter_context(staged(project.path, PACKAGE))
        except OSError as error:
            raise WozError(f"{project.path} can't be written ({error.strerror}); make room there.") from error
        yield room / "package"


def _fill(project: Project, plan: PackagePlan, made: Package, folder: Path, found: Founding, tell: Tell) -> None:
    name = f"{project.name} for {made.pseudonym}"
    with found(folder, name) as target:
        _people(project, target, plan)
        for nr, parts in enumerate(plan.sessions):
            tell(90 * nr // len(plan.sessions), str(parts.session.id))
            streams = _films(project, target, parts)
            _rows(project, target, plan.order.person, parts, streams)


def _facts(project: Project, made: Package, recipient: str) -> PackageFacts:
    return PackageFacts(
        made.id,
        project.name,
        made.annotator_id,
        made.pseudonym,
        made.sessions,
        made.made_utc_ns,
        made.until,
        recipient,
    )


def _people(project: Project, target: Project, plan: PackagePlan) -> None:
    """Whoever it is for, with the roles of who annotates; participants without what they agreed to. Work is
    measured where the project measures it.
    """
    target.work.measure(project.work.measured)
    person = plan.order.person
    roles = tuple(role for role in person.roles if role in (AnnotatorRole.ANNOTATOR, AnnotatorRole.ADJUDICATOR))
    target.annotators.save(replace(person, roles=roles or (AnnotatorRole.ANNOTATOR,)))
    for each in {one for parts in plan.sessions for one in parts.session.participants}:
        target.participants.save(replace(project.participants.get(each), consents=()))


def _rows(
    project: Project, target: Project, person: Annotator, parts: SessionParts, streams: Sequence[Stream]
) -> None:
    """With names replaced in all texts where the project asks for that; schemes are as they are."""
    names = project.names.all()
    session = _leaving(replace(parts.session, place=""), names)
    opened = project.annotations.open(session.id, person.id)
    items = [_leaving(item, names) for item in opened.items if not isinstance(item, Question)]
    known = {(scheme.id, scheme.version) for scheme in target.schemes.all()}
    for key, scheme in opened.schemes.items():
        if key not in known:
            target.schemes.add(scheme)
    said = _said(project, person, session.id)
    _others(project, target, person, items, said)
    if session.procedure_id:
        target.procedures.save(_leaving(project.procedures.get(session.procedure_id), names))
    with target.imports.begin() as taking:
        taking.session(session)
        for transcript in project.transcripts.of_session(session.id):
            taking.transcript(_leaving(transcript, names))
        taking.items(taking.edit(session.id, TAKEN_ALONG, PROGRAM, session.start_utc_ns), _new(target, items))
    target.streams.replace(session.id, streams)
    scopes = [scope for scope in project.annotators.scopes(session.id) if scope.annotator_id == person.id]
    for work in parts.work:
        target.assignments.add(work, Edit(""), scopes)
    for each in said:
        target.comments.take(_leaving(each, names))


def _leaving(value: T, names: NameList) -> T:
    return cleaned(value, names) if names.applied else value


def _said(project: Project, person: Annotator, session_id: SessionId) -> list[Comment]:
    """What somebody said, and what was said to them, of what they may see."""
    found = (talk for talk in talks(project, person, session_id) if person.id in talk.people)
    return [each for talk in found for each in (talk.first, *talk.answers)]


def _new(target: Project, items: Sequence[Item]) -> list[Item]:
    """Sessions of one procedure share its glossary, which comes with the first."""
    there = {item.id for each in target.sessions.all() for item in target.annotations.load(each.id)}
    return [item for item in items if isinstance(item, Turn | Tier) or item.id not in there]


def _others(
    project: Project, target: Project, person: Annotator, items: Sequence[Item], said: Sequence[Comment]
) -> None:
    """Whose tiers the person sees, and who talked with them, by pseudonym; nobody can sit down as one of them."""
    seen = {item.annotator_id for item in items if isinstance(item, Tier)} | {each.by for each in said}
    seen -= {person.id, None}
    for each in project.annotators.all():
        if each.id in seen:
            target.annotators.save(replace(each, roles=(AnnotatorRole.ANNOTATOR,), retired=True))


def _films(project: Project, target: Project, parts: SessionParts) -> list[Stream]:
    """Write the session's folder; the answer is its streams as they are there."""
    source = SessionFolder(project.session_dir(parts.session.id))
    folder = SessionFolder(target.session_dir(parts.session.id))
    folder.sensors.mkdir(parents=True)
    if parts.film and parts.sound:
        write_small_film(parts.film, parts.sound, parts.tracks, folder.ego)
        _mute(folder.ego, len(parts.tracks), parts.muted)
        _frame_table(source.frames, folder.ego, folder.frames)
    for view, film in parts.views.items():
        small, table = folder.path / f"views/{view}.mkv", frames_of(view)
        write_small_film(film, film, (), small)
        _frame_table(source.path / table, small, folder.path / table)
    for stream in parts.streams:
        if stream.kind == StreamKind.GAZE and (source.path / stream.path).is_file():
            shutil.copy(source.path / stream.path, folder.path / stream.path)
    sums = {
        name: sha256_of(folder.path / name)
        for name in {stream.path for stream in parts.streams}
        if (folder.path / name).is_file()
    }
    streams = [replace(stream, sha256=sums.get(stream.path)) for stream in parts.streams]
    _manifest(source, streams).save(folder.manifest_path)
    return streams


def _manifest(source: SessionFolder, streams: Sequence[Stream]) -> Manifest:
    """As the session's own, with what goes along."""
    was = source.manifest()
    kept = {(stream.kind, stream.view): stream for stream in streams}
    entries = tuple(
        replace(entry, path=kept[key].path, track=kept[key].track, sha256=kept[key].sha256)
        for entry in was.streams
        if (key := (entry.kind, entry.view)) in kept
    )
    return Manifest(
        was.session_id,
        was.state,
        was.start_utc_ns,
        was.procedure,
        was.duration_ns,
        entries,
        versions=was.versions,
        schema_version=was.schema_version,
    )


def _mute(film: Path, tracks: int, spans: Sequence[Interval]) -> None:
    """Names that are not to leave the lab aren't heard."""
    if not spans or not tracks:
        return
    whole = film.with_suffix(".part")
    silence(film, whole, dict.fromkeys(range(tracks), spans))
    whole.replace(film)


def _frame_table(table: Path, film: Path, target: Path) -> None:
    """The film's own times; which frames of the small copy are key frames, and their time stamps in it."""
    if not table.is_file():
        return
    with av.open(str(film)) as container:
        found = sorted(
            (packet.pts, packet.is_keyframe)
            for packet in container.demux(container.streams.video[0])
            if packet.pts is not None
        )
    head, *lines = table.read_text(encoding="utf-8").splitlines()
    if len(found) == len(lines):
        stamped = head.endswith(f",{STAMP}")
        rows = [line.split(",") for line in lines]
        for row, (stamp, key) in zip(rows, found, strict=True):
            if len(row) > KEY_COLUMN:
                row[KEY_COLUMN] = str(int(key))
            if stamped:
                row[-1] = str(stamp)
        lines = [",".join(row) for row in rows]
    target.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
