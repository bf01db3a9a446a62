"""What somebody goes through: their list, where they are in it, and their decisions, kept beside the window."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

from PySide6.QtCore import QObject, QSettings, Qt, Signal

from storage import Project
from storage.repositories.reviews import Judged, Waiting
from ui.questions.deciding import OF_ANOTHER, Deciding
from ui.questions.lasting import Lasting
from woz.annotation.writing import Background, Executor
from woz.base.errors import WozError
from woz.base.supervision import Supervisor
from woz.dataset.review.deeds import Deed, EnglishCheck, EnglishTexts, TakingBack
from woz.dataset.review.texts import judged
from woz.dataset.review.unstored import UnstoredDeeds
from woz.lab.reviewing import ReviewItem, review_items
from woz.model.annotator import Annotator
from woz.model.ids import QuestionId, SessionId
from woz.model.question import Question
from woz.model.review import Decision, ReviewTask, Texts, Verdict

AHEAD = 2
"""So many of the next question sets are read before they are wanted."""
SESSIONS_KEPT = 4


class Desk(QObject):
    """`changed` comes whenever something else is to be shown, `told` with what went wrong, `away` with why nothing
    is kept as yet, empty when it is again.
    """

    changed = Signal()
    told = Signal(str)
    away = Signal(str)
    _called = Signal(object)

    def __init__(
        self,
        project: Project,
        person: Annotator,
        settings: QSettings,
        executors: tuple[Executor, Executor] | None = None,
        unstored: UnstoredDeeds | None = None,
    ) -> None:
        """`executors` read, and write; without them each is a thread of its own. `unstored` keeps what the store
        hasn't answered for.
        """
        super().__init__()
        self._project, self.person, self._settings = project, person, settings
        self._called.connect(lambda call: call(), Qt.ConnectionType.QueuedConnection)
        self._supervisor = Supervisor(lambda fault: self._post(lambda: self.told.emit(str(fault))))
        reading, writing = executors or (self._thread(), self._thread())
        self._deciding = Deciding(writing, self._post, self.away.emit, project, person.id, unstored)
        self._reading, self._writing = Lasting(reading, self._post, self._deciding.waits), self._deciding.work
        self.writing: Callable[[], bool] = lambda: False
        """Whether somebody writes on what is shown, which stays then."""
        self.task = ReviewTask.TEXT
        self.session: SessionId | None = None
        self.others = False
        self.given = False
        """Whether question sets were given to this person: then nothing else is in the list without `others`."""
        self.loaded = False
        self.elsewhere: int | None = None
        """So many question sets wait for them in the other task; counted once nothing is left in this one."""
        self.waiting: list[Waiting] = []
        self.at = 0
        self._items: dict[SessionId, dict[QuestionId, ReviewItem]] = {}
        self._asked: set[SessionId] = set()
        self._taken: set[tuple[QuestionId, int]] = set()
        """Which decisions are being taken back: none of them is shown until the store has answered."""
        self._round = 0
        self._counting = self._count_again = False
        """Whether `elsewhere` is being counted, and once more after that, for what was decided meanwhile."""

    # what is shown

    @property
    def now(self) -> Waiting | None:
        return self.waiting[self.at] if self.at < len(self.waiting) else None

    @property
    def item(self) -> ReviewItem | None:
        """What is shown; None while it is read, and where there is nothing."""
        return self._item(self.now) if self.now else None

    @property
    def coming(self) -> list[ReviewItem]:
        """The next ones that aren't judged yet, as far as they are read."""
        found = (self._item(each) for each in self._next())
        return [item for item in found if item is not None]

    @property
    def unkept(self) -> int:
        """So many decisions wait for the store."""
        return self._deciding.unkept

    @property
    def at_risk(self) -> int:
        """So many of them are lost where the window is closed."""
        return self._deciding.at_risk

    @property
    def left(self) -> int:
        return sum(each.mine is None for each in self.waiting)

    def resume(self) -> None:
        """Have stored what this person's last window couldn't get stored; before the first `begin`."""
        self._deciding.resume(self.told.emit)

    def begin(self, task: ReviewTask, session: SessionId | None, others: bool = False) -> None:
        """Show a task, where this person left it; with `others` also what wasn't given to them."""
        self.task, self.session, self.others, self.loaded = task, session, others, False
        self.waiting, self.at, self.elsewhere = [], 0, None
        self._round += 1
        self.changed.emit()
        self._read_list(self._round)

    def go(self, steps: int) -> None:
        """So many places on, or back; judged or not."""
        place = min(max(self.at + steps, 0), len(self.waiting))
        if place != self.at:
            self._show(place)

    # decisions

    def decide(
        self, verdict: Verdict, doubt: bool, comment: str, revised: Texts | None = None, clip_ns: int | None = None
    ) -> None:
        """Show the next one at once; the decision is kept meanwhile."""
        now, item = self.now, self.item
        if now is None or item is None:
            return
        about = judged(item.question, self.task)
        made = Decision(now.question_id, now.session_id, self.task, self.person.id, verdict, about)
        made = replace(made, doubt=doubt, comment=comment, revised=revised, clip_ns=clip_ns)
        made = replace(made, utc_ns=self._deciding.now_ns(), said=item.said)
        place, round_ = self.at, self._round

        def show() -> None:
            self.waiting[place] = replace(now, own=(*now.own, made))
            self._show(self._after(place))

        self._deciding.keep(made, self._kept, lambda fault: self._refused(round_, made, fault), show)

    def take_back(self) -> None:
        """This person's last decision in the list, and no other; its question set is shown again at once."""
        decided = [(mine, place) for place, each in enumerate(self.waiting) if (mine := each.mine)]
        if not decided:
            if self.loaded:
                self.told.emit("There is nothing more of yours to take back here.")
            return
        last, place = max(decided, key=lambda each: (each[0].utc_ns, each[0].id))
        round_ = self._round

        def show() -> None:
            self._taken.add(_named(last))
            self.waiting[place] = self._standing(self.waiting[place])
            self._show(place)

        self._deciding.keep(
            TakingBack.of(last, self._deciding.now_ns()),
            lambda judged: self._taken_back(round_, last, judged),
            lambda fault: self._not_taken_back(round_, last, fault),
            show,
        )

    def check_english(self) -> None:
        """The person has compared the English text with the original."""
        item = self.item
        if item is not None and item.question.english is not None:
            self._change_english(EnglishCheck(item.question))

    def write_english(self, texts: Texts) -> None:
        """Keep the English of these texts; it judges nothing."""
        item = self.item
        if item is not None:
            self._change_english(EnglishTexts(item.question, texts))

    def _change_english(self, change: Deed) -> None:
        self._deciding.keep(change, self._put, lambda fault: self.told.emit(str(fault)))

    def close(self) -> None:
        """When all that was decided is kept, or can't be."""
        self._reading.close()
        self._deciding.close()

    # inside

    def _thread(self) -> Executor:
        return Background(self._supervisor, self._post)

    def _post(self, call: Callable[[], None]) -> None:
        self._called.emit(call)

    def _read_list(self, round_: int) -> None:
        """After what was decided until now is kept; what is shown then stays."""
        by, task, session, others = self.person.id, self.task, self.session, self.others
        reviews = self._project.reviews
        self._writing.submit(
            lambda: (reviews.waiting(by, task, session, others), reviews.is_given(by, task)),
            lambda found: self._take_list(round_, *found),
            lambda fault: self.told.emit(str(fault)),
        )

    def _take_list(self, round_: int, found: list[Waiting], given: bool) -> None:
        if round_ != self._round:
            return
        now, self.given = self.now, given
        self.waiting, self.loaded = [self._standing(each) for each in found], True
        left = QuestionId(str(self._settings.value(self._place_key, "")))
        wanted = now.question_id if now else left
        place = next((i for i, each in enumerate(found) if each.question_id == wanted), -1)
        if place < 0 or (now is None and self.waiting[place].mine is not None):
            place = self._after(max(place - 1, -1))
        self._show(place)

    def _standing(self, waiting: Waiting) -> Waiting:
        """Without what is being taken back."""
        return replace(waiting, own=tuple(each for each in waiting.own if _named(each) not in self._taken))

    def _after(self, place: int) -> int:
        """The next place that isn't judged, from the start where there is none behind; else the end."""
        count = len(self.waiting)
        ahead = [*range(place + 1, count), *range(min(place + 1, count))]
        return next((i for i in ahead if self.waiting[i].mine is None), count)

    def _next(self) -> list[Waiting]:
        places, place = list[int](), self.at
        for _ in range(AHEAD):
            place = self._after(place)
            if place >= len(self.waiting) or place in (self.at, *places):
                break
            places.append(place)
        return [self.waiting[i] for i in places]

    def _show(self, place: int) -> None:
        self.at, self.elsewhere = place, None
        if self.now:
            self._settings.setValue(self._place_key, self.now.question_id)
            for each in (self.now, *self._next()):
                self._read_session(each.session_id)
        else:
            self._post(self._count_elsewhere)
        self.changed.emit()

    def _count_elsewhere(self) -> None:
        """After what was decided until now is kept: by that a clip may have come to wait. One count at a time."""
        if self.now or not self.loaded:
            return
        if self._counting:
            self._count_again = True
            return
        self._counting = True
        by, session, others, round_ = self.person.id, self.session, self.others, self._round
        other = ReviewTask.TEXT if self.task == ReviewTask.GROUNDING else ReviewTask.GROUNDING
        reviews = self._project.reviews
        self._writing.submit(
            lambda: sum(each.mine is None for each in reviews.waiting(by, other, session, others)),
            lambda count: self._take_elsewhere(round_, count),
            self._no_count,
        )

    def _take_elsewhere(self, round_: int, count: int) -> None:
        self._counting, again, self._count_again = False, self._count_again, False
        if again:
            self._count_elsewhere()
        elif round_ == self._round and not self.now:
            self.elsewhere = count
            self.changed.emit()

    def _no_count(self, fault: WozError) -> None:
        self._counting = self._count_again = False
        self.told.emit(str(fault))

    @property
    def _place_key(self) -> str:
        folder = str(self._project.path.absolute()).strip("/\\").replace("/", "|").replace("\\", "|")
        return f"questions/{folder}/{self.person.id}/{self.task}"

    def _item(self, waiting: Waiting) -> ReviewItem | None:
        return self._items.get(waiting.session_id, {}).get(waiting.question_id)

    def _read_session(self, session_id: SessionId) -> None:
        if session_id in self._items or session_id in self._asked:
            return
        self._asked.add(session_id)
        self._reading.submit(
            lambda: review_items(self._project.seen_by(self.person.id), session_id),
            lambda found: self._take_items(session_id, found),
            lambda fault: self._no_items(session_id, fault),
        )

    def _take_items(self, session_id: SessionId, found: dict[QuestionId, ReviewItem]) -> None:
        self._asked.discard(session_id)
        self._items.pop(session_id, None)
        self._items[session_id] = found
        needed = {each.session_id for each in (self.now, *self._next()) if each}
        for old in [each for each in self._items if each not in needed][:-SESSIONS_KEPT]:
            del self._items[old]
        self._drop_gone(session_id, found)
        self.changed.emit()

    def _drop_gone(self, session_id: SessionId, there: Collection[QuestionId]) -> None:
        """What is gone of a session leaves the list, and the next one is shown in its place."""

        def stays(each: Waiting) -> bool:
            return each.session_id != session_id or each.question_id in there

        if all(map(stays, self.waiting)):
            return
        shown = self.now is None or stays(self.now)
        place = sum(map(stays, self.waiting[: self.at]))
        self.waiting = list(filter(stays, self.waiting))
        self._show(place if shown else self._after(place - 1))

    def _no_items(self, session_id: SessionId, fault: WozError) -> None:
        self._asked.discard(session_id)
        self.told.emit(str(fault))

    def _kept(self, kept: Judged) -> None:
        made = kept.decision
        for place, each in enumerate(self.waiting):
            if each.question_id == made.question_id and made.task == self.task:
                others = [one for one in each.own if _named(one) != _named(made)]
                own = sorted([*others, made], key=lambda one: one.utc_ns)
                self.waiting[place] = self._standing(replace(each, own=tuple(own)))
        self._put(kept.question)

    def _put(self, question: Question) -> None:
        """A question set as it is now."""
        items = self._items.get(question.session_id, {})
        if question.id in items:
            items[question.id] = replace(items[question.id], question=question)
        if self.now and self.now.question_id == question.id:
            self.changed.emit()

    def _refused(self, round_: int, made: Decision, fault: WozError) -> None:
        """What it is about is shown again, as it is now, with the reason; where one writes on another it waits."""
        place = next((i for i, each in enumerate(self.waiting) if each.question_id == made.question_id), None)
        shown = round_ == self._round and place is not None and (place == self.at or not self.writing())
        item = self._items.pop(made.session_id, {}).get(made.question_id)
        self.told.emit(f"{fault}" if shown or item is None else OF_ANOTHER.format(item.question.text, fault))
        if round_ == self._round and place is not None:
            was = self.waiting[place]
            self.waiting[place] = replace(was, own=tuple(each for each in was.own if _named(each) != _named(made)))
            self._show(place if shown else self.at)

    def _taken_back(self, round_: int, last: Decision, taken: Judged | None) -> None:
        """None was taken where it never came to be, or counts no more: what does is read."""
        self._taken.discard(_named(last))
        if taken is not None:
            self._put(taken.question)
        else:
            self._items.pop(last.session_id, None)
        if round_ == self._round:
            self._read_list(round_)

    def _not_taken_back(self, round_: int, last: Decision, fault: WozError) -> None:
        self.told.emit(str(fault))
        self._taken.discard(_named(last))
        if round_ == self._round:
            self._read_list(round_)


def _named(decision: Decision) -> tuple[QuestionId, int]:
    """Which of one person's decisions of a task it is."""
    return decision.question_id, decision.utc_ns
