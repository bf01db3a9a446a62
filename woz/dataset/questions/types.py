"""The type of a question by its words: one of the Ego-EXTRA paper's thirteen, as a start for a person."""

from __future__ import annotations

import re
from functools import cache

from woz.schemes.shipped import shipped

SCHEME = "ego-extra"
TIER_TYPE = "questions"
_WORDS = (
    ("measurement", r"how (?:much|many|long|far|deep|thick|wide|hot|big)|quant[oiae]|wie (?:viele?|lange|weit)"
     r"|combien|cuánt[oa]s?|millimet|minutes?|degrees|どのくらい|いくつ|多少|几"),
    ("tool-selection", r"(?:which|what) (?:tool|key|wrench|screwdriver|knife|bowl|pan|spoon|size)"
     r"|(?:quale|che) (?:attrezzo|chiave|cacciavite|ciotola|coltello)|welches werkzeug"),
    ("location", r"where|dove|wohin|\bwo\b|\boù\b|dónde|どこ|哪里|哪儿"),
    ("purpose", r"why|what .* for\b|perch[eé]|a cosa serve|warum|wozu|pourquoi|por qué|なぜ|为什么"),
    ("troubleshooting", r"(?:doesn't|does not|won't|isn't|not) (?:work|fit|go|move|turn|close)|stuck|broke|wrong"
     r"|non (?:va|entra|funziona)|klemmt|geht nicht"),
    ("removal", r"remove|take (?:\w+ )?(?:off|out)|unscrew|loosen|togliere|rimuov|svit|entfern|enlever|quitar"),
    ("insertion", r"insert|put (?:\w+ )?in\b|push (?:\w+ )?in\b|inserir|infil|einsetz|insérer|insertar"),
    ("alignment", r"align|straight|centr|which way|orient|facing|direction|allinea|dritto|verso"),
    ("suitability", r"(?:good|fine|ok|okay|right) (?:for|to use)|can i use|va bene quest[oa] per|posso usare"),
    ("comparison", r"\bor\b|better|difference|which (?:one|of)|\bo\b|meglio|oder|besser|ou bien|mejor"),
    ("confirmation", r"^(?:is|are|do|does|did|am|so|like|ok|okay|right|can|should|va bene|così|giusto|ist|habe)\b"
     r"|right\?|correct\?|giusto\?|richtig\?"),
    ("instructional", r"how|what (?:do|should|now|next|comes)|next|come (?:faccio|si)|cosa (?:devo|faccio)|adesso"
     r"|wie|comment|cómo|どう|怎么"),
)  # fmt: skip
_PATTERNS = tuple((key, re.compile(pattern, re.IGNORECASE)) for key, pattern in _WORDS)


@cache
def question_types() -> tuple[str, ...]:
    """The labels of the list, in its order."""
    return tuple(str(label.id) for label in shipped(SCHEME).tier_type(TIER_TYPE).labels)


def type_of(text: str) -> str:
    """The first type of which the question has a word; "clarification" where it has none."""
    return next((key for key, pattern in _PATTERNS if pattern.search(text)), "clarification")
