"""What a curator goes through: the question sets on which people disagree, and how far people agree on all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Qt, Signal

from storage import Project
from storage.repositories.reviews import Disputed
from ui.questions.deciding import OF_ANOTHER, Deciding
from woz.annotation.writing import Background, Executor
from woz.base.errors import WozError
from woz.base.supervision import Supervisor
from woz.dataset.review.agreement import Agreement, agreement
from woz.dataset.review.deeds import TakingBack
from woz.dataset.review.texts import judged
from woz.dataset.review.unstored import UnstoredDeeds
from woz.lab.reviewing import ReviewItem, review_items
from woz.lab.session_names import told_apart
from woz.model.annotator import Annotator
from woz.model.ids import QuestionId
from woz.model.review import Decision, ReviewTask, Texts, Verdict

_ACCEPTING = {ReviewTask.TEXT: Verdict.ACCEPTABLE, ReviewTask.GROUNDING: Verdict.GROUNDED}
_REFUSING = {ReviewTask.TEXT: Verdict.DISCARD, ReviewTask.GROUNDING: Verdict.NOT_GROUNDED}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question set asks, and where: its session by title, and when, in session time."""

    session: str
    at_ns: int
    text: str


@dataclass(frozen=True, slots=True)
class Seen:
    """All that is shown at once: what is open, the first of it with its turns, names, agreement by task."""

    disputed: list[Disputed]
    names: dict[str, str]
    agreement: dict[ReviewTask, Agreement]
    mark: tuple[int, int]


class CuratorDesk(QObject):
    """`changed` comes whenever something else is to be shown, `counted` where only figures are new, `told` with
    what went wrong, `away` with why nothing is kept as yet, empty when it is again.
    """

    changed = Signal()
    counted = Signal()
    told = Signal(str)
    away = Signal(str)
    asked = Signal(object)
    _called = Signal(object)

    def __init__(
        self,
        project: Project,
        person: Annotator,
        executor: Executor | None = None,
        unstored: UnstoredDeeds | None = None,
    ) -> None:
        """`unstored` keeps what the store hasn't answered for."""
        super().__init__()
        self._project, self.person = project, person
        self._called.connect(lambda call: call(), Qt.ConnectionType.QueuedConnection)
        self._supervisor = Supervisor(lambda fault: self._post(lambda: self.told.emit(str(fault))))
        work = executor or Background(self._supervisor, self._post)
        self._deciding = Deciding(work, self._post, self.away.emit, project, person.id, unstored)
        self._work = self._deciding.work
        self.seen: Seen | None = None
        self.item: ReviewItem | None = None
        self.at = 0
        self._shown: Disputed | None = None
        self._refreshing = False
        self._settled: list[Decision] = []
        """What was settled here and not taken back, in its order."""
        self._storing: set[tuple[QuestionId, ReviewTask]] = set()
        """What was settled here and isn't stored yet: what was read before that has it as open."""

    @property
    def unkept(self) -> int:
        """So many decisions wait for the store."""
        return self._deciding.unkept

    @property
    def at_risk(self) -> int:
        """So many of them are lost where the window is closed."""
        return self._deciding.at_risk

    @property
    def now(self) -> Disputed | None:
        """What is shown, as it was when it came to be shown."""
        return self._shown

    def resume(self) -> None:
        """Have stored what this person's last window couldn't get stored; before the first `begin`."""
        self._deciding.resume(self.told.emit)

    def begin(self) -> None:
        """Read what is open, and show the first of it, or what was shown, as it is now."""
        self._read_anew(self.now.question.id if self.now else None)

    def go(self, steps: int) -> None:
        count = len(self.seen.disputed) if self.seen else 0
        self.at = min(max(self.at + steps, 0), max(0, count - 1))
        self._show()

    def resolve(self, accept: bool, reason: str, texts: Texts | None, clip_ns: int | None = None) -> None:
        """Settle what is shown, with these texts in the place of those that stand, where they differ; the next is
        shown at once. `clip_ns` is the length of the clip that is shown.
        """
        now, seen = self.now, self.seen
        if now is None or seen is None:
            return
        question = now.question
        verdict = (_ACCEPTING if accept else _REFUSING)[now.task]
        if accept and texts is not None and now.task == ReviewTask.TEXT:
            verdict = Verdict.REVISE
        made = Decision(
            question.id,
            question.session_id,
            now.task,
            self.person.id,
            verdict,
            judged(question, now.task),
            curated=True,
            comment=reason,
            revised=texts if verdict == Verdict.REVISE else None,
            clip_ns=clip_ns if now.task == ReviewTask.GROUNDING else None,
            utc_ns=self._deciding.now_ns(),
            said=now.said,
        )

        def show() -> None:
            self._settled.append(made)
            self._storing.add(_key(now))
            self._take(seen)

        self._deciding.keep(made, lambda _: self._stored(now), lambda fault: self._refused(now, made, fault), show)

    def _stored(self, settled: Disputed) -> None:
        self._storing.discard(_key(settled))
        self._read_anew()

    def _refused(self, disputed: Disputed, made: Decision, fault: WozError) -> None:
        """What wasn't settled is among the others again."""
        self._storing.discard(_key(disputed))
        self._settled = [each for each in self._settled if each is not made]
        self.told.emit(OF_ANOTHER.format(disputed.question.text, fault))
        self._read_anew()

    def show(self, question_id: str) -> bool:
        """Whether it is to be settled, and now shown."""
        open_ = self.seen.disputed if self.seen else []
        place = next((at for at, each in enumerate(open_) if each.question.id == question_id), None)
        if place is None:
            return False
        self.at = place
        self._show()
        return True

    def read_asked(self) -> None:
        """`asked` tells what all question sets ask, and where."""
        self._work.submit(
            self._read_all,
            self.asked.emit,
            lambda fault: self.told.emit(str(fault)),
        )

    def take_back(self) -> None:
        """The last that was settled in this window, and no other."""
        if not self._settled:
            self.told.emit("There is nothing more to take back of what you settled in this window.")
            return
        last = self._settled[-1]
        self._deciding.keep(
            TakingBack.of(last, self._deciding.now_ns()),
            lambda _: self._read_anew(last.question_id),
            lambda fault: self._not_taken_back(last, fault),
            self._settled.pop,
        )

    def _not_taken_back(self, last: Decision, fault: WozError) -> None:
        self._settled.append(last)
        self.told.emit(str(fault))

    def refresh(self) -> None:
        """Read anew where somebody decided something since; what is shown stays until it is settled."""
        if self._refreshing or self.seen is None:
            return
        self._refreshing = True
        self._work.submit(self._read_newer, self._take_newer, self._no_newer)

    def close(self) -> None:
        self._deciding.close()

    def _post(self, call: Callable[[], None]) -> None:
        self._called.emit(call)

    def _read_anew(self, wanted: QuestionId | None = None) -> None:
        self._work.submit(
            self._read, lambda seen: self._take(seen, wanted), lambda fault: self.told.emit(str(fault))
        )

    def _read(self) -> Seen:
        mark = self._project.reviews.mark()
        open_ = self._project.reviews.disputed(self.person.id)
        decisions = self._project.reviews.decisions(self.person.id)
        names = {str(each.id): each.pseudonym for each in self._project.annotators.all()}
        return Seen(open_, names, {task: agreement(decisions, task) for task in ReviewTask}, mark)

    def _read_all(self) -> dict[QuestionId, Asked]:
        titles = told_apart({each.id: each.title for each in self._project.sessions.all()})
        found = self._project.reviews.asked(self.person.id)
        return {key: Asked(titles.get(each.session_id, "?"), each.at_ns, each.text) for key, each in found.items()}

    def _read_newer(self) -> Seen | None:
        same = self.seen is not None and self._project.reviews.mark() == self.seen.mark
        return None if same else self._read()

    def _take_newer(self, newer: Seen | None) -> None:
        self._refreshing = False
        if newer is not None:
            self._take(newer)

    def _no_newer(self, fault: WozError) -> None:
        self._refreshing = False
        self.told.emit(str(fault))

    def _take(self, seen: Seen, wanted: QuestionId | None = None) -> None:
        """What is shown stays as it is, with what is written on it, while it is to be settled; unless one is wanted
        that is.
        """
        self.seen = seen = replace(seen, disputed=[e for e in seen.disputed if _key(e) not in self._storing])
        asked = [at for at, each in enumerate(seen.disputed) if each.question.id == wanted]
        stays = [at for at, each in enumerate(seen.disputed) if self.now and _key(each) == _key(self.now)]
        self.at = next(iter(asked or stays), min(self.at, max(0, len(seen.disputed) - 1)))
        if stays and not asked:
            self.counted.emit()
        else:
            self._show()

    def _show(self) -> None:
        self.item = None
        open_ = self.seen.disputed if self.seen else []
        self._shown = now = open_[self.at] if self.at < len(open_) else None
        self.changed.emit()
        if now is not None:
            key, session = now.question.id, now.question.session_id
            self._work.submit(
                lambda: review_items(self._project.seen_by(self.person.id), session).get(key),
                self._take_item,
                self._no_item,
            )

    def _take_item(self, item: ReviewItem | None) -> None:
        if item is not None and self.now is not None and item.question.id == self.now.question.id:
            self.item = item
            self.changed.emit()

    def _no_item(self, fault: WozError) -> None:
        self.told.emit(str(fault))


def _key(disputed: Disputed) -> tuple[QuestionId, ReviewTask]:
    return disputed.question.id, disputed.task
