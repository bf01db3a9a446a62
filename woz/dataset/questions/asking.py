"""Which turns ask something, and when the question has been asked."""

from __future__ import annotations

import re
from collections.abc import Sequence

from woz.model.people import Role
from woz.model.transcript import Turn

_ENDS = re.compile(r"[?？؟][\s\"'”’).…!]*$")
_WITHIN = re.compile(r"[^.!?。]*\w[^.!?。]*\w[^.!?。]*[?？؟]")
"""A whole question within a turn, not a mere "right?"."""
_REPAIRS = re.compile(
    r"^\W*(?:huh|eh|hm+|mm+|what|pardon|sorry|excuse me|ok(?:ay)?|all ?right|come|scusa|was|wie bitte|quoi|pardon"
    r"|cómo|perdón|え|啊)\W*$",
    re.IGNORECASE,
)
_MARK = re.compile(r"[?？؟]")
_OPENINGS = re.compile(
    r"^\W*(what|which|where|when|who|why|how|is|are|do|does|did|can|could|should|shall|will|may"
    r"|cosa|che|quale|quali|dove|quando|chi|perché|come|posso|devo"
    r"|was|welche[rs]?|wo|wann|wer|warum|wie|kann|soll|muss"
    r"|que|quoi|quel(?:le)?s?|où|quand|qui|pourquoi|comment|est-ce"
    r"|qué|cuál(?:es)?|dónde|cuándo|quién|por qué|cómo|puedo|debo)\b",
    re.IGNORECASE,
)
FEWEST_WITHIN = 3
_CJK_ENDS = re.compile(r"(ですか|ますか|かな|吗|呢)[。．.]?\s*$")
_FINISHED = re.compile(r"[.!?。！？؟][\"'”’)]*\s*$")


def asks(text: str) -> bool:
    """Whether a turn asks something: by its punctuation, or, where it has none, by its first or last word."""
    if repairs(text):
        return False
    if _ENDS.search(text) or _CJK_ENDS.search(text):
        return True
    unpunctuated = not re.search(r"[.!。！]\s*$", text)
    return unpunctuated and bool(_OPENINGS.match(text))


def repairs(text: str) -> bool:
    """Whether a turn only asks to hear it again, or whether all is well: huh? okay?"""
    return bool(_REPAIRS.match(text))


def asks_within(text: str) -> bool:
    """Whether a turn asks something and goes on: "Does it go here? I can't remember"."""
    return any(len(found[0].split()) >= FEWEST_WITHIN for found in _WITHIN.finditer(text))


def unfinished(text: str) -> bool:
    """Whether a turn ends in the middle of a sentence."""
    return not _FINISHED.search(text)


def asked_at(turn: Turn) -> int:
    """When the question's last word ends, as it was said: the word with the last question mark, else the last."""
    marked = [word for word in turn.words if _MARK.search(word.text)]
    last = (marked or turn.words or (None,))[-1]
    end_ns = turn.interval.end_ns if last is None else min(last.interval.end_ns, turn.interval.end_ns)
    if turn.speaker == Role.EXPERT and turn.said:
        return max(0, end_ns - turn.interval.end_ns + turn.said.end_ns)
    return end_ns


def said(turns: Sequence[Turn]) -> str:
    """What was said in one turn or several."""
    return " ".join(turn.text.strip() for turn in turns)
