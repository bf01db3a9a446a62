"""One session out of another project, with all that belongs to it: its folder, its rows, and who is in them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session as Rows

from storage.copies.recordings import Progress, Recordings, copy_recordings, demand_room, files_in
from storage.copies.renaming import Renaming, SchemeKey, keeps_its_id
from storage.copies.session_people import Everybody, Met, Named, meet
from storage.copies.session_rows import SessionRows, differing, read_rows, write_rows
from storage.copies.session_schemes import bring_schemes, versions_of
from storage.project import Project
from storage.tables.annotator_rows import annotator_row, annotator_value
from storage.tables.annotators import AnnotatorRow
from storage.tables.models import About, ParticipantRow, ProcedureRow, SessionRow
from storage.tables.rows import participant_row, participant_value, procedure_row, procedure_value
from woz.base.errors import WozError
from woz.lab.seeing_all import demand_seeing_all
from woz.lab.taking_in import take_back
from woz.model.ids import SessionId
from woz.model.people import Participant
from woz.model.procedure import Procedure
from woz.model.scheme import Scheme
from woz.model.tier import Tier
from woz.recording.folder.lock import is_held
from woz.recording.folder.session_folder import SessionFolder, sha256_of
from woz.recording.folder.staging import clear_coming, mark_coming, staged


@dataclass(frozen=True, slots=True)
class SessionCopy:
    """What came: rows that were read back and are the same, files whose hashes agree. `told` are sentences on what
    is otherwise here; `people` the pseudonyms of new participants and annotators."""

    session_id: str
    rows: int
    edits: int
    files: int
    bytes: int
    people: tuple[str, ...]
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    """What is read of a session before anything is written."""

    rows: SessionRows
    schemes: list[Scheme]
    procedure: Procedure | None
    everybody: Everybody
    mark: str

    @property
    def used(self) -> set[SchemeKey]:
        """The versions that tiers are in, and the newest one of a scheme that blind scopes alone name."""
        tiers = [item for item, _ in self.rows.items if isinstance(item, Tier)]
        filled = {str(tier.scheme_id) for tier in tiers}
        newest = {str(scheme.id): scheme.version for scheme in self.schemes if scheme.id not in filled}
        return {(str(tier.scheme_id), tier.scheme_version) for tier in tiers} | set(newest.items())


def copy_session(
    source: Project,
    session_id: SessionId,
    target: Project,
    named: Named,
    tell: Progress,
    files: Path | None = None,
) -> SessionCopy:
    """Copy files and rows; all of it is there at the end, or nothing.

    `files` is the session's folder where it isn't the one that the source project knows.

    Raises WozError where the session is there already or is being recorded, a file differs from its recording's
    hash or is missing, it isn't said who somebody is, or rows that are read back differ.
    """
    with target.database.snapshot() as known:
        _demand_new(known, session_id)
    source.sessions.get(session_id)
    demand_seeing_all(source, [session_id], "a copy of it")
    folder = SessionFolder(source.session_dir(session_id) if files is None else files)
    if is_held(folder.lock):
        raise WozError(f"{session_id} is being recorded; end it, then import it.")
    found = _read(source, session_id)
    recordings = Recordings(folder.path.parent, tuple(files_in(folder.path)) if folder.path.is_dir() else ())
    place = target.session_dir(session_id)
    with staged(target.sessions_dir) as staging:
        made = staging / session_id
        demand_room(staging, recordings.bytes)
        sums = copy_recordings(recordings, staging, tell)
        _demand_as_recorded(folder, session_id, sums, bool(found.rows.plain["stream"]))
        tell(99, "the rows")
        adopted = _same_files(place, sums, session_id)
        try:
            rows, people, told = _write(target, found, session_id, lambda: _put(made, place, adopted), named)
        except BaseException:
            if sums and not made.exists():
                take_back(target, session_id)
            if not place.exists():
                clear_coming(place)
            raise
        clear_coming(place)
    return SessionCopy(session_id, rows.count, len(rows.edits), len(sums), recordings.bytes, people, told)


def _read(source: Project, session_id: SessionId) -> _Found:
    with source.database.snapshot() as rows:
        session = rows.get_one(SessionRow, session_id)
        found = read_rows(rows, session_id, session.procedure_id)
        attending = {row["participant_id"] for row in found.plain["session_participant"]}
        names = found.names
        everybody = Everybody(
            [each for each in _participants(rows) if each.id in attending],
            [annotator_value(row) for row in rows.scalars(select(AnnotatorRow)) if row.id in names],
        )
        ids = {str(item.scheme_id) for item, _ in found.items if isinstance(item, Tier)}
        ids |= {each for row in found.plain["blind_scope"] if not keeps_its_id(each := row["scheme_id"])}
        procedure = rows.get(ProcedureRow, session.procedure_id) if session.procedure_id else None
        mark = hashlib.sha256(str(rows.scalars(select(About.made_utc_ns)).one()).encode()).hexdigest()[:8]
        return _Found(
            found, versions_of(rows, ids), procedure_value(procedure) if procedure else None, everybody, mark
        )


def _participants(rows: Rows) -> list[Participant]:
    return [
        participant_value(row) for row in rows.scalars(select(ParticipantRow).order_by(ParticipantRow.pseudonym))
    ]


def _write(
    target: Project, found: _Found, session_id: SessionId, put: Callable[[], None], named: Named
) -> tuple[SessionRows, tuple[str, ...], tuple[str, ...]]:
    """The folder is put in its place as the last, before all is kept."""
    with target.database.transaction() as rows:
        _demand_new(rows, session_id)
        known = _participants(rows)
        here = Everybody(known, [annotator_value(row) for row in rows.scalars(select(AnnotatorRow))])
        met = meet(found.everybody, here, named)
        told = _keep(rows, found, met)
        schemes = bring_schemes(rows, found.schemes, found.used, found.mark)
        made = write_rows(rows, found.rows, Renaming(met.ids, schemes))
        rows.flush()
        if table := differing(made, read_rows(rows, session_id, found.procedure.id if found.procedure else None)):
            raise WozError(f"What was written of {table} differs from the other project; nothing was kept.")
        put()
    told += [
        f"The scheme {a[0]} is {b[0]} here, in version {b[1]}." for a, b in sorted(schemes.items()) if a[0] != b[0]
    ]
    before = {each.pseudonym for each in known}
    new = [each.pseudonym for each in met.everybody.participants if each.pseudonym not in before]
    return made, (*new, *(each.pseudonym for each in met.everybody.annotators)), tuple(told)


def _demand_new(rows: Rows, session_id: SessionId) -> None:
    if rows.get(SessionRow, session_id):
        raise WozError(f"There is a session {session_id} already; nothing was overwritten.")


def _keep(rows: Rows, found: _Found, met: Met) -> list[str]:
    """People and the procedure; the answer says where this project's differs."""
    for person in met.everybody.participants:
        rows.merge(participant_row(person))
    for annotator in met.everybody.annotators:
        rows.add(annotator_row(annotator))
    if found.procedure is None:
        return []
    known = rows.get(ProcedureRow, found.procedure.id)
    if known is None:
        rows.add(procedure_row(found.procedure))
        return []
    if procedure_value(known) == found.procedure:
        return []
    return [f"The procedure {found.procedure.name} is another here; the session is shown with this project's."]


def _demand_as_recorded(folder: SessionFolder, session_id: str, sums: Mapping[Path, str], recorded: bool) -> None:
    """Raises WozError where a file that the manifest names isn't what was recorded, or isn't there.

    Only a session that was never `recorded`, of annotations alone, has no manifest.
    """
    if not sums and not recorded:
        return
    for entry in folder.manifest().streams:
        found = sums.get(Path(session_id) / entry.path)
        if found is None:
            raise WozError(
                f"{entry.path} of {session_id} isn't in {folder.path}; fetch it (woz media fetch) first."
            )
        if entry.sha256 and entry.sha256 != found:
            raise WozError(
                f"{entry.path} of {session_id} isn't what was recorded: its hash differs from the manifest's; take"
                " the session from a copy that is whole."
            )


def _same_files(place: Path, sums: Mapping[Path, str], session_id: str) -> bool:
    """Whether the folder is there already, as a killed import leaves it. Raises WozError where it's another."""
    if not place.exists():
        return False
    there = {Path(session_id) / path.relative_to(place): sha256_of(path) for path in files_in(place)}
    if there != dict(sums):
        raise WozError(f"{place} exists already and holds something else; nothing was overwritten. Move it away.")
    return True


def _put(made: Path, place: Path, adopted: bool) -> None:
    """Raises WozError where the folder can't be put there, as when another import has meanwhile."""
    if not adopted and not made.exists():
        return
    try:
        mark_coming(place)
        if not adopted:
            made.rename(place)
    except OSError as error:
        raise WozError(f"{place} can't be made ({error.strerror}); nothing was kept.") from error
