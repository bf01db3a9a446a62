"""The adjudication window: the next disagreement by key, decided by key; the gold grows below the tiers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import dropwhile

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QCloseEvent
from PySide6.QtWidgets import QInputDialog, QLineEdit, QMainWindow, QSplitter, QVBoxLayout, QWidget

from ui.adjudication.handing_in import KeptSubmission, as_it_is
from ui.adjudication.matter_lines import lines_at, seen_at
from ui.adjudication.matter_panel import MatterPanel, agreed_left, counted, left_to_do, versions_words
from ui.adjudication.other_choice import choices_of, chosen
from ui.adjudication.scheme_words import attribute_at, name_at
from ui.adjudication.side_choice import MIX, NONE_CHOSEN, NOT_MIXED, TAKE_KEYS, SideChoice
from ui.adjudication.stage import Stage
from ui.editor.conflict_bar import MINE, MINE_KEY, THEIRS, THEIRS_KEY, ConflictBar
from ui.editor.item_words import item_words
from ui.editor.subject import Subject
from ui.theme import GRID, icon
from ui.widgets.digit_row import DigitActions
from ui.widgets.fitting import fit
from ui.widgets.parts import Banner, action, help_action
from ui.widgets.questions import sure
from woz.annotation.adjudication.clusters import Matter, MatterKind
from woz.annotation.adjudication.rulings import MIDDLE, Choice, agreed_edit, edited, labelled, ruling, valued
from woz.annotation.adjudication.state import Adjudication
from woz.annotation.document import Change, Document
from woz.annotation.edits import Edit
from woz.annotation.tier_states import OPEN
from woz.base.clock import SystemClock
from woz.base.errors import UnreachableError, WozError
from woz.base.interval import NS_PER_S, Interval, seconds
from woz.lab.adjudicating import Table
from woz.model.annotation import Annotation
from woz.model.item import ref_to
from woz.model.scheme import AttributeType

NUDGE_NS = NS_PER_S // 25
"""How far an arrow key moves a boundary in edit mode, whatever the film's frames are."""
HANDING_IN = "The gold is handed in once all that was decided is stored."
HANDED_IN = "The gold is submitted. The annotators can see what was changed."
HANDED_IN_NOW = (
    "The gold, which you submitted before the window closed, is submitted now, with all that you decided. The"
    " annotators can see what was changed."
)
NOT_HANDED_IN = "The gold, which you submitted before the window closed, isn't submitted: "
ALREADY = "The gold is {state} already."
MOVED_SINCE = "it is {state} by now. Look what came of it, and submit it again (Ctrl+Return)."
DISPUTED = f"Somebody else changed the same as you: take theirs ({THEIRS_KEY}) or yours ({MINE_KEY}), then submit."
LEAVES = "Close before the gold is submitted?"
SUBMIT_AGAIN = (
    "The gold is submitted only once all that was decided is stored, and that it is to be can't be kept on this"
    " computer. Where it isn't done as the window closes, submit it again (Ctrl+Return) when you next open the"
    " session."
)
NOTHING_TO_UNDO, NOTHING_TO_REDO = "Nothing of yours is left to undo here.", "There is nothing of yours to redo."
EDIT = "Edit: choose another label or value, where one is asked for; else as T"
TIME = "Edit the boundaries, or a point's time: arrows move the start, with Ctrl the end, Return keeps them"
WRITTEN = "The scheme has no choices of this: take one of theirs, and change it in the editor, on the gold tier."
NOT_SAID = "Nobody was told; D has what you wrote, to be sent again."


@dataclass(frozen=True, slots=True)
class Desk:
    """What the window asks of whoever keeps the project: to say something of a matter; and, beside the window, to
    submit the gold as it is stored, which answers why it can't be, None where it was. `kept` outlives the window.
    """

    discuss: Callable[[Matter, str], None]
    submit: Callable[[], WozError | None]
    kept: KeptSubmission


class AdjudicationWindow(QMainWindow):
    """Works on the gold tier of a document. Each decision is an edit that can be undone; a refused one says why."""

    def __init__(self, subject: Subject, document: Document, table: Table, desk: Desk) -> None:
        """Raises WozError where the video can't be read."""
        super().__init__()
        self._document, self._table, self._desk = document, table, desk
        self._state = table.state(document.items)
        self._matter: Matter | None = None
        self._draft: tuple[int, int] | None = None
        self._sides = SideChoice()
        self._unsaid: tuple[Matter | None, str] = (None, "")
        self._quiet = self._handing_in = False
        self._standing = ""
        self._banner = Banner()
        self._panel = MatterPanel()
        self._stage = Stage()
        self._stage.open(subject)
        self.conflicts = ConflictBar(document, self._stage.view)
        self.conflicts.told.connect(self._banner.tell)
        self.setWindowTitle(f"woz adjudication – {subject.session.title}")
        self.setWindowIcon(icon("woz"))
        fit(self, 1280, 800)
        self._build()
        self._actions()
        self._unsubscribe = document.subscribe(self._changed)
        self._go_to(self._next_after(None))
        self._banner.tell(versions_words(self._state))

    # reading

    @property
    def state(self) -> Adjudication:
        """How far it is."""
        return self._state

    @property
    def matter(self) -> Matter | None:
        """What is to be decided now; None where all is."""
        return self._matter

    @property
    def document(self) -> Document:
        return self._document

    @property
    def told(self) -> str:
        """What the window says last."""
        return self._banner.text

    # building

    def _build(self) -> None:
        whole = QSplitter(Qt.Orientation.Horizontal)
        whole.addWidget(self._stage)
        whole.addWidget(self._panel)
        whole.setStretchFactor(0, 3)
        whole.setStretchFactor(1, 2)
        whole.setSizes([800, 460])
        layout = QVBoxLayout()
        layout.setContentsMargins(GRID * 2, GRID * 2, GRID * 2, GRID * 2)
        layout.setSpacing(GRID)
        layout.addWidget(self._banner)
        layout.addWidget(whole, 1)
        centre = QWidget()
        centre.setLayout(layout)
        self.setCentralWidget(centre)

    def _actions(self) -> None:
        for at, side in enumerate(self._state.sides[: len(TAKE_KEYS)]):
            action(self, f"Take {side.name}’s", TAKE_KEYS[at], partial(self._take, at))
        action(self, "Choose the next annotator", "Down", lambda: self._choose(1))
        action(self, "Choose the previous annotator", "Up", lambda: self._choose(-1))
        action(self, "Take the chosen one’s, or keep what was edited", ["Return", "Enter"], self._enter)
        action(self, MIX, "S", self._mix)
        action(self, "Leave what was begun: a mix, or an edit", "Escape", self._leave)
        names = [side.name for side in self._state.sides[:2]]
        action(self, f"Start of {names[0]}, end of {names[1]}", "3", lambda: self._decide(Choice(0, 1)))
        action(self, f"Start of {names[1]}, end of {names[0]}", "4", lambda: self._decide(Choice(1, 0)))
        action(self, "The middle", "0", lambda: self._decide(Choice(MIDDLE, MIDDLE)))
        action(self, EDIT, "E", self._edit)
        action(self, TIME, "T", self._edit_time)
        action(self, "Discuss", "D", self._discuss)
        action(self, "Next", ["N", "Tab"], lambda: self._step(1))
        action(self, "Previous", ["P", "Shift+Tab"], lambda: self._step(-1))
        action(self, "Play, pause", "Space", self._stage.toggle)
        action(self, "Play it again", "R", lambda: self._show(play=True))
        action(self, "Take all that agree", "A", self._take_agreed)
        action(self, "Undo", "Ctrl+Z", self._undo)
        action(self, "Redo", ["Ctrl+Shift+Z", "Ctrl+Y"], self._redo)
        action(self, THEIRS, THEIRS_KEY, self.conflicts.theirs.click)
        action(self, MINE, MINE_KEY, self.conflicts.mine.click)
        action(self, "Submit the gold", "Ctrl+Return", self._submit)
        action(self, "Close", "Ctrl+Q", self.close)
        self._editing: list[QAction] = []
        for keys, start, end in (("Left", -1, 0), ("Right", 1, 0), ("Ctrl+Left", 0, -1), ("Ctrl+Right", 0, 1)):
            made = action(
                self, f"Move a boundary by {seconds(NUDGE_NS):g} s", keys, partial(self._nudge, start, end)
            )
            self._editing.append(made)
        self._show_editing()
        help_action(self)
        DigitActions(self)

    # what the keys do

    def _choose(self, by: int) -> None:
        self._sides.step(by, len(self._state.sides))
        self._show_panel()

    def _enter(self) -> None:
        if self._draft:
            self._keep_edit()
        elif self._sides.at is None:
            self._banner.tell(NONE_CHOSEN)
        else:
            self._take(self._sides.at)

    def _take(self, side: int) -> None:
        """As a whole; or of a mix the start, and then the end."""
        choice = self._sides.take(side)
        self._show_panel()
        if choice is not None:
            self._decide(choice)

    def _mix(self) -> None:
        if self._matter and self._matter.kind != MatterKind.BOUNDARY:
            self._banner.tell(NOT_MIXED.format(kind=self._matter.kind))
        elif self._matter:
            self._sides.mix()
            self._show_panel()

    def _leave(self) -> None:
        self._sides.clear()
        if self._draft is None:
            self._show_panel()
            return
        self._draft = None
        self._show_editing()
        self._show(play=False)

    def _decide(self, choice: Choice) -> None:
        if self._matter is None:
            self._banner.tell("All is decided; Ctrl+Return submits the gold, P goes back.")
            return
        matter = self._matter
        self._apply(lambda: ruling(self._state, matter, choice, self._document.by, SystemClock().utc_ns()))

    def _take_agreed(self) -> None:
        if not self._state.to_take:
            self._banner.tell("All that agree are in the gold.")
            return
        self._apply(lambda: agreed_edit(self._state, self._document.by, SystemClock().utc_ns()))

    def _apply(self, edit: Callable[[], Edit]) -> None:
        """One edit, and on to the next matter; where it can't be, why."""
        at = self._matter
        self._quiet = True
        try:
            self._document.apply(edit())
        except WozError as error:
            self._banner.tell(str(error))
            return
        finally:
            self._quiet = False
        self._banner.tell(self._standing)
        self._draft = None
        self._read()
        self._go_to(self._next_after(at))

    def _undo(self) -> None:
        """What one decided in this gold: what one did elsewhere isn't seen here."""
        if not (self._state.marks or self._state.dropped):
            self._banner.tell(NOTHING_TO_UNDO)
            return
        self._document.undo(None, ref_to(self._state.gold), partial(self._banner.tell, NOTHING_TO_UNDO))

    def _redo(self) -> None:
        self._document.redo(None, ref_to(self._state.gold), partial(self._banner.tell, NOTHING_TO_REDO))

    def _edit(self) -> None:
        ways = {MatterKind.LABEL: self._give_label, MatterKind.ATTRIBUTE: self._give_value}
        if self._matter and (way := ways.get(self._matter.kind)):
            way(self._matter)
            return
        if self._matter and self._matter.kind == MatterKind.LINK:
            self._banner.tell("A link is taken from one of them; draw another one in the editor, on the gold tier.")
            return
        self._edit_time()

    def _edit_time(self) -> None:
        """Whatever is asked of it."""
        if self._matter is None or self._matter.cluster.there[0].start_ns is None:
            self._banner.tell("Only what has a time is edited here.")
            return
        gold = self._state.gold_of(self._matter.cluster)
        span = gold.interval if gold else self._matter.cluster.span
        self._draft = span.start_ns, span.start_ns if self._of_point else span.end_ns
        self._show_editing()
        self._show(play=False)

    def _give_label(self, matter: Matter) -> None:
        """Of the matter that is shown as it begins: somebody else's edit may lead to another one meanwhile."""
        choices = [(each.name(), str(each.id)) for each in self._document.tier_type(self._state.gold).offered]
        if not choices:
            self._banner.tell(WRITTEN)
            return
        label = chosen(self, "What is it?", choices, self._as_it_is(matter).label)
        if label is not None:
            self._apply(partial(labelled, self._state, matter, label, self._document.by, SystemClock().utc_ns()))

    def _give_value(self, matter: Matter) -> None:
        """As `_give_label`."""
        kind = self._attribute()
        if kind is None or not (choices := choices_of(kind)):
            self._banner.tell(WRITTEN)
            return
        value = chosen(self, f"“{kind.name()}”: which?", choices, self._as_it_is(matter).value(matter.key))
        if value is not None:
            self._apply(partial(valued, self._state, matter, value, self._document.by, SystemClock().utc_ns()))

    def _as_it_is(self, matter: Matter) -> Annotation:
        """In the gold, else as the first has it."""
        return self._state.gold_of(matter.cluster) or matter.cluster.there[0]

    @property
    def _of_point(self) -> bool:
        return self._matter is not None and self._matter.cluster.there[0].end_ns is None

    def _nudge(self, start: int, end: int) -> None:
        if self._draft:
            if self._of_point:
                start = end = start + end
            self._draft = max(0, self._draft[0] + start * NUDGE_NS), self._draft[1] + end * NUDGE_NS
            self._show(play=False)

    def _keep_edit(self) -> None:
        if self._draft is None or self._matter is None:
            return
        (start_ns, until_ns), matter = self._draft, self._matter
        end_ns = None if self._of_point else until_ns
        by, now = self._document.by, SystemClock().utc_ns()
        self._apply(lambda: edited(self._state, matter, start_ns, end_ns, by, now))
        self._show_editing()

    def _show_editing(self) -> None:
        for each in self._editing:
            each.setEnabled(self._draft is not None)

    def _discuss(self) -> None:
        """What couldn't be said of a matter is offered again. It is of the matter that is shown as it begins:
        somebody else's edit may lead to another one meanwhile.
        """
        matter = self._matter
        if matter is None:
            return
        of, unsaid = self._unsaid
        asked, begun = "What is to be asked or said of this?", unsaid if of == matter else ""
        text, said = QInputDialog.getText(self, "Discuss", asked, QLineEdit.EchoMode.Normal, begun)
        if not said or not text.strip():
            return
        try:
            self._desk.discuss(matter, text)
        except WozError as error:
            self._unsaid = matter, text
            self._banner.tell(f"{error} {NOT_SAID}")
            return
        self._unsaid = None, ""
        self._banner.tell("It is said to those who marked it; woz comments shows the answers.")
        if self._matter == matter:
            self._step(1)

    def hand_in_again(self) -> None:
        """The gold whose submission waited as the window closed, once all that was decided then is stored."""
        if self._desk.kept.waits:
            self._document.read(lambda: None, lambda _: self._hand_in_kept())

    def _hand_in_kept(self) -> None:
        """Where its answer was lost it may be submitted, and returned since: that isn't undone unasked."""
        state, kept = self._state.gold.state, self._desk.kept
        if state in OPEN and self._gold_now() != kept.asked_in:
            kept.settle()
            self._banner.tell(f"{NOT_HANDED_IN}{MOVED_SINCE.format(state=state)}")
            return
        self._hand_in(HANDED_IN_NOW, NOT_HANDED_IN)

    def _submit(self) -> None:
        self._hand_in(HANDED_IN)

    def _hand_in(self, done: str, before: str = "") -> None:
        """After all that was decided is stored: none of it may find the gold closed. `done` says that it is
        submitted, `before` stands before why it can't be.
        """
        if (state := self._state.gold.state) not in OPEN:
            self._desk.kept.settle()
            self._banner.tell(ALREADY.format(state=state))
            return
        if refusal := left_to_do(self._state) or (DISPUTED if self._document.disputes else ""):
            self._desk.kept.settle()
            self._banner.tell(f"{before}{refusal}")
            return
        self._banner.tell(HANDING_IN)
        self._handing_in = True
        self._document.keep_waiting()
        self._desk.kept.keep(self._gold_now())
        self._document.read(self._desk.submit, partial(self._tell_submitted, done, before))

    def _gold_now(self) -> str:
        gold = self._state.gold
        return as_it_is(gold.state, self._document.stored_by(ref_to(gold)))

    def _tell_submitted(self, done: str, before: str, refusal: WozError | None) -> None:
        """What the store didn't answer to stays kept."""
        self._handing_in = False
        if not isinstance(refusal, UnreachableError):
            self._desk.kept.settle()
        self._banner.tell(f"{before}{refusal}" if refusal else done)
        self._document.follow()

    # moving on

    def show_from(self, t_ns: int) -> None:
        """The first that is open there or later; the first of all where none is."""
        found = self._state.open
        if found:
            self._go_to(next((each for each in found if each.cluster.span.end_ns > t_ns), found[0]))

    def _step(self, by: int) -> None:
        """To the next or previous one that is open; round at the ends."""
        found = self._state.open
        if not found:
            self._go_to(None)
            return
        at = next((i for i, each in enumerate(found) if each == self._matter), -1 if by > 0 else 0)
        self._go_to(found[(at + by) % len(found)])

    def _next_after(self, matter: Matter | None) -> Matter | None:
        """Itself while it is open, else the first open one from there on, in the order of all; else the first."""
        found = self._state.open
        if matter is None or not found:
            return found[0] if found else None
        open_ = set(map(id, found))
        later = dropwhile(lambda each: each != matter, self._state.matters)
        return next((each for each in later if id(each) in open_), found[0])

    def _go_to(self, matter: Matter | None) -> None:
        if matter != self._matter:
            self._sides.clear()
        self._matter, self._draft = matter, None
        self._show_editing()
        self._show(play=True)

    def _changed(self, change: Change) -> None:
        """By undo, which leads back to what is open again, or by somebody else."""
        if self._quiet:
            return
        before = self._state.open
        self._read()
        again = next((each for each in self._state.open if each not in before), None)
        if again is not None:
            self._go_to(again)
            return
        still = next((each for each in self._state.open if each == self._matter), None)
        self._go_to(still or self._next_after(None))

    def _read(self) -> None:
        try:
            self._state = self._table.state(self._document.items)
        except WozError as error:
            self._banner.tell(str(error))

    def tell(self, text: str) -> None:
        """A sentence, as why an edit was refused by the store."""
        self._banner.tell(text)

    def tell_away(self, text: str, away: bool) -> None:
        """That the store is away stands until it is there again."""
        self._standing = text if away else ""
        self._banner.tell(text)

    def tell_refusal(self, text: str) -> None:
        self._banner.tell(text)
        self._read()
        self._go_to(self._next_after(self._matter))

    def _show(self, play: bool) -> None:
        self._show_panel()
        span = self._matter.cluster.span if self._matter else Interval(0, 0)
        lines = lines_at(self._document, self._state, self._matter, self._draft)
        seen = seen_at(self._state, self._matter)
        self._stage.show_place(lines, span, play and self._matter is not None, seen)
        self.statusBar().showMessage("; ".join([counted(self._state), *agreed_left(self._state)]))

    def _show_panel(self) -> None:
        words = partial(item_words, self._document)
        self._panel.show_matter(self._state, self._matter, self._name, words, self._attribute(), self._sides)

    def _name(self, key: str) -> str:
        return name_at(self._document, self._state, self._matter, key)

    def _attribute(self) -> AttributeType | None:
        return attribute_at(self._document, self._state, self._matter)

    def closeEvent(self, event: QCloseEvent) -> None:
        waits = self._handing_in and self._state.gold.state in OPEN and not self._desk.kept.waits
        if waits and not sure(self, LEAVES, "Close", "Keep it open", SUBMIT_AGAIN):
            event.ignore()
            return
        self._handing_in = False
        self.conflicts.close_bar()
        self._unsubscribe()
        self._stage.close_player()
        event.accept()
