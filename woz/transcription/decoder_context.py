"""How many tokens a Whisper's decoder can write for one window.

Its context has so many positions (448 in OpenAI's models) for the prompt and the text together. OpenAI's program
ends a text at half of them, and CTranslate2 does at half of its `max_length`, or at that less the prompt, whichever
is less (https://github.com/OpenNMT/CTranslate2/issues/1856). Scripts whose letters take several tokens each, as
Armenian, Malayalam or Burmese, fill that in seconds.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DecoderContext:
    """`positions` in all; the prompt has `told` tokens, of which `task` begin the transcript with its language and
    task.

    The last token of a prompt and those of the text have a position each, but the last one of the text.
    """

    positions: int
    told: int
    task: int

    @property
    def usual(self) -> int:
        """The longest text of a search whose `max_length` is that of the context."""
        return min(self.positions // 2, self.positions - (self.told - 1))

    @property
    def whole(self) -> int:
        """The longest text that there is room for, also where it is timed: after the task's tokens and the one that
        says that no times follow, and before the end token.
        """
        return self.positions - max(self.told - 1, self.task + 2)

    def max_length(self, tokens: int) -> int:
        """With this option CTranslate2 ends a text at so many tokens."""
        return tokens + max(tokens, self.told - 1)
