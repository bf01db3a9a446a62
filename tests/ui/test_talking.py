"""The talk pass: a held key pauses and records, releasing goes on; the sound is kept, and written or typed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import av
import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPointF, QSettings, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QComboBox, QDialog, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.desk_room import PATIENCE_MS, Hand, hand, once_open, recorded
from ui.editor.passes import microphone as microphone_module
from ui.editor.passes import talking as talking_module
from ui.editor.passes.microphone import ChosenMicrophone
from ui.widgets import ending as ending_module
from woz.annotation.drawing import is_line, lines_of, strokes_of
from woz.base.clock import SystemClock
from woz.base.errors import WozError
from woz.base.settings import AUDIO_RATE
from woz.capture import stopping
from woz.capture.choices import SYSTEMS_MICROPHONE, WITHOUT_MICROPHONE, Choice, Choices
from woz.capture.sound import OnBlock, OnFault, OnLoss, PlayRequest, Pull, unheard
from woz.capture.source import AudioBlock
from woz.model.annotation import Attribute
from woz.model.item import ref_to
from woz.playback.speakers import SilentSpeaker
from woz.playback.voices import Samples
from woz.recording.folder.session_folder import sha256_of

__all__ = ["hand", "recorded"]
SAID = "She cuts toward her thumb."


class Writer:
    """In the recogniser's place."""

    def __init__(self, answer: str | WozError = SAID) -> None:
        self.answer, self.asked = answer, threading.Event()

    def text_of(self, note: Path) -> str:
        self.asked.set()
        if isinstance(self.answer, WozError):
            raise self.answer
        return self.answer

    def close(self) -> None: ...


class Mouth:
    """A microphone before which somebody speaks for so many hundredths of a second."""

    name = "mouth"

    def __init__(self, blocks: int) -> None:
        self._blocks = blocks

    def start(self, on_block: OnBlock, on_fault: OnFault, on_loss: OnLoss = unheard) -> None:
        tone = np.sin(np.arange(AUDIO_RATE // 100) / 8).astype(np.float32) * 0.5
        for i in range(self._blocks):
            on_block(AudioBlock(i * 10_000_000, 0, tone, AUDIO_RATE))

    def stop(self) -> None: ...


@pytest.fixture
def talk(hand: Hand) -> Iterator[Hand]:
    hand.window.ways.talking._writer = Writer()  # type: ignore[assignment]
    hand.window.ways.talking._open = lambda: Mouth(100)
    yield hand
    for note in (hand.window._subject.media.parent / "notes").glob("*"):
        note.unlink()


def _let_go(hand: Hand) -> None:
    event = QKeyEvent(QEvent.Type.KeyRelease, Qt.Key.Key_F10, Qt.KeyboardModifier.NoModifier)
    QCoreApplication.sendEvent(hand.window.timeline, event)


def _release(hand: Hand) -> None:
    """Once it listens, or said why it doesn't; what was said is kept then."""
    talking = hand.window.ways.talking
    hand.qtbot.waitUntil(lambda: not talking.on or "listens" in talking.words, timeout=PATIENCE_MS)
    _let_go(hand)
    hand.qtbot.waitUntil(lambda: talking.at_rest, timeout=PATIENCE_MS)


def test_what_is_said_is_kept_and_written(talk: Hand, qtbot: QtBot) -> None:
    hand, player = talk, talk.window.player
    hand.new_tier("Comments")
    hand.press("Home", "Space")
    qtbot.waitUntil(lambda: player.playing and player.frame_number > 2)
    hand.press("F10")
    assert not hand.plays()
    qtbot.waitUntil(lambda: "listens" in hand.window.ways.status.text("pass"))
    stood = player.position_ns
    _release(hand)
    assert hand.plays()
    player.show_frame(player.frame_number)
    qtbot.waitUntil(lambda: hand.items[0].value("text") == SAID)
    (comment,) = hand.items
    assert (comment.start_ns, comment.end_ns, comment.label) == (stood, None, "comment")
    place = f"notes/{comment.id}.mka"
    file = hand.window._subject.media.parent / place
    sound = next(each for each in comment.attributes if each.key == "recording")
    assert sound == Attribute("recording", place, place=f"sha256:{sha256_of(file)}")
    assert comment.value("duration") == 1.0
    with av.open(str(file)) as container:
        assert sum(frame.samples for frame in container.decode(audio=0)) == AUDIO_RATE
    hand.press("D")
    assert hand.window._inspector._fields["rating"].hasFocus()


def test_what_somebody_typed_meanwhile_stays(talk: Hand, qtbot: QtBot) -> None:
    hand = talk
    hand.new_tier("Comments")
    hand.press("F10")
    _release(hand)
    (comment,) = hand.items
    typed = comment.with_value("text", "typed")
    hand.window.ways.talking._write(comment, "said")
    assert hand.document.item(ref_to(typed)) is not None
    qtbot.waitUntil(lambda: hand.items[0].value("text") in (SAID, "said"))
    hand.window.ways.talking._write(hand.items[0], "later")
    assert hand.items[0].value("text") != "later"


@pytest.mark.parametrize(
    ("answer", "said"),
    [(WozError("Recognition is not installed."), "Recognition is not installed."), ("  ", "No words were heard.")],
)
def test_where_nothing_is_written_the_sound_is_kept_to_be_typed(
    talk: Hand, qtbot: QtBot, answer: str | WozError, said: str
) -> None:
    hand = talk
    hand.window.ways.talking._writer = Writer(answer)  # type: ignore[assignment]
    hand.new_tier("Comments")
    hand.press("F10")
    _release(hand)
    qtbot.waitUntil(lambda: "to be typed" in hand.said)
    assert said in hand.said
    assert hand.items[0].value("recording")
    assert hand.items[0].value("text") is None


def _no_microphone() -> Mouth:
    raise WozError("There is no microphone.")


class Broken(Mouth):
    def start(self, on_block: OnBlock, on_fault: OnFault, on_loss: OnLoss = unheard) -> None:
        super().start(on_block, on_fault)
        on_fault(WozError("The microphone is gone."))


@pytest.mark.parametrize(
    ("open_one", "said", "left"),
    [
        (_no_microphone, "There is no microphone.", 1),
        (lambda: Broken(100), "The microphone is gone.", 1),
        (lambda: Mouth(5), "Hold the key while you speak", 0),
    ],
)
def test_a_microphone_that_fails_and_a_slip_of_the_finger(
    talk: Hand, open_one: Callable[[], Mouth], said: str, left: int
) -> None:
    hand = talk
    hand.window.ways.talking._open = open_one
    hand.new_tier("Comments")
    hand.press("F10")
    _release(hand)
    assert said in hand.said
    assert len(hand.items) == left
    assert not hand.window.ways.talking.on


def test_where_nothing_can_be_spoken_it_says_what_can(talk: Hand) -> None:
    hand = talk
    hand.press("F10")
    assert "Ctrl+N" in hand.said
    hand.new_tier("Acts")
    hand.press("F10")
    assert "points that have a text" in hand.said
    assert hand.items == []


def test_a_folder_that_can_not_be_written_is_said(talk: Hand) -> None:
    hand = talk
    notes = hand.window._subject.media.parent / "notes"
    for note in notes.glob("*"):
        note.unlink()
    if notes.exists():
        notes.rmdir()
    notes.write_text("a file in its place")
    try:
        hand.new_tier("Comments")
        hand.press("F10")
        hand.qtbot.waitUntil(lambda: "can't be kept" in hand.said, timeout=PATIENCE_MS)
        assert not hand.window.ways.talking.on
        assert len(hand.items) == 1
    finally:
        notes.unlink()


class Ear:
    """A loudspeaker that asks for all at once, and keeps the loudest."""

    name = "ear"

    def __init__(self) -> None:
        self.loudest = 0.0
        self._silent = SilentSpeaker(SystemClock())

    def start(self, pull: Pull, on_loss: OnLoss = unheard) -> None:
        def heard(asked: PlayRequest) -> Samples:
            samples = pull(asked)
            self.loudest = max(self.loudest, float(np.abs(samples).max(initial=0)))
            return samples

        self._silent.start(heard, on_loss)

    def stop(self) -> None:
        self._silent.stop()


def test_what_was_said_is_heard_again(talk: Hand, qtbot: QtBot) -> None:
    hand, ear = talk, Ear()
    hand.window.ways.hearing.notes._find = lambda _: ear
    hand.new_tier("Comments")
    hand.press("F10")
    _release(hand)
    hand.press("P")
    assert hand.window.ways.hearing.notes.playing
    qtbot.waitUntil(lambda: ear.loudest > 0.4)
    qtbot.waitUntil(lambda: not hand.window.ways.hearing.notes.playing)
    (hand.window._subject.media.parent / "notes" / f"{hand.items[0].id}.mka").unlink()
    hand.press("P")
    assert "is not here or can't be read" in hand.said


def _drag(hand: Hand, *places: tuple[float, float]) -> None:
    """Over the picture, by parts of it."""
    view = hand.window.picture.view
    place, left, none = view.picture_place, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    kinds = [
        QEvent.Type.MouseButtonPress,
        *[QEvent.Type.MouseMove] * (len(places) - 1),
        QEvent.Type.MouseButtonRelease,
    ]
    for kind, (x, y) in zip(kinds, (*places, places[-1]), strict=True):
        at = QPointF(place.x() + x * place.width(), place.y() + y * place.height())
        QCoreApplication.sendEvent(view, QMouseEvent(kind, at, view.mapToGlobal(at), left, left, none))


def test_one_draws_on_the_still_picture_while_one_talks_and_later(talk: Hand, qtbot: QtBot) -> None:
    hand = talk
    hand.new_tier("Expert commentary")
    hand.press("F10")
    assert "Pen" in hand.window.ways.status.text("pass")
    _drag(hand, (0.25, 0.5), (0.5, 0.5), (0.75, 1.5))
    _release(hand)
    assert "Pen" not in hand.window.ways.status.text("pass")
    _drag(hand, (0.1, 0.1), (0.2, 0.2))
    assert [[(round(x, 2), round(y, 2)) for x, y in line] for line in lines_of(hand.items[0])] == [
        [(0.25, 0.5), (0.5, 0.5), (0.75, 1.0)]
    ]
    (line,) = strokes_of(next(each.place for each in hand.items[0].attributes if each.key == "drawing"))
    assert is_line(line)
    assert sorted(when for _, _, when in line) == [when for _, _, when in line]
    hand.press("Ctrl+F10")
    _drag(hand, (0.1, 0.1), (0.2, 0.2))
    hand.press("Ctrl+F10")
    assert len(lines_of(hand.items[0])) == 2
    wipe = hand.window._inspector._fields["drawing"]
    assert isinstance(wipe, QPushButton)
    assert wipe.text() == "Wipe 2 lines"
    wipe.click()
    assert lines_of(hand.items[0]) == []


def test_a_pen_without_something_to_draw_on_says_why(talk: Hand) -> None:
    talk.new_tier("Comments")
    talk.press("Ctrl+F10")
    assert "Choose" in talk.said
    talk.press("F10")
    _release(talk)
    talk.press("Ctrl+F10")
    assert "has no drawing" in talk.said


def test_another_microphone_is_chosen_and_remembered(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugged = (SYSTEMS_MICROPHONE, Choice("Headset", "A headset"), WITHOUT_MICROPHONE)
    monkeypatch.setattr("ui.editor.passes.microphone.look", lambda: Choices((), plugged, ()))
    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    chosen, parent, said = ChosenMicrophone(settings), QWidget(), list[str]()
    qtbot.addWidget(parent)
    assert chosen.spec == "default"

    def pick(dialog: QDialog) -> None:
        box = dialog.findChild(QComboBox)
        assert isinstance(box, QComboBox)
        assert [box.itemText(i) for i in range(box.count())] == ["The system's microphone", "A headset"]
        qtbot.keyClick(box, Qt.Key.Key_Down)
        dialog.accept()

    once_open(pick)
    chosen.ask(parent, said.append)
    assert (chosen.spec, ChosenMicrophone(settings).spec, said) == ("Headset", "Headset", [])
    monkeypatch.setattr("ui.editor.passes.microphone.look", lambda: Choices((), (), (), "PortAudio is missing."))
    chosen.ask(parent, said.append)
    assert said == ["PortAudio is missing."]


class Stuck(Mouth):
    """Whose device hangs as it is closed, and speaks up again later."""

    def __init__(self) -> None:
        super().__init__(100)
        self.goes_on = threading.Event()
        self.speak: OnBlock | None = None

    def start(self, on_block: OnBlock, on_fault: OnFault, on_loss: OnLoss = unheard) -> None:
        super().start(on_block, on_fault, on_loss)
        self.speak = on_block

    def stop(self) -> None:
        self.goes_on.wait()


def test_a_microphone_that_hangs_keeps_no_window_and_comes_into_no_other_note(
    talk: Hand, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(stopping, "WITHIN_S", 0.05)
    stuck = Stuck()
    try:
        talk.window.ways.talking._open = lambda: stuck
        talk.new_tier("Comments")
        talk.press("F10")
        _release(talk)
        qtbot.waitUntil(lambda: talk.items[0].value("text") == SAID)
        assert talk.items[0].value("duration") == 1.0
        talk.window.ways.talking._open = lambda: Mouth(50)
        talk.stand(20)
        talk.press("F10")
        assert stuck.speak
        stuck.speak(AudioBlock(0, 0, np.zeros(AUDIO_RATE, np.float32), AUDIO_RATE))
        _release(talk)
        assert [each.value("duration") for each in talk.items] == [1.0, 0.5]
    finally:
        stuck.goes_on.set()


class Deaf(Mouth):
    """Whose device hangs as it is opened, until it answers; `closed` once it was closed after that."""

    def __init__(self) -> None:
        super().__init__(100)
        self.answers, self.closed = threading.Event(), threading.Event()

    def start(self, on_block: OnBlock, on_fault: OnFault, on_loss: OnLoss = unheard) -> None:
        self.answers.wait(60)
        super().start(on_block, on_fault, on_loss)

    def stop(self) -> None:
        self.closed.set()


def _notes(hand: Hand) -> list[str]:
    return [each.name for each in (hand.window._subject.media.parent / "notes").glob("*")]


def test_a_microphone_that_hangs_as_it_opens_is_left_behind_and_said(
    talk: Hand, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The points are made, to be typed; it isn't asked a second time while it hangs, and closed once it is open."""
    monkeypatch.setattr(talking_module, "OPENED_WITHIN_MS", 300)
    hand, deaf, tries = talk, Deaf(), list[Deaf]()

    def open_one() -> Deaf:
        tries.append(deaf)
        return deaf

    hand.window.ways.talking._open = open_one
    hand.new_tier("Comments")
    try:
        hand.press("F10")
        assert "being opened" in hand.window.ways.status.text("pass")
        qtbot.waitUntil(lambda: "doesn't answer" in hand.said, timeout=PATIENCE_MS)
        assert not hand.window.ways.talking.on
        _let_go(hand)
        hand.stand(20)
        hand.window.tell("")
        hand.press("F10")
        assert "doesn't answer" in hand.said
        _let_go(hand)
        assert (len(tries), len(hand.items)) == (1, 2)
    finally:
        deaf.answers.set()
    assert deaf.closed.wait(60)
    qtbot.waitUntil(lambda: not hand.window.ways.talking._hanging.hangs)  # type: ignore[union-attr]
    assert _notes(hand) == []
    assert [each.value("recording") for each in hand.items] == [None, None]
    hand.window.ways.talking._open = lambda: Mouth(100)
    hand.stand(30)
    hand.press("F10")
    _release(hand)
    assert hand.items[-1].value("recording")


def test_a_key_let_go_before_the_microphone_is_open_is_a_slip(talk: Hand, qtbot: QtBot) -> None:
    hand, deaf = talk, Deaf()
    hand.window.ways.talking._open = lambda: deaf
    deaf.start = lambda *_: deaf.answers.wait(60)  # type: ignore[method-assign, assignment]
    hand.new_tier("Comments")
    hand.press("F10")
    _let_go(hand)
    assert not hand.window.ways.talking.on
    deaf.answers.set()
    qtbot.waitUntil(lambda: hand.window.ways.talking.at_rest, timeout=PATIENCE_MS)
    assert "nothing was recorded" in hand.said
    assert (hand.items, _notes(hand)) == ([], [])


def test_a_window_closes_beside_a_microphone_that_hangs(
    talk: Hand, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for name, seconds in (("WITHIN_S", 0.2), ("LEAST_S", 0.05), ("AT_ONCE_S", 0.02)):
        monkeypatch.setattr(ending_module, name, seconds)
    hand, deaf = talk, Deaf()
    hand.window.ways.talking._open = lambda: deaf
    hand.new_tier("Comments")
    hand.press("F10")
    assert hand.window.close()
    assert "the microphone didn't end in time" in caplog.text
    deaf.answers.set()
    assert deaf.closed.wait(60)
    assert len(hand.items) == 1


def test_what_was_said_when_the_window_closes_is_kept(talk: Hand, qtbot: QtBot) -> None:
    hand = talk
    hand.new_tier("Comments")
    hand.press("F10")
    qtbot.waitUntil(lambda: "listens" in hand.window.ways.talking.words, timeout=PATIENCE_MS)
    assert hand.window.close()
    assert hand.items[0].value("duration") == 1.0


def test_a_point_that_is_undone_while_one_speaks_takes_what_is_said_with_it(talk: Hand, qtbot: QtBot) -> None:
    hand = talk
    hand.new_tier("Comments")
    hand.press("F10", "Ctrl+Z")
    _release(hand)
    assert hand.items == []
    assert "taken back" in hand.said
    assert _notes(hand) == []


def test_devices_that_can_not_be_listed_hold_up_no_window(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    answers, said, parent = threading.Event(), list[str](), QWidget()
    qtbot.addWidget(parent)

    def hang() -> Choices:
        answers.wait(60)
        return Choices((), (), ())

    monkeypatch.setattr(microphone_module, "look", hang)
    monkeypatch.setattr(microphone_module, "LISTED_WITHIN_S", 0.05)
    ChosenMicrophone(None).ask(parent, said.append)
    answers.set()
    assert ["can't be listed" in each for each in said] == [True]
