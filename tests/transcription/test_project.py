"""Sessions of a project in the queue: jobs, transcripts, doubts, speakers, evaluation. Nothing heavy is loaded."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from storage import Project
from tests.storage.examples import CLOCK
from tests.transcription.failing import ORDERS
from tests.transcription.sounds import write_wav
from ui.cli import main
from woz.annotation.edits import Edit
from woz.base.errors import WozError
from woz.base.interval import Interval
from woz.lab.speakers import name_voices, voices_with_samples, write_samples
from woz.lab.transcribing import Transcription, Wishes
from woz.model.ids import ProcedureId, SessionId, TermId
from woz.model.job import JobState
from woz.model.people import Role
from woz.model.procedure import Procedure
from woz.model.session import Session, SessionState
from woz.model.stream import StreamKind
from woz.model.transcript import Term, Turn
from woz.recording.folder.manifest import StreamEntry
from woz.recording.folder.session_folder import SessionFolder
from woz.transcription.task import Settings

LENGTH = Interval(0, 8 * 10**9)
BOTH = (StreamKind.TRAINEE_VOICE, StreamKind.EXPERT_HEARD)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    orders = tmp_path / "orders.json"
    orders.write_text("{}")
    monkeypatch.setenv(ORDERS, str(orders))
    model = tmp_path / "model"
    model.mkdir()
    (model / "weights").write_text("none")
    with Project.create(tmp_path / "project", "Kitchen", CLOCK) as made:
        yield made


def _wishes(project: Project, **more: object) -> Wishes:
    model = str(project.path.parent / "model")
    engine = "tests.transcription.failing:FailingEngine"
    return Wishes(Settings(model, {"*": model}, model, language="it", engine=engine), **more)  # type: ignore[arg-type]


def _recorded(project: Project, name: str, kinds: tuple[StreamKind, ...] = BOTH) -> SessionId:
    session = SessionId(name)
    project.sessions.save(Session(session, "Cake", SessionState.CLOSED, CLOCK.utc_ns(), duration_ns=LENGTH.end_ns))
    folder = SessionFolder.create(project.sessions_dir, session, 0)
    manifest = replace(folder.manifest(), state=SessionState.CLOSED, duration_ns=LENGTH.end_ns)
    for seed, kind in enumerate(kinds):
        sound = np.random.default_rng([seed, *name.encode()]).normal(0, 0.1, 16_000 * 8).astype(np.float32)
        write_wav(folder.path / f"{kind}.wav", sound)
        manifest = manifest.with_stream(StreamEntry(kind, f"{kind}.wav", 0, LENGTH))
    manifest.save(folder.manifest_path)
    return session


def _transcribed(project: Project, wishes: Wishes, *sessions: SessionId) -> list[dict[str, object]]:
    return Transcription(project, sessions, wishes).run(lambda _: None)


def test_the_recogniser_is_told_the_glossary_of_the_sessions_procedure(project: Project) -> None:
    procedure = Procedure(ProcedureId("tent"), "Tent", ())
    project.procedures.save(procedure)
    session = _recorded(project, "tent")
    project.sessions.save(replace(project.sessions.get(session), procedure_id=procedure.id))
    terms = tuple(Term(TermId(text), procedure.id, text) for text in ("guy line", "Abspannung"))
    project.annotations.record(session, Edit("Glossary", (), terms), "ada")
    told = [
        Transcription(project, [session], wishes).queue._tasks[0].settings.hotwords
        for wishes in (_wishes(project), _wishes(project, glossary=False))
    ]
    assert told == ["Abspannung, guy line", ""]


def test_a_queue_leaves_each_session_its_own_fate(project: Project) -> None:
    (good, mute, alone) = (
        _recorded(project, "good"),
        _recorded(project, "mute", ()),
        _recorded(project, "alone", (StreamKind.EXPERT_HEARD,)),
    )
    made = {one["session"]: one for one in _transcribed(project, _wishes(project), good, mute, alone)}
    assert {name: one["state"] for name, one in made.items()} == {
        good: JobState.DONE,
        mute: JobState.FAILED,
        alone: JobState.DOUBTFUL,
    }
    assert "recorded without sound" in str(made[mute]["note"])
    assert "no trainee's track" in str(made[alone]["note"])
    (transcript,) = project.transcripts.of_session(good)
    turns = project.transcripts.turns(transcript.id)
    assert {turn.speaker for turn in turns} == {Role.TRAINEE, Role.EXPERT}
    assert turns == sorted(turns, key=lambda turn: turn.interval)
    assert {job.session_id: job.state for job in project.jobs.all()} == {s: made[s]["state"] for s in made}


def test_a_killed_child_fails_one_session_and_the_next_run_goes_on(project: Project) -> None:
    first, second = _recorded(project, "first"), _recorded(project, "second")
    orders = project.path.parent / "orders.json"
    orders.write_text(json.dumps({"align": "killed"}))
    states = [one["state"] for one in _transcribed(project, _wishes(project), first, second)]
    assert states == [JobState.FAILED, JobState.DONE]
    orders.with_suffix(".calls").unlink()
    assert _transcribed(project, _wishes(project), first)[0]["state"] == JobState.DONE
    calls = [line.split()[0] for line in orders.with_suffix(".calls").read_text().splitlines()]
    assert "recognise" not in calls[: calls.index("align")]


def test_a_mixed_track_is_named_by_ear(project: Project, tmp_path: Path) -> None:
    session = _recorded(project, "mixed", (StreamKind.TRAINEE_VOICE,))
    _transcribed(project, _wishes(project), session)
    voices = voices_with_samples(project, session)
    assert set(voices) == {"voice 1", "voice 2"}
    files = write_samples(project, session, voices, tmp_path / "samples")
    assert all(path.stat().st_size > 44 for paths in files.values() for path in paths)
    assert name_voices(project, session, {"voice 1": "trainee", "voice 2": "expert"}) > 0
    assert set(voices_with_samples(project, session)) == {"Trainee", "Expert"}
    with pytest.raises(WozError, match="no voice “voice 3”; there are: Expert, Trainee"):
        name_voices(project, session, {"voice 3": "expert"})
    with pytest.raises(WozError, match="nobody here"):
        name_voices(project, session, {"Trainee": "cook"})


def test_the_commands_reach_the_project(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    session = _recorded(project, "mixed", (StreamKind.TRAINEE_VOICE,))
    where = ["--project", str(project.path), "--session", session]
    assert main(["evaluate", "transcript", "newest", "newest", *where]) == 1
    assert "no transcript yet" in capsys.readouterr().err
    assert main(["evaluate", "transcript", "other", "newest", *where]) == 1
    assert f"no transcript other; those of {session} are: none. Give one, or newest." in capsys.readouterr().err
    _transcribed(project, _wishes(project), session)
    assert main(["speakers", str(project.path), "--session", session]) == 0
    assert "voice 1   listen at" in capsys.readouterr().out
    assert main(["speakers", str(project.path), "--set", "voice 1=trainee", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["turns"] > 0
    assert main(["evaluate", "transcript", "newest", "newest", *where, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"wer": 0.0, "cpwer": 0.0, "der": 0.0, "jer": 0.0}
    *_, made = project.transcripts.of_session(session)
    said = tmp_path / "said.stm"
    said.write_text("".join(_stm_line(turn) for turn in project.transcripts.turns(made.id)))
    assert main(["evaluate", "transcript", str(said), "newest", *where, "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures == pytest.approx({"wer": 0.0, "cpwer": 0.0, "der": 0.0, "jer": 0.0})


def _stm_line(turn: Turn) -> str:
    """As a reference has it; a speaker's name holds no space there."""
    speaker = (turn.voice or turn.speaker).replace(" ", "_")
    return f"mixed 1 {speaker} {turn.interval.start_ns / 1e9} {turn.interval.end_ns / 1e9} {turn.text}\n"


def test_jobs_that_a_crash_left_open_are_closed_by_the_next(project: Project) -> None:
    session = _recorded(project, "a")
    Transcription(project, [session], _wishes(project))
    assert [job.state for job in project.jobs.all()] == [JobState.WAITING]
    _transcribed(project, _wishes(project), session)
    assert sorted(job.state for job in project.jobs.all()) == [JobState.DONE, JobState.FAILED]
