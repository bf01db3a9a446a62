"""A condition from its text."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from woz.base.errors import WozError
from woz.schemes.conditions.terms import (
    All,
    Before,
    Compared,
    Condition,
    Either,
    Empty,
    Inside,
    LabelIn,
    Lasts,
    Linked,
    Not,
    Overlaps,
    TierIn,
    Word,
)

LONGEST, DEEPEST = 2000, 40
UNITS = {"s": 10**9, "ms": 10**6, "min": 60 * 10**9}
SIGNS = ("=", "!=", "<", "<=", ">", ">=")
_TOKEN = re.compile(
    r"""\s*(?:(?P<quoted>"[^"]*"|'[^']*')|(?P<number>[-+]?\d+(?:\.\d+)?(?![\w-]))"""
    r"""|(?P<word>[^\W_][\w./-]*|_\w*)|(?P<sign><=|>=|!=|=|<|>)|(?P<mark>[(),]))"""
)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str


@lru_cache(maxsize=4096)
def condition_of(text: str) -> Condition:
    """Raises WozError, which says what should stand where."""
    return _Parser(text).whole()


def readable(text: str) -> Condition | None:
    """None for a condition that can't be read."""
    try:
        return condition_of(text)
    except WozError:
        return None


class _Parser:
    """One way from left to right; each method takes what it reads."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = self._split()
        self._at = self._depth = 0
        self._tests: dict[str, Callable[[], Condition]] = {
            "label": self._label,
            "tier": self._tier,
            "duration": self._duration,
            "inside": self._inside,
            "overlaps": self._overlaps,
            "before": self._before,
            "linked": self._linked,
            "note": self._note,
        }

    def whole(self) -> Condition:
        found = self._either()
        if self._at < len(self._tokens):
            raise self._fault("and, or, or the end")
        return found

    # taking

    def _split(self) -> list[_Token]:
        if len(self._text) > LONGEST:
            raise WozError(f"A condition has at most {LONGEST} characters; make two rules of it.")
        tokens, at = [], 0
        while self._text[at:].strip():
            found = _TOKEN.match(self._text, at)
            if not found or not found.lastgroup:
                bad = self._text[at:].strip()[:20]
                raise WozError(f"The condition {self._text!r} can't be read from {bad!r} on.")
            word = found[found.lastgroup]
            tokens.append(_Token(found.lastgroup, word[1:-1] if found.lastgroup == "quoted" else word))
            at = found.end()
        return tokens

    def _next(self) -> _Token:
        return self._tokens[self._at] if self._at < len(self._tokens) else _Token("end", "")

    def _take(self, *words: str) -> str:
        """One of the words or signs, if it comes next; else empty."""
        token = self._next()
        if token.kind in ("word", "sign", "mark") and token.text in words:
            self._at += 1
            return token.text
        return ""

    def _need(self, *words: str) -> str:
        found = self._take(*words)
        if not found:
            raise self._fault(" or ".join(part for part in (", ".join(words[:-1]), words[-1]) if part))
        return found

    def _name(self, what: str) -> str:
        token = self._next()
        if token.kind not in ("word", "quoted", "number"):
            raise self._fault(what)
        self._at += 1
        return token.text

    def _fault(self, wanted: str) -> WozError:
        before = f"after {self._tokens[self._at - 1].text!r}" if self._at else "at its start"
        token = self._next()
        found = f", not {token.text!r}" if token.kind != "end" else ""
        return WozError(f"The condition {self._text!r} can't be read: {before} it needs {wanted}{found}.")

    # joining

    def _either(self) -> Condition:
        found = [self._all()]
        while self._take("or"):
            found.append(self._all())
        return found[0] if len(found) == 1 else Either(tuple(found))

    def _all(self) -> Condition:
        found = [self._one()]
        while self._take("and"):
            found.append(self._one())
        return found[0] if len(found) == 1 else All(tuple(found))

    def _one(self) -> Condition:
        self._depth += 1
        if self._depth > DEEPEST:
            raise WozError("A condition may not be nested that deep; make two rules of it.")
        found = self._alone()
        self._depth -= 1
        return found

    def _alone(self) -> Condition:
        if self._take("not"):
            return Not(self._one())
        if self._take("("):
            found = self._either()
            self._need(")")
            return found
        token = self._next()
        test = self._tests.get(token.text) if token.kind == "word" else None
        if test is not None:
            self._at += 1
            return test()
        self._take("attribute")
        return self._attribute()

    # testing

    def _label(self) -> Condition:
        if self._take("under"):
            return LabelIn((self._name("a label"),), below=True)
        return self._among("a label", LabelIn)

    def _tier(self) -> Condition:
        return self._among("a tier type", TierIn)

    def _among(self, what: str, made: Callable[[tuple[str, ...]], Condition]) -> Condition:
        word = self._need("is", "=", "!=", "in", *(["under"] if what == "a label" else []))
        if word == "in":
            return made(self._names(what))
        negative = word == "!=" or bool(word == "is" and self._take("not"))
        found = made((self._name(what),))
        return Not(found) if negative else found

    def _names(self, what: str) -> tuple[str, ...]:
        self._need("(")
        found = [self._name(what)]
        while self._take(","):
            found.append(self._name(what))
        self._need(")")
        return tuple(found)

    def _attribute(self) -> Condition:
        key = self._name("a test, such as label is, duration <, inside, or an attribute")
        word = self._need(*SIGNS, "is", "in", "has")
        if word == "in":
            self._need("(")
            values = [self._value()]
            while self._take(","):
                values.append(self._value())
            self._need(")")
            return Compared(key, "=", tuple(values))
        negative = word == "!=" or bool(word == "is" and self._take("not"))
        found: Condition
        if word == "is" and self._take("empty"):
            found = Empty(key)
        else:
            found = Compared(key, word if word in ("<", "<=", ">", ">=") else "=", (self._value(),))
        return Not(found) if negative else found

    def _value(self) -> Word:
        token = self._next()
        text = self._name("a value")
        if token.kind == "number":
            return float(text)
        return {"true": True, "false": False}.get(text, text) if token.kind == "word" else text

    def _note(self) -> Condition:
        self._need("is")
        negative = bool(self._take("not"))
        self._need("empty")
        return Not(Empty()) if negative else Empty()

    def _duration(self) -> Condition:
        sign = self._need(*SIGNS)
        token = self._next()
        if token.kind != "number":
            raise self._fault("a number")
        self._at += 1
        unit = self._take(*UNITS) or "s"
        ns = round(float(token.text) * UNITS[unit])
        return Not(Lasts("=", ns)) if sign == "!=" else Lasts(sign, ns)

    def _inside(self) -> Condition:
        return Inside(self._name("a tier type"), self._some_labels())

    def _overlaps(self) -> Condition:
        return Overlaps(self._name("a tier type"), self._some_labels())

    def _some_labels(self) -> tuple[str, ...]:
        return self._names("a label") if self._next() == _Token("mark", "(") else ()

    def _before(self) -> Condition:
        self._take("step")
        return Before(self._name("a label"))

    def _linked(self) -> Condition:
        return Linked(self._name("a link"))
