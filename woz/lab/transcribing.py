"""Transcribes sessions of a project, one after another, as jobs that the database remembers."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from woz.base.clock import SystemClock
from woz.base.counts import counted
from woz.base.errors import WozError
from woz.base.interval import Interval
from woz.lab.ports import Project
from woz.lab.taking_in import take_in_turns, transcript_of
from woz.lab.voice_tracks import track_at
from woz.model.ids import JobId, SessionId, TranscriptId, new_id
from woz.model.job import Job, JobState
from woz.model.origin import Origin
from woz.model.people import ConsentKind, Role
from woz.model.stream import StreamKind
from woz.model.transcript import Term
from woz.privacy.consent import demand
from woz.recording.expert_voice.heard_delay import heard_delay
from woz.recording.folder.session_folder import SessionFolder
from woz.timing.clock_map import ClockMap
from woz.transcription.attribution import doubts
from woz.transcription.models import models_folder
from woz.transcription.queue import Done, Failed, News, Note, Queue
from woz.transcription.task import MIXED, Progress, Result, Settings, Task, Voice
from woz.transcription.turns import Placed, TurnSettings, turns_of

KIND = "transcribe"
Say = Callable[[str], None]
Watch = Callable[[News], None]


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the person wants besides the models: bystanders' voices told apart, one track for everybody."""

    settings: Settings = field(default_factory=Settings)
    turns: TurnSettings = field(default_factory=TurnSettings)
    bystanders: bool = False
    mixed: bool = False
    glossary: bool = True
    """Whether the recogniser is told the words of the procedure's glossary."""


class Transcription:
    """A queue over some sessions; what each gives is kept in the project as soon as it is there."""

    def __init__(self, project: Project, sessions: Sequence[SessionId], wishes: Wishes) -> None:
        self._project, self._wishes, self._clock = project, wishes, SystemClock()
        self._cache = project.path / "cache" / "transcription"
        self._jobs: dict[str, Job] = {}
        self.made: list[dict[str, Any]] = []
        tasks = [task for session in sessions if (task := self._begin(session))]
        self.queue = Queue(tasks, self._clock)

    def run(self, watch: Watch) -> list[dict[str, Any]]:
        """Sums up each session, the ones that failed too. Raises WozError where recognition is not installed."""
        try:
            for news in self.queue.run():
                self._take(news)
                watch(news)
        except WozError as error:
            self._close_open(JobState.FAILED, str(error))
            raise
        finally:
            self._close_open(JobState.CANCELLED, "cancelled; what was made is kept, and it goes on from there")
        return self.made

    # jobs

    def _begin(self, session: SessionId) -> Task | None:
        """The session's task, its job in the database; a session that can't be transcribed fails at once."""
        self._leave_behind(session)
        job = Job(JobId(new_id()), session, KIND, JobState.WAITING, "", self._clock.utc_ns())
        self._jobs[session] = job
        self._project.jobs.save(job)
        try:
            voices = transcribable(self._project, session, self._wishes)
        except WozError as error:
            self._fail(session, str(error))
            return None
        settings = replace(self._wishes.settings, models=self._wishes.settings.models or str(models_folder()))
        if self._wishes.glossary and not settings.hotwords:
            settings = replace(settings, hotwords=hotwords_of(self._project, session))
        return Task(voices, settings, str(self._cache), session)

    def _leave_behind(self, session: SessionId) -> None:
        """Jobs of this session that a crash left open are closed."""
        for job in self._project.jobs.all():
            if job.session_id == session and job.kind == KIND and job.state in (JobState.WAITING, JobState.RUNNING):
                self._save(replace(job, state=JobState.FAILED, message="interrupted"), ended=True)

    def _take(self, news: News) -> None:
        job = self._jobs[news.task]
        if job.state == JobState.WAITING:
            self._jobs[news.task] = self._save(replace(job, state=JobState.RUNNING))
        match news:
            case Note(task, text):
                self._log(task, text)
            case Failed(task, sentence):
                self._fail(task, sentence)
            case Done(task, result):
                self._finish(task, result)
            case Progress():
                pass

    def _finish(self, task: str, result: Result) -> None:
        try:
            summary = keep_result(self._project, SessionId(task), result, self._wishes.turns)
        except WozError as error:
            self._fail(task, str(error))
            return
        job = replace(self._jobs[task], state=JobState(summary["state"]), message=summary["note"])
        self._jobs[task] = self._save(job, ended=True)
        self._log(
            task,
            f"{summary['state']}: {counted(summary['turns'], 'turn')}, {counted(summary['words'], 'word')}."
            f" {summary['note']}",
        )
        self.made.append(summary)

    def _fail(self, task: str, sentence: str) -> None:
        self._jobs[task] = self._save(
            replace(self._jobs[task], state=JobState.FAILED, message=sentence), ended=True
        )
        self._log(task, f"failed: {sentence}")
        self.made.append({"session": task, "state": str(JobState.FAILED), "turns": 0, "words": 0, "note": sentence})

    def _close_open(self, state: JobState, message: str) -> None:
        for task, job in self._jobs.items():
            if job.state in (JobState.WAITING, JobState.RUNNING):
                self._jobs[task] = self._save(replace(job, state=state, message=message), ended=True)

    def _save(self, job: Job, ended: bool = False) -> Job:
        job = replace(job, ended_utc_ns=self._clock.utc_ns()) if ended else job
        self._project.jobs.save(job)
        return job

    def _log(self, task: str, text: str) -> None:
        self._cache.mkdir(parents=True, exist_ok=True)
        with (self._cache / f"{self._jobs[task].id}.log").open("a", encoding="utf-8") as file:
            file.write(text + "\n")


def hotwords_of(project: Project, session: SessionId) -> str:
    """The glossary of a session's procedure, as a recogniser is told it."""
    terms = {item.text for item in project.annotations.load(session) if isinstance(item, Term)}
    return ", ".join(sorted(terms, key=str.lower))


def demand_transcription(project: Project, session: SessionId) -> None:
    """Raises WozError where somebody on record didn't agree to be transcribed."""
    people = project.sessions.get(session).participants
    demand(map(project.participants.get, people), ConsentKind.TRANSCRIPTION, "transcribed")


def transcribable(project: Project, session: SessionId, wishes: Wishes) -> tuple[Voice, ...]:
    """The tracks of a session. Raises WozError where somebody didn't agree to it, or where it has no voice."""
    demand_transcription(project, session)
    return voices_of(SessionFolder.open(project.session_dir(session)), wishes)


def refused(project: Project, session: SessionId, wishes: Wishes) -> str:
    """Why a session can't be transcribed; empty where it can."""
    try:
        transcribable(project, session, wishes)
    except WozError as error:
        return str(error)
    return ""


def several_on_a_track(project: Project, sessions: Sequence[SessionId], wishes: Wishes) -> bool:
    """Whether voices have to be told apart in any of the sessions that can be transcribed."""
    return any(
        voice.holds_others
        for session in sessions
        if not refused(project, session, wishes)
        for voice in transcribable(project, session, wishes)
    )


def keep_result(
    project: Project, session: SessionId, result: Result, turns: TurnSettings, named: TranscriptId | None = None
) -> dict[str, Any]:
    """What was recognised becomes the session's newest transcript, under an id where one is given; summed up."""
    folder = SessionFolder.open(project.session_dir(session))
    transcript = transcript_of(session, Origin.RECOGNISED, result.made_by, SystemClock(), result.language)
    transcript = replace(transcript, id=named or transcript.id)
    doubt = _lack(folder) or doubts(result)
    note = "; ".join(text for text in (doubt, *result.notes) if text)
    made = turns_of(result, transcript.id, places_of(folder), turns)
    take_in_turns(project, replace(transcript, note=note), made)
    return {
        "session": session,
        "state": str(JobState.DOUBTFUL if doubt else JobState.DONE),
        "turns": len(made),
        "words": sum(len(voice.words) for voice in result.voices),
        "language": result.language,
        "note": note,
    }


def transcribe_session(project: Project, session: SessionId, wishes: Wishes, say: Say) -> dict[str, Any]:
    """One session, told in words. Raises WozError where it fails."""
    (made,) = Transcription(project, [session], wishes).run(lambda news: say(words_for(news)))
    if made["state"] == JobState.FAILED:
        raise WozError(made["note"])
    return made


def words_for(news: News) -> str:
    """A line for a person."""
    match news:
        case Progress(stage, part, left_s):
            left = "" if left_s is None or part >= 1 else f", {_duration(left_s)} left"
            return f"{part:4.0%}  {stage}{left}"
        case Note(_, text):
            return f"      {text}"
        case Failed(task, sentence):
            return f"      {task} failed: {sentence}"
        case Done(task, _):
            return f"      {task} is transcribed"


def forget_stages(project: Project) -> None:
    """Take away what is kept of all stages; the next transcription begins anew."""
    shutil.rmtree(project.path / "cache" / "transcription", ignore_errors=True)


def _duration(seconds: float) -> str:
    return f"{seconds / 60:.0f} min" if seconds >= 90 else f"{seconds:.0f} s"


class NoVoiceError(WozError):
    """A session was recorded without sound."""


def voices_of(folder: SessionFolder, wishes: Wishes) -> tuple[Voice, ...]:
    """The session's tracks: a person each, or one for everybody. Raises NoVoiceError where it has no voice."""
    trainee = track_at(folder, StreamKind.TRAINEE_VOICE)
    played = track_at(folder, StreamKind.EXPERT_HEARD)
    said = track_at(folder, StreamKind.EXPERT_SAID) or played
    if not (trainee or said):
        raise NoVoiceError(f"{folder.path.name} has no voice to transcribe: it was recorded without sound.")
    if trainee and (wishes.mixed or said is None):
        return (Voice(MIXED, trainee),)
    voices = [Voice(Role.TRAINEE, trainee, played, wishes.bystanders)] if trainee else []
    return (*voices, Voice(Role.EXPERT, said)) if said else tuple(voices)


def _lack(folder: SessionFolder) -> str:
    if folder.manifest().stream(StreamKind.TRAINEE_VOICE):
        return ""
    return "doubtful: the session has no trainee's track, so only the expert was transcribed"


def places_of(folder: SessionFolder) -> dict[str, Placed]:
    """The trainee's track is session time; the expert's own recording is said, and heard a little later."""
    entry = folder.manifest().stream(StreamKind.EXPERT_SAID)
    as_it_is = Placed(lambda span: span)
    if entry is None or entry.clock_map is None:
        return {Role.TRAINEE: as_it_is, Role.EXPERT: as_it_is, MIXED: as_it_is}
    to_session, delay = ClockMap.from_json(entry.clock_map), heard_delay(folder)

    def said(span: Interval) -> Interval:
        return Interval(to_session.to_session(span.start_ns), to_session.to_session(span.end_ns))

    expert = Placed(lambda span: delay.heard(said(span)), said)
    return {Role.TRAINEE: as_it_is, Role.EXPERT: expert, MIXED: as_it_is}


def named_model(name: str | None) -> str | None:
    """A model by its folder, or by its name in the folder of models; None stays None."""
    if name is None:
        return None
    return str(Path(name)) if Path(name).is_dir() else str(models_folder() / name)
