"""Takes the annotations of a file, in any format that is read, into a project: all of them, or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from woz.annotation.conflict import OverlapError
from woz.base.clock import Clock
from woz.base.errors import WozError, permitted
from woz.formats.format import Format
from woz.formats.parts import Begin, Lost, Part
from woz.formats.reading import Progress, Reading
from woz.formats.registry import reader
from woz.lab.ports import Project, Taking
from woz.model.annotation import Annotation
from woz.model.ids import SchemeId, SessionId, TranscriptId, new_id, new_session_id
from woz.model.kinds import Item
from woz.model.link import Link
from woz.model.made import PROGRAM, Made
from woz.model.origin import Origin
from woz.model.scheme import Scheme
from woz.model.session import DataSetSource, Session, SessionState
from woz.model.tier import Tier
from woz.model.transcript import Transcript, Turn

AT_ONCE = 2_000
"""So many items are held in memory."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be imported, and how. `session` is where it belongs, empty for a new one; `key` chooses one of
    several sessions in a file.
    """

    path: Path
    format: str
    session: str = ""
    key: str = ""
    scheme: str = ""
    language: str = ""
    frame_rate: float | None = None
    provenance: DataSetSource | None = None


@dataclass(slots=True)
class Taken:
    """A session as it was imported: how many of what."""

    session: SessionId
    key: str
    new: bool
    tiers: int = 0
    annotations: int = 0
    points: int = 0
    timeless: int = 0
    turns: int = 0
    links: int = 0
    end_ns: int = 0


@dataclass(frozen=True, slots=True)
class ImportedAnnotations:
    """`lost` says what the file held that woz can't, and how often."""

    sessions: tuple[Taken, ...]
    lost: dict[str, int] = field(default_factory=dict)


def import_annotations(
    project: Project, wanted: Wanted, clock: Clock, progress: Progress | None = None
) -> ImportedAnnotations:
    """Raises WozError, with nothing imported, for a file that isn't of the format, holds nothing, or doesn't fit,
    and `woz.formats.reading.Cancelled`.
    """
    chosen = demand_readable(wanted)
    session = project.sessions.get(SessionId(wanted.session)) if wanted.session else None
    made = Made(Origin.IMPORTED, PROGRAM, clock.utc_ns(), wanted.path.name)
    reading = Reading(
        wanted.path, made, _scheme(project, wanted.scheme), wanted.language, wanted.frame_rate, progress or _on
    )
    try:
        with project.imports.begin() as taking:
            return _Import(taking, chosen, wanted, made, session).take(reading)
    except OverlapError as error:
        raise WozError(
            f"{wanted.path} has intervals that overlap in a tier where none may; nothing was imported: choose a"
            " scheme whose tier type allows it, or mend the file."
        ) from error


def has_annotations_alone(project: Project, session_id: SessionId) -> bool:
    """Whether a session never had a recording: it came in with a file of annotations or turns, also where whoever
    reads the project doesn't see these.
    """
    if project.session_dir(session_id).exists() or project.streams.of_session(session_id):
        return False
    transcripts = project.transcripts.of_session(session_id)
    items = project.whole().annotations.load(session_id)
    return bool(transcripts) or any(isinstance(i, Tier) and i.made.origin == Origin.IMPORTED for i in items)


def demand_readable(wanted: Wanted) -> Format:
    """The format's reader. Raises WozError for a format that can't be read, and for a file that isn't there."""
    chosen = reader(wanted.format)
    with permitted():
        if not wanted.path.exists():
            raise WozError(f"{wanted.path} is not there; name a file to import.")
    return chosen


def _on(_: float) -> bool:
    return True


def _scheme(project: Project, name: str) -> Scheme | None:
    """The newest version of the scheme of this id or name. Raises WozError where there is none."""
    if not name:
        return None
    found = [scheme for scheme in project.schemes.all() if name in (scheme.id, scheme.name)]
    if not found:
        known = ", ".join(sorted({str(scheme.id) for scheme in project.schemes.all()})) or "none"
        raise WozError(
            f"This project has no scheme {name!r}; it has {known}. Leave the scheme out, and the file's own is"
            " made, or bring yours in first (woz scheme import)."
        )
    return max(found, key=lambda scheme: scheme.version)


class _Import:
    """`take` is called once."""

    def __init__(self, taking: Taking, chosen: Format, wanted: Wanted, made: Made, session: Session | None) -> None:
        self._into = session
        self._taking = taking
        self._format = chosen
        self._wanted = wanted
        self._made = made
        self._lost = Counter[str]()
        self._taken: list[Taken] = []
        self._passed_over = 0

    def take(self, reading: Reading) -> ImportedAnnotations:
        assert self._format.read is not None
        for begin, parts in _sessions(self._format.read(reading)):
            if self._wanted.key and begin.key != self._wanted.key:
                self._passed_over += 1
                for _ in parts:
                    pass
            else:
                self._demand_one_place(begin)
                self._take_session(begin, parts)
        self._demand_something()
        return ImportedAnnotations(tuple(self._taken), dict(self._lost))

    def _demand_one_place(self, begin: Begin) -> None:
        if self._taken and self._into:
            raise WozError(
                f"{self._wanted.path} holds several sessions, {self._taken[0].key} and {begin.key} among them;"
                " nothing was imported: choose one of them with --key, or leave --session out."
            )

    def _demand_something(self) -> None:
        if not self._taken and self._passed_over:
            raise WozError(
                f"{self._wanted.path} holds no session {self._wanted.key!r}; leave --key out to take all."
            )
        if not any(each.annotations or each.turns for each in self._taken):
            raise WozError(f"{self._wanted.path} holds no annotations and no turns; nothing was imported.")

    def _take_session(self, begin: Begin, parts: Iterable[Part]) -> None:
        session = self._session(begin)
        taken = Taken(session.id, begin.key, new=self._into is None)
        self._taken.append(taken)
        if begin.procedure:
            self._taking.procedure(begin.procedure)
            session = replace(session, procedure_id=session.procedure_id or begin.procedure.id)
        self._taking.session(session)
        versions = {(each.id, each.version): self._taking.scheme(each).version for each in begin.schemes}
        edit_id = self._taking.edit(session.id, f"Import {self._wanted.path.name}", PROGRAM, self._made.utc_ns)
        homed = _Homing(session.id, TranscriptId(new_id()), versions)
        for batch in _batches(self._items(parts)):
            if not taken.turns and any(isinstance(item, Turn) for item in batch):
                self._taking.transcript(self._transcript(begin, session.id, homed.transcript_id))
            self._taking.items(edit_id, [homed.item(item) for item in batch])
            for item in batch:
                _count(taken, item)
        if taken.new:
            self._taking.session(_of_length(session, begin, taken))

    def _items(self, parts: Iterable[Part]) -> Iterator[Item]:
        """Annotations each made a ns after the one before, since those of one time are read as they were made."""
        for number, part in enumerate(parts):
            if isinstance(part, Lost):
                self._lost[part.what] += part.count
            elif isinstance(part, Annotation):
                yield replace(part, made=replace(part.made, utc_ns=part.made.utc_ns + number))
            elif not isinstance(part, Begin):
                yield part

    def _session(self, begin: Begin) -> Session:
        if self._into:
            return self._into
        start_ns = self._made.utc_ns if begin.start_utc_ns is None else begin.start_utc_ns
        session_id = new_session_id(start_ns)
        while self._taking.knows(session_id):
            session_id = new_session_id(start_ns)
        title = begin.title or begin.key or self._wanted.path.stem
        return Session(session_id, title, SessionState.CLOSED, start_ns, 0, provenance=self._wanted.provenance)

    def _transcript(self, begin: Begin, session_id: SessionId, transcript_id: TranscriptId) -> Transcript:
        language = begin.language or self._wanted.language
        made_by = f"import of {self._wanted.path.name}"
        return Transcript(transcript_id, session_id, Origin.IMPORTED, language, made_by, self._made.utc_ns)


@dataclass(frozen=True, slots=True)
class _Homing:
    """Puts the real session, transcript and version of a scheme into items as a reader made them."""

    session_id: SessionId
    transcript_id: TranscriptId
    versions: dict[tuple[SchemeId, int], int]

    def item(self, item: Item) -> Item:
        if isinstance(item, Tier):
            version = self.versions.get((item.scheme_id, item.scheme_version), item.scheme_version)
            return replace(item, session_id=self.session_id, scheme_version=version)
        if isinstance(item, Turn):
            return replace(item, transcript_id=self.transcript_id)
        return replace(item, session_id=self.session_id) if isinstance(item, Link) else item


def _sessions(parts: Iterator[Part]) -> Iterator[tuple[Begin, Iterator[Part]]]:
    """Each session's beginning, and its parts, which are to be used up before the next one."""
    following: list[Begin] = []

    def rest() -> Iterator[Part]:
        for part in parts:
            if isinstance(part, Begin):
                following.append(part)
                return
            yield part

    first = next(parts, None)
    if first is None:
        return
    if not isinstance(first, Begin):
        raise TypeError("a reader begins with the session")
    following.append(first)
    while following:
        yield following.pop(), rest()


def _batches(items: Iterator[Item]) -> Iterator[Sequence[Item]]:
    batch: list[Item] = []
    for item in items:
        batch.append(item)
        if len(batch) == AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def _count(taken: Taken, item: Item) -> None:
    if isinstance(item, Annotation):
        taken.annotations += 1
        taken.points += item.start_ns is not None and item.end_ns is None
        taken.timeless += item.start_ns is None
        taken.end_ns = max(taken.end_ns, item.end_ns or item.start_ns or 0)
    elif isinstance(item, Turn):
        taken.turns += 1
        taken.end_ns = max(taken.end_ns, item.interval.end_ns)
    else:
        taken.tiers += isinstance(item, Tier)
        taken.links += isinstance(item, Link)


def _of_length(session: Session, begin: Begin, taken: Taken) -> Session:
    return replace(session, duration_ns=max(begin.duration_ns or 0, taken.end_ns), takes=begin.takes)
