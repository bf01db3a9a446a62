"""What waits for the annotator of a session: told as it is opened, gone through by key, answered in place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from ui.editor.feedback_bar import BACK_KEY, DONE_KEY, NEXT_KEY, SAY_KEY, FeedbackBar
from ui.editor.feedback_seen import FeedbackSeen
from ui.editor.item_words import item_words
from ui.editor.keys import ANYWHERE, NOT_TYPING, Keys
from ui.editor.marking import CHOOSE_FIRST, Marking
from ui.editor.transport import stamp
from woz.annotation.document import Document
from woz.base.counts import counted
from woz.base.errors import UnreachableError, WozError
from woz.lab.feedback import Feedback, FeedbackDesk, FeedbackKind
from woz.model.item import ItemRef, ref_to

REST_MS = 1000
"""So long nothing is stored before it is read anew."""
NOBODY = "Nobody of this project's annotators works here; open it with --annotator to see and say something."
NOTHING = "Nobody said or changed anything here that you haven't seen."
NOT_NOW = f"Nothing is shown that could be settled; {NEXT_KEY} goes to the next."
COMMENT, ANSWER = "A comment, Enter to say it", "An answer, Enter to send it"
NOT_SENT = f"What you wrote is not sent: {SAY_KEY} goes back to it, and Enter sends it again."
UNTIL_SUBMITTED = "Why work was returned stays until you submit it again (Ctrl+Shift+S)."


@dataclass(frozen=True, slots=True)
class Leading:
    """What the window does for it: choose an item, show a time, take the keyboard back, say why nothing happens."""

    go_to: Callable[[ItemRef], object]
    seek: Callable[[int], object]
    back: Callable[[], object]
    tell: Callable[[str], object]


class Feedbacks(QObject):
    """Without a desk it says why there is nothing. `changed` tells that what is said of items is another."""

    changed = Signal()

    def __init__(
        self,
        desk: FeedbackDesk | None,
        seen: FeedbackSeen,
        document: Document,
        marking: Marking,
        leading: Leading,
    ) -> None:
        super().__init__(marking)
        self._desk, self._seen, self._document, self._marking = desk, seen, document, marking
        self._leading, self._tell = leading, leading.tell
        self.bar = FeedbackBar()
        self._all: list[Feedback] = []
        self._shown: Feedback | None = None
        self._saying: ItemRef | None = None
        self._put_off: set[str] = set()
        self._timer = QTimer(self, singleShot=True, interval=REST_MS)
        self._timer.timeout.connect(self.read)
        self.bar.onward.connect(lambda: self.go(1))
        self.bar.asked.connect(self.ask)
        self.bar.done.connect(self.finish)
        self.bar.said.connect(self._say)
        self.bar.left.connect(self._put_off_all)
        self.read_later()

    def add_keys(self, keys: Keys) -> None:
        keys.add("Next that others said or changed", NEXT_KEY, lambda: self.go(1), *ANYWHERE)
        keys.add("The one before that others said or changed", BACK_KEY, lambda: self.go(-1), *ANYWHERE)
        keys.add("Answer what is said of the chosen item, or say something", SAY_KEY, self.ask, *NOT_TYPING)
        keys.add("It is settled, or seen; the next that others said or changed", DONE_KEY, self.finish, *ANYWHERE)

    def close(self) -> None:
        self._timer.stop()

    def read(self) -> None:
        """After all that was done so far is stored."""
        desk, tiers = self._desk, self._document.tiers
        if desk is None:
            return

        def ask() -> list[Feedback] | None:
            try:
                return desk.read(tiers)
            except UnreachableError:
                return None

        self._document.read(ask, self._show)

    def read_later(self) -> None:
        """Somebody stored something."""
        if self._desk:
            self._timer.start()

    def words_of(self, ref: ItemRef) -> str:
        """All that is said of an item or was changed of it, a line each, but what the bar shows."""
        told = (each for each in self._all if each.item == ref and each.key not in self._seen)
        return "\n".join(each.words for each in told if each != self._shown)

    @property
    def open_talks(self) -> dict[str, list[str]]:
        """By the id of the item or tier that it is on, what each open talk begins with, the oldest first."""
        found: dict[str, list[tuple[int, str]]] = {}
        for each in self._all:
            if each.talk is not None and each.item is not None:
                found.setdefault(each.item.id, []).append((each.talk.first.made_utc_ns, each.said[0]))
        return {about: [text for _, text in sorted(said)] for about, said in found.items()}

    @property
    def waiting(self) -> list[Feedback]:
        return [each for each in self._all if each.waits and each.key not in self._seen]

    def go(self, by: int) -> None:
        """To the next one, or the one before, and to where it is."""
        if self._desk is None:
            self._tell(NOBODY)
            return
        waiting = self.waiting
        if not waiting:
            self._leave()
            self._tell(NOTHING)
            return
        keys = [each.key for each in waiting]
        at = keys.index(self._shown.key) + by if self._shown and self._shown.key in keys else 0 if by > 0 else -1
        self._stand_on(waiting[at % len(waiting)])

    def ask(self) -> None:
        """Have something typed: an answer to what is shown, or asked of the chosen item; else a comment on it.

        What is begun already is gone on with.
        """
        if self.bar.field.text():
            self.bar.field.setFocus()
            return
        chosen, shown = self._marking.chosen, self._shown
        ref = ref_to(chosen) if chosen else None
        answering = shown is not None and shown.talk is not None and (ref is None or shown.item == ref)
        if self._desk is None or (ref is None and not answering):
            self._tell(NOBODY if self._desk is None else CHOOSE_FIRST)
            return
        if not answering:
            talks = [each for each in self._all if each.talk and each.item == ref]
            self._shown = next((each for each in talks if each.waits), talks[-1] if talks else None)
            self._saying = None if self._shown else ref
        self._tell("")
        self.bar.ask(COMMENT if self._saying else ANSWER)
        self._show_bar()
        self.bar.field.setFocus()

    def finish(self) -> None:
        """What is shown is settled, or seen; on to the next."""
        shown, desk = self._shown, self._desk
        if shown is None or desk is None or self.bar.isHidden():
            self._tell(NOBODY if desk is None else NOT_NOW)
        elif shown.kind == FeedbackKind.RETURNED:
            self._tell(UNTIL_SUBMITTED)
        elif talk := shown.talk:
            self._then_next(shown)
            self._document.read(lambda: desk.settle(talk), lambda _: self.read())
        else:
            self._then_next(shown)
            self._seen.add(shown.key)

    def _say(self, text: str) -> None:
        shown, desk, saying = self._shown, self._desk, self._saying
        if desk is None:
            return
        self._leading.back()
        if saying:
            self._leave()
            self._keep(lambda: desk.say(saying, text), text)
        elif shown and (talk := shown.talk):
            self._then_next(shown)
            self._keep(lambda: desk.answer(talk, text), text, shown)

    def _keep(self, keep: Callable[[], object], text: str, answered: Feedback | None = None) -> None:
        """What can't be kept comes back into the field, to be sent again."""
        chosen = self._marking.chosen

        def ask() -> WozError | None:
            try:
                keep()
            except WozError as fault:
                return fault
            return None

        def done(fault: WozError | None) -> None:
            if fault is None:
                self.read()
                return
            self._shown, self._saying = answered, ref_to(chosen) if chosen and not answered else None
            self.bar.ask(ANSWER if answered else COMMENT)
            self.bar.field.setText(text)
            self._show_bar()
            self._tell(f"{fault} {NOT_SENT}")

        self._document.read(ask, done)

    def _then_next(self, done: Feedback) -> None:
        """What is done with waits no longer; the next one stands where it stood."""
        keys = [each.key for each in self.waiting]
        self._all = [each for each in self._all if each.key != done.key]
        left = self.waiting
        if left and done.key in keys:
            self._stand_on(left[keys.index(done.key) % len(left)])
        else:
            self._leave()

    def _leave(self) -> None:
        self._shown = self._saying = None
        self.bar.ask("")
        self._show_bar()

    def _put_off_all(self) -> None:
        """Until something new comes, or a key asks for it."""
        self._put_off = {each.key for each in self.waiting}
        self._leave()
        self._leading.back()

    def _stand_on(self, one: Feedback) -> None:
        self._shown, self._saying, self._put_off = one, None, set()
        self.bar.ask("")
        if one.item is not None:
            self._leading.go_to(one.item)
        if one.at_ns is not None:
            self._leading.seek(one.at_ns)
        self._tell("")
        self._show_bar()

    def _show(self, found: list[Feedback] | None) -> None:
        """What is being answered stays as it is, whatever comes meanwhile."""
        if found is None:
            return
        self._all = found
        if not self.bar.field.text():
            keys = {each.key: each for each in found}
            self._shown = keys.get(self._shown.key) if self._shown else None
            if not (self._shown or self._saying):
                self.bar.ask("")
            self._show_bar()
        else:
            self.changed.emit()

    def _show_bar(self) -> None:
        """What one stands on; else, in one sentence, what there is."""
        if self._saying:
            self.bar.tell(f"On {item_words(self._document, self._saying)}:")
        elif self._shown:
            self._show_one(self._shown)
        else:
            new = any(each.key not in self._put_off for each in self.waiting)
            self.bar.tell(summary(self.waiting) if new else "")
        self.changed.emit()

    def _show_one(self, one: Feedback) -> None:
        waiting = self.waiting
        number = f"{waiting.index(one) + 1} of {len(waiting)}   " if one in waiting else ""
        at = f"{stamp(one.at_ns)}   " if one.at_ns is not None else ""
        done = "Settled" if one.talk else "" if one.kind == FeedbackKind.RETURNED else "Seen"
        self.bar.tell(f"{number}{at}{one.words}", done, one.talk is not None)


def summary(waiting: Sequence[Feedback]) -> str:
    """Why work was returned in full, all else counted; empty where nothing waits."""
    if not waiting:
        return ""
    counts = Counter(each.kind for each in waiting)
    said = [f"{each.words.rstrip('.')}." for each in waiting if each.kind == FeedbackKind.RETURNED]
    changed = counts[FeedbackKind.CHANGED] + counts[FeedbackKind.ADJUDICATED]
    parts = [
        counted(number, *words)
        for number, words in (
            (counts[FeedbackKind.COMMENT], ("comment waits", "comments wait")),
            (changed, ("of yours was changed since", "of yours were changed since")),
            (counts[FeedbackKind.MISSED], ("that the gold has was missed", "that the gold has were missed")),
        )
        if number
    ]
    said += [f"{', '.join(parts)}."] if parts else []
    return f"{' '.join(said)} {NEXT_KEY} leads to each."
