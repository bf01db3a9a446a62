"""Decisions on question sets on their way into the store: on this computer first, then there, each once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from storage import Project
from ui.questions.lasting import Lasting
from woz.annotation.writing import Executor, Post
from woz.base.clock import SystemClock
from woz.base.counts import counted
from woz.base.errors import InDoubtError, UnreachableError, WozError
from woz.dataset.review.deeds import Deed, EnglishTexts, TakingBack, about, taken_over, worded
from woz.dataset.review.unstored import UnstoredDeeds, taken_by
from woz.lab.withdrawal_ports import SoFar
from woz.model.ids import AnnotatorId
from woz.model.review import Decision

WAITS = "What you decide waits in this window, and is kept when it answers again."
KEPT = (
    "What you decide is kept on this computer and stored when it answers again, or, where you close this window"
    " before, when you next open it here."
)
RESUMED = "What you decided here while the database was away is stored now ({}): look at it once."
REFUSED = "{} from then could not be stored: {}"
OF_ANOTHER = "Of “{}”: {}"
"""A sentence about a question set that isn't the one shown."""
WITHDREW = (
    "Somebody withdrew from the study since this was shown to you, and what you wrote may hold their words; open"
    " this window anew, then decide again."
)
UNDER_WAY = (
    "It waits on this computer still, since somebody is being taken out of the project; open this window again once"
    " that is done."
)
Done = Callable[[Any], None]
Failed = Callable[[WozError], None]


class Deciding:
    """What one person decides, in a window's thread, stored by an executor. `tell_away` gets why it waits, and an
    empty sentence when it no longer does.
    """

    def __init__(
        self,
        executor: Executor,
        post: Post,
        tell_away: Callable[[str], object],
        project: Project,
        by: AnnotatorId,
        unstored: UnstoredDeeds | None = None,
    ) -> None:
        """`unstored` has each deed before it is shown as done, and until the store has answered."""
        self.work = Lasting(executor, post, self.waits)
        self._tell_away, self._by = tell_away, by
        self._reviews, self._withdrawals = project.reviews, project.withdrawals
        self._procedures = project.procedures
        self._unstored = unstored or UnstoredDeeds()
        self._away: UnreachableError | None = None
        self._clock, self._last_ns = SystemClock(), 0
        self._closing = False
        self.unkept = 0
        """So many deeds the store hasn't answered for yet."""

    @property
    def at_risk(self) -> int:
        """So many of them end with this window."""
        return 0 if self._unstored.safe else self.unkept

    def now_ns(self) -> int:
        """When something is decided (UTC), which names it in the store: never the same twice."""
        self._last_ns = max(self._clock.utc_ns(), self._last_ns + 1)
        return self._last_ns

    def keep(self, deed: Deed, done: Done, failed: Failed, show: Callable[[], object] = lambda: None) -> None:
        """`show` is called once it is on this computer, `done` or `failed` once the store has answered."""
        self._unstored.add(deed)
        show()
        self._submit(deed, done, failed)
        if self._away is not None:
            self.waits(self._away)

    def resume(self, tell: Callable[[str], object]) -> None:
        """Have stored what an earlier window left; `tell` gets what became of it, in words."""
        try:
            deeds = self._left()
        except WozError as error:
            tell(str(error))
            return
        answers = list[object]()

        def answered(answer: object) -> None:
            answers.append(answer)
            if len(answers) < len(deeds) or any(isinstance(each, UnreachableError) for each in answers):
                return
            if said := resumed_words(answers):
                tell(said)

        for deed in deeds:
            self._submit(deed, answered, answered, late=True)

    def _left(self) -> list[Deed]:
        """By an earlier window. A decision that was taken back after it isn't asked for again: taking it back does
        all, also where it had reached the store. Raises WozError where that can't be read.
        """
        deeds, found = self._unstored.read(), list[Deed]()
        for at, deed in enumerate(deeds):
            if any(taken_by(deed, each) for each in deeds[at:]):
                self._unstored.settle(deed)
            else:
                found.append(deed)
        return found

    def close(self) -> None:
        """What is refused from now on nobody hears here: it stays in the file, and the next opening tells it."""
        self._closing = True
        self.work.close()

    def waits(self, fault: UnreachableError | None) -> None:
        """The store doesn't answer, or does again."""
        self._away = fault
        if fault is None:
            self._tell_away("")
            return
        said = (KEPT,) if self._unstored.safe else (self._unstored.fault, WAITS)
        self._tell_away(" ".join(filter(None, (str(fault), *said))))

    def _submit(self, deed: Deed, done: Done, failed: Failed, late: bool = False) -> None:
        self.unkept += 1
        self.work.submit(
            lambda: self._stored(deed, late),
            lambda found: self._answered(done, found),
            lambda fault: self._answered(failed, fault),
        )

    def _answered(self, take: Callable[[Any], None], answer: object) -> None:
        self.unkept -= 1
        take(answer)

    # on the executor's thread

    def _stored(self, deed: Deed, late: bool) -> object:
        """Raises WozError where the store refuses it; what an earlier window left is put aside then.

        What is in doubt is asked again: each is kept once.
        """
        try:
            self._demand_theirs(deed, late)
            found = self._asked(deed)
        except UnreachableError:
            raise
        except InDoubtError as error:
            raise UnreachableError(str(error)) from error
        except WozError as error:
            if late:
                raise WozError(f"{error} {self._put_away(deed)}") from error
            if not self._closing:
                self._unstored.settle(deed)
            raise
        self._unstored.settle(deed)
        return found

    def _asked(self, deed: Deed) -> object:
        if isinstance(deed, Decision):
            return self._reviews.decide(deed)
        if isinstance(deed, TakingBack):
            return self._reviews.take_back(self._by, deed)
        if isinstance(deed, EnglishTexts):
            return self._reviews.write_english(deed.seen, deed.texts, self._by)
        return self._reviews.check_english(deed.seen, self._by)

    def _demand_theirs(self, deed: Deed, late: bool) -> None:
        """Raises WozError for words about what a withdrawal reached since it was read."""
        if worded(deed) and (since := self._since(late)) and self._reached(deed, since):
            raise WozError(WITHDREW)

    def _put_away(self, deed: Deed) -> str:
        """What becomes of one that an earlier window left, and that is refused, in a sentence."""
        since = self._since(late=True)
        if since and self._reached(deed, since):
            return self._unstored.refuse(deed, forget=True)
        return UNDER_WAY if since and since.under_way else self._unstored.refuse(deed)

    def _since(self, late: bool) -> SoFar | None:
        """The withdrawals there are, where one began or ended since what is decided on was read."""
        now = self._withdrawals.so_far()
        return now if now.mark != self._unstored.withdrawals(late) else None

    def _reached(self, deed: Deed, since: SoFar) -> bool:
        """Whether one reaches the session that it is about, or what was taken over there from another."""
        if (found := about(deed)) is None:
            return False
        session_id, question_id = found
        reached = session_id in since.sessions or self._withdrawals.touched(question_id)
        return reached or self._takes_what_is_gone(deed)

    def _takes_what_is_gone(self, deed: Deed) -> bool:
        """Whether a wrong answer of it was an answer elsewhere as it was suggested, and is none any more."""
        taken = taken_over(deed)
        if not taken or not (taken := taken - self._withdrawals.answers(taken)):
            return False
        return bool(taken - {step.name for each in self._procedures.all() for _, step in each.walk()})


def resumed_words(answers: Sequence[object]) -> str:
    """What became of decisions that waited: of each why it was refused, or the store's answer, None where nothing
    was to be done.
    """
    refused = [each for each in answers if isinstance(each, WozError)]
    stored = sum(each is not None for each in answers) - len(refused)
    said = [RESUMED.format(counted(stored, "decision"))] if stored else []
    said += [REFUSED.format(counted(len(refused), "decision"), refused[0])] if refused else []
    return " ".join(said)
