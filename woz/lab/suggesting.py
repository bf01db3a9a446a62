"""Wrong answers suggested for a question set of a project, well by well."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from woz.base.errors import WozError
from woz.dataset.distractors.like_answers import Akin, known
from woz.dataset.distractors.nearest import Pool
from woz.dataset.distractors.sentence_vectors import SentenceVectors
from woz.dataset.distractors.suggesting import Suggestion, by_model, by_rules, by_vectors
from woz.dataset.models.endpoint import Endpoint
from woz.dataset.models.rewriting import prompt_name, suggested
from woz.lab.model_questions import before
from woz.lab.ports import Project
from woz.lab.questions import known_by_procedure, pool_of
from woz.lab.sending import staying
from woz.model.question import Question
from woz.model.transcript import Turn


@dataclass(frozen=True, slots=True)
class Suggested:
    """What there is so far, in an order that stays; `notes` say why a well gives nothing. `whole` at the end."""

    suggestions: tuple[Suggestion, ...] = ()
    notes: tuple[str, ...] = ()
    whole: bool = False


@dataclass(slots=True)
class Suggester:
    """For one project; what all question sets need is read once. `endpoint` is a model's server, None without one.

    Its calls take long: never on a window's thread.
    """

    project: Project
    vectors_of: Callable[[], SentenceVectors]
    endpoint: Endpoint | None = None
    send: bool = False
    _others: dict[str, Akin] = field(default_factory=dict)
    _pool: Pool | None = None
    _answered: dict[str, list[str]] = field(default_factory=dict)

    def suggest(self, question: Question) -> Iterator[Suggested]:
        """More and more: by rules, by sentence vectors, by the model."""
        found, notes = tuple(self._by_rules(question)), tuple[str, ...]()
        yield Suggested(found, notes)
        for well in (self._by_vectors, self._by_model):
            try:
                found += tuple(well(question, found))
            except WozError as error:
                notes += (str(error),)
            yield Suggested(found, notes, whole=well == self._by_model)

    def _by_rules(self, question: Question) -> list[Suggestion]:
        if not self._others:
            self._others = known_by_procedure(self.project)
        session = self.project.sessions.get(question.session_id)
        tools = self.project.procedures.get(session.procedure_id).tools if session.procedure_id else ()
        (own,) = known([question])
        others = self._others.get(session.procedure_id or session.id) or Akin(())
        return by_rules(own, others, tools)

    def _by_vectors(self, question: Question, found: tuple[Suggestion, ...]) -> list[Suggestion]:
        if self._pool is None:
            self._pool = pool_of(self.project, self.vectors_of())
        return by_vectors(question, self._pool, found)

    def _by_model(self, question: Question, found: tuple[Suggestion, ...]) -> list[Suggestion]:
        if self.endpoint is None:
            raise WozError("No model is asked: open the window with --endpoint URL --model NAME for that.")
        key = question.session_id
        if stays := staying(self.project, {key: 1}, self.endpoint, self.send, "what was said before them"):
            raise WozError(f"The model is not asked about this session: {stays[key]}")
        count = self.project.reviews.rule().wrong_answers
        if question.id not in self._answered:
            turns = [item for item in self.project.annotations.load(key) if isinstance(item, Turn)]
            self._answered[question.id] = suggested(count, self.endpoint, question, before(question, turns))
        well = f"{self.endpoint.model}, {prompt_name(count)}"
        return by_model(question, self._answered[question.id], well, found)
