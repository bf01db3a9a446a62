"""How wrong answers came to be that are an answer, or a step's name, elsewhere in the project."""

from __future__ import annotations

LIKE = "answer to a like question"
NEAREST = "nearest by sentence vectors"
"""The cosine follows."""
