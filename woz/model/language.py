"""Languages, by their BCP 47 tags."""

from __future__ import annotations


def is_english(tag: str) -> bool:
    """Whether a tag says English, of whatever region; what is empty says nothing, so that it isn't."""
    return tag.split("-")[0].lower() == "en"
