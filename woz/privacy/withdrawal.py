"""What of a project a person's withdrawal takes away: worked out before anything is changed.

In a session with others on record, what is the person's own goes and the rest stays; where nobody else is left, all
of it goes. Pictures are never changed here: they are listed, to be blurred.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from woz.model.ids import ParticipantId, SessionId
from woz.model.people import Participant, Role
from woz.model.session import Session
from woz.model.stream import Stream, StreamKind

OWN = {
    Role.TRAINEE: frozenset({StreamKind.TRAINEE_VOICE, StreamKind.GAZE}),
    Role.EXPERT: frozenset({StreamKind.EXPERT_HEARD, StreamKind.EXPERT_SAID, StreamKind.EXPERT_GAZE}),
    Role.OTHER: frozenset[StreamKind](),
}
"""The streams that are one's own. Of somebody else present nothing is."""
_VOICES = (StreamKind.TRAINEE_VOICE, StreamKind.EXPERT_HEARD, StreamKind.EXPERT_SAID, StreamKind.ROOM)
_VIEWS = (StreamKind.VIEW, StreamKind.OTHER_VIEW)
_OWN_FILES = {
    Role.TRAINEE: ("sensors/general_eye_gaze.csv",),
    Role.EXPERT: ("expert.parts/", "expert.json"),
    Role.OTHER: (),
}
"""What lies in a session's folder beside the streams and is one's own."""
_ALL_VOICES = ("sensors/ego.vrs",)
"""What holds the voices of all, and can't be changed in part."""
_JOURNAL = "events.jsonl"
_MANIFEST = "manifest.json"
_TO_LOOK_AT = {
    "notes/": "what an annotator said of a moment; it may repeat their words",
    "faces/": "where faces are in the pictures; theirs may be among them",
}
"""Folders of what people made beside the recording."""
_HARMLESS = ("_frames.csv", ".recording", "manifest.before-recovery.json")


class Fate(StrEnum):
    """What becomes of a file."""

    DELETED = "deleted"
    SILENCED = "silenced"
    REWRITTEN = "rewritten"
    BLUR = "to be blurred"
    LOOK = "to be looked at"


@dataclass(frozen=True, slots=True)
class Share:
    """A person's part in a session. `alone` says that nobody else who takes part is left.

    `alike` are the pseudonyms of others who have one of these roles there: whose turns are whose isn't known.
    """

    session_id: SessionId
    roles: tuple[Role, ...]
    alone: bool
    alike: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Silence:
    """A track of a file (counted among its sounds): all of it, or only where the person speaks."""

    track: int
    whole: bool


@dataclass(frozen=True, slots=True)
class FilePlan:
    """A file of a session's folder, by its path there, and what becomes of it."""

    path: str
    bytes: int
    fate: Fate
    why: str
    silences: tuple[Silence, ...] = ()
    shows: bool = False
    """Whether its pictures may show the person, and stay."""


@dataclass(frozen=True, slots=True)
class SessionPlan:
    """`rows` counts what goes of the database, by kind. `blind_spots` are what can't be done by itself."""

    session_id: SessionId
    roles: tuple[Role, ...]
    whole: bool
    rows: Mapping[str, int]
    files: tuple[FilePlan, ...]
    annotators: tuple[str, ...] = ()
    blind_spots: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CopyPlan:
    """A copy of the project's database, or of all of it."""

    path: str
    bytes: int


@dataclass(frozen=True, slots=True)
class PackagePlan:
    """A package with sessions of the person, at an annotator elsewhere: what it holds of each, in words."""

    id: str
    annotator: str
    state: str
    until: str
    holds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StrayFile:
    """A file beside the sessions, by its path below its folder: deleted, or rewritten without their lines."""

    path: str
    bytes: int
    fate: Fate


@dataclass(frozen=True, slots=True)
class FolderPlan:
    """A folder of a batch's runs, an evaluation, drafts, and what of it goes."""

    path: str
    files: tuple[StrayFile, ...]


@dataclass(frozen=True, slots=True)
class NextVersion:
    """The version that follows a release (its folder), and where it is built, or lies already."""

    release: str
    name: str
    version: str
    path: str

    @property
    def called(self) -> str:
        return f"{self.name} {self.version}"


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What became of a next version: the SHA-256 of its manifest, which names all its files by theirs, or `why` it
    wasn't built.
    """

    called: str
    path: str
    manifest_sha256: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """All that a withdrawal reaches. `releases` are folders with their files that hold something, and why;
    `packages` are those that are not known to be deleted."""

    person: str
    sessions: tuple[SessionPlan, ...] = ()
    releases: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    backups: tuple[CopyPlan, ...] = ()
    old_databases: tuple[CopyPlan, ...] = ()
    packages: tuple[PackagePlan, ...] = ()
    folders: tuple[FolderPlan, ...] = ()
    away: tuple[str, ...] = ()
    """Releases that were built from these sessions and aren't on this computer."""
    next: tuple[NextVersion, ...] = ()
    """Versions without them that are to be built, where that was asked for."""
    refused: str = ""
    """Why whoever planned it may not carry it out, and who may; empty where they may."""

    @property
    def rows(self) -> dict[str, int]:
        """By kind, over all sessions."""
        found: dict[str, int] = {}
        for session in self.sessions:
            for kind, count in session.rows.items():
                found[kind] = found.get(kind, 0) + count
        return found

    def files(self, *fates: Fate) -> list[tuple[SessionId, FilePlan]]:
        return [(s.session_id, f) for s in self.sessions for f in s.files if f.fate in fates]

    def bytes(self, *fates: Fate) -> int:
        return sum(file.bytes for _, file in self.files(*fates))


def shares(person: Participant, sessions: Iterable[Session], people: Iterable[Participant]) -> tuple[Share, ...]:
    """The sessions that a person took part in, the oldest first, with who they were there."""
    known = {each.id: each for each in people} | {person.id: person}
    here = (each for each in sessions if person.id in each.participants)
    return tuple(_share(person, each, known) for each in sorted(here, key=lambda one: (one.start_utc_ns, one.id)))


def _share(person: Participant, session: Session, known: Mapping[ParticipantId, Participant]) -> Share:
    said = {each.participant_id: each.role for each in session.attendance}
    others = [known[each] for each in session.participants if each in known and each != person.id]
    role = said.get(person.id, person.role)
    alike = tuple(each.pseudonym for each in others if said.get(each.id, each.role) == role)
    return Share(session.id, (role,), all(each.withdrawn for each in others), alike)


def plan_files(
    share: Share, streams: Sequence[Stream], sizes: Mapping[str, int], speaks: bool, done: Collection[str] = ()
) -> tuple[FilePlan, ...]:
    """What becomes of each file of a session's folder; `sizes` has them by their paths there, with / between.

    `speaks` says whether it is known where in others' tracks they may be heard; files in `done` are silent already.
    """
    found = (_plan_file(share, streams, path, size) for path, size in sorted(sizes.items()))
    return tuple(left for each in found if each and (left := _left(each, speaks, done)))


def _left(file: FilePlan, speaks: bool, done: Collection[str]) -> FilePlan | None:
    """What is still to be done to a file."""
    if file.fate != Fate.SILENCED:
        return file
    silences = tuple(each for each in file.silences if each.whole or speaks)
    if silences and file.path not in done:
        return replace(file, silences=silences)
    return replace(file, fate=Fate.BLUR, why="may show them", silences=()) if file.shows else None


def _plan_file(share: Share, streams: Sequence[Stream], path: str, size: int) -> FilePlan | None:
    if path == _MANIFEST:
        return None
    if share.alone:
        return FilePlan(path, size, Fate.DELETED, "nobody else is in the session")
    if path.startswith("derived/"):
        return FilePlan(path, size, Fate.DELETED, "made of the recording; it is made anew")
    if path == _JOURNAL:
        return FilePlan(path, size, Fate.REWRITTEN, "without what they noted and drew")
    if here := [stream for stream in streams if stream.path == path]:
        return _plan_streams(share, here, path, size)
    if any(path.startswith(own) for role in share.roles for own in _OWN_FILES[role]):
        return FilePlan(path, size, Fate.DELETED, "theirs alone")
    if path in _ALL_VOICES:
        return FilePlan(path, size, Fate.DELETED, "holds all voices, and can't be changed in part")
    if path.endswith(_HARMLESS):
        return None
    known = (why for folder, why in _TO_LOOK_AT.items() if path.startswith(folder))
    return FilePlan(path, size, Fate.LOOK, next(known, "woz doesn't know what it holds"))


def _plan_streams(share: Share, here: Sequence[Stream], path: str, size: int) -> FilePlan | None:
    own = frozenset[StreamKind]().union(*(OWN[role] for role in share.roles))
    if sounds := [stream for stream in here if stream.kind in _VOICES]:
        silences = tuple(Silence(s.track, s.kind in own or s.kind == StreamKind.ROOM) for s in sounds)
        return FilePlan(path, size, Fate.SILENCED, _sound_words(sounds, silences), silences, _shows(here))
    if all(stream.kind in own for stream in here):
        return FilePlan(path, size, Fate.DELETED, "where they looked")
    if _shows(here):
        return FilePlan(path, size, Fate.BLUR, "may show them", shows=True)
    return None


def _shows(here: Sequence[Stream]) -> bool:
    return any(stream.kind in _VIEWS for stream in here)


def _sound_words(sounds: Sequence[Stream], silences: Sequence[Silence]) -> str:
    whole = [str(s.kind) for s, silence in zip(sounds, silences, strict=True) if silence.whole]
    parts = [str(s.kind) for s, silence in zip(sounds, silences, strict=True) if not silence.whole]
    said = [f"all of {', '.join(whole)}"] if whole else []
    return "; ".join([*said, f"of {', '.join(parts)}, where they speak"] if parts else said)
