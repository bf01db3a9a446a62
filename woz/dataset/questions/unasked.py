"""What the expert says without having been asked: a question of its own kind, put for it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from woz.base.interval import NS_PER_S
from woz.dataset.questions.asking import asks
from woz.dataset.questions.exchanges import stalls
from woz.dataset.questions.of_recording import about_recording
from woz.dataset.texts import cut_off, words_of
from woz.model.ids import TurnId
from woz.model.people import Role
from woz.model.transcript import Turn

FEWEST_WORDS = 4
AFTER_TALK_NS = 2 * NS_PER_S
"""What comes sooner after the trainee has spoken may be a reply to that."""
_QUESTION = {
    "de": "Was sollte der lernenden Person jetzt gesagt werden?",
    "en": "What should the trainee be told now?",
    "es": "¿Qué se le debería decir ahora a quien aprende?",
    "fr": "Que faut-il dire maintenant à la personne qui apprend ?",
    "it": "Che cosa bisogna dire adesso a chi sta imparando?",
    "ja": "学習者に今、何を伝えるべきですか。",
    "zh": "现在应该告诉学习者什么？",
}


def unasked(turns: Sequence[Turn], taken: Collection[TurnId]) -> list[Turn]:
    """The expert's turns that say something of the task, answer nobody, and ask nothing; those in `taken` answer
    something.
    """
    return [turn for turn in _unprompted(turns, taken) if not about_recording(turn.text)]


def unasked_of_recording(turns: Sequence[Turn], taken: Collection[TurnId]) -> list[Turn]:
    """Those that `unasked` leaves out since they are about the recording."""
    return [turn for turn in _unprompted(turns, taken) if about_recording(turn.text)]


def _unprompted(turns: Sequence[Turn], taken: Collection[TurnId]) -> list[Turn]:
    ordered = sorted(turns, key=lambda turn: turn.interval)
    found, heard_ns = list[Turn](), -AFTER_TALK_NS
    for turn in ordered:
        if turn.speaker == Role.TRAINEE:
            heard_ns = max(heard_ns, turn.interval.end_ns)
        by_expert = turn.speaker == Role.EXPERT and turn.id not in taken
        if by_expert and turn.interval.start_ns - heard_ns > AFTER_TALK_NS and _says_something(turn.text):
            found.append(turn)
    return found


def _says_something(text: str) -> bool:
    return len(words_of(text)) >= FEWEST_WORDS and not (cut_off(text) or asks(text) or stalls(text))


def question_for(language: str) -> str:
    """What is asked in its place, in a language (BCP 47) or, where there is none, in English."""
    return _QUESTION.get(language.split("-")[0].lower(), _QUESTION["en"])
