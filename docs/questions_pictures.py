"""Takes the pictures of question sets anew: the window in its states, one written by hand, a release's card.

`python docs/questions_pictures.py FOLDER [light|dark]`, from the repository's root; no display is needed.
Those of the docs are made by `python docs/questions_pictures.py docs/images light`. The picture of the card,
which is a page, is taken by `page_picture.py`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parents[1]))

from desk_pictures import SID, recorded
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from team_pictures import TURNS

from storage import Project
from tests.core.model_server import model_server
from ui.application.application import application
from ui.editor.question_evidence import Offered
from ui.editor.question_form import QuestionForm
from ui.questions.curating import CuratorDesk
from ui.questions.curator_window import CuratorWindow
from ui.questions.desk import Desk
from ui.questions.suggestions import Suggesting
from ui.questions.window import QuestionsWindow
from woz.annotation.edits import Edit
from woz.base.clock import SystemClock
from woz.base.interval import NS_PER_S, Interval
from woz.dataset.distractors.sentence_vectors import sentence_vectors
from woz.dataset.models.endpoint import Endpoint
from woz.dataset.release.recipe import Recipe
from woz.lab.annotators import add_annotator
from woz.lab.consenting import enter_provenance
from woz.lab.questions import propose_questions, questions_of
from woz.lab.releasing import build_release
from woz.lab.suggesting import Suggester
from woz.lab.taking_in import take_in_turns, transcript_of
from woz.model.annotator import AnnotatorRole
from woz.model.ids import AnnotationId, ProcedureId, SessionId, StepId, TurnId
from woz.model.origin import Origin
from woz.model.people import Role
from woz.model.procedure import Procedure, Step
from woz.model.question import Distractor, English, Flag, Question, Wording
from woz.model.review import WRONG_ANSWERS, ReviewRule, ReviewTask
from woz.model.transcript import Turn

CLOCK = SystemClock()
OTHER = SessionId("other")
STEPS = ("Fasten the long screw with its washer", "Push the shade on the socket", "Put the cable through the hole")
ASKED_THEN = (
    (Role.TRAINEE, 2, "Which spring goes on the arm?"),
    (Role.EXPERT, 5, "The wide one with two hooks."),
    (Role.TRAINEE, 14, "Which part do I fasten first?"),
    (Role.EXPERT, 17, "The ring below the socket."),
)
MODEL = "llama-3.1-70b"
BY_MODEL = """{"question": "Which screw goes into the base?", "answer": "The long one with the washer.",
 "distractors": ["The short one with the flat head.", "The brass one from the small bag.", "Any of the three."],
 "type": "tool selection"}"""
ITALIAN = (
    "Dove passa il cavo?",
    "Attraverso il foro sul retro.",
    ("Attraverso il foro davanti.", "Sotto la base."),
)
IN_ENGLISH = ("Where does the cable go?", "Through the hole at the back.",
              ("Through the hole at the front.", "Under the base."))  # fmt: skip
PATIENCE_S = 300
SIZE = (1240, 820)
Key, Ctrl, Shift, Alt = (
    Qt.Key,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


def lab(folder: Path) -> Project:
    """Four question sets of one session: the third one in Italian, with a model's English."""
    project = recorded(folder)
    for name, roles in (("A01", (AnnotatorRole.ANNOTATOR,)), ("A02", ()), ("C01", tuple(AnnotatorRole))):
        add_annotator(project, name, roles)
    transcript = transcript_of(SID, Origin.MANUAL, "C01", CLOCK, "en")
    turns = [
        Turn(TurnId(f"turn{n}"), transcript.id, who, Interval(at * NS_PER_S, (at + 3) * NS_PER_S), text)
        for n, (who, at, text) in enumerate(TURNS)
    ]
    take_in_turns(project, transcript, turns)
    _other_day(project)
    propose_questions(project, [SID, OTHER], CLOCK)
    _change(project, 0, lambda old: replace(old, distractors=()))
    _change(project, 2, _italian)
    enter_provenance(project, SID, "woz's own table", "cc-by-4.0")
    return project


def _other_day(project: Project) -> None:
    """A session of the same procedure, without a film, in which other things were asked."""
    procedure = Procedure(
        ProcedureId("lamp"), "Desk lamp", tuple(Step(StepId(f"s{n}"), name, n) for n, name in enumerate(STEPS))
    )
    project.procedures.save(procedure)
    ours = project.sessions.get(SID)
    project.sessions.save(replace(ours, procedure_id=procedure.id))
    project.sessions.save(replace(ours, id=OTHER, procedure_id=procedure.id, start_utc_ns=ours.start_utc_ns + 1))
    transcript = transcript_of(OTHER, Origin.MANUAL, "C01", CLOCK, "en")
    turns = [
        Turn(TurnId(f"other{n}"), transcript.id, who, Interval(at * NS_PER_S, (at + 3) * NS_PER_S), text)
        for n, (who, at, text) in enumerate(ASKED_THEN)
    ]
    take_in_turns(project, transcript, turns)


def _italian(old: Question) -> Question:
    text, answer, wrong = ITALIAN
    by = Wording(MODEL, "prompt 5f2c1a90", CLOCK.utc_ns())
    options = tuple(Distractor(a, by, english=b) for a, b in zip(wrong, IN_ENGLISH[2], strict=True))
    english = English(IN_ENGLISH[0], IN_ENGLISH[1], wording=by)
    return replace(old, text=text, answer=answer, language="it", distractors=options, english=english)


def _change(project: Project, number: int, change: Callable[[Question], Question]) -> None:
    old = questions_of(project, SID)[number]
    project.annotations.record(SID, Edit("Prepare", (old,), (change(old),)), "woz")


class Pictures:
    """Of windows, as they are once they have shown what they wait for."""

    def __init__(self, folder: Path, theme: str) -> None:
        self._folder, self._end = folder, "-dark" if theme == "dark" else ""

    def take(self, name: str, window: QWidget) -> None:
        until = time.monotonic() + 0.6
        while time.monotonic() < until:
            QApplication.processEvents()
        window.grab().save(str(self._folder / f"{name}{self._end}.png"))

    def path(self, name: str) -> Path:
        return self._folder / f"{name}{self._end}.png"


def judging(
    project: Project, who: str, endpoint: Endpoint | None = None, wrong_answers: int = WRONG_ANSWERS
) -> QuestionsWindow:
    settings = QSettings(str(project.path / f"{who}-{time.monotonic_ns()}.ini"), QSettings.Format.IniFormat)
    desk = Desk(project, project.annotators.named(who), settings)
    suggesting = Suggesting(Suggester(project, sentence_vectors, endpoint))
    window = QuestionsWindow(desk, [(SID, "Desk lamp")], suggesting, wrong_answers)
    window.resize(*SIZE)
    window.show()
    window.activateWindow()
    wait(window.isActiveWindow)
    return window


def begin(window: QuestionsWindow, task: ReviewTask) -> None:
    window.choose_session(SID)
    window.begin(task)
    wait(lambda: window.desk.loaded and (window.desk.now is None or window.desk.item is not None))


def close(window: QuestionsWindow) -> None:
    window.close()
    if window._suggesting:
        window._suggesting.close()
    window.desk.close()


def press(window: QWidget, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(window.focusWidget() or window, key, held)


def wait(until: Callable[[], bool]) -> None:
    """Raises TimeoutError after five minutes."""
    end = time.monotonic() + PATIENCE_S
    while not until():
        if time.monotonic() > end:
            raise TimeoutError("what was waited for did not come")
        QApplication.processEvents()


def words(project: Project, pictures: Pictures) -> None:
    """Text, wrong answers, English, a decision with what a gate says."""
    with model_server(BY_MODEL) as server:
        window = judging(project, "A01", Endpoint(server.url, MODEL))
        begin(window, ReviewTask.TEXT)
        pictures.take("questions-text", window)
        press(window, Key.Key_W)
        wait(lambda: window.suggestions.suggested.whole)
        press(window, Key.Key_3, Alt)
        pictures.take("questions-wrong-answers", window)
        press(window, Key.Key_Return, Ctrl)
        press(window, Key.Key_A)
        wait(lambda: window.desk.item is not None)
        pictures.take("questions-english", window)
        press(window, Key.Key_E, Shift)
        pictures.take("questions-english-written", window)
        press(window, Key.Key_Escape)
        press(window, Key.Key_E)
        press(window, Key.Key_A)
        press(window, Key.Key_A)
        wait(lambda: window.desk.now is None)
        pictures.take("questions-done", window)
        close(window)


def clips(project: Project, pictures: Pictures) -> None:
    window = judging(project, "A01")
    begin(window, ReviewTask.GROUNDING)
    player = window.clips.player
    wait(lambda: bool(player.clip and player.clip.whole))
    player.toggle()
    pictures.take("questions-grounding", window)
    close(window)


def settling(project: Project, pictures: Pictures) -> None:
    """Two people disagree, and a third one settles it."""
    project.reviews.set_rule(ReviewRule(2, True, 0))
    window = judging(project, "A02")
    begin(window, ReviewTask.TEXT)
    press(window, Key.Key_D)
    wait(lambda: window.desk.now is None or window.desk.item is not None)
    wait(lambda: bool(project.reviews.own(window.desk.person.id)))
    close(window)
    with curating(project) as curator:
        wait(lambda: curator.desk.item is not None)
        pictures.take("questions-curator", curator)


@contextmanager
def curating(project: Project) -> Iterator[CuratorWindow]:
    desk = CuratorDesk(project, project.annotators.named("C01"))
    curator = CuratorWindow(desk)
    curator.resize(*SIZE)
    curator.show()
    desk.begin()
    yield curator
    curator.close()
    desk.close()


def lacking(pictures: Pictures, place: Path) -> None:
    """What isn't as it should be: nothing there, a server or a film away, a transcript that was corrected."""
    with lab(place) as project:
        project.reviews.set_rule(ReviewRule(1, True, 0))
        _nothing(project, pictures)
        window = judging(project, "A01", Endpoint("http://127.0.0.1:9/v1", MODEL), 10)
        begin(window, ReviewTask.TEXT)
        press(window, Key.Key_W)
        wait(lambda: window.suggestions.suggested.whole)
        pictures.take("questions-endpoint-away", window)
        close(window)
        _correct(project)
        window = judging(project, "A01")
        begin(window, ReviewTask.TEXT)
        pictures.take("questions-stale", window)
        press(window, Key.Key_A)
        wait(lambda: bool(project.reviews.own(window.desk.person.id)))
        (project.session_dir(SID) / "ego.mkv").rename(place / "away.mkv")
        begin(window, ReviewTask.GROUNDING)
        wait(lambda: bool(window.clips.fault))
        press(window, Key.Key_G)
        pictures.take("questions-film-away", window)
        close(window)


def _nothing(project: Project, pictures: Pictures) -> None:
    """No clip waits, nothing is disputed, and of a session without a transcript there is no question set."""
    window = judging(project, "A01")
    begin(window, ReviewTask.GROUNDING)
    pictures.take("questions-no-clip", window)
    window._sessions.addItem("Another session", "none")
    window.choose_session("none")
    window.begin(ReviewTask.TEXT)
    wait(lambda: window.desk.loaded)
    pictures.take("questions-nothing", window)
    close(window)
    with curating(project) as curator:
        pictures.take("questions-nothing-disputed", curator)


def _correct(project: Project) -> None:
    """What the first question set was made of."""
    turn = next(item for item in project.annotations.load(SID) if isinstance(item, Turn) and item.id == "turn0")
    new = replace(turn, text="Which of these screws goes into the base?")
    project.annotations.record(SID, Edit("Correct", (turn,), (new,)), project.annotators.named("C01").id)


def card(project: Project, pictures: Pictures, place: Path) -> None:
    flag = Flag("options", "The right answer is far longer than every other.")
    _change(project, 1, lambda old: replace(old, flags=(flag,)))
    statuses = tuple(type(questions_of(project, SID)[0].status))
    recipe = Recipe("lamps", statuses=statuses, licence="cc-by-4.0", title="Desk lamps", shares={"test": 1.0})
    out = place / "lamps-1.0.0"
    build_release(project, recipe, out, lambda *_: None, CLOCK.utc_ns())
    words = [sys.executable, str(Path(__file__).with_name("page_picture.py"))]
    subprocess.run([*words, str(out / "card.html"), str(pictures.path("release-card"))], check=True)


def by_hand(pictures: Pictures) -> None:
    holder = QWidget()
    rests = [Offered(None, "The frame at 0:18"), Offered(AnnotationId("s"), "Steps: Tighten the ring, 0:11 – 0:24")]
    form = QuestionForm(holder, 18 * NS_PER_S, lambda *_: None, rests)
    form.question.setText("Which part is tightened first?")
    form.answer.setText("The ring below the socket.")
    form.wrong[0].setText("The ring above the socket.")
    form.wrong[1].setText("The base.")
    form.show()
    pictures.take("questions-own", form)


def main() -> None:
    folder, theme = Path(sys.argv[1]).absolute(), sys.argv[2] if len(sys.argv) > 2 else "light"
    folder.mkdir(parents=True, exist_ok=True)
    application(theme)
    pictures = Pictures(folder, theme)
    with tempfile.TemporaryDirectory() as place, lab(Path(place)) as project:
        project.reviews.set_rule(ReviewRule(1, True, 0))
        words(project, pictures)
        clips(project, pictures)
        settling(project, pictures)
        by_hand(pictures)
        card(project, pictures, Path(place))
    with tempfile.TemporaryDirectory() as place:
        lacking(pictures, Path(place))


if __name__ == "__main__":
    main()
