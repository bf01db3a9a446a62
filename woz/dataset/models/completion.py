"""A chat completion as OpenAI-compatible servers send it, as far as it is read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Said:
    content: str | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    message: Said


@dataclass(frozen=True, slots=True)
class Usage:
    """In tokens; servers leave out what they don't count."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    total_tokens: int | None = None

    @property
    def all(self) -> int:
        return self.total_tokens or (self.prompt_tokens or 0) + (self.completion_tokens or 0)


@dataclass(frozen=True, slots=True)
class Completion:
    choices: list[Choice]
    usage: Usage | None = None
