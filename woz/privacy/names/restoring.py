"""Names again where something stood for them: in what was made elsewhere of a value that left `cleaned`."""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from woz.base.interval import Interval
from woz.model.transcript import Turn, Word
from woz.privacy.names.listing import NameList
from woz.privacy.names.matching import matches
from woz.privacy.names.replacing import TEXTS, cleaned, named_words, texts_in, without_names

T = TypeVar("T")


def stands_in(value: object, names: NameList) -> bool:
    """Whether something stands for a name in a value's texts."""
    marks = [name.stands for name in names.names]
    return any(mark in text for text in texts_in(value) for mark in marks)


def named_again(value: T, known: Any, names: NameList) -> T:
    """`known` is the project's own value, None where it has none. What leaves as the value does is the project's
    own again, field by field; in other texts the forms come back that stand in the same field, else the list's
    names.
    """
    if known is not None and type(known) is type(value) and value == cleaned(known, names):
        return known
    made: Any = value
    if isinstance(value, tuple):
        made = _all_again(value, known if isinstance(known, tuple) else (), names)
    elif is_dataclass(value) and not isinstance(value, type):
        made = replace(value, **_changes(value, known if type(known) is type(value) else None, names))
    return made  # type: ignore[no-any-return]


def _all_again(values: tuple[Any, ...], known: tuple[Any, ...], names: NameList) -> tuple[Any, ...]:
    left = {repr(cleaned(each, names)): each for each in known}
    return tuple(named_again(each, left.get(repr(each)), names) for each in values)


def _changes(value: Any, known: Any, names: NameList) -> dict[str, Any]:
    found = dict[str, Any]()
    for each in fields(value):
        now, own = getattr(value, each.name), getattr(known, each.name, None)
        if isinstance(value, Turn) and each.name == "words":
            found["words"] = _words_again(value.words, own or (), names)
        elif isinstance(now, str):
            if each.name in TEXTS:
                found[each.name] = _text_again(now, own if isinstance(own, str) else "", names)
        elif is_dataclass(now) or isinstance(now, tuple):
            found[each.name] = named_again(now, own, names)
    return found


def _text_again(text: str, known: str, names: NameList) -> str:
    if known and text == without_names(known, names):
        return known
    by_mark = {name.stands: name.text for name in names.names}
    if not by_mark:
        return text
    marks = re.compile("|".join(map(re.escape, by_mark)))
    forms = _forms(known, names)
    count = {mark: marks.findall(text).count(mark) for mark in by_mark}
    here = {mark: deque(each) for mark, each in forms.items() if len(each) == count[mark] or len(set(each)) == 1}

    def form(found: re.Match[str]) -> str:
        said = here.get(found[0])
        if not said:
            return by_mark[found[0]]
        return said.popleft() if len(said) > 1 else said[0]

    return marks.sub(form, text)


def _forms(known: str, names: NameList) -> Mapping[str, list[str]]:
    """In which a name stands in a text, in its order, by what stands for it."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for each in matches(known, names):
        if each.name:
            found[each.name.stands].append(each.form)
    return found


def _words_again(words: Sequence[Word], known: Sequence[Word], names: NameList) -> tuple[Word, ...]:
    """The words of a name come back where the one that stood for them has their time still."""
    own = {(mark, span): known[first : last + 1] for first, last, mark, span in named_words(known, names)}
    return tuple(each for word in words for each in _word_again(word, own, names))


def _word_again(word: Word, own: Mapping[tuple[str, Interval], Sequence[Word]], names: NameList) -> Iterable[Word]:
    found = own.get((word.text.strip(), word.interval))
    return found or (replace(word, text=_text_again(word.text, "", names)),)
