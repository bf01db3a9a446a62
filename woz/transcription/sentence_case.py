"""A sentence that goes on in the next window is not given a second capital.

A recogniser begins each window's text with a capital, also in the middle of a sentence. Names, and German nouns,
have one everywhere: so a capital goes only where the same voice says the word without one, and never with one
within a sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from woz.annotation.word_times import parts
from woz.transcription.placing import ends_sentence
from woz.transcription.task import Heard

PAUSE_NS = 800_000_000
"""After a longer silence it is another turn, and may be another sentence."""


def in_one_sentence(words: Sequence[Heard], begun_ns: Iterable[int]) -> list[Heard]:
    """One voice's words, in order; `begun_ns` are the times of those that begin a window's text."""
    begun = set(begun_ns)
    firsts = {i for i, word in enumerate(words) if word.start_ns in begun}
    begins = {i for i in range(len(words)) if i == 0 or ends_sentence(words, i - 1)}
    letters = [parts(word.text)[1] for word in words]
    small = {text for text in letters if text.islower()}
    within = {text for i, text in enumerate(letters) if i not in begins and i not in firsts}
    found = list(words)
    for i in sorted(firsts - begins):
        before, text, after = parts(words[i].text)
        goes_on = words[i].start_ns - words[i - 1].end_ns < PAUSE_NS
        if goes_on and text == text.capitalize() and text not in within and text.lower() in small:
            found[i] = replace(words[i], text=f"{before}{text.lower()}{after}")
    return found
