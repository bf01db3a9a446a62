"""`woz questions gate` with models: what they are shown of a project, what is flagged, what is asked again."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest

from storage import Project
from tests.core.model_server import model_server
from tests.storage.examples import CLOCK, SESSION, SID, TRANSCRIPT
from ui.cli import main
from woz.base.interval import Interval
from woz.lab.taking_in import take_in_turns
from woz.model.ids import ProcedureId, SessionId, StepId, TranscriptId, TurnId
from woz.model.people import Role
from woz.model.procedure import Procedure, Step
from woz.model.transcript import Turn

S = 1_000_000_000
OTHER = SessionId("20260101-other")
LINES = (
    (Role.EXPERT, 6, "Take your time."),
    (Role.TRAINEE, 10, "Where does the screw go?"),
    (Role.EXPERT, 12, "On the left side."),
    (Role.TRAINEE, 42, "Where do I put the plate?"),
    (Role.EXPERT, 44, "Under the post."),
)
LENGTH_S = 48
FPS, DARKEST = 4, 30
GREY, TINTED = 128, 176
"""Of the film of the session that is asked about, and of the other one."""


@pytest.fixture
def lab(tmp_path: Path) -> Path:
    lamp = Procedure(ProcedureId("lamp"), "Lamp", (Step(StepId("post"), "Take the post", 0),))
    with Project.create(tmp_path / "lab", "Lamps", CLOCK) as project:
        project.procedures.save(lamp)
        for key in (SID, OTHER):
            whole = replace(SESSION, id=key, duration_ns=LENGTH_S * S, procedure_id=lamp.id)
            project.sessions.save(whole)
            transcript = replace(TRANSCRIPT, id=TranscriptId(f"{key}-t"), session_id=key)
            turns = [
                Turn(TurnId(f"{key}{n}"), transcript.id, who, Interval(at * S, (at + 1) * S), text)
                for n, (who, at, text) in enumerate(LINES)
            ]
            take_in_turns(project, transcript, turns if key == SID else turns[:1])
            folder = project.session_dir(key)
            folder.mkdir(parents=True, exist_ok=True)
            write_film(folder / "ego.mkv", TINTED if key == OTHER else GREY)
    return tmp_path / "lab"


def write_film(path: Path, blue: int) -> None:
    """Each frame is a little brighter than the one before, so that a picture tells when it is from; its tint tells
    from which film.
    """
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=FPS, options={"crf": "4"})
        video.width = video.height = 96
        video.pix_fmt = "yuv420p"
        for i in range(LENGTH_S * FPS):
            planes = np.full((144, 96), 128, np.uint8)
            planes[:96] = DARKEST + i
            planes[96:120] = blue
            frame = av.VideoFrame.from_ndarray(planes, "yuv420p")
            frame.pts, frame.time_base = i, Fraction(1, FPS)
            container.mux(video.encode(frame))
        container.mux(video.encode(None))


def told(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    assert main([*words, "--json"]) == 0, capsys.readouterr().err
    return json.loads(capsys.readouterr().out)


def knows(body: dict[str, Any]) -> str:
    """A model that has read the transcript: it finds the right option wherever it stands."""
    content = body["messages"][0]["content"]
    text = content if isinstance(content, str) else content[-1]["text"]
    answer = "Under the post" if "plate" in text else "On the left"
    return next(line[0] for line in text.splitlines() if re.match(rf"[A-E]\. {answer}", line))


def ours(gates: Any) -> dict[str, Any]:
    return {gate["gate"]: gate for gate in gates["gates"] if gate["gate"].startswith("model, ")}


def flagged(capsys: pytest.CaptureFixture[str], lab: Path) -> list[str]:
    """By which gates the first question set is."""
    return sorted(flag["gate"] for flag in told(capsys, "questions", "list", str(lab))["questions"][0]["flags"])


def test_what_models_know_is_flagged_and_stays_until_they_are_asked_again(
    lab: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told(capsys, "questions", "propose", str(lab))
    gate = ["questions", "gate", str(lab)]
    with model_server(knows) as server:
        asked = [*gate, "--endpoint", server.url, "--model", "one", "--model", "two", "--most-false", "1"]
        found = ours(told(capsys, *asked))
        assert list(found) == ["model, blind", "model, options", "model, transcript", "model, steps"]
        first = len(server.asked)
        assert {body["model"] for body in server.asked} == {"one", "two"}
        assert ours(told(capsys, *asked)) == found
        assert len(server.asked) == first
    assert found["model, blind"]["flagged"] == found["model, blind"]["judged"] == 2
    flags = flagged(capsys, lab)
    assert "model, blind" in flags
    told(capsys, *gate)
    assert flags == flagged(capsys, lab)
    lines = (lab / "models" / "asked.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == first


def seen_in(part: dict[str, Any]) -> tuple[float, int]:
    """When a picture is from, by its brightness, and from which film, by its tint."""
    head, data = part["image_url"]["url"].split(",")
    assert head == "data:image/jpeg;base64"
    image = cv2.imdecode(np.frombuffer(base64.b64decode(data), np.uint8), cv2.IMREAD_COLOR)
    assert image is not None
    assert max(image.shape[:2]) <= 768
    luma, _, blue = cv2.cvtColor(image, cv2.COLOR_BGR2YCrCb).reshape(-1, 3).mean(0)
    return (16 + luma * 219 / 255 - DARKEST) / FPS, GREY if abs(blue - GREY) < 10 else TINTED


def test_the_pictures_that_models_are_sent_are_those_that_are_meant(
    lab: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told(capsys, "questions", "propose", str(lab))
    questions = {each["question"]: each for each in told(capsys, "questions", "list", str(lab))["questions"]}
    with model_server("A") as server:
        found = ours(
            told(
                capsys, "questions", "gate", str(lab), "--endpoint", server.url,
                "--condition", "first-frame", "--condition", "wrong-video",
            )
        )  # fmt: skip
    assert list(found) == ["model, first-frame", "model, wrong-video"]
    for body in server.asked:
        *pictures, text = body["messages"][0]["content"]
        times, films = zip(*(seen_in(each) for each in pictures), strict=True)
        assert set(films) == {GREY if len(pictures) == 1 else TINTED}
        if len(pictures) == 1:
            asked = questions[text["text"].splitlines()[0].removeprefix("Question: ")]
            assert times[0] == pytest.approx(asked["clip_ns"][0] / S, abs=0.3)
            assert times[0] < asked["asked_at_ns"] / S
        else:
            assert len(pictures) == 8
            assert times == pytest.approx([times[0] + n * 5 / 8 for n in range(8)], abs=0.4)
    assert {len(body["messages"][0]["content"]) for body in server.asked} == {2, 9}


ASKED = 60
KNOWN = 0.6


def drawn(text: str) -> float:
    """From 0 to 1, by a text alone."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") / 2**32


def test_false_alarms_are_those_that_made_replies_have(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of some questions the models know the answer; of the others both like one text, whatever order it stands in.

    What the gate takes for luck is near how many of the liked ones are right by luck, and is what a count over the
    replies themselves gives.
    """
    make_parts_lab(tmp_path / "lab")
    told(capsys, "questions", "propose", str(tmp_path / "lab"))
    listed = told(capsys, "questions", "list", str(tmp_path / "lab"))["questions"]
    right = {str(each["question"]): str(each["answer"]) for each in listed}
    assert len(right) == ASKED
    liked = dict[str, tuple[str, int]]()

    def reply(body: dict[str, Any]) -> str:
        lines = str(body["messages"][0]["content"]).splitlines()
        asked = lines[0].removeprefix("Question: ")
        options = {line[3:]: line[0] for line in lines if re.match(r"[A-E]\. ", line)}
        if drawn(asked) < KNOWN:
            return options[right[asked]]
        text = min(options, key=lambda option: drawn(f"{asked}/{option}"))
        liked[asked] = text, len(options)
        return options[text]

    with model_server(reply) as server:
        asked = ["--endpoint", server.url, "--model", "one", "--model", "two", "--condition", "blind"]
        gate = ours(told(capsys, "questions", "gate", str(tmp_path / "lab"), *asked))["model, blind"]
    lucky = sum(text == right[question] for question, (text, _) in liked.items())
    false = sum(1 / (count - 1) for question, (text, count) in liked.items() if text != right[question])
    assert gate["judged"] == ASKED
    assert gate["flagged"] == ASKED - len(liked) + lucky
    assert (
        f"flags {gate['flagged']}; by the wrong options, {false:.1f} of them are false alarms." in gate["whole"][-1]
    )
    assert 0 < lucky < len(liked)
    assert false == pytest.approx(lucky, abs=len(liked) ** 0.5)


def make_parts_lab(path: Path) -> None:
    """One session in which a place is asked for, of one part after the other."""
    with Project.create(path, "Parts", CLOCK) as project:
        project.sessions.save(replace(SESSION, duration_ns=20 * ASKED * S))
        lines = [
            line
            for n in range(ASKED)
            for line in (
                (Role.TRAINEE, 20 * n + 1, f"Where does part {n + 1} go?"),
                (Role.EXPERT, 20 * n + 3, f"Into hole {n + 1} of the left board."),
            )
        ]
        turns = [
            Turn(TurnId(f"{n}"), TRANSCRIPT.id, who, Interval(at * S, (at + 1) * S), text)
            for n, (who, at, text) in enumerate(lines)
        ]
        take_in_turns(project, TRANSCRIPT, turns)


def test_what_has_nothing_to_show_is_said(lab: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told(capsys, "questions", "propose", str(lab))
    (lab / "sessions" / OTHER / "ego.mkv").unlink()
    with model_server("A") as server:
        asked = ["--endpoint", server.url, "--condition", "wrong-video"]
        found = ours(told(capsys, "questions", "gate", str(lab), *asked))
    assert not server.asked
    assert "2 questions have nothing that this could show." in found["model, wrong-video"]["whole"]


def test_a_budget_and_a_failing_server_are_said_and_the_rules_still_run(
    lab: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told(capsys, "questions", "propose", str(lab))
    gate = ["questions", "gate", str(lab), "--condition", "blind", "--at-once", "1"]
    with model_server("A") as server:
        found = ours(told(capsys, *gate, "--endpoint", server.url, "--most-requests", "1"))
    assert "The budget was spent" in " ".join(found["model, blind"]["whole"])
    assert found["model, blind"]["judged"] == 0
    with model_server(503) as server:
        assert main([*gate, "--endpoint", server.url, "--tries", "1"]) == 1
        assert "has not answered 3 times in a row" in capsys.readouterr().err
    for words, why in (
        (["--condition", "blind"], "give it with --endpoint"),
        (["--endpoint", "localhost"], "no address"),
        (["--endpoint", "http://localhost/v1", "--hits", "6"], "--hits 1 to 5"),
        (["--endpoint", "http://a/v1", "--endpoint", "http://b/v1"], "one for each --model"),
        (["--endpoint", "http://localhost/v1", "--model", "m", "--model", "m"], "one name"),
    ):
        assert main(["questions", "gate", str(lab), *words]) == 1
        assert why in capsys.readouterr().err


def test_nothing_goes_to_another_computer_without_consent(lab: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told(capsys, "questions", "propose", str(lab))
    gate = ["questions", "gate", str(lab), "--endpoint", "http://models.invalid/v1", "--send"]
    found = ours(told(capsys, *gate))
    assert all(each["judged"] == 0 for each in found.values())
    assert "was not sent: Nobody is on record" in found["model, blind"]["whole"][-1]
