"""Which option a model's reply names, read strictly: what could be meant otherwise is no answer.

Lenient readers take the first letter they find, so that "Because", "[REQUEST_FAILED]" or "The answer is B" give
options that nobody named.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class How(Enum):
    """How an option was named, or why none was."""

    NAMED = "an option named"
    SILENT = "nothing said"
    UNFINISHED = "a thought without an end"
    NONE = "no option named"
    SEVERAL = "several options named"
    OUTSIDE = "no such option"


@dataclass(frozen=True, slots=True)
class Choice:
    """`option` counts from 0, in the order in which the options were put; None unless one was named."""

    option: int | None
    how: How

    @property
    def answered(self) -> bool:
        return self.option is not None


THOUGHT_TAG = re.compile(r"<(/?)(think|thinking|reasoning)>", re.IGNORECASE)
"""One tag and no more of the text: a reply is gone through once, however many of its thoughts have no end."""
_BOXED = re.compile(r"\\boxed\{(?:\\text\{)?([^{}]*)\}")
_TAG_END = "</answer>"
_TAGGED = re.compile(r"<answer>(.*?)</answer>", re.DOTALL | re.IGNORECASE)
_JSON = re.compile(r'^\{\s*"(?:answer|choice|option|letter)"\s*:\s*"([^"]*)"\s*\}$', re.IGNORECASE)
_FENCE = re.compile(r"```\w*")
_MARKS = re.compile(r"[*`_]{1,3}(?=\S)|(?<=\S)[*`_]{1,3}|^#+\s*", re.MULTILINE)
_END = r"(?![A-Za-z0-9'’\-])"
_LETTER = rf"(?:[(\[]\s*([A-Za-z])\s*[)\]]|([A-Z]){_END})"
_ALONE = re.compile(
    rf"^(?:(?:the\s+)?(?:answer|option|choice|letter|选项|选)\s*)?(?:[(\[]\s*)?([A-Za-z]){_END}\s*[)\]]?[.:、,]?"
    r"(?:です|選項|选项)?[.!。]*$",
    re.IGNORECASE,
)
_LED = re.compile(
    r"^(?:[(\[]\s*([A-Za-z])\s*[)\]]|([A-Za-z])\)|([A-Z])(?:[.:、,](?=\s|$)|\s+[-–—](?=\s)))[.:、,]?\s*(.*)$"
)
_SAYS = (
    r"(?:answer|option|choice|letter|risposta|antwort|réponse|respuesta)"
    r"(?:\s+(?:is|would be|should be|must be|è|ist|est|es)\b|\s*[:=])\s*[:=]?"
    r"|(?:答案|答え|正解|回答)(?:\s*(?:は|是|为|應該是|应该是))?\s*[:=]?"
    r"|\b(?:choose|select|pick|go with)\b|[选選](?:择|擇)?"
    r"|\bit(?:['’]s|\s+is|\s+must be)\b"
)
_DECLARED = re.compile(
    rf"(?P<final>final\s+)?(?:{_SAYS})\s*(?:(?:option|choice|letter)\s+)?[\"'“]?{_LETTER}[\"'”]?", re.IGNORECASE
)
_SPOKEN_OF = re.compile(
    rf"{_LETTER}\s*(?:(?:is|would be)\s+(?:the\s+)?(?:correct|right|best|answer)|が正解|は正解|正确)", re.IGNORECASE
)
_SAID_AS = re.compile(rf"(?:{_SAYS})\s*(.+)$", re.IGNORECASE | re.MULTILINE)
_MORE = re.compile(
    r"^[\s,]*(?:and/or|and|or|und|oder|et|ou|[eoy]|or maybe|/|&|,)"
    r"\s*(?:option\s+)?[(\[]?([A-Z])[)\]]?(?![A-Za-z0-9'’])"
)
_OTHER = re.compile(r"(?<![A-Za-z0-9'’])(?:[(\[]([A-Z])[)\]]|([B-HJ-Z])(?![A-Za-z0-9'’\-]))")
_ARTICLE = re.compile(r"^\s+(?!because\b|since\b|as\b|is\b|and\b|or\b)\w")
NEAR = 300
"""So many characters before what is said it is looked for a word that denies it."""
_DENIES = re.compile(r"\b(?:not|never|cannot|can't|\w+n['’]t|nicht|non|pas)\b[^.!?,:;\n]*$", re.IGNORECASE)


def read_choice(reply: str | None, options: Sequence[str]) -> Choice:
    """The option that a reply names: by its letter, or by all of its text.

    Where there are more options than letters they were put without any, and only a text counts. A letter counts
    where it stands alone, before an option's text, or where the reply says that it is the answer;
    two that differ are none. Thoughts (`<think>`) are passed over; of one without an end nothing is read.
    """
    text = after_thoughts(reply or "")
    if text is None:
        return Choice(None, How.UNFINISHED)
    text = _plain(text)
    if not text:
        return Choice(None, How.SILENT)
    if len(options) > len(LETTERS):
        claims = _same(text, options) or _said_as(text, options)
    else:
        claims = _final(text, options) or _whole(text, options) or _told(text, options)
    return _chosen(claims, len(options)) if claims else Choice(None, How.NONE)


def _chosen(claims: set[int], count: int) -> Choice:
    if len(claims) > 1:
        return Choice(None, How.SEVERAL)
    (option,) = claims
    return Choice(option, How.NAMED) if option < count else Choice(None, How.OUTSIDE)


def after_thoughts(reply: str) -> str | None:
    """A reply without its thoughts; None where the last one has no end.

    A thought goes from a tag to the next end of its own name. An end that closes nothing closes all that stands
    before it: some servers keep the tag that begins to themselves.
    """
    tags = list(THOUGHT_TAG.finditer(reply))
    ends = Counter(tag[2].lower() for tag in tags if tag[1])
    said, at, within, unfinished = list[str](), 0, "", False
    for tag in tags:
        name, closes = tag[2].lower(), bool(tag[1])
        ends[name] -= closes
        if within:
            if closes and name == within:
                within, at = "", tag.end()
        elif closes:
            said, at, unfinished = [], tag.end(), False
        elif ends[name]:
            said.append(reply[at : tag.start()])
            within = name
        else:
            unfinished = True
    return None if unfinished else "".join((*said, reply[at:]))


def _plain(text: str) -> str:
    """In one form of characters, without emphasis."""
    return _MARKS.sub("", _FENCE.sub("", unicodedata.normalize("NFKC", text))).strip()


def _place(letter: str) -> int:
    return LETTERS.index(letter.upper())


def _same(text: str, options: Sequence[str]) -> set[int]:
    """The options that say this, but for case, space, quotes and a full stop."""
    said = _bare(text)
    return {i for i, option in enumerate(options) if said and said == _bare(_plain(option))}


def _bare(text: str) -> str:
    return " ".join(text.casefold().split()).strip("\"'“”„«» ").rstrip(".!。 ").strip("\"'“”„«» ")


def _whole(text: str, options: Sequence[str]) -> set[int]:
    """Where the reply is a letter or an option's text and nothing else."""
    alone = _ALONE.match(text)
    return ({_place(alone[1])} if alone else set()) | _same(text, options)


def _final(text: str, options: Sequence[str]) -> set[int]:
    """Where the form that was asked for names the answer: a box, a tag, a field of JSON."""
    field = _JSON.match(text)
    ended = text.lower().rfind(_TAG_END) + len(_TAG_END)
    found = (*_BOXED.finditer(text), *_TAGGED.finditer(text, 0, ended))
    named = [field[1]] if field else [each[1] for each in found]
    return set().union(*(_whole(each.strip(), options) or _led(each.strip(), options) for each in named))


def _told(text: str, options: Sequence[str]) -> set[int]:
    """What leads a line, with what is said to be the answer; where all options are told again, that alone."""
    declared, led = _declared(text, options), _led(text, options)
    return declared if declared and len(led) > 1 else declared | led


def _declared(text: str, options: Sequence[str]) -> set[int]:
    """Where the reply says which is the answer; what it calls final goes before the rest."""
    final, claims = set[int](), set[int]()
    for match in _DECLARED.finditer(text):
        found = set(_claims(text, match, options))
        claims |= found
        final |= found if match["final"] else set()
    for match in _SPOKEN_OF.finditer(text):
        claims |= set() if _denied(text, match) else {_place(match[1] or match[2])}
    return final or claims | _said_as(text, options)


def _said_as(text: str, options: Sequence[str]) -> set[int]:
    """Where the reply says by its text which is the answer."""
    matches = [match for match in _SAID_AS.finditer(text) if not _denied(text, match)]
    return set().union(*(_same(match[1], options) for match in matches))


def _claims(text: str, match: re.Match[str], options: Sequence[str]) -> Iterator[int]:
    bracketed, letter = match[2], match[3]
    after = text[match.end() :]
    if _denied(text, match) or after.lstrip("\"'”").startswith("?"):
        return
    if letter and (letter.islower() or _is_article(letter, after, options)):
        return
    yield _place(bracketed or letter)
    if more := _MORE.match(after):
        yield _place(more[1])


def _is_article(letter: str, after: str, options: Sequence[str]) -> bool:
    """Whether "A" or "I" is a word: the answer is A hammer."""
    line = after.split("\n")[0]
    return letter in "AI" and bool(_ARTICLE.match(line)) and _place(letter) not in _same(line, options)


def _denied(text: str, match: re.Match[str]) -> bool:
    return bool(_DENIES.search(text, max(0, match.start() - NEAR), match.start()))


def _led(text: str, options: Sequence[str]) -> set[int]:
    """Letters that stand before something, in the first or the last line; all of them where there are several.

    Below a question that is told again, one is the beginning of the options, told again too and cut off.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    led = [claims for line in lines if (claims := _of_line(line, options))]
    if len(led) > 1:
        return set().union(*led)
    if led and _of_line(lines[-1], options) and any(line.endswith("?") for line in lines[:-1]):
        return set()
    return led[0] if led and (_of_line(lines[0], options) or _of_line(lines[-1], options)) else set()


def _of_line(line: str, options: Sequence[str]) -> set[int]:
    if len(line) == 1 and line in LETTERS:
        return {_place(line)}
    if match := _LED.match(line):
        place, rest = _place(match[1] or match[2] or match[3]), match[4]
        if said := _same(rest, options):
            return {place} if place in said else {place, *said}
        others = {_place(found[1] or found[2]) for found in _OTHER.finditer(rest)}
        return {place, *others}
    if len(line) > 2 and line[0] in LETTERS and line[1] == " " and _place(line[0]) in _same(line[2:], options):
        return {_place(line[0])}
    return set()
