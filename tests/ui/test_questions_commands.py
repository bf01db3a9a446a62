"""Question sets on the command line: proposed, listed, refused."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from storage import Project
from tests.core.model_server import model_server
from tests.storage.examples import CLOCK, SESSION, SID, TRANSCRIPT
from tests.ui.answers import answer_of
from ui.cli import main
from woz.annotation.edits import Edit
from woz.base.interval import Interval
from woz.dataset.models.endpoint import Endpoint
from woz.lab.model_questions import rewrite_questions
from woz.lab.questions import questions_of, short_of_wrong
from woz.lab.taking_in import take_in_turns
from woz.model.ids import TurnId
from woz.model.origin import Origin
from woz.model.people import Role
from woz.model.question import Distractor, ReviewStatus, Wording
from woz.model.session import DataSetSource
from woz.model.transcript import Turn

S = 1_000_000_000
LINES = (
    (Role.TRAINEE, 10, "Where does the screw go?"),
    (Role.EXPERT, 12, "On the left side."),
    (Role.TRAINEE, 40, "Where do I put the plate?"),
    (Role.EXPERT, 42, "Under the post."),
    (Role.EXPERT, 70, "Mind that the lamp is still hot."),
)


@pytest.fixture
def lab(tmp_path: Path) -> Path:
    turns = [
        Turn(TurnId(str(n)), TRANSCRIPT.id, who, Interval(at * S, (at + 1) * S), text)
        for n, (who, at, text) in enumerate(LINES)
    ]
    with Project.create(tmp_path / "lab", "Kitchen", CLOCK) as project:
        project.sessions.save(replace(SESSION, duration_ns=100 * S))
        take_in_turns(project, TRANSCRIPT, turns)
    return tmp_path / "lab"


def test_question_sets_are_proposed_and_listed(lab: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = answer_of(capsys, "questions", "propose", str(lab), "--clip", "15")
    assert (told["questions"], told["kinds"]) == (3, {"asked": 2, "unasked": 1})
    first, second, _ = answer_of(capsys, "questions", "list", str(lab))["questions"]
    assert [each["text"] for each in first["distractors"]] == ["On the right side.", "Under the post."]
    assert (first["asked_at_ns"], second["clip_ns"]) == (11 * S, [26 * S, 41 * S])
    assert answer_of(capsys, "questions", "propose", str(lab))["changed"] == 0
    correct(lab, "0", "Where does the long screw go?")
    told = answer_of(capsys, "questions", "propose", str(lab))
    assert told["changed"] == 1, "made anew and given wrong answers; counted once, and nothing else that is derived"


def test_what_may_be_about_the_recording_is_no_wrong_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = (
        (Role.TRAINEE, 10, "Which post goes here?"), (Role.EXPERT, 13, "The long one."),
        (Role.TRAINEE, 60, "How do I go on?"), (Role.EXPERT, 63, "Close it and stop the recording."),
        (Role.TRAINEE, 80, "Where is the lid?"), (Role.EXPERT, 83, "Under the shade."),
    )  # fmt: skip
    turns = [Turn(TurnId(str(n)), TRANSCRIPT.id, who, Interval(at * S, (at + 1) * S), text)
             for n, (who, at, text) in enumerate(lines)]  # fmt: skip
    with Project.create(tmp_path / "lab", "Kitchen", CLOCK) as project:
        project.sessions.save(replace(SESSION, duration_ns=100 * S))
        take_in_turns(project, TRANSCRIPT, turns)
    answer_of(capsys, "questions", "propose", str(tmp_path / "lab"))
    first, told, _ = answer_of(capsys, "questions", "list", str(tmp_path / "lab"))["questions"]
    assert [each["text"] for each in first["distractors"]] == ["The short one.", "Under the shade."]
    assert told["answer"] == "Close it and stop the recording."


def test_what_was_cut_off_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = ((Role.TRAINEE, 10, "Does the?"), (Role.EXPERT, 13, "The long one goes first."))
    turns = [Turn(TurnId(str(n)), TRANSCRIPT.id, who, Interval(at * S, (at + 1) * S), text)
             for n, (who, at, text) in enumerate(lines)]  # fmt: skip
    with Project.create(tmp_path / "lab", "Kitchen", CLOCK) as project:
        project.sessions.save(replace(SESSION, duration_ns=100 * S))
        take_in_turns(project, TRANSCRIPT, turns)
    told = answer_of(capsys, "questions", "propose", str(tmp_path / "lab"))
    assert (told["questions"], told["cut_off"]) == (0, 1)
    assert main(["questions", "propose", str(tmp_path / "lab")]) == 0
    assert "Cut off, and no question set: 1 question." in capsys.readouterr().out


def test_what_a_person_did_stays_and_the_first_text_is_known(lab: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer_of(capsys, "questions", "propose", str(lab))
    ada = answer_of(capsys, "annotators", str(lab), "add", "A01")["annotators"][0]["id"]
    with Project.open(lab, CLOCK) as project:
        old = questions_of(project, SID)[0]
        new = replace(old, text="Where does the short screw go?", status=ReviewStatus.ACCEPTED)
        project.annotations.record(SID, Edit("Revise", (old,), (new,)), ada)
    answer_of(capsys, "questions", "propose", str(lab))
    (listed,) = answer_of(capsys, "questions", "list", str(lab), "--status", "accepted")["questions"]
    assert (listed["question"], listed["first"]["question"]) == (new.text, "Where does the screw go?")


def test_a_model_s_words_stay_when_questions_are_derived_anew(
    lab: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = {"question": "Where does the long screw go?", "answer": "On the left side, below.",
              "distractors": ["By hand.", "Behind the lamp."], "type": "location"}  # fmt: skip
    propose = ("questions", "propose", str(lab))
    with model_server(json.dumps(answer)) as server:
        told = answer_of(capsys, *propose, "--endpoint", server.url, "--model", "stub")["model"]
    assert (told["asked"], told["answered"]) == (3, 3)
    first, *_ = before = answer_of(capsys, "questions", "list", str(lab))["questions"]
    assert (first["question"], first["first"]["question"]) == (answer["question"], "Where does the screw go?")
    assert [each["by"] for each in first["distractors"]] == ["woz", "woz", "stub", "stub"]
    assert answer_of(capsys, "derive", str(lab))["made"] == 0
    assert answer_of(capsys, *propose)["changed"] == 0
    assert answer_of(capsys, "questions", "list", str(lab))["questions"] == before
    correct(lab, "0", "Where is it?")
    answer_of(capsys, *propose)
    assert answer_of(capsys, "questions", "list", str(lab))["questions"][0]["question"] == "Where is it?"


def correct(lab: Path, turn_id: str, text: str) -> None:
    with Project.open(lab, CLOCK) as project:
        turn = next(item for item in project.annotations.load(SID) if isinstance(item, Turn) and item.id == turn_id)
        project.annotations.record(SID, Edit("Correct", (turn,), (replace(turn, text=text),)), "woz")


def remove(lab: Path, turn_id: str) -> None:
    with Project.open(lab, CLOCK) as project:
        turn = next(item for item in project.annotations.load(SID) if isinstance(item, Turn) and item.id == turn_id)
        project.annotations.record(SID, Edit("Remove", (turn,), ()), "woz")


def test_a_model_finds_what_the_rules_did_not_and_it_stays(lab: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What it names is as it was said; it gets wrong answers as all do, becomes stale, and is found anew."""
    said = "I don't see where the screw goes."
    correct(lab, "0", said)
    find = ["questions", "propose", str(lab), "--find", "--model", "stub", "--endpoint"]

    def answer(body: dict[str, Any]) -> str:
        asked = body["response_format"]["json_schema"]["name"]
        return '{"found": [{"question": 1, "answer": 2}]}' if asked == "exchanges" else "{}"

    with model_server(answer) as server:
        told = answer_of(capsys, *find, server.url)
        assert (told["found"]["asked"], told["found"]["changed"]) == (1, 1)
        assert told["kinds"] == {"asked": 2, "unasked": 1}
        first, *_ = before = answer_of(capsys, "questions", "list", str(lab))["questions"]
        assert (first["question"], first["answer"], first["asked_at_ns"]) == (said, "On the left side.", 11 * S)
        assert [each["text"] for each in first["distractors"]] == ["On the right side.", "Under the post."]
        assert answer_of(capsys, *find, server.url)["found"]["changed"] == 0
        assert answer_of(capsys, "derive", str(lab))["made"] == 0
        assert answer_of(capsys, "questions", "list", str(lab))["questions"] == before
        correct(lab, "0", "I can't see where it goes.")
        assert answer_of(capsys, "questions", "list", str(lab))["questions"][0]["stale"]
        answer_of(capsys, *find, server.url)
    first, *_ = answer_of(capsys, "questions", "list", str(lab))["questions"]
    assert (first["question"], first["stale"]) == ("I can't see where it goes.", False)
    with Project.open(lab, CLOCK) as project:
        made = questions_of(project, SID)[0].made
    assert (made.origin, made.by, made.run[:7]) == (Origin.MACHINE, "stub", "prompt ")


def test_what_is_changed_while_a_model_is_asked_is_left_for_the_next_time(
    lab: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its words would be those of before, and nobody would be told."""
    correct(lab, "0", "I don't see where the screw goes.")
    find = ["questions", "propose", str(lab), "--find", "--model", "stub", "--endpoint"]
    meanwhile = [lambda: correct(lab, "0", "I can't see where it goes."), lambda: remove(lab, "1")]

    def answer(body: dict[str, Any]) -> str:
        if body["response_format"]["json_schema"]["name"] != "exchanges":
            return "{}"
        meanwhile.pop(0)()
        return '{"found": [{"question": 1, "answer": 2}]}'

    with model_server(answer) as server:
        for _ in range(2):
            found = answer_of(capsys, *find, server.url)["found"]
            assert (found["asked"], found["answered"], found["changed"]) == (1, 1, 0)


def test_a_model_s_silence_is_told_apart_from_what_is_not_as_wanted(
    lab: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with model_server(503, 503, "{}") as server:
        assert main(["questions", "propose", str(lab), "--endpoint", server.url]) == 0
    told = capsys.readouterr().err
    assert "3 of 3 answers of default were not as asked for" in told
    assert "2 requests got no answer (status 503): see to the server, or give it longer with --timeout." in told
    with model_server("{}") as server:
        assert main(["questions", "propose", str(lab), "--endpoint", server.url]) == 0
    assert "a model that keeps a JSON schema does better." in capsys.readouterr().err


def test_a_model_is_asked_about_every_one_where_that_is_wanted(
    lab: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer_of(capsys, "questions", "propose", str(lab))
    with Project.open(lab, CLOCK) as project:
        for old in questions_of(project, SID):
            wrong = tuple(Distractor(f"Wrong {n}.", Wording("woz", "nearest by vectors")) for n in range(4))
            project.annotations.record(SID, Edit("Fill", (old,), (replace(old, distractors=wrong),)), "woz")
        stub = Endpoint("http://127.0.0.1:1/v1", "stub")
        assert rewrite_questions(project, [SID], stub, CLOCK, False, lambda *_: None).asked == 0
        with model_server("{}") as server:
            stub = Endpoint(server.url, "stub")
            assert rewrite_questions(project, [SID], stub, CLOCK, False, lambda *_: None, True).asked == 3
    assert main(["questions", "propose", str(lab), "--every"]) == 1
    assert "name its server with --endpoint" in capsys.readouterr().err


def test_nothing_is_sent_without_consent_and_without_being_asked_for(
    lab: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    away = ["questions", "propose", str(lab), "--endpoint", "http://models.invalid/v1"]
    assert main([*away, "--send"]) == 0
    told = capsys.readouterr()
    assert f"{SID} was not sent to models.invalid: Nobody is on record" in told.err
    with Project.open(lab, CLOCK) as project:
        whole = project.sessions.get(SID)
        project.sessions.save(replace(whole, provenance=DataSetSource("Lamps", "CC BY 4.0")))
    assert main(away) == 1
    assert "3 question sets of 1 session" in capsys.readouterr().err
    assert main([*away, "--find"]) == 1
    assert "5 turns of 1 session, with who said each, would be sent to models.invalid" in capsys.readouterr().err
    monkeypatch.setattr("woz.dataset.models.endpoint.LOCAL", ())
    with model_server("nothing of use") as server:
        assert main(["questions", "propose", str(lab), "--endpoint", server.url, "--send"]) == 0
        assert len(server.asked) == 6
    assert "answered 0 as wanted" in capsys.readouterr().out


def test_gates_flag_and_take_back_their_flags(lab: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gate = ("questions", "gate", str(lab), "--most-later", "0")
    answer_of(capsys, "questions", "propose", str(lab))
    with Project.open(lab, CLOCK) as project:
        old = questions_of(project, SID)[0]
        early = replace(old, answered=Interval(old.at_ns - S // 2, old.answered.end_ns))
        project.annotations.record(SID, Edit("Earlier", (old,), (early,)), "woz")
    told = answer_of(capsys, *gate, "--only-tell")["gates"]
    assert {each["gate"]: each["flagged"] for each in told}["future leak"] == 1
    assert not any(each["flags"] for each in answer_of(capsys, "questions", "list", str(lab))["questions"])
    answer_of(capsys, *gate)
    first, *_ = answer_of(capsys, "questions", "list", str(lab))["questions"]
    assert [flag["gate"] for flag in first["flags"]] == ["future leak"]
    with Project.open(lab, CLOCK) as project:
        now = questions_of(project, SID)[0]
        project.annotations.record(SID, Edit("Later", (now,), (replace(now, answered=old.answered),)), "woz")
    assert main([*gate]) == 0
    assert "0 of 3 flagged" in capsys.readouterr().out
    assert not any(each["flags"] for each in answer_of(capsys, "questions", "list", str(lab))["questions"])


def test_what_is_said_later_is_flagged_unless_that_is_most(lab: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of the first question set one wrong answer is what is said at 42 s; where that is too many, its flag goes."""
    answer_of(capsys, "questions", "propose", str(lab))
    answer_of(capsys, "questions", "gate", str(lab))
    found = answer_of(capsys, "questions", "list", str(lab))["questions"]
    assert [[flag["gate"] for flag in each["flags"]] for each in found] == [["said later"], [], []]
    assert found[0]["flags"][0]["reason"].endswith("at 42.0 s.")
    assert main(["questions", "gate", str(lab), "--most-later", "0.3"]) == 0
    assert "more than 30 % of 3, so that none is flagged" in capsys.readouterr().out
    assert not any(each["flags"] for each in answer_of(capsys, "questions", "list", str(lab))["questions"])


def test_what_cant_be_done_is_said(lab: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["questions", "propose", str(lab), "--clip", "0"]) == 1
    assert "--clip 5" in capsys.readouterr().err
    assert main(["questions", "gate", str(lab), "--sure", "2"]) == 1
    assert "--sure 0.8" in capsys.readouterr().err
    assert main(["questions", "gate", str(lab), "--most-later", "2"]) == 1
    assert "--most-later 0.5" in capsys.readouterr().err
    curate = ["questions", "review", str(lab), "--task", "curate"]
    for more in (["--session", SID], ["--endpoint", "http://127.0.0.1:1/v1"]):
        assert main([*curate, *more]) == 1
        assert "of all sessions; leave --session and --endpoint out" in capsys.readouterr().err


def test_a_project_without_any_question_set_is_told_and_with_which_command_some_come(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Project.create(tmp_path / "a lab", "Kitchen", CLOCK) as project:
        project.sessions.save(replace(SESSION, provenance=DataSetSource("Lamps", "CC BY 4.0")))
    lab = str(tmp_path / "a lab")
    model = ["--endpoint", "http://127.0.0.1:1/v1"]
    for command, told in (
        (["questions", "propose", lab], f"none yet, woz transcribe '{lab}' makes one."),
        (["questions", "gate", lab], f"woz questions propose '{lab}' proposes some."),
        (["questions", "translate", lab, *model], f"woz questions propose '{lab}' proposes some."),
        (["questions", "list", lab], "No questions."),
    ):
        assert main(command) == 0
        assert capsys.readouterr().out.strip().endswith(told)
        assert answer_of(capsys, *command)
    assert main(["release", "build", lab, "lamps", "--out", str(tmp_path / "out")]) == 1
    assert f"woz questions propose '{lab}'" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_how_many_lack_wrong_answers_is_told_as_it_is_at_the_end(
    lab: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also after a model wrote some; nothing is told where none lacks any."""
    assert main(["questions", "propose", str(lab)]) == 0
    assert f"3 question sets have fewer than 4 wrong answers: add some in woz questions review {lab} (W)" in (
        capsys.readouterr().out
    )
    wrong = ["By hand.", "Behind the lamp.", "In the long box.", "Upon the base."]
    answer = {"question": "Where does the screw go?", "answer": "On the left side.", "distractors": wrong,
              "type": "location"}  # fmt: skip
    with model_server(json.dumps(answer)) as server:
        assert main(["questions", "propose", str(lab), "--endpoint", server.url]) == 0
    assert capsys.readouterr().out.endswith("default was asked about 3, and answered 3 as wanted.\n")
    listed = answer_of(capsys, "questions", "list", str(lab))["questions"]
    assert [len(each["distractors"]) for each in listed] == [4, 4, 4]


def test_what_was_discarded_is_not_told_to_lack_wrong_answers(
    lab: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert answer_of(capsys, "questions", "propose", str(lab))["short"] == 3
    with Project.open(lab, CLOCK) as project:
        old = questions_of(project, SID)[0]
        project.annotations.record(
            SID, Edit("Discard", (old,), (replace(old, status=ReviewStatus.REJECTED),)), "woz"
        )
        assert short_of_wrong(project, [SID]) == 2
    assert answer_of(capsys, "questions", "propose", str(lab))["short"] == 2


def test_what_is_listed_by_its_state_says_what_there_is_where_nothing_is_so(
    lab: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer_of(capsys, "questions", "propose", str(lab))
    assert main(["questions", "list", str(lab), "--state", "disputed"]) == 0
    assert capsys.readouterr().out == "No question set is so; there are:\n3 proposed.\n"
