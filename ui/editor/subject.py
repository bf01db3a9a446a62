"""What the editor is opened on: a session, its video where it is here, and its transcripts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ui.editor.drift_notice import OwnDrift
from ui.editor.history_dialog import HistoryLine
from ui.editor.item_history import Read
from ui.editor.new_tier import SchemeSource
from ui.editor.propose_dialog import Propose
from ui.editor.submitting import Submission
from ui.editor.work_timer import WorkLog
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S
from woz.lab.door import Door
from woz.lab.feedback import FeedbackDesk
from woz.model.ids import TranscriptId
from woz.model.review import WRONG_ANSWERS
from woz.model.session import Session
from woz.model.transcript import Transcript, Turn
from woz.playback.frames import CACHE_BYTES, FrameReader, Frames
from woz.playback.stand_in import film_at_hand
from woz.recording.folder.frame_index import frame_index
from woz.recording.folder.session_folder import SessionFolder
from woz.schemes.demands.findings import Windows

AWAY = "The recording isn't here: {media}. Connect its disk, or set another with woz project media-root."
DAMAGED = "Put the recorded file back and open the session again; all else can be edited."


def _no_turns(_: TranscriptId) -> Sequence[Turn]:
    return ()


def _no_history(_: str) -> Sequence[HistoryLine]:
    return ()


@dataclass(frozen=True, slots=True)
class Subject:
    """What is edited: `media` is the session's ego.mkv, `originals` gives a transcript's turns as first made,
    `history` what became of an item, `schemes` takes one into the project, `propose` has a machine draft a tier.
    """

    session: Session
    media: Path
    transcripts: Sequence[Transcript] = ()
    originals: Callable[[TranscriptId], Sequence[Turn]] = _no_turns
    history: Read = _no_history
    schemes: SchemeSource = field(default_factory=lambda: SchemeSource(lambda scheme: scheme))
    propose: Propose | None = None
    work: WorkLog = field(default_factory=WorkLog)
    names: Mapping[str, str] = field(default_factory=dict)
    """Pseudonyms of annotators, by id."""
    running: Path | None = None
    """The file in which what runs outlives a killed program; None keeps it nowhere."""
    new_transcript: Callable[[], Transcript] | None = None
    submission: Submission | None = None
    lamp: str = ""
    """Which consents are missing of who was in it; empty for none."""
    door: Door | None = None
    """None where nobody of the project's annotators sits here."""
    feedback: FeedbackDesk | None = None
    """As the door."""
    drift: OwnDrift | None = None
    """As the door."""
    windows: Windows = field(default_factory=dict)
    """In which parts of the session tiers were given as it was opened."""
    wrong_answers: int = WRONG_ANSWERS
    """How many each question set is to have."""
    project: Path | None = None
    """The folder of the project that the session is of; None where it is of none."""

    @property
    def left(self) -> Path | None:
        """The file of where this annotator left the session."""
        return self.running.with_name(f"{self.running.stem}-left.json") if self.running else None

    @property
    def typed(self) -> Path | None:
        """The file of half-typed text, beside that of what is being marked."""
        return self.running.with_name(f"{self.running.stem}-typed.json") if self.running else None

    @property
    def seen(self) -> Path | None:
        """The file of what this annotator has looked at, of what others changed."""
        return self.running.with_name(f"{self.running.stem}-seen.json") if self.running else None

    @property
    def shown(self) -> Path:
        """The film, or its small copy where only a store has the film."""
        return film_at_hand(self.media)


def frames_of(subject: Subject, cache_bytes: int = CACHE_BYTES) -> Frames:
    """Without the recording, or with one that can't be read, all can be edited as ever."""
    media, duration_ns = subject.shown, subject.session.duration_ns or NS_PER_S
    if not media.exists():
        return Frames.of_length(duration_ns, AWAY.format(media=media))
    try:
        index = frame_index(media, SessionFolder(subject.media.parent).frames)
        return FrameReader(media, index, cache_bytes)
    except WozError as fault:
        return Frames.of_length(duration_ns, f"{fault} {DAMAGED}")
