"""Puts what stands for each name in its place: in texts, in turns with their words, in whole values."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from woz.base.interval import NS_PER_MS, Interval
from woz.model.transcript import Turn, Word
from woz.privacy.names.listing import NameList
from woz.privacy.names.matching import Match, matches

T = TypeVar("T")
AROUND_NS = 80 * NS_PER_MS
"""Muted before a name and after it."""
_SAID = ("text", "translation", "answer", "english")
_WRITTEN = ("note", "title", "scenario", "place", "task", "name", "reason", "how", "value", "doubt")
_AGREED = ("names", "description", "tools", "examples", "start_rule", "end_rule", "message")
"""In schemes and procedures, by language, or several. They were written with care, and others read them as they
are: what is only like a name stays in them until somebody decides."""
TEXTS = frozenset((*_SAID, *_WRITTEN, *_AGREED))
"""The fields of values in which people's words stand."""


def without_names(text: str, names: NameList, sure: bool = False) -> str:
    """What is only proposed, and nobody judged, stays: it is no name of the list. `sure`: so does what is only like
    one.
    """
    for each in reversed(matches(text, names)):
        if each.name and (each.decided or not sure):
            text = text[: each.start] + each.name.stands + text[each.end :]
    return text


def cleaned(value: T, names: NameList) -> T:
    """A value with all its texts so; those inside it as well. Ids, keys and times are as they were."""
    made: Any = value
    if isinstance(value, tuple):
        made = tuple(cleaned(each, names) for each in value)
    elif isinstance(value, Mapping):
        made = {key: cleaned(each, names) for key, each in value.items()}
    elif isinstance(value, Turn):
        made = _turn(value, names)
    elif is_dataclass(value) and not isinstance(value, type):
        made = replace(value, **_changes(value, names))
    return made  # type: ignore[no-any-return]


def texts_in(value: object) -> Iterator[str]:
    """All texts in which people's words stand, of a value and those inside it; not of a session's schemes, which it
    shares with others.
    """
    if isinstance(value, tuple):
        for each in value:
            yield from texts_in(each)
    elif isinstance(value, Turn):
        yield from (text for text in (value.text, value.translation, value.doubt) if text)
    elif is_dataclass(value) and not isinstance(value, type):
        for one in fields(value):
            inside = getattr(value, one.name)
            if one.name in TEXTS:
                yield from filter(None, _texts(inside))
            else:
                yield from texts_in(inside)


def _texts(worded: object) -> Iterator[str]:
    """Of a field in which people's words stand."""
    if isinstance(worded, str):
        yield worded
    elif isinstance(worded, tuple | Mapping):
        for each in worded.values() if isinstance(worded, Mapping) else worded:
            yield from _texts(each)
    else:
        yield from texts_in(worded)


def _changes(value: Any, names: NameList) -> dict[str, Any]:
    found = dict[str, Any]()
    for each in fields(value):
        old = getattr(value, each.name)
        new = _worded(old, names, each.name in _AGREED) if each.name in TEXTS else cleaned(old, names)
        if new is not old and new != old:
            found[each.name] = new
    return found


def _worded(worded: Any, names: NameList, sure: bool) -> Any:
    """Of a field in which people's words stand."""
    if isinstance(worded, str):
        return without_names(worded, names, sure)
    if isinstance(worded, tuple):
        return tuple(_worded(each, names, sure) for each in worded)
    if isinstance(worded, Mapping):
        return {key: _worded(each, names, sure) for key, each in worded.items()}
    return cleaned(worded, names)


def _turn(turn: Turn, names: NameList) -> Turn:
    text, translation = without_names(turn.text, names), without_names(turn.translation, names)
    doubt = None if turn.doubt is None else without_names(turn.doubt, names)
    return replace(turn, text=text, translation=translation, doubt=doubt, words=_words(turn.words, names))


def _words(words: Sequence[Word], names: NameList) -> tuple[Word, ...]:
    """The words of a name become one, from the first's beginning to the last's end."""
    found = {first: (last, each) for first, last, each in _in_words(words, names)}
    made, at = list[Word](), 0
    while at < len(words):
        if at in found:
            last, each = found[at]
            assert each.name
            span = Interval(words[at].interval.start_ns, words[last].interval.end_ns)
            made.append(replace(words[at], text=each.name.stands, interval=span))
            at = last + 1
        else:
            made.append(words[at])
            at += 1
    return tuple(made)


def _in_words(words: Sequence[Word], names: NameList) -> list[tuple[int, int, Match]]:
    """The numbers of the first and last word of each name."""
    starts, text = list[int](), ""
    for word in words:
        starts.append(len(text))
        text += f"{word.text.strip()} "
    found = []
    for each in matches(text, names):
        if each.name:
            first, last = (bisect_right(starts, at) - 1 for at in (each.start, each.end - 1))
            found.append((first, last, each))
    return found


def named_words(words: Sequence[Word], names: NameList) -> list[tuple[int, int, str, Interval]]:
    """The numbers of the first and last word of each name, what stands for it, and when it is said."""
    return [
        (a, b, each.name.stands, Interval(words[a].interval.start_ns, words[b].interval.end_ns))
        for a, b, each in _in_words(words, names)
        if each.name
    ]


def muted(turns: Sequence[Turn], names: NameList) -> tuple[Interval, ...]:
    """When names are said, with a margin; all of a turn whose words have no times. On the trainee's time line."""
    found = list[Interval]()
    for turn in turns:
        spans = [(turn.words[a].interval, turn.words[b].interval) for a, b, _ in _in_words(turn.words, names)]
        if not spans and any(each.name for each in matches(turn.text, names)):
            spans = [(turn.interval, turn.interval)]
        found += [Interval(max(0, a.start_ns - AROUND_NS), b.end_ns + AROUND_NS) for a, b in spans]
    return tuple(sorted(found))
