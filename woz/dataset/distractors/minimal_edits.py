"""Wrong answers that differ from the right one in one thing: side, number, unit, tool, order, colour, yes or no."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("side", ("left", "right")),
    ("side", ("top", "bottom")),
    ("side", ("upper", "lower")),
    ("side", ("above", "below")),
    ("side", ("inside", "outside")),
    ("side", ("front", "back")),
    ("side", ("up", "down")),
    ("side", ("upwards", "downwards")),
    ("side", ("sinistra", "destra")),
    ("side", ("sopra", "sotto")),
    ("side", ("links", "rechts")),
    ("side", ("oben", "unten")),
    ("side", ("gauche", "droite")),
    ("side", ("izquierda", "derecha")),
    ("direction", ("clockwise", "counterclockwise")),
    ("direction", ("orario", "antiorario")),
    ("direction", ("tighten", "loosen")),
    ("direction", ("open", "close")),
    ("direction", ("push", "pull")),
    ("order", ("before", "after")),
    ("order", ("first", "second", "third", "last")),
    ("order", ("prima", "dopo")),
    ("order", ("zuerst", "zuletzt")),
    ("degree", ("more", "less")),
    ("degree", ("long", "short")),
    ("degree", ("big", "small")),
    ("degree", ("hot", "cold")),
    ("degree", ("slowly", "quickly")),
    ("number", ("two", "three", "four", "five", "six")),
    ("number", ("due", "tre", "quattro", "cinque", "sei")),
    ("unit", ("millimetres", "centimetres")),
    ("unit", ("mm", "cm")),
    ("unit", ("grams", "kilograms")),
    ("unit", ("g", "kg")),
    ("unit", ("ml", "l")),
    ("unit", ("seconds", "minutes", "hours")),
    ("unit", ("teaspoons", "tablespoons", "cups")),
    ("unit", ("teaspoon", "tablespoon", "cup")),
    ("unit", ("secondi", "minuti", "ore")),
    ("tool", ("screwdriver", "wrench", "hammer", "pliers", "allen key")),
    ("tool", ("knife", "spoon", "fork", "whisk", "spatula")),
    ("tool", ("cacciavite", "chiave inglese", "martello", "pinza", "brugola")),
    ("tool", ("bowl", "pan", "pot", "tray")),
    ("colour", ("red", "blue", "green", "yellow", "black", "white")),
    ("colour", ("rosso", "blu", "verde", "giallo", "nero", "bianco")),
    ("colour", ("rossa", "blu", "verde", "gialla", "nera", "bianca")),
)
_ONLY_AFTER: dict[frozenset[str], re.Pattern[str]] = {
    frozenset(("front", "back")): re.compile(r"\b(?:the|its|your)\s+$", re.IGNORECASE),
    frozenset(("up", "down")): re.compile(
        r"\b(?:push|pull|mov|slid|turn|flip|fold|point|fac|go|swing|tilt|bend|side|way)(?:e?s|ed|ing|e)?\b"
        r"(?:\s+\w+){0,3}\s+$",
        re.IGNORECASE,
    ),
    frozenset(("teaspoon", "tablespoon", "cup")): re.compile(
        r"(?:\d|\b(?:one|half an?|quarter))\s*$", re.IGNORECASE
    ),
    frozenset(("first", "second", "third", "last")): re.compile(r"\b(?:the|your|this|each)\s+$", re.IGNORECASE),
}
"""Words that mean a side or an order only after these: "pick up", "put it back" and "do that first" don't."""
_ANSWERS = re.compile(r"^(yes|no|yeah|nope|sì|si|ja|nein|oui|non|sí|yep|yup)\b(.*)$", re.IGNORECASE | re.DOTALL)
_YES = re.compile(
    r"^\W*(?:yes|yeah|yep|yup|sure|right|correct|exactly|ok(?:ay)?|sì|ja|oui|sí|はい|是的|对)\b"
    r"|\b(?:yes|yeah|yep|yup)\W*$",
    re.IGNORECASE,
)
_OPPOSITE = {"yes": "no", "no": "yes", "yeah": "no",
             "yep": "no", "yup": "no", "nope": "yes", "sì": "no", "si": "no",
             "ja": "nein", "nein": "ja", "oui": "non", "non": "oui", "sí": "no"}  # fmt: skip
_NUMBER = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)?(?![\w]*\d)")
_STEPS = (1, -1, 2)


@dataclass(frozen=True, slots=True)
class Edited:
    """A text with one thing changed; `what` names it: side, number, ..."""

    text: str
    what: str


def minimal_edits(answer: str, tools: Sequence[str] = ()) -> list[Edited]:
    """Each once, in the order of the rules; `tools` are those of the procedure, put in place of one another."""
    groups = [*_GROUPS, ("tool", tuple(tool.lower() for tool in tools))]
    found = dict[str, Edited]()
    for each in (
        *_turned(answer),
        *_counted(answer),
        *(e for what, g in groups for e in _swapped(answer, what, g)),
    ):
        if each.text != answer:
            found.setdefault(each.text, each)
    return list(found.values())


def _turned(answer: str) -> Iterator[Edited]:
    """Yes for no: of the whole answer where that is all it says."""
    match = _ANSWERS.match(answer.strip())
    if match and not re.search(r"\w", match[2]):
        yield Edited(_like(match[1], _OPPOSITE[match[1].lower()]) + match[2], "yes or no")


def bare_answer(text: str) -> bool:
    """Whether an answer is yes or no and nothing else."""
    match = _ANSWERS.match(text.strip())
    return bool(match) and not re.search(r"\w", match[2])  # type: ignore[index]


def affirms(text: str) -> bool:
    """Whether an answer begins or ends with a yes."""
    return bool(_YES.search(text))


def _counted(answer: str) -> Iterator[Edited]:
    for match in _NUMBER.finditer(answer):
        for other in _numbers(match[0]):
            yield Edited(answer[: match.start()] + other + answer[match.end() :], "number")


def _numbers(text: str) -> list[str]:
    """Near ones of the same precision: 4 gives 5, 3, 6; 0.5 gives 0.6, 0.4, 0.7; 200 gives 300, 100, 400."""
    comma = "," in text
    whole, _, part = text.replace(",", ".").partition(".")
    digits = int(whole + part)
    step = 1
    while digits >= 20 * step and digits % (10 * step) == 0:
        step *= 10
    near = [digits + by * step for by in _STEPS if digits + by * step > 0]
    if not part:
        return [str(each) for each in near]
    shown = [f"{each // 10 ** len(part)}.{each % 10 ** len(part):0{len(part)}d}" for each in near]
    return [each.replace(".", ",") for each in shown] if comma else shown


def _swapped(answer: str, what: str, group: Sequence[str]) -> Iterator[Edited]:
    """Each word of a group in the place of the one that stands there."""
    before = _ONLY_AFTER.get(frozenset(group))
    for word in group:
        found = [
            match for match in _of_word(word, answer) if before is None or before.search(answer[: match.start()])
        ]
        for other in group:
            if found and other != word and not any(_of_word(other, answer)):
                yield Edited(_put(answer, found, other), what)


def _of_word(word: str, text: str) -> Iterator[re.Match[str]]:
    return re.finditer(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE)


def _put(text: str, places: Sequence[re.Match[str]], word: str) -> str:
    """A word in all its places, so that a text doesn't contradict itself."""
    for match in reversed(places):
        text = text[: match.start()] + _like(match[0], word) + text[match.end() :]
    return text


def _like(original: str, word: str) -> str:
    """A word with the capital that stood there."""
    return word[:1].upper() + word[1:] if original[:1].isupper() else word
