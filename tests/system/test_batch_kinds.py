"""What each kind of batch makes, and what of it is taken in: worked on here, item by item."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import av
import msgspec
import numpy as np
import pytest

from storage import Project
from tests.core.face_room import Reds, write_film
from tests.rig.batch_room import SECONDS, recorded_project
from woz.annotation.edits import Edit
from woz.base.clock import SystemClock
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S, Interval
from woz.batch.collecting import collect
from woz.batch.kinds import faces as faces_kind
from woz.batch.ledger import Ledger
from woz.batch.planning import plan
from woz.batch.work import What, execute
from woz.deidentifying.approval import blur_objection
from woz.deidentifying.burning import load_copy
from woz.deidentifying.deciding import decided, signed_off
from woz.deidentifying.faces import Decision, Faces
from woz.deidentifying.keeping import save_faces, wanted_faces
from woz.model.annotation import Annotation
from woz.model.annotator import Annotator
from woz.model.ids import AnnotationId, AnnotatorId, QuestionId, SessionId, StreamId, TierId, TranscriptId, TurnId
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.own_schemes import CONVERSATION, STATES
from woz.model.people import Role
from woz.model.question import Question
from woz.model.stream import Stream, StreamKind
from woz.model.tier import Tier
from woz.model.transcript import Transcript, Turn
from woz.playback.proxy import Proxy
from woz.recording.folder.session_folder import SessionFolder

CLOCK = SystemClock()
ADA = AnnotatorId("ada")


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with recorded_project(tmp_path / "project", 1) as made:
        made.annotators.save(Annotator(ADA, "Ada"))
        yield made


def session_of(project: Project) -> SessionId:
    return project.sessions.all()[0].id


def folder_of(project: Project) -> SessionFolder:
    return SessionFolder(project.session_dir(session_of(project)))


def worked(ledger: Ledger) -> None:
    """As a worker does it, without one."""
    about = ledger.about()
    for item in ledger.items():
        outcome = execute(str(ledger.path), about.token, msgspec.json.encode(item))
        assert outcome.what == What.DONE, outcome


def taken(project: Project, ledger: Ledger) -> str:
    collected = collect(project, ledger, CLOCK)
    assert collect(project, ledger, CLOCK).taken == 0
    return collected.words


def record(project: Project, *items: object) -> None:
    project.annotations.record(session_of(project), Edit("Test", (), items), ADA)  # type: ignore[arg-type]


def test_clips_of_annotations_hold_their_span(project: Project) -> None:
    made = Made(Origin.MANUAL, ADA)
    project.schemes.keep(CONVERSATION)
    tier = Tier(TierId("t"), session_of(project), CONVERSATION.id, 1, STATES, "Ada's", made, ADA)
    spans = {"a": (0, NS_PER_S), "b": (NS_PER_S, 2 * NS_PER_S)}
    record(
        project,
        tier,
        *(
            Annotation(AnnotationId(n), tier.id, *span, next(iter(CONVERSATION.tier_type(STATES).labels)).id, made)
            for n, span in spans.items()
        ),
    )
    ledger = plan(project, "clips", {"of": STATES, "pictures": "2"}, [], CLOCK)
    assert ledger.about().items == 2
    worked(ledger)
    assert taken(project, ledger).startswith("2 clips")
    clips = folder_of(project).derived / "clips"
    assert sorted(path.name for path in clips.iterdir()) == [
        *("a-00.jpg", "a-01.jpg", "a.mp4", "b-00.jpg", "b-01.jpg", "b.mp4")
    ]
    with av.open(str(clips / "b.mp4")) as container:
        times = [frame.time for frame in container.decode(video=0)]
    assert len(times) == 20
    assert times[-1] == pytest.approx(0.95, abs=0.01)


def test_a_clip_of_a_question_ends_with_it_and_is_silent_from_its_answer_on(project: Project) -> None:
    clip, answered = Interval(0, NS_PER_S), Interval(NS_PER_S // 2, 2 * NS_PER_S)
    asked = Interval(0, NS_PER_S // 2)
    session = session_of(project)
    record(project, Question(QuestionId("q"), session, clip, Role.TRAINEE, "How?", "So.", asked, answered))
    ledger = plan(project, "clips", {}, [], CLOCK)
    (item,) = ledger.items()
    assert item.parameters["silent_from_ns"] == NS_PER_S // 2
    worked(ledger)
    assert taken(project, ledger).startswith("1 clip is")
    with av.open(str(folder_of(project).derived / "clips" / "q.mp4")) as container:
        loudest = [float(np.abs(frame.to_ndarray()).max()) for frame in container.decode(audio=0)]
    assert max(loudest[:15]) > 0.01
    assert max(loudest[30:]) < 0.005


def test_where_nothing_is_to_be_cut_it_is_told(project: Project) -> None:
    ledger = plan(project, "clips", {}, [], CLOCK)
    assert ledger.about().items == 0
    assert ledger.about().passed_over == (f"{session_of(project)}: it has no questions",)
    with pytest.raises(WozError, match="0 to 64 pictures"):
        plan(project, "clips", {"pictures": "-1"}, [], CLOCK)


def test_frames_are_those_shown_at_their_times(project: Project) -> None:
    ledger = plan(project, "frames", {"rate": "4"}, [], CLOCK)
    worked(ledger)
    assert taken(project, ledger) == f"{4 * SECONDS} pictures of 1 session."
    frames = folder_of(project).derived / "frames"
    times = json.loads((frames / "times.json").read_text())["times_s"]
    assert len(times) == len(list(frames.glob("*.jpg"))) == 4 * SECONDS
    assert [round(t, 2) for t in times[:2]] == [0.1, 0.35]


def test_a_proxy_is_the_editors(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    assert plan(project, "proxies", {}, [], CLOCK).about().passed_over
    monkeypatch.setattr("woz.playback.proxy.LONG_NS", 1)
    ledger = plan(project, "proxies", {}, [], CLOCK)
    worked(ledger)
    assert taken(project, ledger) == "1 session has a proxy."
    proxy = Proxy(folder_of(project).ego)
    assert proxy.read(7) is not None
    proxy.close()


@pytest.fixture
def detector(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of a model that is only looked at, and a detector that sees red."""
    monkeypatch.setenv("WOZ_MODELS", str(tmp_path / "models"))
    file = tmp_path / "models" / "red.jit"
    file.parent.mkdir()
    file.write_bytes(b"one")
    faces_kind._loaded.cache_clear()
    monkeypatch.setattr("woz.deidentifying.detectors.known.detector", lambda *_: Reds())
    return file


def test_faces_are_taken_in_unless_people_decided(project: Project, detector: Path) -> None:
    film = write_film(folder_of(project).ego)
    ledger = plan(project, "faces", {"detector": "red.jit"}, [], CLOCK)
    worked(ledger)
    assert "1 view was looked at" in taken(project, ledger)
    found = wanted_faces(film)
    assert found.detector == Reds.facts
    other = plan(project, "faces", {"detector": "red.jit", "every": "2"}, [], CLOCK)
    worked(other)
    save_faces(film, decided(found, [found.tracks[0].id], Decision.BLUR, "ada"), found)
    assert "people decided" in collect(project, other, CLOCK).words
    assert wanted_faces(film).tracks[0].decision == Decision.BLUR


def test_further_views_are_looked_at_and_blurred_too(project: Project, detector: Path) -> None:
    folder, session = folder_of(project), session_of(project)
    phone = folder.path / "views" / "phone.mkv"
    phone.parent.mkdir()
    whole = Interval(0, NS_PER_S)
    streams = [
        Stream(StreamId(name), session, StreamKind.OTHER_VIEW, f"views/{name}", 0, whole, view=Path(name).stem)
        for name in ("phone.mkv", "slam.vrs", "gone.mkv")
    ]
    project.streams.replace(session, [*project.streams.of_session(session), *streams])
    for film in (write_film(folder.ego), write_film(phone), folder.path / "views" / "slam.vrs"):
        film.touch()
    ledger = plan(project, "faces", {"detector": "red.jit"}, [], CLOCK)
    assert [item.id for item in ledger.items()] == [session, f"{session}-views-phone.mkv"]
    assert set(ledger.about().passed_over) == {
        f"{session}: views/slam.vrs can't be blurred, and no release takes it",
        f"{session}: its view views/gone.mkv is not on this computer",
    }
    worked(ledger)
    assert taken(project, ledger).startswith("2 views were looked at")
    for film in (folder.ego, phone):
        assert wanted_faces(film).detector == Reds.facts
        _signed(film, Decision.BLUR)
    copies = plan(project, "blur", {}, [], CLOCK)
    worked(copies)
    assert taken(project, copies) == "2 views have their blurred copy."
    assert blur_objection(phone) == ""


def test_blurred_copies_are_made_of_what_was_signed_off(project: Project, detector: Path) -> None:
    film = write_film(folder_of(project).ego)
    assert plan(project, "blur", {}, [], CLOCK).about().passed_over == (
        f"{session_of(project)}: faces were not looked for in ego.mkv",
    )
    ledger = plan(project, "faces", {"detector": "red.jit"}, [], CLOCK)
    worked(ledger)
    taken(project, ledger)
    assert "no second person" in plan(project, "blur", {}, [], CLOCK).about().passed_over[0]
    found = _signed(film, Decision.BLUR)
    ledger = plan(project, "blur", {}, [], CLOCK)
    worked(ledger)
    assert taken(project, ledger) == "1 view has its blurred copy."
    copy = load_copy(film)
    assert copy is not None
    assert (copy.faces, blur_objection(film)) == (found.digest, "")
    assert copy.blurred_frames > 0
    assert "has its blurred copy" in plan(project, "blur", {}, [], CLOCK).about().passed_over[0]


def test_a_copy_of_faces_that_were_changed_since_is_not_taken_in(project: Project, detector: Path) -> None:
    film = write_film(folder_of(project).ego)
    faces = plan(project, "faces", {"detector": "red.jit"}, [], CLOCK)
    worked(faces)
    taken(project, faces)
    _signed(film, Decision.BLUR)
    ledger = plan(project, "blur", {}, [], CLOCK)
    worked(ledger)
    now = _signed(film, Decision.CONSENTED)
    assert "its faces were changed since; plan it again" in collect(project, ledger, CLOCK).words
    assert load_copy(film) is None
    again = plan(project, "blur", {}, [], CLOCK)
    worked(again)
    assert "1 view" in collect(project, again, CLOCK).words
    copy = load_copy(film)
    assert copy is not None
    assert (copy.faces, copy.blurred_frames) == (now.digest, 0)


def test_what_vouches_for_a_copy_is_never_beside_an_older_one(
    project: Project, detector: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    film = write_film(folder_of(project).ego)
    faces = plan(project, "faces", {"detector": "red.jit"}, [], CLOCK)
    worked(faces)
    taken(project, faces)
    for decision in (Decision.BLUR, Decision.CONSENTED):
        _signed(film, decision)
        ledger = plan(project, "blur", {}, [], CLOCK)
        worked(ledger)
        if decision == Decision.BLUR:
            taken(project, ledger)

    def full(source: object, target: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("woz.batch.kinds.taking.shutil.copyfile", full)
    with pytest.raises(WozError, match="make room, then collect again"):
        collect(project, ledger, CLOCK)
    assert load_copy(film) is None
    assert "There is no blurred copy" in blur_objection(film)


def _signed(film: Path, decision: Decision) -> Faces:
    """Decided on by one person and signed off by another."""
    before = wanted_faces(film)
    made = signed_off(decided(before, [track.id for track in before.tracks], decision, "ada"), "bea", 1)
    save_faces(film, made, before)
    return made


def test_a_model_that_changed_between_plan_and_run_is_told(project: Project, detector: Path) -> None:
    ledger = plan(project, "faces", {"detector": "red.jit"}, [], CLOCK)
    detector.write_bytes(b"two")
    os.utime(detector, ns=(1, 1))
    (item,) = ledger.items()
    outcome = execute(str(ledger.path), ledger.about().token, msgspec.json.encode(item))
    assert outcome.what == What.STOP
    assert re.search(r"red\.jit is another file than when the run was planned; plan it again", outcome.words)
    again = plan(project, "faces", {"detector": "red.jit"}, [], CLOCK)
    worked(again)


def test_plates_are_looked_for_beside_faces(project: Project, detector: Path) -> None:
    """By the two detectors that the command takes as well, each an input with its hash."""
    film = write_film(folder_of(project).ego)
    (detector.parent / "plates.jit").write_bytes(b"two")
    ledger = plan(project, "faces", {"detector": "red.jit, plates.jit"}, [], CLOCK)
    (item,) = ledger.items()
    assert {Path(one.path).name for one in item.inputs} >= {"red.jit", "plates.jit"}
    worked(ledger)
    assert "1 view was looked at" in taken(project, ledger)
    assert wanted_faces(film).detector.name == "reds + reds"
    with pytest.raises(WozError, match=r"There is no detector .*none\.jit"):
        plan(project, "faces", {"detector": "red.jit,none.jit"}, [], CLOCK)


def test_a_detector_has_to_be_where_all_nodes_see_it(project: Project, detector: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.jit").write_bytes(b"one")
    with pytest.raises(WozError, match="put it there"):
        plan(project, "faces", {"detector": "../elsewhere.jit"}, [], CLOCK)
    with pytest.raises(WozError, match="woz models fetch"):
        plan(project, "faces", {"detector": "none.jit"}, [], CLOCK)


def test_proposals_become_a_machines_tier_once(project: Project) -> None:
    said, session = TranscriptId("t"), session_of(project)
    turns = [
        Turn(TurnId(str(i)), said, Role.EXPERT, Interval(i * 10**8, i * 10**8 + 10**7), "Yes.") for i in (1, 9)
    ]
    project.transcripts.add(Transcript(said, session, Origin.RECOGNISED, "en", "test", 0), turns)
    ledger = plan(project, "proposals", {"by": "states-from-turns"}, [], CLOCK)
    worked(ledger)
    assert "proposals in 1 session" in taken(project, ledger)
    (ledger.path / "collected" / f"{session}.json").unlink()
    assert collect(project, ledger, CLOCK).taken == 1
    tiers = [item for item in project.annotations.load(session) if isinstance(item, Tier)]
    assert [(tier.made.origin, tier.annotator_id) for tier in tiers] == [(Origin.MACHINE, None)]
    with pytest.raises(WozError, match="set by=NAME"):
        plan(project, "proposals", {}, [], CLOCK)
