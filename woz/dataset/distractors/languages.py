"""Whether a text may stand among the options of a question: in a language that is the question's."""

from __future__ import annotations

import unicodedata
from collections import Counter

from woz.model.question import Question

_ONE = dict.fromkeys(("HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "BOPOMOFO"), "CJK")
"""Scripts that are written together, by the first word of their letters' names."""


def fits_language(text: str, language: str, question: Question) -> bool:
    """By the tags (BCP 47) where both are known, whatever the region. By the script, too, since a transcript has
    one tag and may have sentences of several: that of most of the text's letters stands in the question or its
    answer. Numbers and signs are of any.
    """
    if language and question.language and _primary(language) != _primary(question.language):
        return False
    found, own = _scripts(text), _scripts(f"{question.text} {question.answer}")
    return not found or not own or max(found, key=lambda script: found[script]) in own


def _primary(tag: str) -> str:
    return tag.partition("-")[0].casefold()


def _scripts(text: str) -> Counter[str]:
    signs = (sign for sign in unicodedata.normalize("NFKC", text) if sign.isalpha())
    names = (unicodedata.name(sign, "").partition(" ")[0] for sign in signs)
    return Counter(_ONE.get(name, name) for name in names)
