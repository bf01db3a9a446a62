"""Transcribes a session of a project, as a job that the database remembers."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import replace
from pathlib import Path
from typing import Any

from storage import Job, JobState, Project
from ui.ingest import take_in_turns, transcript_of
from woz.clock import SystemClock
from woz.consent import demand
from woz.interval import Interval
from woz.recording.folder import SessionFolder
from woz.recording.heard_delay import heard_delay
from woz.session import ConsentKind, JobId, Origin, Role, StreamKind, new_id
from woz.sync.clockmap import ClockMap
from woz.transcription.attribution import Placed, doubts, turns_of
from woz.transcription.job import run_job
from woz.transcription.task import Progress, Result, Task, Voice

Say = Callable[[str], None]


def transcribe_session(
    project: Project, folder: SessionFolder, model: Path, align_model: Path | None, language: str | None, say: Say
) -> dict[str, Any]:
    """Recognise both voices and keep the transcript; the answer sums it up.

    Raises WozError where it fails, and, before anything is read, where a participant has not agreed to it.
    """
    clock = SystemClock()
    manifest = folder.manifest()
    people = project.sessions.get(manifest.session_id).participants
    demand(map(project.participants.get, people), ConsentKind.TRANSCRIPTION, "transcribed")
    job = Job(JobId(new_id()), manifest.session_id, "transcribe", JobState.RUNNING, "", clock.utc_ns())
    project.jobs.save(job)
    try:
        result = _followed(run_job(_task(project, folder, model, align_model, language)), say)
    except BaseException as error:
        project.jobs.save(replace(job, state=JobState.FAILED, message=str(error), ended_utc_ns=clock.utc_ns()))
        raise
    transcript = transcript_of(manifest.session_id, Origin.RECOGNISED, result.made_by, clock, result.language)
    note = "; ".join(text for text in (doubts(result), *result.notes) if text)
    transcript = replace(transcript, note=note)
    turns = turns_of(result, transcript.id, _places(folder))
    take_in_turns(project, transcript, turns)
    state = JobState.DOUBTFUL if doubts(result) else JobState.DONE
    project.jobs.save(replace(job, state=state, message=note, ended_utc_ns=clock.utc_ns()))
    words = sum(len(voice.words) for voice in result.voices)
    return {"state": state, "turns": len(turns), "words": words, "language": result.language, "note": note}


def _followed(job: Generator[Progress, None, Result], say: Say) -> Result:
    while True:
        try:
            progress = next(job)
        except StopIteration as ended:
            result: Result = ended.value
            return result
        say(f"{progress.part:4.0%}  {progress.stage}")


def _task(
    project: Project, folder: SessionFolder, model: Path, align_model: Path | None, language: str | None
) -> Task:
    own = folder.manifest().stream(StreamKind.EXPERT_SAID)
    expert = Voice(Role.EXPERT, str(folder.expert), 0) if own else Voice(Role.EXPERT, str(folder.ego), 1)
    return Task(
        (Voice(Role.TRAINEE, str(folder.ego), 0), expert),
        str(model),
        str(align_model) if align_model else None,
        language,
        cache=str(project.path / "cache" / "transcription"),
    )


def _places(folder: SessionFolder) -> dict[str, Placed]:
    """The trainee's track is session time; the expert's own recording is said, and heard a little later."""
    entry = folder.manifest().stream(StreamKind.EXPERT_SAID)
    as_it_is = Placed(lambda span: span)
    if entry is None or entry.clock_map is None:
        return {Role.TRAINEE: as_it_is, Role.EXPERT: as_it_is}
    to_session, delay = ClockMap.from_json(entry.clock_map), heard_delay(folder)

    def said(span: Interval) -> Interval:
        return Interval(to_session.to_session(span.start_ns), to_session.to_session(span.end_ns))

    return {Role.TRAINEE: as_it_is, Role.EXPERT: Placed(lambda span: delay.heard(said(span)), said)}
