"""Who said what in each session: recognition in the workers, transcripts taken in by the program."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import msgspec

from woz.base.counts import counted
from woz.base.errors import WozError
from woz.base.outside import Data, read_file
from woz.batch.items import Item
from woz.batch.kind import MODELS, SESSIONS, PassedOver, Place, Planned, Result
from woz.batch.kinds.session_files import each
from woz.lab.ports import Project
from woz.lab.transcribing import NoVoiceError, Wishes, demand_transcription, keep_result, voices_of
from woz.model.ids import SessionId, TranscriptId
from woz.parts.place import version_of
from woz.recording.folder.session_folder import SessionFolder
from woz.transcription.cache import VERSION
from woz.transcription.catalogue import DIARIZER, ENCODER
from woz.transcription.models import SPEECH, models_folder
from woz.transcription.queue import Done, Failed, Queue
from woz.transcription.task import Result as Recognised
from woz.transcription.task import Settings, Task

RESULT = "result.json"
MADE_WITH = ("whisperx", "faster-whisper", "ctranslate2")
"""Of torch each GPU takes its own build, whose version says so; nodes with several could share no run."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """As the options of `woz transcribe`; `model` is a name in the folder of models, `hotwords` their glossary."""

    model: str = ""
    language: str = ""
    translate: bool = False
    bystanders: bool = False
    mixed: bool = False
    hotwords: str = ""
    device: str = ""
    precision: str = ""
    batch: int = 8
    threads: int = 0
    engine: str = "woz.transcription.whisperx_engine:WhisperXEngine"

    def demand(self) -> None:
        """Raises WozError for amounts that `woz transcribe`, too, refuses."""
        for name, given, least in (("batch", self.batch, 1), ("threads", self.threads, 0)):
            if given < least:
                raise WozError(
                    f"{name} of transcribe is a number from {least} on, not {given}; correct --set {name}=…"
                )

    def wishes(self, models: Path) -> Wishes:
        settings = Settings(
            model=str(models / self.model),
            models=str(models),
            language=self.language or None,
            translate=self.translate,
            hotwords=self.hotwords,
            batch=self.batch,
            device=self.device or None,
            precision=self.precision or None,
            threads=self.threads,
            engine=self.engine,
        )
        return Wishes(settings, bystanders=self.bystanders, mixed=self.mixed)


class Transcribe:
    """Keeps its child process, and so the models, for as long as the worker lives; its threads take turns."""

    name: ClassVar[str] = "transcribe"
    says: ClassVar[str] = "who said what, on a GPU where there is one"
    parameters: ClassVar[type[Any]] = Parameters

    def uses_gpu(self, parameters: Any) -> bool:
        return bool(parameters.device != "cpu")

    def __init__(self) -> None:
        self._queue = Queue([])
        self._turn = threading.Lock()

    def tools(self, parameters: Any) -> dict[str, str]:
        """Raises WozError for amounts that can't be."""
        parameters.demand()
        made_with = {package: version_of(SPEECH, package) for package in MADE_WITH}
        return {"transcription": str(VERSION), **made_with, "model": parameters.model}

    def roots(self, project: Project, parameters: Any) -> dict[str, Path]:
        return {SESSIONS: project.sessions_dir, MODELS: models_folder()}

    def plan(
        self, project: Project, sessions: Sequence[SessionId], parameters: Any
    ) -> Iterator[Planned | PassedOver]:
        """Raises WozError where no model of the folder of models is named."""
        models = [(MODELS, path) for path in _model_files(parameters)]
        wishes = parameters.wishes(models_folder())

        def planned(folder: SessionFolder) -> Iterator[Planned | PassedOver]:
            session = SessionId(folder.path.name)
            if why := _refused(project, session):
                yield PassedOver(session, why)
                return
            try:
                voices = voices_of(SessionFolder.open(folder.path), wishes)
            except NoVoiceError as error:
                yield PassedOver(session, str(error))
                return
            sounds = {Path(sound.path) for one in voices for sound in (one.sound, one.played) if sound}
            yield Planned(session, [(SESSIONS, path) for path in sorted(sounds)] + models)

        return each(project, sessions, planned)

    def work(self, item: Item, place: Place) -> Sequence[str]:
        parameters: Parameters = msgspec.convert(item.parameters, Parameters)
        wishes = parameters.wishes(place.roots[MODELS])
        voices = voices_of(SessionFolder.open(place.roots[SESSIONS] / item.id), wishes)
        result = self._recognised(Task(voices, wishes.settings, str(place.cache), item.id))
        (place.out / RESULT).write_bytes(msgspec.json.encode(result.to_data()))
        return (*result.faults, *result.notes)

    def _recognised(self, task: Task) -> Recognised:
        with self._turn:
            for news in self._queue.one(task):
                if isinstance(news, Done):
                    return news.result
                if isinstance(news, Failed):
                    raise WozError(news.sentence)
        raise WozError("The recognition was cancelled.")

    def collect(self, project: Project, results: Iterator[Result], taken: Callable[[Result], None]) -> str:
        """What may no longer be transcribed stays in the run, and is told."""
        kept, refused = 0, list[str]()
        for result in results:
            session = SessionId(result.item.id)
            if why := _refused(project, session):
                refused.append(f"{session} was not taken in: {why}")
                continue
            self._take_in(project, session, result)
            taken(result)
            kept += 1
        told = [f"{counted(kept, 'session has', 'sessions have')} a transcript."] if kept else []
        return "\n".join([*told, *refused])

    def _take_in(self, project: Project, session: SessionId, result: Result) -> None:
        """Under an id that follows from the item, so that a transcript is never taken in twice."""
        known = TranscriptId(result.item.key[:32])
        if any(one.id == known for one in project.transcripts.of_session(session)):
            return
        parameters = msgspec.convert(result.item.parameters, Parameters)
        recognised = Recognised.from_data(read_file(result.folder / RESULT, Data))
        keep_result(project, session, recognised, parameters.wishes(models_folder()).turns, known)


def _refused(project: Project, session: SessionId) -> str:
    """Why a session may not be transcribed; empty where it may."""
    try:
        demand_transcription(project, session)
    except WozError as error:
        return str(error)
    return ""


def _model_files(parameters: Parameters) -> list[Path]:
    """Of all models that the work may use. Raises WozError where the recogniser's is not there."""
    models = models_folder()
    if not parameters.model or not (models / parameters.model).is_dir():
        here = ", ".join(sorted(path.name for path in models.glob("*") if path.is_dir())) or "none"
        raise WozError(f"Name a model of {models} with --set model=NAME; there are: {here}.")
    aligners = models.glob(f"aligner-{parameters.language or '*'}")
    apart = [models / DIARIZER, models / ENCODER] if parameters.mixed or parameters.bystanders else []
    folders = [models / parameters.model, *sorted(aligners), *apart]
    return [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
