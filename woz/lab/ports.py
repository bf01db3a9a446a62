"""What the lab's work asks of a project's store; `storage` answers.

All raise WozError where the store can't be read or written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from woz.annotation.logged import LoggedEdit, Version
from woz.annotation.measures.drift_limits import DriftLimits
from woz.annotation.ports import History, Opened
from woz.dataset.review.agreement import Judging
from woz.lab.assignment_ports import Assignments, QuestionWork
from woz.lab.library import PersonFacts, Planned, Released, SessionFacts
from woz.lab.package_ports import Packages
from woz.lab.search import Found, Query
from woz.lab.withdrawal_ports import Withdrawals
from woz.model.annotator import Annotator, BlindScope
from woz.model.comment import Comment
from woz.model.events import Event, EventKind
from woz.model.ids import (
    AnnotatorId,
    BlindScopeId,
    CommentId,
    ParticipantId,
    ProcedureId,
    SessionId,
    TierId,
    TranscriptId,
)
from woz.model.item import ItemRef
from woz.model.job import Job
from woz.model.kinds import Item
from woz.model.lease import Lease
from woz.model.people import Participant
from woz.model.procedure import Procedure
from woz.model.review import ReviewRule
from woz.model.scheme import Scheme
from woz.model.session import Session
from woz.model.stream import Stream
from woz.model.transcript import Transcript, Turn
from woz.model.work import Work
from woz.privacy.names.listing import NameList
from woz.privacy.retention import Retention


class Sessions(Protocol):
    def save(self, session: Session) -> None: ...

    def get(self, session_id: SessionId) -> Session:
        """Raises WozError for one that the project hasn't."""
        ...

    def all(self) -> list[Session]:
        """The newest first."""
        ...

    def titles(self) -> Mapping[SessionId, str]:
        """What each is called."""
        ...

    def unfinished(self) -> list[Session]: ...


class Participants(Protocol):
    def save(self, participant: Participant) -> None:
        """Raises WozError where somebody else has the pseudonym."""
        ...

    def get(self, participant_id: ParticipantId) -> Participant: ...

    def all(self) -> list[Participant]: ...


class Procedures(Protocol):
    def save(self, procedure: Procedure) -> None: ...

    def get(self, procedure_id: ProcedureId) -> Procedure: ...

    def all(self) -> list[Procedure]: ...


class Streams(Protocol):
    def of_session(self, session_id: SessionId) -> Sequence[Stream]: ...

    def replace(self, session_id: SessionId, streams: Iterable[Stream]) -> None: ...


class Events(Protocol):
    def replace(self, session_id: SessionId, events: Iterable[Event]) -> None: ...

    def of_kind(self, kind: EventKind) -> Sequence[tuple[SessionId, Event]]:
        """Of all sessions, in each by time."""
        ...


class Transcripts(Protocol):
    def add(self, transcript: Transcript, turns: Iterable[Turn]) -> None: ...

    def of_session(self, session_id: SessionId) -> Sequence[Transcript]:
        """The oldest first."""
        ...

    def turns(self, transcript_id: TranscriptId) -> list[Turn]: ...


class Schemes(Protocol):
    def add(self, scheme: Scheme) -> None:
        """As it is, in its version."""
        ...

    def keep(self, scheme: Scheme) -> Scheme:
        """The newest version where it says the same, else this as the next one."""
        ...

    def all(self) -> list[Scheme]: ...


class Annotators(Protocol):
    def all(self) -> list[Annotator]:
        """By pseudonym, those who have retired too."""
        ...

    def save(self, annotator: Annotator) -> None:
        """Raises WozError where somebody else has the pseudonym."""
        ...

    def named(self, pseudonym: str) -> Annotator:
        """Raises WozError where there is none of this pseudonym."""
        ...

    def remove(self, annotator: Annotator) -> None:
        """Raises WozError where anything in the project names them."""

    def scopes(self, session_id: SessionId | None = None) -> list[BlindScope]: ...

    def save_scope(self, scope: BlindScope) -> None: ...

    def remove_scope(self, scope_id: BlindScopeId) -> None: ...


class Logins(Protocol):
    def make(self, person: Annotator, login: str, password: str) -> None:
        """Raises WozError where the project is a file, and for a login that is somebody else's."""
        ...

    def keep(self, person: Annotator) -> None:
        """The server lets them do what their roles say now; nothing in a file."""
        ...

    @property
    def possible(self) -> bool:
        """Whether people log in: where the project lies on a server."""
        ...

    def all(self) -> dict[str, AnnotatorId]:
        """Whose each login is; none that is told to who may not make any."""
        ...

    def mine(self) -> AnnotatorId | None:
        """Whose login this is; None where nobody logs in, and for the project's owner."""
        ...


class Leases(Protocol):
    """All times are the store's, whatever a computer's clock says."""

    def take(self, tier_id: TierId, by: AnnotatorId, seat: str, word: str = "") -> Lease:
        """Raises LeaseError where somebody else is in the tier."""
        ...

    def renew(self, tier_id: TierId, seat: str) -> bool:
        """False where somebody took it over meanwhile."""
        ...

    def leave(self, seat: str) -> None: ...

    def all(self) -> list[Lease]: ...


class Comments(Protocol):
    def add(self, comment: Comment) -> Comment:
        """With the store's time. Raises WozError where it answers nothing that is there."""
        ...

    def take(self, comment: Comment) -> bool:
        """Keep one that was made elsewhere, with its own time; False where it is here as it is. One that is here
        gets closed as it was there; an answer from after its talk was closed opens it again. Raises WozError where
        it answers nothing that is here.
        """
        ...

    def close_talk(self, comment_id: CommentId, by: AnnotatorId) -> Comment: ...

    def all(self, session_id: SessionId | None = None, viewer: str = "") -> list[Comment]:
        """The oldest first; as somebody (an annotator's id) sees them."""
        ...

    def begun(self, comment_id: str) -> Comment | None:
        """The comment that began a talk, by its id; None where none is that."""
        ...

    def concerning(self, annotator_id: AnnotatorId, session_id: SessionId | None = None) -> list[Comment]:
        """Of a session or of all, in one query: whole talks in which somebody said something or is asked, or that
        are on their tiers, as they see them; the oldest first.
        """
        ...


class WorkDone(Protocol):
    @property
    def measured(self) -> bool: ...

    def measure(self, on: bool) -> None: ...

    def add(self, pieces: Iterable[Work]) -> None:
        """Nothing where the project doesn't measure it."""
        ...

    def all(self, session_id: SessionId | None = None, by: str = "") -> list[Work]:
        """Of a session or of all, of one person or of all; by day, then tier and person."""
        ...


class Blurring(Protocol):
    @property
    def required(self) -> bool:
        """Whether films are released only with their faces blurred."""
        ...

    def require(self, on: bool) -> None: ...


class VoiceMasking(Protocol):
    @property
    def required(self) -> bool:
        """Whether voices are released only masked."""
        ...

    def require(self, on: bool) -> None: ...

    def secret(self) -> str:
        """What the keys of voices are drawn from, itself drawn once for a project."""
        ...

    def set_secret(self, secret: str) -> None: ...


class Names(Protocol):
    def all(self) -> NameList: ...

    def change(self, change: Callable[[NameList], NameList]) -> NameList:
        """As it is then; nobody else's change is lost. Raises what `change` raises."""
        ...


class Jobs(Protocol):
    def save(self, job: Job) -> None: ...

    def all(self) -> list[Job]: ...


class Annotations(History, Protocol):
    def open(self, session_id: SessionId, by: str) -> Opened:
        """All items of a session that an annotator sees."""
        ...

    def load(self, session_id: SessionId) -> tuple[Item, ...]: ...

    def history(self, session_id: SessionId) -> list[LoggedEdit]:
        """The oldest first."""
        ...

    def versions(self, item: ItemRef) -> Sequence[Version]:
        """What became of an item, the newest first."""
        ...

    def versions_by_item(self, items: Iterable[ItemRef]) -> Mapping[ItemRef, Sequence[Version]]:
        """The same of several at once; of one that no edit changed, nothing."""
        ...

    def touched_by_others(self, session_id: SessionId, tiers: Iterable[TierId], by: str) -> Sequence[ItemRef]:
        """What an edit of anybody but `by` changed or took away: annotations of some tiers; and of the session the
        links and turns that `by` made or changed.
        """
        ...

    def taken_away(self, session_id: SessionId) -> set[str]:
        """The ids of what a person took away, and nobody brought back."""
        ...


class Taking(Protocol):
    """An import that goes on: all of it is kept, or nothing."""

    def knows(self, session_id: SessionId) -> bool: ...

    def session(self, session: Session) -> None: ...

    def scheme(self, scheme: Scheme) -> Scheme:
        """As `Schemes.keep`."""
        ...

    def procedure(self, procedure: Procedure) -> None: ...

    def transcript(self, transcript: Transcript) -> None: ...

    def edit(self, session_id: SessionId, name: str, by: str, utc_ns: int) -> int:
        """The edit that all items of a session come in by; the answer is its id."""
        ...

    def items(self, edit_id: int, items: Sequence[Item]) -> None: ...


class Imports(Protocol):
    def begin(self) -> AbstractContextManager[Taking]: ...


class Search(Protocol):
    def find(self, query: Query) -> Found: ...


class Library(Protocol):
    def sessions(self) -> Sequence[SessionFacts]:
        """The newest first."""
        ...

    def people(self) -> Sequence[PersonFacts]:
        """By pseudonym."""
        ...


class Releases(Protocol):
    def add(self, released: Released) -> None:
        """In the place of one of the same name and version that lay at the same path."""
        ...

    def all(self) -> Sequence[Released]:
        """The oldest first."""
        ...


class Keeping(Protocol):
    """What a lab has set itself: for how long recordings are kept, how many hours are to be recorded, when drift is
    told.
    """

    def retention(self) -> Retention: ...

    def set_retention(self, retention: Retention) -> None: ...

    def planned(self) -> Planned | None: ...

    def plan(self, planned: Planned | None) -> None: ...

    def drift_limits(self) -> DriftLimits: ...

    def agree_on_drift(self, limits: DriftLimits) -> None: ...


class Reviews(Protocol):
    def rule(self) -> ReviewRule: ...

    def judging(self) -> Judging:
        """How those who judge question sets do, over all of the project; who they are isn't told."""
        ...


class Project(Protocol):
    """An open project; its sessions' files lie in folders below `sessions_dir`."""

    def seen_by(self, annotator_id: AnnotatorId) -> Project:
        """The same project, without what an annotator is blind to. Raises WozError for a login that may not look
        as them.
        """
        ...

    def whole(self) -> Project:
        """The same project with all that it holds, whoever is blind to it: for what is decided by all of it, as
        giving work is, and tells nobody what they are blind to.
        """
        ...

    @property
    def viewer(self) -> AnnotatorId | None:
        """Who sees it: whose login it is, or as whom it is looked at; None for who is blind to nothing."""
        ...

    def at_once(self) -> AbstractContextManager[None]:
        """What this thread writes inside is kept as a whole at the end, or not at all."""
        ...

    @property
    def path(self) -> Path: ...

    @property
    def name(self) -> str: ...

    @property
    def sessions_dir(self) -> Path: ...

    def session_dir(self, session_id: SessionId) -> Path: ...

    @property
    def sessions(self) -> Sessions: ...

    @property
    def participants(self) -> Participants: ...

    @property
    def procedures(self) -> Procedures: ...

    @property
    def streams(self) -> Streams: ...

    @property
    def events(self) -> Events: ...

    @property
    def transcripts(self) -> Transcripts: ...

    @property
    def schemes(self) -> Schemes: ...

    @property
    def annotators(self) -> Annotators: ...

    @property
    def logins(self) -> Logins: ...

    @property
    def assignments(self) -> Assignments: ...

    @property
    def question_work(self) -> QuestionWork: ...

    @property
    def leases(self) -> Leases: ...

    @property
    def comments(self) -> Comments: ...

    @property
    def work(self) -> WorkDone: ...

    @property
    def packages(self) -> Packages: ...

    @property
    def reviews(self) -> Reviews: ...

    @property
    def blurring(self) -> Blurring: ...

    @property
    def voice_masking(self) -> VoiceMasking: ...

    @property
    def names(self) -> Names: ...

    @property
    def jobs(self) -> Jobs: ...

    @property
    def imports(self) -> Imports: ...

    @property
    def annotations(self) -> Annotations: ...

    @property
    def search(self) -> Search: ...

    @property
    def library(self) -> Library: ...

    @property
    def releases(self) -> Releases: ...

    @property
    def keeping(self) -> Keeping: ...

    @property
    def withdrawals(self) -> Withdrawals: ...
