"""Japanese as it is read aloud: what Whisper writes in Kanji, in Kana, as the reference has it.

By Janome (Apache-2.0) and its dictionary, which the benchmark fetches as a package, pinned by hash.
"""

from __future__ import annotations

import sys
from functools import cache
from typing import Any

from tests.real_models import READINGS, real_model

KANJI = ("\u3400", "\u9fff")
UNKNOWN = "*"


@cache
def _tokenizer() -> Any:
    sys.path.append(str(real_model(READINGS).parent))
    from janome.tokenizer import Tokenizer  # type: ignore[import-not-found]

    return Tokenizer()


def read_aloud(text: str) -> str:
    """The text with the reading of each word that has Kanji; of a word that isn't known it stays as written.

    Raises Unavailable where Janome is neither kept nor can be fetched.
    """
    if not any(map(_is_kanji, text)):
        return text
    return "".join(map(_reading, _tokenizer().tokenize(text)))


def _reading(token: Any) -> str:
    known = token.reading != UNKNOWN and any(map(_is_kanji, token.surface))
    return str(token.reading if known else token.surface)


def _is_kanji(letter: str) -> bool:
    return KANJI[0] <= letter <= KANJI[1]
