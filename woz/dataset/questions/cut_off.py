"""Questions that were cut off: they end in a word that a noun must follow.

Only words that end no whole question of their language are taken: "What is it made of?" is one, and so are
"Ist es die?", "Ne prendo una?", "Il en faut un ?".
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from woz.dataset.questions.asking import repairs

_BEFORE_NOUN = {
    "": "the|my|your|our|their",
    "de": "ins|zum|zur|vom|beim",
    "en": "the|an|my|your|our|their",
    "es": "los|las|del|al|un",
    "fr": "le|les|du|des|au|aux",
    "it": "il|lo|gli|un|del|al|dal|nel|sul|della|alla|dalla|nella|sulla",
}
_ENDS = {
    language: re.compile(rf"(?<![-'\"’‘“«\w])(?:{words})[^\w'\"’”»]*$", re.IGNORECASE)
    for language, words in _BEFORE_NOUN.items()
}
_HESITATION = re.compile(r"\.{2,}|…")
_MARK = re.compile(r"[?？؟]")
_ASKED = re.compile(r"[^.!?。？؟]*[?？؟]")
_WORD = re.compile(r"\w")


def question_cut_off(text: str, language: str) -> bool:
    """Whether nothing that is asked in a turn or two comes to its end. `language` is a BCP 47 tag; without one only
    English words count that no other language ends a question with.
    """
    ends, said = _ENDS.get(language.split("-")[0].lower()), _HESITATION.sub(" ", text)
    return ends is not None and not _goes_on(said) and all(ends.search(each) for each in _asked(said))


def _goes_on(text: str) -> bool:
    """Whether more is said after what is asked, which may complete it: "Is it the? The red one."."""
    *asked, rest = _MARK.split(text)
    return bool(asked) and bool(_WORD.search(rest)) and not repairs(rest)


def _asked(text: str) -> Sequence[str]:
    """The sentences that ask, without mere "okay?"; all of it where none has a question mark."""
    return [each for each in _ASKED.findall(text) if not repairs(each)] or [text]
