"""All that the editor shows, one after the other: its modes, its forms, and the dialogs that its keys open."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QDialog, QMenu, QWidget
from pytestqt.qtbot import QtBot

from storage import Project
from tests.ui.at_once import AtOnce
from tests.ui.desk_room import Hand, once_open
from tests.ui.recorded_session import SID
from tests.ui.transcript_room import transcribed
from ui.editor.history_dialog import HistoryDialog
from ui.editor.keys import Place
from ui.editor.run import editor_window
from ui.editor.window import EditorWindow
from woz.annotation.edits import Edit
from woz.lab.annotators import add_annotator
from woz.lab.commenting import Place as Said
from woz.lab.commenting import comment
from woz.lab.schemes import begin_tiers, take_in_scheme
from woz.model.ids import LabelId, SchemeId
from woz.model.scheme import (
    AttributeType,
    Choice,
    Label,
    LinkType,
    Overlap,
    Rule,
    Scheme,
    Shape,
    TierType,
    ValueKind,
)
from woz.schemes.shipped import shipped

See = Callable[[str, QWidget], object]
"""Is shown each by its name."""

_GERMAN = (
    "Schraubverbindung vorschriftsmäßig nachziehen",
    "Kühlmittelstandsanzeige ablesen",
    "Werkstück einspannen",
)
_ITALIAN = ("Riavvitare il coperchio dell'alloggiamento", "Controllare l'allineamento", "Appoggiare la chiave")

_ASKED = "Warum endet dieser Handgriff, bevor die Schraubverbindung vorschriftsmäßig nachgezogen ist?"


def _label(n: int, name: str) -> Label:
    return Label(
        LabelId(f"l{n}"),
        f"l{n}",
        {"en": name},
        ("#4e79a7", "#f28e2b", "#59a14f", "#b07aa1", "#e15759", "#76b7b2")[n % 6],
        str(n + 1),
        start_rule="Sobald die Hand das Werkzeug berührt und der Blick auf der Schraube ruht",
        end_rule="Quando la mano lascia l'attrezzo e lo sguardo si sposta sul passo successivo",
    )


LONG = Scheme(
    SchemeId("long-names"),
    "Arbeitsschritte und Handgriffe an der Werkbank",
    1,
    (
        TierType(
            "work",
            {"en": "Handgriffe und Arbeitsschritte"},
            labels=tuple(_label(n, name) for n, name in enumerate((*_GERMAN, *_ITALIAN))),
            attributes=(
                AttributeType("done", ValueKind.BOOL, {"en": "Fachgerecht abgeschlossen"}),
                AttributeType(
                    "rating", ValueKind.NUMBER, {"en": "Valutazione complessiva"}, low=1, high=5, required="always"
                ),
                AttributeType(
                    "kind",
                    ValueKind.CHOICE,
                    {"en": "Ausführungsweise"},
                    (Choice("a", {"en": "eigenhändig"}), Choice("b", {"en": "con l'aiuto dell'esperto"})),
                ),
                AttributeType(
                    "errors",
                    ValueKind.SEVERAL_WITH_TEXT,
                    {"en": "Fehlerarten"},
                    (Choice("slip", {"en": "Abrutschen"}), Choice("order", {"en": "Reihenfolge vertauscht"})),
                ),
                AttributeType("why", ValueKind.TEXT, {"en": "Begründung der Bewertung"}),
            ),
        ),
        TierType(
            "looks",
            {"en": "Sguardi dell'apprendista"},
            Shape.POINT,
            overlap=Overlap.ANY,
            labels=(_label(0, "Sguardo verso l'esperto"),),
            attributes=(
                AttributeType("text", ValueKind.TEXT, {"en": "Was gesagt wird"}),
                AttributeType("recording", ValueKind.SOUND, {"en": "Aufnahme"}),
            ),
        ),
    ),
    links=(LinkType("corrects", ("work",), ("work", "turn"), {"en": "Fehler, der berichtigt wird"}),),
    rules=(Rule("short", "duration < 3 s", {"en": "Zu kurz für einen vollständigen Handgriff"}),),
)


@contextmanager
def lab(folder: Path) -> Iterator[Project]:
    """A session with a transcript, and tiers whose names are long."""
    with transcribed(folder) as project:
        ada = add_annotator(project, "A01")
        begin_tiers(project, SID, take_in_scheme(project, LONG), ada)
        begin_tiers(project, SID, take_in_scheme(project, shipped("dialogue-acts")), ada)
        yield project


def states(qtbot: QtBot, project: Project, see: See, size: tuple[int, int] = (1280, 800)) -> None:
    """Work through the editor by keys; the window is closed at the end, whatever happens."""
    (ada,) = project.annotators.all()
    window = editor_window(project, SID, ada.id, AtOnce())
    qtbot.addWidget(window)
    try:
        window.resize(*size)
        with qtbot.waitExposed(window):
            window.show()
        window.activateWindow()
        qtbot.waitUntil(lambda: window.waves_ready)
        _Walk(qtbot, project, window, see).all()
    finally:
        window.close()


class _Walk:
    def __init__(self, qtbot: QtBot, project: Project, window: EditorWindow, see: See) -> None:
        self._qtbot, self._project, self._window, self._see = qtbot, project, window, see
        self._hand = Hand(qtbot, window)

    def all(self) -> None:
        self._seen("opened")
        self._marks()
        self._dialogs()
        self._feedback()
        self._passes()
        self._transcript()
        self._menus()

    def _seen(self, name: str) -> None:
        self._qtbot.wait(60)
        self._see(name, self._window)

    def _tier(self, kind: str) -> None:
        window = self._window
        tier = next(each for each in window.document.tiers if each.tier_type == kind)
        window.timeline.setFocus()
        window._choose(tier.id, None)

    def _marks(self) -> None:
        hand = self._hand
        self._tier("work")
        for key, start, end in (("1", 5, 20), ("2", 20, 36), ("4", 40, 60)):
            hand.stand(start)
            hand.press("I")
            hand.stand(end)
            hand.press(key)
        hand.press("Shift+U")
        self._qtbot.waitUntil(lambda: len(self._window._findings.list) >= 4)
        self._seen("a segment chosen")
        hand.stand(70)
        hand.press("I")
        self._seen("in is marked")
        self._hand.press("Shift+PgUp")
        self._seen("several chosen")
        self._tier("looks")
        hand.press("1")
        self._seen("a point chosen")

    def _dialogs(self) -> None:
        self._tier("work")
        self._hand.stand(10)
        self._hand.press("Return")
        for key in ("F", "Ctrl+N", "Ctrl+P", "Shift+F1", "F1", "Ctrl+D", "Shift+Q"):
            self._dialog(key)
        self._hand.press("Ctrl+Shift+H")
        history = self._window.findChild(HistoryDialog)
        assert history
        self._see("Ctrl+Shift+H", history)
        history.close()
        self._hand.press("Ctrl+E")
        self._qtbot.wait(60)
        self._see("Ctrl+E", self._window._findings_list)
        self._window._findings_list.close()
        self._window.activateWindow()
        self._qtbot.waitUntil(self._window.isActiveWindow)
        self._window.timeline.setFocus()

    def _feedback(self) -> None:
        project, window = self._project, self._window
        other = add_annotator(project, "B07")
        self._tier("work")
        mark = window._marking.segments[0]
        comment(project, Said(SID, item_id=mark.id), other, _ASKED)
        changed = replace(window._marking.segments[1], note=_ASKED)
        project.annotations.record(SID, Edit("Note", (window._marking.segments[1],), (changed,), _ASKED), other.id)
        window.document.follow()
        window.feedback.read()
        self._seen("something waits")
        self._hand.press("Alt+N")
        self._seen("what is asked")
        self._hand.press("Alt+C")
        self._seen("an answer")
        self._hand.press("Escape", "Alt+N")
        self._seen("what was changed")
        window.feedback.bar.leave.click()

    def _dialog(self, key: str) -> None:
        def seen(dialog: QDialog) -> None:
            self._qtbot.wait(60)
            self._see(key, dialog)
            dialog.reject()

        once_open(seen)
        self._hand.press(key)

    def _passes(self) -> None:
        hand, window = self._hand, self._window
        self._tier("work")
        hand.stand(65)
        hand.press("Space")
        self._qtbot.waitUntil(hand.plays)
        hand.press("3")
        self._seen("tap")
        hand.press("Space")
        hand.press("Backspace", "F4")
        self._seen("hold")
        hand.press("F4", "F5")
        self._seen("refine")
        hand.press("F5", "Ctrl+I")
        self._seen("another way to go in")
        hand.press("Ctrl+I", "Ctrl+I", "Ctrl+I", "F9", "F12")
        window._player.shuttle(0)

    def _transcript(self) -> None:
        hand, window = self._hand, self._window
        hand.press("Ctrl+T")
        self._qtbot.waitUntil(lambda: window._keys.place == Place.TRANSCRIPT)
        window._panel.choose(1)
        self._seen("a turn chosen")
        for key in ("V", "B", "Shift+U"):
            self._dialog(key)
            hand.press("Ctrl+T")
        hand.press("Ctrl+F")
        self._seen("find")
        hand.press("Escape", "Ctrl+T", "F2")
        self._seen("typing in a turn")
        hand.press("Escape")
        self._tier("acts")
        hand.press("Ctrl+U")
        self._seen("turn pass")
        hand.press("Escape")

    def _menus(self) -> None:
        for menu in self._window.findChildren(QMenu):
            if menu.actions():
                menu.popup(self._window.mapToGlobal(self._window.rect().topLeft()))
                self._qtbot.wait(30)
                self._see(f"menu {menu.title()}", menu)
                menu.close()
