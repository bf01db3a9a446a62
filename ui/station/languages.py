"""Languages as people write them: a tag, or the language's name in English or in itself."""

from __future__ import annotations

import functools

from PySide6.QtCore import QLocale


def language_tag(text: str) -> str:
    """The tag of a language's name ("Italian", "italiano": it); any other text as it is."""
    return _tags().get(text.strip().casefold(), text.strip())


@functools.cache
def _tags() -> dict[str, str]:
    found: dict[str, str] = {}
    for language in QLocale.Language:
        code = QLocale.languageToCode(language)
        if language == QLocale.Language.C or not 2 <= len(code) <= 3:
            continue
        own = QLocale(language)
        if own.language() == language:
            found.setdefault(own.nativeLanguageName().casefold(), code)
        found[QLocale.languageToString(language).casefold()] = code
    return {name: code for name, code in found.items() if name}
