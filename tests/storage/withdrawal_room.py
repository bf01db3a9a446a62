"""Two people who talk, what annotators made of it, recordings; and one of them who withdraws."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import numpy as np

from storage import Project
from tests.core.media_files import FPS
from tests.storage.examples import CLOCK, SESSION, SID, TIER, TRANSCRIPT, question, segment
from woz.annotation.edits import Edit
from woz.base.interval import NS_PER_S, Interval
from woz.lab.withdrawing import Task, carry_out, plan_withdrawal
from woz.model.annotator import Annotator, AnnotatorRole
from woz.model.comment import Comment
from woz.model.ids import AnnotatorId, CommentId, ParticipantId, StreamId, TurnId
from woz.model.people import Attendance, Participant, Role
from woz.model.question import Evidence, QuestionKind
from woz.model.session import SessionState
from woz.model.stream import Stream, StreamKind
from woz.model.transcript import Turn, Word
from woz.privacy.certificate import Certificate
from woz.recording.folder.manifest import Manifest, StreamEntry
from woz.recording.folder.session_folder import sha256_of

TRAINEE = Participant(ParticipantId("t"), "P01", Role.TRAINEE)
EXPERT = Participant(ParticipantId("e"), "E07", Role.EXPERT)
ADA = Annotator(AnnotatorId("ada"), "ada", tuple(AnnotatorRole))
HERS = "Xylophonist quokkas juggle Zwetschgenknoedel"
CORRECTED = "Xylophonist quokkas juggle Brombeermarmelade"
WRONG_FIRST = "Wirbelstromkupplung heard wrongly at first"
ENGLISH = "Marimbaplayers and their plumdumplings"
OTHERS = "Tighten the flange until the torque wrench clicks"


def turn(name: str, speaker: Role, start_s: float, text: str, translation: str = "") -> Turn:
    span = Interval(round(start_s * NS_PER_S), round((start_s + 1) * NS_PER_S))
    words = tuple(Word(word, span) for word in text.split())
    return Turn(TurnId(name), TRANSCRIPT.id, speaker, span, text, None, words, translation=translation)


def fill(project: Project) -> None:
    """Two people who talk, what annotators made of it, and recordings."""
    for person in (TRAINEE, EXPERT):
        project.participants.save(person)
    here = tuple(Attendance(p.id, p.role) for p in (TRAINEE, EXPERT))
    project.sessions.save(replace(SESSION, participants=(TRAINEE.id, EXPERT.id), attendance=here))
    project.annotators.save(ADA)
    first = turn("hers", Role.TRAINEE, 1, WRONG_FIRST, ENGLISH)
    project.transcripts.add(TRANSCRIPT, [first, turn("his", Role.EXPERT, 3, OTHERS)])
    said = replace(first, text=HERS, words=tuple(Word(w, first.interval) for w in HERS.split()))
    fixed = replace(said, text=CORRECTED, words=tuple(Word(w, first.interval) for w in CORRECTED.split()))
    asked = replace(
        question("q"), text=HERS, kind=QuestionKind.ASKED, evidence=Evidence((TurnId("hers"),)), distractors=()
    )
    taken_over = replace(question("w"), kind=QuestionKind.WRITTEN, text="What is wrong?", answer="Nothing at all.")
    taken_over = replace(taken_over, distractors=(replace(taken_over.distractors[0], text=HERS, source="q"),))
    noted = replace(segment("note"), note=f"she said: {CORRECTED}!")
    project.annotations.record(SID, Edit("make a tier", (), (TIER,)), ADA.id)
    for edit in (
        Edit("mark", (), (segment("plain", 7, 9),)),
        Edit("correct", (first,), (said,)),
        Edit("correct again", (said,), (fixed,), f"not {HERS}"),
        Edit("ask", (), (asked, taken_over)),
        Edit("note", (), (noted,)),
    ):
        project.annotations.record(SID, edit, ADA.id)
    project.comments.add(Comment(CommentId("c"), SID, ADA.id, f"Is “{HERS}” right?", 0, at_ns=5))
    project.comments.add(Comment(CommentId("d"), SID, ADA.id, "Good.", 0, at_ns=5))
    _record(project)


def _record(project: Project) -> None:
    folder = project.session_dir(SID)
    (folder / "sensors").mkdir(parents=True)
    (folder / "derived").mkdir()
    _film(folder / "ego.mkv")
    (folder / "sensors" / "gaze.csv").write_text("t_ns,x,y\n0,1,2\n")
    (folder / "derived" / "ego.0.wave").write_bytes(b"waves")
    note = {"t_ns": 5, "kind": "note", "by": "trainee", "data": {"text": HERS}}
    step = {"t_ns": 6, "kind": "step", "by": "trainee", "data": {"step": "s1"}}
    (folder / "events.jsonl").write_text("".join(json.dumps(each) + "\n" for each in (note, step)))
    whole, was = Interval(0, 5 * NS_PER_S), sha256_of(folder / "ego.mkv")
    kinds = ((StreamKind.VIEW, 0), (StreamKind.TRAINEE_VOICE, 0), (StreamKind.EXPERT_HEARD, 1))
    places = [(kind, "ego.mkv", track) for kind, track in kinds] + [(StreamKind.GAZE, "sensors/gaze.csv", 0)]
    entries = tuple(StreamEntry(kind, path, track, whole, sha256=was) for kind, path, track in places)
    Manifest(SID, SessionState.CLOSED, 0, "", 5 * NS_PER_S, entries).save(folder / "manifest.json")
    streams = [
        Stream(StreamId(f"s{i}"), SID, kind, path, track, whole, sha256=was)
        for i, (kind, path, track) in enumerate(places)
    ]
    project.streams.replace(SID, streams)


def _film(path: Path) -> None:
    """Five seconds of pictures with two voices, each a tone of its own."""
    with av.open(str(path), "w", format="matroska") as container:
        video = container.add_stream("libx264", rate=FPS)
        video.width = video.height = 96
        video.pix_fmt = "yuv420p"
        voices = [container.add_stream("flac", rate=48_000, layout="mono", format="s16") for _ in range(2)]
        for voice in voices:
            voice.codec_context.options = {"frame_size": "960"}
        for i in range(5 * FPS):
            frame = av.VideoFrame.from_ndarray(np.full((144, 96), 40 + i, np.uint8), "yuv420p")
            frame.pts = i
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
        for nr, voice in enumerate(voices):
            tone = np.round(8000 * np.sin(np.arange(240_000) * (0.05 + 0.05 * nr))).astype(np.int16)
            for at in range(0, len(tone), 960):
                block = av.AudioFrame.from_ndarray(tone[None, at : at + 960], "s16", "mono")
                block.sample_rate, block.pts = 48_000, at
                container.mux(voice.encode(block))
            container.mux(voice.encode(None))


def sound(path: Path, track: int) -> np.ndarray[Any, Any]:
    with av.open(str(path)) as container:
        return np.concatenate([f.to_ndarray()[0] for f in container.decode(audio=track)])


def withdraw(project: Project, person: Participant, copies: Sequence[Project] = ()) -> Certificate:
    plan = plan_withdrawal(project, person.pseudonym)

    def in_copies(_: object) -> Sequence[Any]:
        for copy in copies:
            withdraw(copy, person)
        return ()

    return carry_out(Task(project, person, "ada", CLOCK), plan, lambda *_: None, in_copies)


def contents(root: Path) -> Iterator[tuple[Path, bytes]]:
    yield from ((path, path.read_bytes()) for path in root.rglob("*") if path.is_file())


def files_with(root: Path, *needles: str) -> list[str]:
    forms = [form for n in needles for word in n.split() for form in (word, word.lower()) if len(word) > 6]
    return [path.name for path, data in contents(root) if any(form.encode() in data for form in forms)]


WORDS = ("Xylophonist Zwetschgenknoedel Brombeermarmelade Wirbelstromkupplung", "Marimbaplayers plumdumplings")
