"""Questions proposed, and every export format read back."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest

from tests.core.recorded_session import BUNDLE as RECORDED
from woz.base.errors import WozError
from woz.base.interval import Interval
from woz.dataset.export import Exported, export_sessions, usual_formats
from woz.dataset.questions.asking import asks
from woz.dataset.questions.proposing import propose
from woz.formats.bundle import SessionBundle
from woz.formats.transcripts.webvtt import read_turns
from woz.model import own_schemes
from woz.model.annotation import Annotation
from woz.model.ids import (
    AnnotationId,
    AnnotatorId,
    LabelId,
    ParticipantId,
    SchemeId,
    SessionId,
    TierId,
    TranscriptId,
    TurnId,
)
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.people import Consent, ConsentKind, Participant, Role
from woz.model.question import Evidence
from woz.model.scheme import Label, Scheme, TierType
from woz.model.session import Session, SessionState
from woz.model.tier import Tier
from woz.model.transcript import Transcript, Turn

S = 1_000_000_000
SID, TID = SessionId("20260101-000000-0000"), TranscriptId("t")
TURNS = (
    Turn(TurnId("1"), TID, Role.TRAINEE, Interval(3 * S, 4 * S), "Which gear is next?"),
    Turn(TurnId("2"), TID, Role.EXPERT, Interval(5 * S, 6 * S), "=The <red> & one", Interval(4 * S, 5 * S)),
    Turn(TurnId("3"), TID, Role.TRAINEE, Interval(20 * S, 21 * S), "Is it done?"),
    Turn(TurnId("4"), TID, Role.EXPERT, Interval(40 * S, 41 * S), "Yes."),
)
BOOK = Scheme(
    SchemeId("b"), "B", 1, (TierType("steps", labels=(Label(LabelId("expert"), "e", {"en": "Expert speaks"}),)),)
)
SCHEMES = {(BOOK.id, 1): BOOK}
LIVE = Made(Origin.LIVE, "woz")
STEPS = Tier(TierId("s"), SID, BOOK.id, 1, own_schemes.STEPS, "Steps", LIVE)
STEP = Annotation(AnnotationId("a"), STEPS.id, 0, 10 * S, "expert", LIVE, note="a note").with_value("mistake", True)


@pytest.fixture
def bundle(tmp_path: Path) -> SessionBundle:
    session = Session(SID, "Lamp", SessionState.CLOSED, 0, 60 * S)
    person = Participant(ParticipantId("p"), "P01", Role.TRAINEE)
    transcript = Transcript(TID, SID, Origin.SCRIPT, "en", "test", 0)
    questions = propose(SID, TURNS, (STEP,), 60 * S)
    media = tmp_path / "project" / "ego.mkv"
    return SessionBundle(session, media, (person,), transcript, TURNS, (STEPS,), (STEP,), SCHEMES, questions)


def export_session(
    bundle: SessionBundle, folder: Path, names: Sequence[str] = (), overwrite: bool = False
) -> tuple[Path, ...]:
    return export_sessions([bundle], folder, names, overwrite).files


def test_a_question_with_a_reply_in_time_is_proposed() -> None:
    (question,) = propose(SID, TURNS, (STEP,), 60 * S)
    assert (question.text, question.answer) == ("Which gear is next?", "=The <red> & one")
    assert (question.clip, question.at_ns) == (Interval(0, 4 * S), 4 * S)
    assert question.step == "expert"
    assert propose(SID, tuple(reversed(TURNS)), (STEP,), 60 * S) == (question,)


@pytest.mark.parametrize(
    ("text", "asking"),
    [
        ("Which one", True),
        ("Wo ist der Deckel?", True),
        ("Dove lo metto", True),
        ("これは何ですか。", True),
        ("是这个吗", True),
        ("That is right.", False),
        ("Do it slowly.", False),
        ("Good", False),
    ],
)
def test_who_asks(text: str, asking: bool) -> None:
    assert asks(text) == asking


def test_every_format_is_written_and_the_questions_fit_their_schema(bundle: SessionBundle, tmp_path: Path) -> None:
    written = export_session(bundle, tmp_path / "out")
    assert len(written) == len(usual_formats())
    schema = json.loads((files("woz.formats.project") / "schemas" / "qa.schema.json").read_text())
    lines = [json.loads(line) for line in written[usual_formats().index("qa")].read_text().splitlines()]
    assert len(lines) == 1
    jsonschema.validate(lines[0], schema)
    assert lines[0]["media"] == "../project/ego.mkv"
    assert lines[0]["transcript_origin"] == "script"


def test_what_a_question_rests_on_leaves_with_it(bundle: SessionBundle, tmp_path: Path) -> None:
    """Of what a model found, too; a segment that is gone is left out, one without a time has none."""
    untimed = replace(STEP, id=AnnotationId("whole"), start_ns=None, end_ns=None)
    evidence = Evidence(
        bundle.questions[0].evidence.turns, (STEP.id, AnnotationId("gone"), AnnotationId("whole")), (2 * S,)
    )
    made = replace(bundle.questions[0].made, origin=Origin.MACHINE)
    asked = replace(bundle.questions[0], evidence=evidence, made=made)
    (path,) = export_session(replace(bundle, questions=(asked,), annotations=(STEP, untimed)), tmp_path, ["qa"])
    line = json.loads(path.read_text(encoding="utf-8"))
    schema = json.loads((files("woz.formats.project") / "schemas" / "qa.schema.json").read_text())
    jsonschema.validate(line, schema)
    found = line["evidence"]
    assert (found["turns"], found["frames_ns"]) == (list(evidence.turns), [2 * S])
    assert [(each["kind"], each["label"], each["label_id"]) for each in found["segments"]] == [
        ("steps", "Expert speaks", "expert"),
        ("steps", "Expert speaks", "expert"),
    ]
    first, second = (each["span"] for each in found["segments"])
    assert (first["start_ns"], first["end_ns"], second) == (STEP.start_ns, STEP.end_ns, None)


def test_turns_come_back_from_webvtt(bundle: SessionBundle, tmp_path: Path) -> None:
    (path,) = export_session(bundle, tmp_path, ["webvtt"])
    back = read_turns(path, TID)
    assert [(t.speaker, t.interval, t.text) for t in back] == [(t.speaker, t.interval, t.text) for t in TURNS]


def test_rttm_and_tables(bundle: SessionBundle, tmp_path: Path) -> None:
    rttm, turns, steps = export_session(bundle, tmp_path, ["rttm", "turns-csv", "steps-csv"])
    assert rttm.read_text().splitlines()[0].split() == [
        *("SPEAKER", SID, "1", "3.000", "1.000", "<NA>", "<NA>", "trainee", "<NA>", "<NA>")
    ]
    with turns.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[1]["text"] == "=The <red> & one"
    assert rows[1]["said_start_s"] == "4.000"
    assert {row["origin"] for row in rows} == {"script"}
    with steps.open(newline="") as file:
        (step,) = csv.DictReader(file)
    assert (step["label"], step["label_id"]) == ("Expert speaks", "expert")
    assert (step["mistake"], step["note"]) == ("yes", "a note")


def test_steps_leave_by_their_names_in_every_format(bundle: SessionBundle, tmp_path: Path) -> None:
    key = "0f3c9a"
    label = Label(LabelId(key), key, {"en": "Mount the post"})
    book = Scheme(SchemeId("steps"), "Lamp", 2, (TierType("steps", labels=(label,)),))
    tiers = (replace(STEPS, scheme_id=book.id, scheme_version=2), replace(STEPS, id=TierId("s2"), name="Other"))
    questions = tuple(replace(question, step=key) for question in bundle.questions)
    named = replace(
        bundle,
        tiers=tuple(reversed(tiers)),
        annotations=(replace(STEP, label=key),),
        schemes={**SCHEMES, (book.id, 2): book},
        questions=questions,
    )
    session, qa, steps = export_session(named, tmp_path, ["session", "qa", "steps-csv"])
    line = json.loads(qa.read_text(encoding="utf-8"))
    assert (line["step"], line["step_id"]) == ("Mount the post", key)
    with steps.open(newline="", encoding="utf-8") as file:
        (row,) = csv.DictReader(file)
    assert (row["label"], row["label_id"]) == ("Mount the post", key)
    assert {"id": key, "name": "Mount the post"} in json.loads(session.read_text())["labels"]["steps"]


def test_no_account_s_name_leaves_in_any_format(bundle: SessionBundle, tmp_path: Path) -> None:
    """Neither who annotated, nor the folders of this computer in a release."""
    agreed = replace(bundle.participants[0], consents=(Consent(ConsentKind.RELEASE, "1", 0),))
    second = replace(bundle.session, id=SessionId("20260102-000000-0000"))
    bundles = [
        _annotated(replace(bundle, participants=(agreed,)), "1", None, "2"),
        _annotated(replace(bundle, participants=(agreed,), session=second), "2", "1"),
    ]
    made = export_sessions(bundles, tmp_path / "out", release=True)
    text = "".join(path.read_text(encoding="utf-8") for path in made.files)
    assert not [name for name in ("jdoe", "alovelace", "..", str(tmp_path)) if name in text]
    found = [path.read_text(encoding="utf-8").splitlines()[1:] for path in made.files if "steps" in path.name]
    assert [[row.split(",")[-2] for row in rows] for rows in found] == [
        ["annotator-1", "woz", "annotator-2"],
        ["annotator-2", "annotator-1"],
    ]
    (line,) = (tmp_path / "out" / f"{SID}.qa.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["media"] == f"sessions/{SID}/ego.mkv"


def _annotated(bundle: SessionBundle, *people: str | None) -> SessionBundle:
    """A tier of steps, with one step, by each of them; of None, by the program."""
    tiers = tuple(
        replace(STEPS, id=TierId(f"tier {key}"), annotator_id=None if key is None else AnnotatorId(f"id {key}"))
        for key in people
    )
    steps = (
        replace(STEP, id=AnnotationId(f"{n}"), tier_id=tier.id, start_ns=n * S, end_ns=(n + 1) * S)
        for n, tier in enumerate(tiers)
    )
    names = {AnnotatorId(f"id {key}"): f"annotator-{key}" for key in people if key}
    media = Path("/home/jdoe/lab/sessions/x/ego.mkv")
    return replace(bundle, tiers=tiers, annotations=tuple(steps), media=media, pseudonyms=names)


def test_nothing_is_written_where_one_of_many_may_not_go(bundle: SessionBundle, tmp_path: Path) -> None:
    agreed = replace(
        bundle, participants=(replace(bundle.participants[0], consents=(Consent(ConsentKind.RELEASE, "1", 0),)),)
    )
    other = replace(bundle, session=replace(bundle.session, id=SessionId("20260102-000000-0000")))
    with pytest.raises(WozError, match=r"20260102-000000-0000 may not be released.*P01"):
        export_sessions([agreed, other], tmp_path / "out", release=True)
    assert not (tmp_path / "out").exists()
    made: Exported = export_sessions([agreed, other], tmp_path / "out", ["rttm"], release=True, leave_out=True)
    assert (made.sessions, len(made.left_out)) == ((SID,), 1)


def test_nothing_is_overwritten_and_a_withdrawal_is_respected(bundle: SessionBundle, tmp_path: Path) -> None:
    export_session(bundle, tmp_path, ["rttm"])
    with pytest.raises(WozError, match="exists already"):
        export_session(bundle, tmp_path, ["rttm"])
    export_session(bundle, tmp_path, ["rttm"], overwrite=True)
    gone = replace(bundle, participants=(replace(bundle.participants[0], withdrawn=True),))
    with pytest.raises(WozError, match="withdrawn"):
        export_session(gone, tmp_path / "other")
    assert not (tmp_path / "other").exists()
    with pytest.raises(WozError, match="no format that can be written"):
        export_session(bundle, tmp_path, ["nonsense"])
    with pytest.raises(WozError, match=r"'rtm' is no format .*; did you mean rttm\? Those are "):
        export_session(bundle, tmp_path, ["rtm"])


def test_unusual_subtitle_files_can_be_read(shared_data: Path) -> None:
    found = {
        path.name: len(read_turns(path, TID)) for path in (shared_data / "annotations/subtitles").glob("*.vtt")
    }
    assert all(found.values()), found


def test_a_file_that_is_no_webvtt_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.vtt").write_text("1\n00:00 --> 00:01\nhello")
    with pytest.raises(WozError, match="no WebVTT"):
        read_turns(tmp_path / "x.vtt", TID)


def test_a_format_that_can_hold_nothing_is_told_and_the_others_are_written(
    bundle: SessionBundle, tmp_path: Path
) -> None:
    made = export_sessions([bundle], tmp_path, ["rttm", "egoexo4d-proficiency"])
    assert [path.suffix for path in made.files] == [".rttm"]
    assert len(made.refused) == 1
    with pytest.raises(WozError, match=re.escape(made.refused[0])):
        export_sessions([bundle], tmp_path / "other", ["egoexo4d-proficiency"])
    assert not (tmp_path / "other").exists()


def test_a_format_is_written_without_the_sessions_that_it_can_hold_nothing_of(
    bundle: SessionBundle, tmp_path: Path
) -> None:
    bare = replace(
        bundle, session=replace(bundle.session, id=SessionId("bare")), tiers=(), annotations=(), turns=()
    )
    made = export_sessions([bare, RECORDED], tmp_path, ["captaincook4d", "rttm"])
    (recordings,) = [path for path in made.files if path.name == "step_annotations.json"]
    assert list(json.loads(recordings.read_text())) == [RECORDED.session.id]
    (refused,) = made.refused
    assert refused.startswith("captaincook4d was written without bare. ")
    assert "annotate it by that scheme" in refused
    assert made.sessions == (bare.session.id, RECORDED.session.id), "both are in one file or another"
    alone = export_sessions([bare, RECORDED], tmp_path / "alone", ["captaincook4d"])
    assert alone.sessions == (RECORDED.session.id,)


def test_what_the_tables_of_turns_and_steps_can_t_hold_is_counted(bundle: SessionBundle, tmp_path: Path) -> None:
    assert export_sessions([bundle], tmp_path, ["turns-csv", "steps-csv", "states-csv"]).lost == (
        "turns-csv can't hold everything; left out: annotations (1), questions (1).",
        "steps-csv can't hold everything; left out: turns (4), questions (1).",
        "states-csv can't hold everything; left out: turns (4), questions (1), annotations of other tiers (1).",
    )
    (turns, *_) = export_session(bundle, tmp_path, ["turns-csv"], overwrite=True)
    assert turns.read_text(encoding="utf-8").splitlines()[1].endswith(",script,,no,,")
